# ruff: noqa: E501  code of a hostile participant, kept on its lines
"""Markup and scripts on their way to a feedback page or the formgrader."""

import nbformat

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


@attack()
def a_picture_that_breaks_out(work):
    """A picture's size is written into the page without quotes: nbconvert, measured: `onerror` ran in the formgrader."""
    work.answer(
        "from IPython.display import display\n"
        "display({'image/png': 'AAAA\"><script>alert(1)</script>', 'text/plain': 'x'}, raw=True)\n"
        "display({'image/png': 'AAAA'}, raw=True, metadata={'image/png': {'width': '1 onerror=alert(1)'}, 'height': '1 onload=alert(1)'})"
    )


@attack()
def a_link_in_disguise(work):
    """Markdown of one's own whose target is spelled in entities; nbconvert, measured: a javascript: link in the formgrader."""
    text = "[x](&#106;avascript:alert(1)) [y](java&Tab;script:alert(1)) [z]\n\n[z]: &#x6A;avascript:alert(1)"
    work.edit(lambda n: n.cells.append(nbformat.v4.new_markdown_cell(text)))


@attack()
def a_link_defined_elsewhere(work):
    """Links of Markdown defined in a list, over two lines, with a bracket in the name; nbconvert, measured: javascript: links in the formgrader."""
    text = "[x][a b] [y][c\\]d] [w][z]\n\n[a\nb]: &#106;avascript:alert(1)\n\n[c\\]d]: &#106;avascript:alert(1)\n\n- [z]: &#106;avascript:alert(1)\n"
    work.edit(lambda n: n.cells.append(nbformat.v4.new_markdown_cell(text)))


@attack()
def tags_that_multiply(work):
    """Unclosed tags that HTML5 opens again in every paragraph: 500 kB become gigabytes in whoever cleans them (measured: 27 kB made 550 MB)."""
    work.answer(
        "from IPython.display import HTML, display\n"
        "display(HTML('<p>' + ''.join(f'<b id={n}>' for n in range(20_000)) + '</p>' + '<p>x</p>' * 30_000))\n"
        "display(HTML('<div>' * 90_000))"
    )
