"""From an answer to points: the score of each answer type, and the reasons a person reads.

Every score is a share between 0 and 1. A wrong member of a set costs as much as a right one brings, or `weight` times
as much for links and claims about people; abstaining costs nothing.
"""

import builtins
import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal

from cointrail.exercises.answer_types import AnswerError
from cointrail.exercises.artefacts import read_document
from cointrail.exercises.compare import Mistake, compare, lock, reaches

__all__ = ["Score", "b_cubed", "score"]


@dataclass(frozen=True)
class Score:
    """A share of the points, the reasons in words, and the predicted mistakes found.

    `accuses` tells that the answer holds a strong false accusation (see `questions.Mistake`).
    """

    share: float
    reasons: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    accuses: bool = False


def score(question, key, answer):
    """Score a canonical answer.

    Parameters
    ----------
    question : Question
        For its type, weight and pass mark.
    key : mapping
        `answer` and `mistakes`, in clear.
    answer : JSON value
        Canonical; None is an abstention.

    Returns
    -------
    Score
    """
    if answer is None and key["answer"] is not None:
        return Score(0.0, ("You abstained. That costs nothing, but an answer could be found.",))
    if key["answer"] is None and answer is not None:
        return _told_too_much(key, answer)
    if answer is None:
        return Score(1.0, ("Right: it cannot be told.",))
    found = _SCORERS.get(question.type, _whole)(question, key, answer)
    return replace(found, accuses=True) if _accuses(question.form(), key, answer) else found


def _told_too_much(key, answer):
    """An answer where only abstaining is right; a predicted mistake is named all the same."""
    known = [mistake for mistake in key["mistakes"] if mistake["answer"] == answer]
    return Score(
        0.0,
        ("The evidence does not carry an answer here; abstaining (None) would have been right.",),
        tuple(Mistake(mistake["code"], mistake["message"]) for mistake in known),
        any(mistake.get("accuses", False) for mistake in known),
    )


def _accuses(form, key, answer):
    """Whether the answer is a mistake that accuses, or holds a wrong part of one."""
    for mistake in key["mistakes"]:
        if mistake.get("accuses"):
            locked = lock(form, {"answer": key["answer"], "mistakes": [mistake]})
            if compare(form, locked, answer).mistakes:
                return True
    return False


def _whole(question, key, answer):
    found = compare(question.form(), lock(question.form(), key), answer)
    if found.exact:
        return Score(1.0, ("Right.",))
    return Score(0.0, () if found.mistakes else ("Not right.",), found.mistakes)


def _members(question, key, answer):
    found = compare(question.form(), lock(question.form(), key), answer)
    share = _clip((found.right - question.weight * found.wrong) / found.n) if found.n else float(found.exact)
    words = f"{found.right} of {found.n} are right, {found.wrong} {'does' if found.wrong == 1 else 'do'} not belong."
    if question.goal:
        share = _towards(question, found)
    costs = f" Here a wrong one costs {question.weight} right ones." if found.wrong and question.weight > 1 else ""
    return Score(share, (words + costs,), found.mistakes)


def _towards(question, found):
    """All points at the goal; below it, what is right less what is wrong, in shares of the coverage asked for."""
    if reaches(question.form(), found):
        return 1.0
    return min(0.9, _clip((found.right - question.weight * found.wrong) / (question.goal["coverage"] * found.n)))


def _positions(question, key, answer):
    found = compare(question.form(), lock(question.form(), key), answer)
    if found.exact:
        return Score(1.0, ("Right, in the right order.",))
    right = found.place - 1 if question.path else found.right
    reason = f"The order differs first at place {found.place}; {right} of {found.n} count."
    return Score(_clip(right / max(found.n, len(answer))), (reason,), found.mistakes)


def _ranked(question, key, answer):
    """Reciprocal rank: the right candidate first brings all, second a half, third a third."""
    right = set(key["answer"])
    place = next((place for place, item in enumerate(answer, 1) if item in right), None)
    if place is None:
        return Score(0.0, ("The right candidate is not on your list.",))
    return Score(1 / place, (f"The right candidate stands at place {place} of your list.",))


def _partition(question, key, answer):
    """B-cubed F1, linear up to the pass mark; joining strangers costs more where `weight` is.

    Nothing is given for 0.5, nor for what a person would have who joined nobody: where most items do stand alone, that
    alone is close to the truth.
    """
    precision, recall = b_cubed(answer, key["answer"])
    f1, nothing = _f1(precision, recall), max(0.5, _f1(*b_cubed([], key["answer"])))
    found = compare(question.form(), lock(question.form(), key), answer)
    share = (f1 - nothing) / (question.pass_mark - nothing) if question.pass_mark > nothing else float(found.exact)
    share = _clip(share - (question.weight - 1) * (1 - precision))
    return Score(share, (f"B-cubed precision {precision:.2f}, recall {recall:.2f}, F1 {f1:.2f}.",), found.mistakes)


def _f1(precision, recall):
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def b_cubed(groups, truth):
    """B-cubed precision and recall of a partition (Bagga and Baldwin 1998); items you left out stand alone.

    Examples
    --------
    >>> b_cubed([["a", "b"], ["c"]], [["a", "b", "c"]])
    (1.0, 0.5555555555555556)
    """
    true_group = {item: number for number, group in enumerate(truth) for item in group}
    own_group = {item: ("group", number) for number, group in enumerate(groups) for item in group}
    own = {item: own_group.get(item, ("alone", item)) for item in true_group}
    both = Counter((own[item], true_group[item]) for item in true_group)
    own_size, true_size = Counter(own.values()), Counter(true_group.values())
    n = len(true_group)
    precision = sum(both[own[item], true_group[item]] / own_size[own[item]] for item in true_group) / n
    recall = sum(both[own[item], true_group[item]] / true_size[true_group[item]] for item in true_group) / n
    return precision, recall


def _tolerance(question, key, answer):
    near = abs(Decimal(answer) - Decimal(key["answer"])) <= Decimal(question.tolerance)
    return Score(1.0, ("Right, within the tolerance.",)) if near else _whole(question, key, answer)


def _function(question, key, answer):
    """The share of hidden cases; only counts are told, no case is shown."""
    right = sum(got == wanted for got, wanted in zip(answer, key["answer"], strict=False))
    if len(answer) != len(key["answer"]):
        return Score(0.0, ("The function did not run on every hidden case.",))
    problems = sorted({_harmless(got["problem"]) for got in answer if isinstance(got, dict) and "problem" in got})
    named = tuple(Mistake(m["code"], m["message"]) for m in key["mistakes"] if m["answer"] == answer)
    reason = f"{right} of {len(key['answer'])} hidden cases are right."
    return Score(right / len(key["answer"]), (reason, *problems[:3]), named)


def _harmless(problem):
    """Why a case failed, without a word of the participant's own: it could carry a hidden input out."""
    found = re.match(r"stopped with (\w{1,40})\b", problem)
    if found and isinstance(getattr(builtins, found[1], None), type):
        return f"On some case the function stopped with {found[1]}."
    if re.fullmatch(r"ran longer than \d{1,4} seconds", problem):
        return f"On some case the function {problem}."
    return "On some case the function returned something that is no answer."


def _artefact(question, key, answer):
    """A document must fit its schema; then the facts in it are scored as a set."""
    try:
        document = read_document(question.form(), answer)
    except AnswerError as error:
        return Score(0.0, (str(error),))
    try:
        given = {json.dumps(fact, sort_keys=True) for fact in question.facts(document)}
    except _NO_FACTS as error:  # a schema does not say all that the reader of the facts expects
        return Score(0.0, (f"The document is valid, but its facts cannot be read: {_short(error)}.",))
    truth = set(key["answer"])
    right, wrong = len(given & truth), len(given - truth)
    share = _clip((right - question.weight * wrong) / len(truth))
    return Score(share, (f"The document is valid. {right} of {len(truth)} facts are right, {wrong} do not belong.",))


_NO_FACTS = (AttributeError, LookupError, TypeError, ValueError, RecursionError)


def _short(error):
    return f"{type(error).__name__}: {str(error)[:200]}"


def _clip(share):
    return min(1.0, max(0.0, share))


_SCORERS = {
    "set": _members,
    "mapping": _members,
    "list": _positions,
    "ranked": _ranked,
    "partition": _partition,
    "tolerance": _tolerance,
    "function": _function,
    "artefact": _artefact,
}
