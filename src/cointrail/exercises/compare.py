"""Hold an answer against a key, without caring whether the key is plain or sealed.

A key has one shape, `lock`ed by a pair of functions: the learner's copy is locked by salted hashes (`keys.Seal`), the
grader's by nothing at all (`PLAIN`). So the instant feedback and the score are computed by the same lines.

Single values are compared whole. Sets and mappings are compared member by member, lists by position. Where a key gives
a list of values for one entry of a mapping, any of them is right.
"""

import json
from dataclasses import dataclass

__all__ = ["PLAIN", "Comparison", "Mistake", "compare", "lock", "reaches"]

BY_PART = {"set", "mapping", "list"}


@dataclass(frozen=True)
class Mistake:
    """A predicted wrong way: its code in the syllabus and the sentence that names it."""

    code: str
    message: str


@dataclass(frozen=True)
class Comparison:
    """How an answer relates to its key.

    `right` of `n` members are right and `wrong` do not belong; `place` is the first position of a list that differs,
    counted from 1; `mistakes` are the predicted mistakes it shows.
    """

    exact: bool
    right: int
    wrong: int
    n: int
    place: int | None = None
    mistakes: tuple[Mistake, ...] = ()


class _Plain:
    """No lock: texts compare as they are."""

    @staticmethod
    def slow(text):
        return text

    fast = slow


PLAIN = _Plain()


def lock(form, key, *, by=PLAIN):
    """The comparable shape of a key.

    Parameters
    ----------
    form : mapping
        Public part of the question; its type decides what is locked.
    key : mapping
        `answer` (canonical) and `mistakes`, each with `code`, `message` and `answer`.
    by : object with `slow(text)` and `fast(text)`
        `slow` guards whole answers, `fast` guards members.
    """
    parts = _parts(form, key["answer"])
    return {
        "n": _entries(form, key["answer"]),
        "whole": by.slow(_text(key["answer"])),
        "parts": sorted(map(by.fast, parts)),
        "mistakes": [_lock_mistake(form, mistake, set(parts), by) for mistake in key["mistakes"]],
    }


def _lock_mistake(form, mistake, right, by):
    """Of a predicted mistake only the members that are wrong can give it away."""
    wrong = [part for part in _parts(form, mistake["answer"]) if part not in right]
    return {
        "code": mistake["code"],
        "message": mistake["message"],
        "whole": by.slow(_text(mistake["answer"])),
        "parts": sorted(map(by.fast, wrong)),
    }


def compare(form, locked, answer, *, by=PLAIN):
    """Compare a canonical answer with a locked key.

    Examples
    --------
    >>> key = {"answer": ["1", "2"], "mistakes": []}
    >>> form = {"type": "set"}
    >>> found = compare(form, lock(form, key), ["2", "3"])
    >>> (found.right, found.wrong, found.n)
    (1, 1, 2)
    """
    whole = by.slow(_text(answer))
    parts = list(map(by.fast, _parts(form, answer)))
    known = set(locked["parts"])
    right = sum(part in known for part in parts)
    exact = whole == locked["whole"]
    if form["type"] == "mapping" and answer:
        exact = exact or (right == locked["n"] and right == len(parts))
    return Comparison(
        exact=exact,
        right=right,
        wrong=len(parts) - right,
        n=locked["n"],
        place=None if exact else _first_difference(form, parts, known),
        mistakes=() if exact else _named(locked["mistakes"], whole, parts),
    )


def reaches(form, found):
    """Does an answer reach the form's `goal`: so precise, and so many entries answered? False where it has none.

    Examples
    --------
    >>> form = {"goal": {"precision": 0.95, "coverage": 0.5}}
    >>> reaches(form, Comparison(False, right=29, wrong=1, n=60))
    True
    """
    goal, answered = form.get("goal"), found.right + found.wrong
    if not goal:
        return False
    return answered >= goal["coverage"] * found.n and found.right >= goal["precision"] * answered


def _named(mistakes, whole, parts):
    """The predicted mistake this answer is; else the one it shares the most wrong members with, the smallest first."""
    same = [mistake for mistake in mistakes if mistake["whole"] == whole]
    if not same:
        own = set(parts)
        near = [mistake for mistake in mistakes if own & set(mistake["parts"])]
        near.sort(key=lambda mistake: (-len(own & set(mistake["parts"])), len(mistake["parts"])))
        same = near[:1]
    return tuple(Mistake(mistake["code"], mistake["message"]) for mistake in same)


def _parts(form, answer):
    """The members of an answer as texts; abstentions are no members."""
    if form["type"] not in BY_PART or answer is None:
        return []
    if form["type"] == "mapping":
        return [_text([key, one]) for key, value in answer.items() for one in _any_of(value) if one is not None]
    if form["type"] == "list":
        return [_text([position, item]) for position, item in enumerate(answer)]
    return [_text(item) for item in answer]


def _any_of(value):
    return value if isinstance(value, list) else [value]


def _entries(form, answer):
    """How many members an answer has; an entry with several right values is one."""
    if form["type"] == "mapping" and answer is not None:
        return sum(value is not None for value in answer.values())
    return len(_parts(form, answer))


def _first_difference(form, parts, known):
    if form["type"] != "list":
        return None
    return next((place for place, part in enumerate(parts, 1) if part not in known), len(parts) + 1)


def _text(answer):
    return json.dumps(answer, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
