"""Answer keys: the sealed one travels with the data, the plain one stays on the instructor's desk.

A sealed key tells right from wrong without holding the answer in clear: whole answers under scrypt, members of sets,
mappings and lists under a salted SHA-256. A programmer can search a small answer space; so sealed keys serve learning
only, and the key of an exam holds forms and nothing else.
"""

import hashlib
import json
import os
from pathlib import Path

from cointrail.errors import CointrailError
from cointrail.exercises.compare import lock
from cointrail.ledger import data_folder, worlds

__all__ = ["Seal", "find_sealed", "read_key", "seal"]

# types that only the grader can judge: the sealed key holds their form
_FORM_ONLY = {"ranked", "partition", "tolerance", "function", "artefact", "written"}


class Seal:
    """Locks texts under one salt: `slow` is scrypt (RFC 7914; 16 MiB of memory a try), `fast` is SHA-256."""

    def __init__(self, salt):
        self.salt = bytes.fromhex(salt)

    def slow(self, text):
        return hashlib.scrypt(text.encode(), salt=self.salt, n=2**14, r=8, p=1, dklen=16).hex()

    def fast(self, text):
        return hashlib.sha256(self.salt + text.encode()).hexdigest()[:32]


def seal(question, *, salt, exam=False):
    """The learner's copy of one question of a plain key: `form`, and `locked` where the type allows it.

    Parameters
    ----------
    question : mapping
        `form`, `answer`, `mistakes` as in the plain key.
    salt : str
        Hex text, different for every question and docket.
    exam : bool
        Leave out everything but the form.
    """
    if exam:
        return {"form": {**question["form"], "hints": []}}
    if question["form"]["type"] in _FORM_ONLY:
        return {name: question[name] for name in ("form", "samples", "sample_mistakes", "rubric") if name in question}
    return {"form": question["form"], "salt": salt, "locked": lock(question["form"], question, by=Seal(salt))}


def find_sealed(question_id, docket_in):
    """The sealed question and where it was found.

    Parameters
    ----------
    question_id : str
        Such as "2.1a"; its first digit is the day.
    docket_in : callable
        Gives the learner's docket in a world, by the world's name.

    Returns
    -------
    (world, docket, sealed question)
    """
    day = f"day{question_id.split('.')[0]}.json"
    known = []
    for world in worlds():
        docket = docket_in(world)
        file = _keys_folder(world) / docket / day
        if file.is_file():
            questions = read_key(file)["questions"]
            if question_id in questions:
                return world, docket, questions[question_id]
            known += questions
    raise CointrailError(
        f"There is no question {question_id!r}. "
        + (f"Questions of that day: {', '.join(sorted(known))}." if known else "Is the number copied from the lesson?")
    )


def _keys_folder(world):
    """While a notebook is graded the trusted side names a folder that holds forms only."""
    forms = os.environ.get("COINTRAIL_KEYS")
    return (data_folder() if forms is None else Path(forms)) / world / "keys"


def read_key(file):
    """A key file; a sentence says which one is damaged."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CointrailError(
            f"The key file {file.name} of docket {file.parent.name} cannot be read. Unpack the course again."
        ) from error
