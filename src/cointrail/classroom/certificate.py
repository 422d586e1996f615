"""Certificates as PDF, set by typst: for who passed on a secret world, and, in other words, for who learnt alone."""

from pathlib import Path

from cointrail.errors import CointrailError

__all__ = ["certificate", "self_study_certificate", "write_certificates"]

_SHEET = """
#set document(title: sys.inputs.title, author: "Cointrail", date: none)
#let frame = rect(width: 100% - 1.8cm, height: 100% - 1.8cm, stroke: 2.5pt + rgb("#0b3d62"), inset: 3pt,
  rect(width: 100%, height: 100%, stroke: 0.6pt + rgb("#0b3d62")))
#set page(paper: "a4", flipped: true, margin: (x: 3cm, y: 2.2cm), background: frame)
#set text(lang: "en", size: 13pt)
#align(center)[
  #v(1fr)
  #text(size: 15pt, tracking: 2pt)[COINTRAIL]
  #v(6mm)
  #text(size: 30pt, weight: "bold", fill: rgb("#0b3d62"), sys.inputs.title)
  #v(10mm)
  #sys.inputs.before
  #v(3mm)
  #text(size: 24pt, weight: "bold", sys.inputs.name)
  #v(3mm)
  #block(width: 80%, sys.inputs.after)
  #v(6mm)
  #sys.inputs.lines.split("\\n").join(linebreak())
  #v(1.4fr)
  #grid(columns: (1fr, 1fr), gutter: 2cm,
    [#line(length: 100%, stroke: 0.5pt) Date], [#line(length: 100%, stroke: 0.5pt) #sys.inputs.signed])
  #v(4mm)
  #text(size: 9pt, sys.inputs.small)
]
"""
_LONGEST_NAME = 80


def certificate(name, results, *, world):
    """The certificate of a participant who passed.

    Parameters
    ----------
    name : str
    results : list of str
        One line a test, such as "Exam: 84 %".
    world : str
        The secret world it was earned on, by name.

    Returns
    -------
    bytes
        A PDF: the same bytes for the same words, without a date; day and signature are written by hand.
    """
    return _set(
        title="Certificate",
        before="This certifies that",
        name=name,
        after="followed the five-day course in tracing illicit proceeds through cryptocurrency ledgers, and passed its "
        "final tests without a strong false accusation.",
        lines="\n".join(results),
        signed="For the course, name and signature",
        small=f"Tested on the synthetic world {world}, made from a secret seed. All of it is invented.",
    )


def self_study_certificate(name, reached, of):
    """The record of somebody who learnt alone: what was reached, and that nobody looked over their shoulder.

    Parameters
    ----------
    name : str
    reached, of : int
        Core objectives reached, and how many there are.
    """
    return _set(
        title="Record of self-study",
        before="Made by the program itself for",
        name=name,
        after="who worked alone through the course in tracing illicit proceeds, and reached "
        f"{reached} of its {of} core objectives by the answers stored on this machine.",
        lines="Worked on public material, with answers at hand, and nobody watching.",
        signed="Signature of the learner",
        small="This is no certificate of an examination. One is given after a course with an instructor.",
    )


def _set(**inputs):
    import typst

    inputs["name"] = " ".join(str(inputs["name"]).split())[:_LONGEST_NAME]
    if not inputs["name"]:
        raise CointrailError("A certificate needs a name. Write it into the roster, or give it with --name.")
    how = {"format": "pdf", "sys_inputs": inputs, "timestamp": 0, "pdf_standards": "ua-1"}
    for only_own in (True, False):  # the fonts that typst brings are the same everywhere, but have no Chinese or Thai
        try:
            return typst.compile(_SHEET.encode(), ignore_system_fonts=only_own, **how)
        except typst.TypstError as error:
            why = error
    raise CointrailError(
        f"The name {inputs['name']!r} cannot be set with the fonts of this machine. Install one that has its letters "
        "(such as Noto Sans), or write the name in Latin letters into the roster."
    ) from why


def write_certificates(report, people, folder, *, world):
    """Write the certificates of who earned one; return the files, and why one could not be written.

    Parameters
    ----------
    report : grading.report.Report
    people : mapping
        As `grading.results.class_list` gives it.
    folder : Path
    world : str
    """
    written, problems = [], []
    for student in report.certified:
        rows = report.tests[report.tests["student"] == student]
        lines = [f"{row.test.capitalize()}: {row.share:.0%} of the points" for row in rows.itertuples()]
        file = Path(folder) / f"{student}.pdf"
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            file.write_bytes(certificate(people[student][0] or student, lines, world=world))
            written.append(file)
        except CointrailError as error:  # the others get theirs
            problems.append(str(error))
    return written, problems
