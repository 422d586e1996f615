# ruff: noqa: E501  code of a hostile participant, kept on its lines
"""Markup and scripts on their way to a feedback page or the formgrader."""

from attacks import attack


@attack(says="could not be read")
def script_in_an_answer(work):
    """Plain nbgrader, measured: script tags reached the feedback page."""
    work.answer("answer_2_1b = '<script>alert(1)</script>'")


@attack(says="No answer was recorded")
def script_in_an_error(work):
    """The error's name and text are shown to the participant, escaped."""
    work.answer(
        "check = type('X', (), {'__call__': lambda s, *a: (_ for _ in ()).throw(type('<script>alert(1)</script>', (Exception,), {})"
        "('<img src=x onerror=alert(1)>'))})()"
    )


@attack()
def html_in_an_output(work):
    """Outputs of the participant's own cells; they never reach the feedback page."""
    work.answer(
        "from IPython.display import HTML, Javascript, display\ndisplay(HTML('<script>alert(1)</script>'), Javascript('alert(1)'))"
    )


@attack(says="could not be read")
def a_text_of_250_kilobytes(work):
    """A page that no one can open."""
    work.answer("answer_2_1b = 'x' * 250_000")
