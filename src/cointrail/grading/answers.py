"""Read answer records out of an executed notebook, as the bounded data of a stranger."""

import json
import re

from cointrail.exercises.records import MIME

__all__ = ["MOST_BYTES", "question_of", "records_of", "remember_answers", "remembered", "value_of"]

MOST_BYTES = 256 * 1024
_SEEN = "cointrail_seen"
_GRADED = re.compile(r"q(\d+_\d+\w*)")


def question_of(cell):
    """The question id of a graded check cell, such as "2.1a"; None for every other cell."""
    named = _GRADED.fullmatch(str(cell.metadata.get("nbgrader", {}).get("grade_id", "")))
    return named[1].replace("_", ".", 1) if named and cell.cell_type == "code" else None


def records_of(cell, question_id):
    """Every answer record of a question in a cell's outputs, in order; what is not a record is passed over."""
    outputs = cell.get("outputs", [])
    found = [output["data"][MIME] for output in outputs if MIME in output.get("data", {})]
    return [record for record in found if _is_record(record, question_id)]


def remember_answers(nb):
    """Note in a notebook the answers that stand in its outputs, before those are cleared."""
    seen = {}
    for cell in nb.cells:
        question_id = question_of(cell)
        records = records_of(cell, question_id) if question_id else []
        if records:
            seen[question_id] = records[-1].get("value")
    nb.metadata[_SEEN] = seen


def remembered(nb):
    """The answers that were noted, by question; the note is taken off."""
    return nb.metadata.pop(_SEEN, {})


def _is_record(record, question_id):
    if not isinstance(record, dict) or record.get("id") != question_id or record.get("v") != 1:
        return False
    try:
        return len(json.dumps(record, ensure_ascii=False).encode()) <= MOST_BYTES
    except (TypeError, ValueError, RecursionError):
        return False


def value_of(record, form):
    """The value of a record in the canonical shape of its question's form, or a ValueError that says what is off."""
    value = record.get("value")
    if value is None:
        return None
    return _SHAPES.get(form["type"], _text)(value)


def _text(value):
    if not isinstance(value, str):
        raise ValueError("one value was expected")
    return value


def _texts(value):
    if not isinstance(value, list):
        raise ValueError("a list was expected")
    return [_text(item) for item in value]


def _mapping(value):
    if not isinstance(value, dict):
        raise ValueError("a mapping was expected")
    return {key: None if item is None else _text(item) for key, item in value.items()}


def _groups(value):
    if not isinstance(value, list):
        raise ValueError("a list of groups was expected")
    groups = [_texts(group) for group in value]
    members = [member for group in groups for member in group]
    if len(set(members)) < len(members):
        raise ValueError("an item stands in two groups")
    return groups


def _results(value):
    """What a function returned: a text, None or a problem for each case."""
    if not isinstance(value, list):
        raise ValueError("a list of results was expected")
    return [item if item is None or isinstance(item, str) else {"problem": _problem(item)} for item in value]


def _problem(item):
    text = item.get("problem") if isinstance(item, dict) else None
    return text[:300] if isinstance(text, str) else "returned something else"


def _unique(value):
    items = _texts(value)
    if len(set(items)) < len(items):
        raise ValueError("an item stands in it twice")
    return items


_SHAPES = {
    "set": _unique,
    "list": _unique,
    "ranked": _unique,
    "mapping": _mapping,
    "partition": _groups,
    "function": _results,
}
