"""Questions of no points, made in one place: the daily quiz, and the tests before and after the course.

Each asks for one letter. A wrong letter gets a sentence of its own, so that somebody who learns alone is told what was
missed. The tests have one more letter, X, for "I do not know".
"""

from cointrail.grading.questions import Mistake, Question

__all__ = ["quiz_question"]


def quiz_question(question_id, notebook, *, title, options, right, wrong, objective, look, hints=()):
    """A choice of no points.

    Parameters
    ----------
    question_id, notebook, title, objective, look : str
        As in `Question`.
    options : dict
        Letter -> the answer in words.
    right : str
        The right letter.
    wrong : dict
        Wrong letter -> the sentence that somebody who chose it reads.
    hints : sequence of str, optional

    Examples
    --------
    >>> item = quiz_question("9.1q1", "01_x", title="Quiz 1", options={"A": "yes", "B": "no"}, right="A",
    ...     wrong={"B": "Look again."}, objective="Recall the day", look="9.1")
    >>> item.truth(None), item.mistakes[0].method(None), item.points
    ('A', 'B', 0)
    """
    return Question(
        id=question_id,
        notebook=notebook,
        title=title,
        type="choice",
        options=options,
        points=0,
        objective=objective,
        look=look,
        truth=lambda desk: right,
        mistakes=[Mistake(f"letter {letter}", _always(letter), sentence) for letter, sentence in wrong.items()],
        hints=list(hints),
    )


def _always(letter):
    return lambda desk: letter
