"""What an instructor prints beside the answer sheet: slides of a lesson, exhibits on paper.

Both are made from what is there already, the executed notebooks and the papers of the docket. So they never say
anything else than the course does.
"""

import html
import re

import nbformat
from nbconvert.filters import markdown2html

from cointrail.errors import CointrailError
from cointrail.exercises import Case
from cointrail.exercises.case import docket_in
from cointrail.ledger.parquet import BANNER

__all__ = ["printed_exhibits", "slides"]

_SLIDE = "h1,h2{color:#0b3d62}section{box-sizing:border-box;min-height:100vh;padding:5vh 6vw;scroll-snap-align:start}"
_SLIDE += "html{scroll-snap-type:y proximity}body{margin:0;font:2.6vh/1.45 sans-serif;color:#111}img{max-width:80%}"
_SLIDE += "table{border-collapse:collapse}td,th{border:1px solid #888;padding:.2em .6em;text-align:left}"
_SLIDE += ".anchor-link{display:none}footer{color:#666;font-size:1.6vh}"
_SLIDE += "@media print{section{page-break-after:always;min-height:0}}"
_PAPER = "body{font:11pt/1.4 serif;color:#111}pre{white-space:pre-wrap;font:9pt/1.35 monospace}"
_PAPER += "article{page-break-after:always}h1{font-size:13pt}table{border-collapse:collapse;font-size:8pt}"
_PAPER += "td,th{border:1px solid #777;padding:.1em .4em;text-align:left;vertical-align:top}"
_PAPER += ".json{columns:3;font-size:7.5pt}"
_PAPER += "pre,td,p,li{overflow-wrap:anywhere}@media screen{body{max-width:60em;margin:1em auto;padding:0 1em}}"


def slides(notebook):
    """A lesson as slides in one HTML file: title, objectives, each idea with its figures, key points.

    Parameters
    ----------
    notebook : Path
        An executed lesson in solutions/.

    Returns
    -------
    str
        HTML without script. Page Down goes on; printing gives one slide a page.

    Raises
    ------
    CointrailError
        There is no such lesson.
    """
    if not notebook.is_file():
        raise CointrailError(f"There is no lesson {notebook.name}. Choose one of solutions/.")
    parts, shown = [[]], False
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "markdown":
            if re.match(r"## (?!Objectives)", cell.source) and parts[-1]:
                parts.append([])
            graded = re.match(r"#+ (Question|Stretch) ", cell.source)
            shown = bool(re.match(r"# |## (Objectives|Learn|Guided|What this|Key points)", cell.source)) or (
                shown and not cell.source.startswith("## ") and not graded
            )
        if shown and not cell.metadata.get("nbgrader"):  # a question and its answer are no slide
            parts[-1] += _on_slide(cell)
    title = html.escape(notebook.stem.partition("_")[2].replace("_", " "))
    body = "".join(f"<section>{''.join(part)}<footer>{title}</footer></section>\n" for part in parts if part)
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{_SLIDE}</style>{body}'


def _on_slide(cell):
    """Of a text cell its headings, bullets, tables and first sentence; of a code cell its pictures."""
    if cell.cell_type == "code":
        pictures = [output for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]
        return [_picture(output) for output in pictures]
    kept, sentences = [], 0
    for block in re.split(r"\n\s*\n", cell.source):
        if re.match(r"(#|[-*|]|\d+\.)", block):
            kept.append(block)
        elif not sentences:
            kept.append(re.split(r"(?<=[.?])\s", block.strip(), maxsplit=1)[0])
            sentences += 1
    return [markdown2html("\n\n".join(kept))]


def _picture(output):
    words = output.metadata.get("image/png", {}).get("alt", "")
    data = output["data"]["image/png"].replace("\n", "")
    return f'<p><img alt="{html.escape(words)}" src="data:image/png;base64,{data}"></p>'


def printed_exhibits(world, docket, exhibits=()):
    """Exhibits of a docket on paper: one HTML file, an exhibit a page, with its line in the register.

    Parameters
    ----------
    world, docket : str
    exhibits : sequence of str
        Numbers such as "E01e"; all texts, tables and pages when left out. A PDF is printed by itself.
    """
    case = Case(world, docket_in(world, docket))
    register = case.exhibits.set_index("id")
    numbers = list(exhibits) or [
        number for number in register.index if not register.loc[number, "file"].endswith("pdf")
    ]
    pages = "".join(_page(case, register, number) for number in numbers)
    title = f"Exhibits of docket {docket}"
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{_PAPER}</style>'
    return f"{head}<main>{pages}</main>"


def _page(case, register, number):
    content = case.exhibit(number)
    if not isinstance(content, str):
        inner = content.fillna("").astype(str).to_html(index=False)
    elif register.loc[number, "file"].endswith(".html"):
        inner = re.sub(r".*<body>|</body>.*", "", content, flags=re.DOTALL)
    else:
        kind = ' class="json"' if register.loc[number, "file"].endswith(".json") else ""  # many short lines
        inner = f"<pre{kind}>{html.escape(content)}</pre>"
    row = register.loc[number]
    about = f"{row['source']} · {row['acquirer']} · {row['acquired']} · {row['authority']} · {row['reliability']}"
    head = f"<h1>{number}: {html.escape(row['title'])}</h1><p>{html.escape(about)}</p>"
    if BANNER not in inner:  # a table's own line is no row of it
        head += f"<p><b>{BANNER}</b></p>"
    return f"<article>{head}{inner}</article>\n"
