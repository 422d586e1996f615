"""Papers: what an exhibit is before it is filed. Every maker adds the banner and refuses unsafe content.

A paper never holds an address, host or machine that could be real; `refuse_unsafe` looks at the text it is made of,
because a finished PDF cannot be searched.
"""

import csv
import html
import io
import json
import re
import textwrap
from dataclasses import dataclass, field

from cointrail.errors import CointrailError
from cointrail.ledger.parquet import BANNER
from cointrail.world.dockets.cast import CELL
from cointrail.world.safety import real_addresses, real_hosts

__all__ = [
    "WIDTH",
    "Paper",
    "Subject",
    "csv_paper",
    "html_paper",
    "json_paper",
    "paragraph",
    "pdf_paper",
    "text_paper",
    "together",
]

# A line of a letter, in characters: as wide as the banner, so that nothing runs out of a window or off a printed page.
WIDTH = len(BANNER)
NO_BREAK = "\N{NO-BREAK SPACE}"

STYLE = "body{font:16px/1.5 sans-serif;max-width:60em;margin:1em auto;padding:0 1em;color:#1a1a1a;background:#fff}"
STYLE += "table{border-collapse:collapse}td,th{border:1px solid #888;padding:.2em .6em;text-align:left}"
STYLE += ".notice{background:#ffe9a8;color:#1a1a1a;padding:.3em .6em;border:1px solid #7a5c00}"


@dataclass(frozen=True)
class Paper:
    """One exhibit: the line in the register, its bytes, and what it points at.

    `acquired` is UTC ("2026-10-20T06:15:00Z"), `reliability` a letter A-F for the source and a digit 1-6 for the
    information. `links` are (kind, reference) pairs; the kind is
    txid, outpoint, address (of either ledger) or "not in the ledger".
    """

    id: str
    file: str
    title: str
    source: str
    acquired: str
    authority: str
    reliability: str
    data: bytes
    acquirer: str = CELL
    language: str = "en"
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Subject:
    """What a subject's module hands over for one docket; facts are plain data for JSON."""

    papers: list[Paper] = field(default_factory=list)
    facts: dict = field(default_factory=dict)


def paragraph(text: str, *, head: str = "", hang: int | None = None) -> str:
    """Words set as lines of a letter; an address or a txid is never broken, nor is what `together` holds together.

    Parameters
    ----------
    text : str
        Blanks and line ends between its words do not count.
    head : str
        What stands before the first word, such as a number.
    hang : int, optional
        Blanks before every further line; as many as `head` has characters, if not given.

    Examples
    --------
    >>> print(paragraph("word " * 17, head=" 1. "))
     1. word word word word word word word word word word word word word word
        word word word
    """
    margin = " " * (len(head) if hang is None else hang)
    lines = textwrap.TextWrapper(
        WIDTH, initial_indent=head, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False
    )
    return lines.fill(re.sub(r"[ \t\n]+", " ", text.strip())).replace(NO_BREAK, " ")


def together(words: str) -> str:
    """A name or a telephone number that stands on one line of a `paragraph`, so that a search finds it."""
    return words.replace(" ", NO_BREAK)


def text_paper(number: str, file: str, text: str, **register) -> Paper:
    """Plain text, e-mail, .asc, JSON Lines: the banner stands on top unless the text holds it already.

    A format whose first line means something (JSON Lines, e-mail headers) must carry the banner in a place of its own.
    """
    text = text if BANNER in text else f"{BANNER}\n\n{text}"
    return _paper(number, file, text, text.encode(), register)


def csv_paper(number: str, file: str, columns: list[str], rows: list[tuple], **register) -> Paper:
    """A table; its first line is a comment with the banner, as `Case.exhibit` expects."""
    out = io.StringIO()
    out.write(f"# {BANNER}\n")
    csv.writer(out, lineterminator="\n").writerows([columns, *rows])
    return _paper(number, file, out.getvalue(), out.getvalue().encode(), register)


def json_paper(number: str, file: str, content: dict, **register) -> Paper:
    """A JSON object, with the banner as its first member ``notice``."""
    text = json.dumps({"notice": BANNER} | content, indent=1, ensure_ascii=False) + "\n"
    return _paper(number, file, text, text.encode(), register)


def html_paper(number: str, file: str, body: str, *, language: str = "en", **register) -> Paper:
    """A page; `body` is markup (quote what people wrote with `html.escape`). No script, no outside request."""
    title = html.escape(register["title"])
    text = (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<style>{STYLE}</style></head><body>\n<p class="notice">{html.escape(BANNER)}</p>\n{body}\n</body></html>\n'
    )
    return _paper(number, file, text, text.encode(), register | {"language": language})


def pdf_paper(number: str, file: str, markup: str, **register) -> Paper:
    """A PDF set by typst from its markup; the banner stands at the head of every page.

    The bytes depend on the markup alone: no date of making, only the fonts inside typst.
    """
    import typst

    head = (
        f'#set document(title: "{register["title"]}", date: none)\n'
        f"#set page(margin: 2.2cm, header: text(size: 8pt)[{BANNER}], numbering: "
        '"1 / 1")\n#set text(size: 10.5pt, lang: "en")\n'
    )
    data = typst.compile((head + markup).encode(), format="pdf", ignore_system_fonts=True, timestamp=0)
    return _paper(number, file, head + markup, data, register)


def _paper(number: str, file: str, text: str, data: bytes, register: dict) -> Paper:
    unsafe = [*real_addresses(text), *real_hosts(text)]
    if unsafe:
        raise CointrailError(f"Exhibit {number} ({file}) holds {unsafe[0]!r}, which could be real. Invent another.")
    return Paper(id=number, file=f"{number}_{file}", data=data, **register)
