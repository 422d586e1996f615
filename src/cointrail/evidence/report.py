"""The report of a case, out of its claims table: a PDF (typst) and a page (HTML) with the same words.

Nothing is written by hand between claim and court: what the report says is what the claims table says, with block
height, method, support, limits and open questions. The same claims give the same bytes; no clock is read.
"""

import html
import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from cointrail.errors import CointrailError
from cointrail.evidence.claims import Claim, need_single_ids

__all__ = ["Report", "report_html", "report_pdf"]

BANNER = "SYNTHETIC TRAINING DATA"
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:52em;margin:1em auto;padding:0 1em;color:#1a1a1a;background:#fff}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #999;padding:.3em .6em;text-align:left;"
    "vertical-align:top}code{font-size:12px;overflow-wrap:anywhere}.claim{border-left:4px solid #666;padding:.2em 1em;"
    "margin:1em 0}.notice{background:#ffe9a8;border:1px solid #7a5c00;padding:.3em .6em}img{max-width:100%}"
)


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a report is made of.

    Attributes
    ----------
    title, author : str
    ledger : str
        Name of the ledger.
    height : int
        The last block that was looked at.
    block_hash : str
        Its hash: two ledgers of the same name differ here.
    claims : list of Claim
    numbers : list of dict
        As `check_numbers` returns them.
    ambiguity : list of str
        What remains open, one sentence each; needed.
    figures : list of (bytes, str)
        PNG pictures and their words.
    exhibits : list of dict
        The lines of the register for the exhibits that the claims name: id, title, source, acquired, acquirer,
        authority, sha256.
    remarks : list of str
        Findings of the over-claim check that are not answered: the report is then marked as a draft.
    """

    title: str
    author: str
    ledger: str
    height: int
    block_hash: str
    claims: Iterable[Claim]
    numbers: Iterable[Mapping] = ()
    ambiguity: Iterable[str] = ()
    figures: Iterable[tuple[bytes, str]] = ()
    exhibits: Iterable[Mapping] = ()
    remarks: Iterable[str] = field(default=())

    def __post_init__(self):
        for name in ("claims", "numbers", "ambiguity", "figures", "exhibits", "remarks"):
            object.__setattr__(self, name, list(getattr(self, name)))
        need_single_ids(self.claims)
        if not self.claims:
            raise CointrailError("A report needs at least one claim.")
        if not self.ambiguity:
            raise CointrailError(
                "Say what remains open (ambiguity): a report without it will be asked for it in court."
            )

    @property
    def head(self) -> list[tuple[str, str]]:
        """The facts that pin the report down."""
        return [
            ("ledger", self.ledger),
            ("up to block", f"{self.height}  {self.block_hash}"),
            ("claims", f"{len(self.claims)}, of these {sum(c.confidence == 'strong' for c in self.claims)} strong"),
            ("state", "draft" if self.remarks else "checked: the over-claim check has no remark"),
        ]


def _support(claim):
    outpoints = [f"{name[:12]}…{name.rpartition(':')[1]}{name.rpartition(':')[2]}" for name in claim.outpoints]
    return ", ".join([*claim.exhibits, *(f"{txid[:12]}…" for txid in claim.txids), *outpoints]) or "none"


def _rows(report):
    return [
        {
            "id": claim.id,
            "claim": claim.claim,
            "confidence": claim.confidence,
            "methods": ", ".join(claim.methods).replace("_", " "),
            "support": _support(claim),
            "limits": claim.limits or "none stated",
        }
        for claim in report.claims
    ]


def _numbers(report):
    return [
        {
            "claim": number["claim"],
            "name": number["name"],
            "value": f"{number['value']:,}",
            "how": ", ".join(f"{name}: {value}" for name, value in number["how"].items()),
        }
        for number in report.numbers
    ]


def _exhibits(report):
    """What a court asks of each paper: what it is, who took it when and on which ground, and its hash."""
    return [
        {
            "id": row["id"],
            "title": row["title"],
            "taken": f"{row['acquired']}, by {row['acquirer']}; {row.get('authority') or 'no authority stated'}",
            "sha256": row["sha256"],
        }
        for row in report.exhibits
    ]


def report_pdf(report: Report) -> bytes:
    """The report as PDF; needs the package typst, which the course installs.

    Examples
    --------
    >>> claim = Claim(id="C1", claim="The address received coins.", methods=["ledger_fact"], confidence="strong",
    ...               exhibits=["E01"])
    >>> report = Report(title="Training", author="Unit 5", ledger="primer", height=257, block_hash="00" * 32,
    ...                 claims=[claim], ambiguity=["Who held the key is not shown."])
    >>> report_pdf(report)[:4]
    b'%PDF'
    """
    import typst

    with tempfile.TemporaryDirectory() as folder:
        pictures = []
        for place, (data, words) in enumerate(report.figures, 1):
            (Path(folder) / f"figure{place}.png").write_bytes(data)
            pictures.append({"file": f"figure{place}.png", "words": words})
        content = {
            "banner": BANNER,
            **{name: getattr(report, name) for name in ("title", "author", "head", "ambiguity", "remarks")},
            "claims": _rows(report),
            "numbers": _numbers(report),
            "exhibits": _exhibits(report),
            "figures": pictures,
        }
        (Path(folder) / "report.json").write_text(json.dumps(content), encoding="utf-8")
        template = resources.files("cointrail.evidence") / "templates" / "report.typ"
        (Path(folder) / "report.typ").write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
        return typst.compile(str(Path(folder) / "report.typ"), format="pdf", ignore_system_fonts=True, timestamp=0)


def report_html(report: Report) -> str:
    """The report as one page without script or outside request; figures stand in it."""
    import base64

    say = html.escape
    parts = [f"<h1>{say(report.title)}</h1>", f"<p>{say(report.author)}</p>", _table(report.head), "<h2>Claims</h2>"]
    for row in _rows(report):
        row = {name: say(value) for name, value in row.items()}
        parts.append(
            f"<div class='claim'><p><b>{row['id']}</b> {row['claim']}</p><p>Confidence: {row['confidence']}. Method: "
            f"{row['methods']}. Support: {row['support']}.<br>Limits: {row['limits']}</p></div>"
        )
    if report.numbers:
        parts.append("<h2>Numbers, and how to work them out again</h2><table><tr><th>claim<th>number<th>value</tr>")
        parts += [
            f"<tr><td>{say(n['claim'])}<td>{say(n['name'])}<br><code>{say(n['how'])}</code><td>{n['value']}</tr>"
            for n in _numbers(report)
        ]
        parts.append("</table>")
    if report.exhibits:
        parts.append("<h2>Exhibits relied on</h2><table><tr><th>exhibit<th>what it is, and how it was taken</tr>")
        parts += [
            f"<tr><td>{say(row['id'])}<td>{say(row['title'])}<br>{say(row['taken'])}<br>"
            f"<code>SHA-256 {say(row['sha256'])}</code></tr>"
            for row in _exhibits(report)
        ]
        parts.append("</table>")
    for data, words in report.figures:
        picture = base64.b64encode(data).decode()
        parts.append(f"<figure><img src='data:image/png;base64,{picture}' alt='{say(words)}'>")
        parts.append(f"<figcaption>{say(words)}</figcaption></figure>")
    parts += ["<h2>What remains open</h2>", _list(report.ambiguity)]
    if report.remarks:
        parts += ["<h2>Draft: remarks of the over-claim check</h2>", _list(report.remarks)]
    head = f"<meta charset='utf-8'><title>{say(report.title)}</title><style>{_STYLE}</style>"
    body = "\n".join([f"<p class='notice'>{BANNER}</p>", *parts])
    return f"<!doctype html>\n<html lang='en'><head>{head}</head><body>{body}\n</body></html>\n"


def _table(rows):
    lines = "".join(f"<tr><th>{html.escape(a)}<td><code>{html.escape(b)}</code></tr>" for a, b in rows)
    return f"<table>{lines}</table>"


def _list(lines):
    return "<ul>" + "".join(f"<li>{html.escape(line)}</li>" for line in lines) + "</ul>"
