"""What a participant wrote or showed, made harmless before a person looks at it in a browser.

nbgrader's formgrader renders the graded notebook with the instructor's rights. So HTML keeps its structure and loses
whatever runs, loads or sends; a widget appears as its static picture; of Markdown only the markup that formats text
stays. Pictures and plain text pass.
"""

import re

from nbgrader.preprocessors import NbGraderPreprocessor

from cointrail.errors import CointrailError
from cointrail.exercises.records import MIME

__all__ = ["SafeOutputs", "safe_html", "safe_markdown"]

_TEXT_KINDS = {"text/plain", "application/json", MIME}
_PICTURES = {"image/png", "image/jpeg", "image/gif"}
_MOST_HTML = 500_000  # characters of one output
_TOO_LONG = "This output is too long to be shown here."
_DEEPEST = 30  # tags inside each other
_EMPTY = {"br", "hr", "img", "col"}
_CLOSE_THEMSELVES = {"p", "li", "td", "th", "tr", "dd", "dt"}
# a tag whose quotation marks are closed, a declaration, a lone bracket, or text
_PIECE = re.compile(r"""<(/?)([a-zA-Z][^\s/<>"']*)(?:[\s/](?:[^<>"']|"[^"<]*"|'[^'<]*')*)?>|<[!?][^<>]*>|<|[^<]+""")
_HIDDEN = re.compile(r"<(?:!--|(script|style|svg|math|template|noscript|iframe|title)\b)", re.IGNORECASE)
_TAGS = {
    *("a", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "details", "div", "dl", "dt", "em"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "ol", "p", "pre", "s", "small", "span"),
    *("strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
}
_ATTRIBUTES = {
    "*": {"lang", "dir", "role"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}
_PICTURE = re.compile(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*")
# in Markdown: what only formats, without any attribute
_FORMATS = re.compile(r"</?(?:b|br|em|i|kbd|s|strong|sub|sup|u|details|summary)\s*/?>", re.IGNORECASE)
_TAG_OR_NOT = re.compile(rf"({_FORMATS.pattern})|<", re.IGNORECASE)
_LOADS = re.compile(r"!(?=\[)")
_RUNS = re.compile(r"(javascript|vbscript|data|file)(\s*:)", re.IGNORECASE)
# where a link goes. Entities and backslashes there are decoded twice on the way to the page, so that only what has no
# other scheme even then is kept
_TARGET = re.compile(r"(\]\(\s*)([^)\s]*)")
# "[name]: target" defines a link, in a list, a quotation or over two lines as well: a sign without width breaks it
_DEFINES = re.compile(r"\]:")
_NO_WIDTH = "\u2060"
_MOST_FORMULAS = 200  # beginnings of formulas in one text: nbconvert's search for their ends grows with the square
_FORMULA = re.compile(r"\\(?=begin\{|\\[(\[])")
_HARMLESS_TARGET = re.compile(r"https?://[^\s<>\\]*|[^:&\\<>]*", re.IGNORECASE)
_TEX_THAT_ACTS = re.compile(r"\\(href|style|class|cssId|require|unicode)(?![a-zA-Z])")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


def safe_html(text):
    """HTML without scripts, styles, links or any request, its text and structure kept.

    Examples
    --------
    >>> safe_html('<b onclick="x()">5</b><script>x()</script><img src="http://host.example/p.png">')
    '<b>5</b><img>'
    """
    if len(text) > _MOST_HTML:
        return f"<p>{_TOO_LONG}</p>"
    try:
        import nh3
    except ImportError as error:
        raise CointrailError(
            "The package nh3 is missing, which cleans markup. Run: python start.py grade --help"
        ) from error
    return nh3.clean(
        _untangled(text),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes={"data"},
        link_rel=None,
        clean_content_tags={"script", "style", "svg", "math", "template", "noscript", "iframe"},
    )


def _untangled(text):
    """The same HTML with every tag closed and none deep inside others.

    A reader of HTML5 opens again what was left open, in every paragraph: 30 kB of unclosed tags become gigabytes. What
    this keeps is not yet harmless, only cheap to read.
    """
    made, depth = [], []
    for found in _PIECE.finditer(_without_hidden(text)):
        closes, name = found[1], (found[2] or "").lower()
        if not found[0].startswith("<"):
            made.append(found[0])
        elif found[0] == "<":
            made.append("&lt;")
        elif closes and name in depth:
            while depth:
                made.append(f"</{depth[-1]}>")
                if depth.pop() == name:
                    break
        elif not closes and name in _EMPTY:
            made.append(found[0])
        elif not closes and name in _TAGS and len(depth) < _DEEPEST:
            if depth and depth[-1] == name in _CLOSE_THEMSELVES:
                made.append(f"</{depth.pop()}>")
            made.append(found[0])
            depth.append(name)
    return "".join(made) + "".join(f"</{name}>" for name in reversed(depth))


def _without_hidden(text):
    """Without comments, and without what stands inside tags whose text is not shown."""
    kept, place = [], 0
    for found in _HIDDEN.finditer(text):
        if found.start() < place:
            continue
        kept.append(text[place : found.start()])
        end = re.compile(rf"</{found[1]}[^<>]*>" if found[1] else "-->", re.IGNORECASE).search(text, found.end())
        if end is None:
            return "".join(kept)
        place = end.end()
    return "".join([*kept, text[place:]])


def _kept(tag, attribute, value):
    """Of addresses only a picture that stands in the page itself."""
    if attribute != "src":
        return value
    return value if _PICTURE.fullmatch(value) else None


def safe_markdown(text):
    """Markdown whose raw HTML only formats, whose pictures are links, and whose links run nothing.

    Examples
    --------
    >>> safe_markdown("2 < 3, **so** <b>x</b> <script>alert(1)</script>")
    '2 &lt; 3, **so** <b>x</b> &lt;script>alert(1)&lt;/script>'
    >>> safe_markdown("![p](http://host.example/p.png) [l](javascript:x())")
    '[p](http://host.example/p.png) [l](#))'
    """
    text = _TAG_OR_NOT.sub(lambda found: found[1] or "&lt;", text)
    text = _TARGET.sub(lambda found: found[1] + _target(found[2]), _LOADS.sub("", text))
    text = _DEFINES.sub(f"]{_NO_WIDTH}:", text)
    if len(_FORMULA.findall(text)) > _MOST_FORMULAS:
        text = _FORMULA.sub("", text)
    return _TEX_THAT_ACTS.sub(r"\\text", _RUNS.sub(r"\1-", text))


def _target(text):
    """Where a link of Markdown goes; nowhere when it might run something."""
    return text if _HARMLESS_TARGET.fullmatch(text) else "#"


class SafeOutputs(NbGraderPreprocessor):
    """Make every output and every Markdown cell of an executed notebook harmless; answer records stay as they are."""

    def preprocess_cell(self, cell, resources, index):
        """As nbconvert calls it, for each cell."""
        if cell.cell_type == "markdown":
            safe = safe_markdown(cell.source)
            if safe != cell.source:
                cell.source = safe
            cell.pop("attachments", None)
        for output in cell.get("outputs", []):
            if "data" in output:
                output.data = {
                    kind: made for kind, value in output.data.items() if (made := _made(kind, value)) is not None
                }
                output.metadata = _picture_facts(output.get("metadata", {}))
        return cell, resources


def _made(kind, value):
    """One representation of an output, harmless; None when there is no harmless one."""
    if kind in _TEXT_KINDS:
        return value
    if kind in _PICTURES:
        return value if isinstance(value, str) and _BASE64.fullmatch(value) else None
    text = "".join(value) if isinstance(value, list) else value
    if kind == "text/html" and isinstance(text, str):
        return safe_html(text)
    if kind == "text/markdown" and isinstance(text, str):
        return safe_markdown(text)
    return None


def _picture_facts(metadata):
    """Words and size of each picture: nbconvert writes them into the page as attributes, a size without quotes."""
    facts = {}
    for kind, told in metadata.items():
        if kind in _PICTURES and isinstance(told, dict):
            sizes = {name: told[name] for name in ("width", "height") if type(told.get(name)) in (int, float)}
            facts[kind] = sizes | ({"alt": told["alt"]} if isinstance(told.get("alt"), str) else {})
    return facts
