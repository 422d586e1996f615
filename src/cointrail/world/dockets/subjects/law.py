"""E21 and E22, shared by all dockets: the law of three invented states, the treaty matrix, and the forms of orders.

None of it is the law of a real country; real instruments stand in the legal annex. Other subjects may quote sections by
their numbers: s. 5, 12 and 20 to 24 of the Proceeds Act, s. 31, 40 and 61 of the Procedure Act, s. 14, 15 and 22 of the
Electronic Evidence Act are ARVANIA's. Each law has one name everywhere: `LAWS`.
"""

from cointrail.world.dockets.paper import Paper, csv_paper, text_paper

__all__ = ["LAWS", "make_shared"]

LAWS = ("Proceeds Act", "Procedure Act", "Electronic Evidence Act", "Confiscation Code", "Ordinance on Proceeds")

ARVANIA = """PROCEEDS ACT 2021, PROCEDURE ACT AND ELECTRONIC EVIDENCE ACT OF ARVANIA (EXTRACTS)

Proceeds Act
s. 5   Offence. Whoever (a) acquires, holds, converts or moves property (the
       act), (b) being the person charged (identity), (c) knowing that it
       comes from a drug offence (knowledge), and (d) which does come from it
       (proceeds), commits money laundering. Each element is to be shown; one
       does not stand in for another.
s. 12  Mixed property. What goes out of a mixed holding is taken first in,
       first out; a fee is taken last.
s. 20  Return. What a court has found to belong to another person who acted in
       good faith is returned to that person. A claim that is pending is noted
       and changes nothing yet.
s. 21  Conversion. What loses value fast may be sold, where a court has
       approved the sale; the price takes its place.
s. 22  Seizure. Property whose keys the Asset Office holds is seized under an
       order that names it by its number.
s. 23  Restraint. Where somebody else holds the keys for a customer, that
       holder is ordered not to move it.
s. 24  Freeze. Where the issuer of a token can stop it and no key is at hand,
       the issuer is asked to freeze it.
       The sections are tried in this order: 20, 21, 22, 23, 24.
s. 26  Value. An asset is valued on the day of the measure; a later rise or
       fall is shown beside it.

Procedure Act
s. 31  Production order: a court may order a company in ARVANIA to disclose
       records.
s. 40  Disclosure: whatever may weaken the case or help the suspect is
       disclosed at once; the rest is listed.
s. 41  Privilege: a talk between suspect and lawyer is not read. It is sealed
       and handed to the court.
s. 61  Opposing report: a party may serve a report of its own expert; the
       other may answer it point by point.

Electronic Evidence Act
s. 14  Preservation: an office may ask a company in writing to keep named
       records for 90 days. No court order is needed.
s. 15  Disclosure: what was kept is handed out on an order under s. 31 of the
       Procedure Act, or for the court of another state on a request for
       mutual legal assistance.
s. 22  Payout: a company stops a payout on an order under s. 23 of the
       Proceeds Act.
"""
SELMORA = """CONFISCATION CODE OF SELMORA (EXTRACTS)

art. 44  Mixed property is divided pro rata.
art. 50  The central authority acts on requests under the Treaty of Lowgate. A
         request names the order, the offence, the facts in short, what is
         asked, the purpose, each payment by txid, UTC time and amount, and
         limits of use.
art. 51  A company seated in SELMORA preserves records on a plain letter for
         90 days. It discloses on an order of a court of SELMORA only.
"""
PORT_TORRIN = """ORDINANCE ON PROCEEDS OF PORT TORRIN (EXTRACTS)

par. 7   Mixed property: the court chooses the rule and says why.
par. 11  Information may be given to police and to intelligence units abroad.
         It is no evidence there.
par. 12  There is no treaty on evidence with ARVANIA.
"""
MATRIX = [
    ("police", "yes", "yes", "yes", "no", "an officer asks an officer"),
    ("FIU", "yes", "yes", "yes", "no", "reports of suspicion, as intelligence"),
    ("asset recovery", "yes", "yes", "no", "no", "where property lies, before confiscation"),
    ("24/7", "yes", "yes", "yes", "no", "data that will be gone: preserve first"),
    ("precursor incident", "yes", "yes", "yes", "no", "stopped loads and false papers of chemicals"),
    ("direct to exchange", "NORTHPIER only", "no", "no", "with a production order", "a company seated in ARVANIA"),
    ("mutual legal assistance", "yes", "Treaty of Lowgate, art. 9", "no", "yes", "evidence for the trial"),
]
COURT = "Signed by the court of    ............\nWithout the number of the order it has no effect."
FORMS = {
    "E22a": (
        "seizure_order_form.txt",
        "SEIZURE ORDER (s. 22 Proceeds Act)",
        ("Number of the order", "Seized (address or exhibit)", "To which address", "Fee, at most"),
        COURT,
    ),
    "E22b": (
        "preservation_form.txt",
        "PRESERVATION LETTER (s. 14 Electronic Evidence Act)",
        ("To (company)", "Address", "Txid", "Time (UTC)", "Asset and amount", "Days (at most 90)", "Records wanted"),
        "Signed by the office      ............\nNo court order is needed to preserve. To hand records out, one is.",
    ),
    "E22c": (
        "production_form.txt",
        "PRODUCTION ORDER (s. 31 Procedure Act)",
        ("Number of the order", "To (company)", "Account or payment", "Records, by name"),
        COURT,
    ),
}


def make_shared(records) -> list[Paper]:
    """The papers of the law."""
    filed = {"acquired": "2026-10-01T08:00:00Z", "authority": "public record", "reliability": "A1"}
    texts = {
        "E21a": ("law_arvania.txt", "Extracts of the law of ARVANIA", ARVANIA),
        "E21b": ("law_selmora.txt", "Extracts of the law of SELMORA", SELMORA),
        "E21c": ("law_port_torrin.txt", "Extracts of the law of PORT TORRIN", PORT_TORRIN),
    }
    papers = [
        text_paper(
            number, file, f"INVENTED LAW OF AN INVENTED STATE\n\n{text}", title=title, source="law desk", **filed
        )
        for number, (file, title, text) in texts.items()
    ]
    papers.append(
        csv_paper(
            "E21d",
            "treaty_matrix.csv",
            ["channel", "inside_ARVANIA", "SELMORA", "PORT_TORRIN", "evidence_in_court", "what_for"],
            MATRIX,
            title="Who may be asked by which channel (treaty matrix)",
            source="law desk",
            **filed,
        )
    )
    for number, (file, title, fields, end) in FORMS.items():
        name = title.partition(" (")[0].lower()
        lines = "\n".join(f"{field:<27} ............" for field in ("Case", "Date (UTC)", *fields))
        text = f"FORM (invented): {title}\n\n{lines}\n\n{end}\n"
        papers.append(text_paper(number, file, text, title=f"Form: {name}", source="court office", **filed))
    return papers
