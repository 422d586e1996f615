"""The answer sheet of a day for one docket, for who leads the room: made from the plain key, so it cannot be stale.

    python -m cointrail.grading.answer_sheet day5 A

It is Markdown; print it, and do not project it: neighbours have other dockets.
"""

import sys

from cointrail.errors import CointrailError
from cointrail.exercises.answer_types import understood
from cointrail.exercises.mistakes import named
from cointrail.grading.assignments import day_of
from cointrail.grading.desk import course_root
from cointrail.grading.keys import read_plain
from cointrail.grading.questions import load_day

__all__ = ["answer_sheet"]


def answer_sheet(root, assignment, docket):
    """The answers of one docket as Markdown.

    Parameters
    ----------
    root : Path
        The course.
    assignment : str
        Such as "day5" or "capstone".
    docket : str
        A letter.

    Returns
    -------
    str
        For each question: its title and points, the whole answer, the last hint (the rule), and the mistakes that
        feedback knows. Written answers name their rubric.

    Raises
    ------
    CointrailError
        The course has no such day, or the key of that docket was not made.
    """
    day = day_of(assignment)
    world, questions = load_day(root, day)
    key = read_plain(root, world, docket, day)["questions"]
    if missing := [q.id for q in questions.values() if q.type != "written" and q.id not in key]:
        raise CointrailError(f"The key of {assignment}, docket {docket}, lacks {missing[0]}: run cointrail build.")
    lines = [f"# Answers, {assignment}, docket {docket}", "", "For who leads the room. Do not project. SYNTHETIC.", ""]
    for question in questions.values():
        unit = f", in {question.unit}" if question.unit else ""
        lines += [
            f"## {question.id} {question.title} ({question.points} points{unit})",
            "",
            *_answer(question, key),
            "",
        ]
    return "\n".join(lines)


def _answer(question, key):
    if question.type == "written":
        return [f"Marked by hand: `grading/rubrics/{question.rubric}.md`."]
    rule = [f"Rule: {question.hints[-1]}"] if question.hints else []
    if question.type == "function":
        return ["A function, marked on hidden cases; any code that returns the right values counts.", "", *rule]
    found = key[question.id]
    lines = _whole(question.type, found["form"], found["answer"])
    known = "; ".join(named(mistake["code"]) for mistake in found.get("mistakes", []))
    return [*lines, "", *rule, *(["", f"Mistakes that feedback names: {known}."] if known else [])]


def _whole(kind, form, answer):
    """An answer to the last item: `understood`, which a learner reads, is cut after six."""
    options = form.get("options") or {}
    if answer is None:
        return [f"**{_CANNOT}**"]
    if kind == "artefact":
        return [f"- fact: `{fact}`" for fact in answer]
    if isinstance(answer, dict):
        return [
            f"- {name}: **{_CANNOT if one is None else one}**{_meaning(options, one)}" for name, one in answer.items()
        ]
    if isinstance(answer, list):
        return [f"- **{', '.join(one) if isinstance(one, list) else one}**" for one in answer] or ["**none**"]
    return [f"**{understood(form, answer)}**{_meaning(options, answer)}"]


_CANNOT = "it cannot be told (None)"


def _meaning(options, answer):
    text = options.get(answer) if isinstance(options, dict) and isinstance(answer, str) else None
    return f": {text}" if text and text != answer else ""


def main(words):
    """Print the sheet of `words`: assignment and docket; 2 for a slip of the command."""
    try:
        if len(words) != 2:
            raise CointrailError(
                "Write the day and the docket, such as: python -m cointrail.grading.answer_sheet day5 A"
            )
        print(answer_sheet(course_root(), *words))
    except CointrailError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
