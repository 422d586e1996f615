"""The answer record: what leaves a notebook for the grader, and what is kept for the learner.

A record is bounded JSON of the form {v, id, world, docket, type, value}; an answer of the wrong type has `problem` in
place of `value`. The last record in a check cell counts.
"""

import json
from datetime import UTC, datetime

from cointrail.errors import CointrailError
from cointrail.exercises.case import work_folder

__all__ = ["MIME", "answer_record", "keep"]

MIME = "application/vnd.cointrail.answer+json"
VERSION = 1
MOST_BYTES = 256 * 1024


def answer_record(question_id, world, docket, kind, **outcome):
    """Make a record; `outcome` is `value=` or `problem=`.

    Raises
    ------
    CointrailError
        The answer is larger than 256 KB.
    """
    record = {"v": VERSION, "id": question_id, "world": world, "docket": docket, "type": kind, **outcome}
    size = len(json.dumps(record, ensure_ascii=False).encode())
    if size > MOST_BYTES:
        raise CointrailError(f"The answer to {question_id} is {size // 1024} KB; at most 256 KB can be handed in.")
    return record


def keep(record, state):
    """Store the last record of a question in the learner's work folder, with the number of tries."""
    folder = work_folder()
    if folder is None:
        return
    file = folder / "answers" / f"{record['id']}.json"
    file.parent.mkdir(exist_ok=True)
    kept = {
        "record": record,
        "state": state,
        "tries": _tries(file) + 1,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    file.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")


def _tries(file):
    """How often this question was answered before; a damaged file starts the count again."""
    if not file.is_file():
        return 0
    try:
        return int(json.loads(file.read_text(encoding="utf-8"))["tries"])
    except (ValueError, KeyError, TypeError):
        return 0
