"""Questions of the capstone: a case from tip to court, at home, within 14 days; on a docket that the week never shows.

25 claims 50 points, TagPack and CASE record 5, report 20, requests 10, seizure plan 5, testimony cards 10. Report and
cards are marked by hand with the rubric; the rest is marked like the exam.
"""

from cointrail.evidence import CASE_SCHEMA, REQUEST_SCHEMA
from cointrail.exercises import Case
from cointrail.grading.questions import Mistake, Question
from cointrail.grading.request_facts import expected_facts, request_facts
from cointrail.tracing.tagpack import TAGPACK_SCHEMA

__all__ = ["QUESTIONS", "WORLD"]

WORLD = "glass_harbour"
NOTEBOOK = "01_from_tip_to_court"
ACQUIRED = ("E07a", "E45b")


def states(desk, **instead):
    """The state of each claim; `instead` names states that are replaced."""
    return {name: instead.get(state, state) for name, state in desk.facts["examination"]["claims"].items()}


def to_kestrel(desk):
    """KESTREL preserves on a plain letter (SELMORA, art. 51): no order, no treaty."""
    letter = {"kind": "preservation", "to": "KESTREL", "legal_basis": "Confiscation Code of SELMORA, art. 51"}
    return expected_facts(desk.facts["cooperation"]["request"], order_id=None, **letter)


def to_selmora(desk):
    return expected_facts(desk.facts["cooperation"]["request"])


def tag_facts(document):
    """What each address is tagged with; concepts of the head belong to every tag."""
    head = document.get("concepts", [])
    return [[tag.get("address"), concept] for tag in document["tags"] for concept in tag.get("concepts", head)]


def right_tags(desk):
    return [
        [desk.facts["examination"]["listed"], "drugs"],
        [desk.facts["cooperation"]["request"]["address"], "exchange"],
    ]


def case_facts(document):
    """Exhibit numbers and SHA-256 of a CASE record."""
    numbers = [node.get("case-investigation:exhibitNumber") for node in document["@graph"]]
    return [["exhibit", number] for number in numbers if number] + [["sha256", one] for one in _hashes(document)]


def _hashes(value):
    if isinstance(value, dict):
        if value.get("@type") == "uco-types:Hash":
            yield value["uco-types:hashValue"]["@value"].lower()
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _hashes(part)


def right_case(desk):
    register = Case(desk.world, desk.docket).exhibits.set_index("id")
    return [["exhibit", name] for name in ACQUIRED] + [["sha256", register.loc[name, "sha256"]] for name in ACQUIRED]


QUESTIONS = [
    Question(
        id="6.1a",
        notebook=NOTEBOOK,
        title="Twenty-five claims",
        type="mapping",
        items={"key": "text", "value": "choice"},
        options={
            "supported": "the ledger or a record shows it",
            "contradicted": "the ledger or the law shows the opposite",
            "not shown": "nothing here shows it, in either way",
        },
        points=50,
        weight=2,
        exam=True,
        objective="Test each claim against ledger, papers and law",
        look="5.2, section 'Guided: a paragraph under test'",
        truth=states,
        mistakes=[
            Mistake(
                "M06",
                lambda desk: states(desk, **{"not shown": "supported"}),
                "What nobody can show is called supported: some of these claims are about people.",
                accuses=True,
            ),
        ],
        hints=["Ask the ledger first.", "None of the claims about what somebody knew or did has a record."],
    ),
    Question(
        id="6.1b",
        notebook=NOTEBOOK,
        title="Tags",
        type="artefact",
        schema=TAGPACK_SCHEMA,
        facts=tag_facts,
        points=3,
        exam=True,
        objective="Tag an address with its source and confidence",
        look="3.3",
        truth=right_tags,
        hints=["Two addresses, two concepts.", "Any defensible confidence counts; a source must stand there."],
    ),
    Question(
        id="6.1c",
        notebook=NOTEBOOK,
        title="The CASE record",
        type="artefact",
        schema=CASE_SCHEMA,
        facts=case_facts,
        points=2,
        exam=True,
        objective="Record an acquisition so that a third party can repeat it",
        look="1.4",
        truth=right_case,
        hints=[
            "acquisition_form for each exhibit, then case_bundle.",
            "The register holds file, hash, time, authority.",
        ],
    ),
    Question(
        id="6.1d",
        notebook=NOTEBOOK,
        title="A letter to KESTREL: preserve",
        type="artefact",
        schema=REQUEST_SCHEMA,
        facts=request_facts,
        points=5,
        exam=True,
        objective="Choose the channel for a need and make the request",
        look="5.3, section 'Learn: what a request must hold'",
        truth=to_kestrel,
        hints=["What does KESTREL do on a plain letter?", "E21b names the article."],
    ),
    Question(
        id="6.1e",
        notebook=NOTEBOOK,
        title="A request to SELMORA: evidence",
        type="artefact",
        schema=REQUEST_SCHEMA,
        facts=request_facts,
        points=5,
        exam=True,
        objective="Choose the channel for a need and make the request",
        look="5.3, section 'Learn: what a request must hold'",
        truth=to_selmora,
        hints=["As in 5.3.", "E21d names the basis."],
    ),
    Question(
        id="6.1f",
        notebook=NOTEBOOK,
        title="The seizure plan: six drafts",
        type="mapping",
        items={"key": "text", "value": "choice"},
        options={
            "sign": "in order",
            "destination": "an output goes elsewhere",
            "missing input": "a coin is left behind",
            "fee": "the fee is absurd",
            "no order": "no order is quoted",
        },
        points=5,
        weight=2,
        exam=True,
        objective="Plan and check a lawful seizure",
        look="5.1, section 'Guided: read a payment before it is signed'",
        truth=lambda desk: dict(desk.facts["seizure"]["drafts"]),
        hints=["Order, outputs, inputs, fee.", "psbt_faults names them."],
    ),
    Question(
        id="6.1",
        notebook=NOTEBOOK,
        title="The report",
        type="written",
        points=20,
        objective="Report a case so that another analyst can repeat it",
        look="5.2",
        rubric="capstone",
        hints=["Height pinned, method named, what remains open.", "cointrail bundle makes it from your claims."],
    ),
    Question(
        id="6.2",
        notebook=NOTEBOOK,
        title="Testimony cards",
        type="written",
        points=10,
        objective="Answer five questions of the other side",
        look="5.2",
        rubric="capstone",
        hints=["One card, one answer, three sentences.", "Say what you do not know."],
    ),
]
