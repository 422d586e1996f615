"""Papers of day 5: is every docket solvable, are its traps there, and does one answer fit no neighbour?"""

import pytest

from cointrail.evidence import (
    check_request,
    discover_wallet,
    psbt_faults,
    read_phrase,
    read_psbt,
    repair_phrase,
)
from cointrail.evidence.descriptors import descriptor_address, multisig_descriptor, public_key
from cointrail.world.dockets.source import Records, Source
from cointrail.world.dockets.subjects import law
from cointrail.world.dockets.subjects.opposing_report import KINDS, NUMERIC

RECORDS = Records("glass_harbour")
if RECORDS.truth is None or not (RECORDS.truth / "phrases.parquet").is_file():
    pytest.skip("the truth of glass_harbour is on the instructor's desk only", allow_module_level=True)
LETTERS = RECORDS.manifest["dockets"]
FEW = ["A", "H", "Q", "U"]


@pytest.fixture(scope="module")
def sources():
    return {letter: Source(RECORDS, letter) for letter in LETTERS}


def facts(sources, letter, subject):
    return sources[letter].facts(subject)


@pytest.mark.parametrize("letter", LETTERS)
def test_the_card_is_misread_in_one_letter_and_leads_back_to_the_wallet(sources, letter):
    seizure = facts(sources, letter, "seizure")
    assert not read_phrase(seizure["read"]).valid
    assert seizure["phrase"] in repair_phrase(seizure["read"])
    assert read_phrase(seizure["unused"]).valid
    assert seizure["balance"] not in seizure["wrong_totals"].values()
    assert len(set(seizure["wrong_totals"].values())) >= 3


@pytest.mark.parametrize("letter", FEW)
def test_only_the_true_phrase_has_a_history(sources, letter):
    seizure, ledger = facts(sources, letter, "seizure"), RECORDS.ledger
    assert discover_wallet(ledger, seizure["phrase"])["balance"].sum() == seizure["balance"] > 0
    assert discover_wallet(ledger, seizure["unused"]).empty
    others = [phrase for phrase in repair_phrase(seizure["read"]) if phrase != seizure["phrase"]]
    assert all(discover_wallet(ledger, phrase).empty for phrase in others)


@pytest.mark.parametrize("letter", LETTERS)
def test_each_draft_has_the_fault_that_its_fact_says_and_no_other(sources, letter):
    seizure = facts(sources, letter, "seizure")
    for name, fault in seizure["drafts"].items():
        quoted, text = seizure["psbts"][name]
        found = psbt_faults(
            text,
            order_id=quoted,
            order=seizure["order_id"],
            destination=seizure["agency_address"],
            coins=seizure["coins"],
        )
        kinds = {"no order": "order"}.get(fault, fault)
        assert {finding.kind for finding in found} == (set() if fault == "sign" else {kinds})
    assert sorted(set(seizure["drafts"].values())) == ["destination", "fee", "missing input", "no order", "sign"]


def test_the_agencys_address_is_that_of_its_three_keys(sources):
    seizure = facts(sources, "A", "seizure")
    keys = [public_key(phrase) for phrase in seizure["agency_phrases"]]
    assert descriptor_address(multisig_descriptor(keys)) == seizure["agency_address"]
    sound = next(name for name, fault in seizure["drafts"].items() if fault == "sign")
    assert [out.address for out in read_psbt(seizure["psbts"][sound][1]).outputs] == [seizure["agency_address"]]


def test_dockets_differ_so_that_nobody_can_copy(sources):
    for subject, fact in (
        ("seizure", "balance"),
        ("seizure", "agency_address"),
        ("examination", "received"),
        ("examination", "payment"),
        ("examination", "saved"),
    ):
        assert len({str(facts(sources, letter, subject)[fact]) for letter in LETTERS}) == len(LETTERS), fact
    for subject, fact in (("seizure", "drafts"), ("court_table", "elements"), ("cooperation", "channels")):
        assert len({str(facts(sources, letter, subject)[fact]) for letter in LETTERS}) > len(LETTERS) // 2, fact


@pytest.mark.parametrize("letter", LETTERS)
def test_six_paragraphs_are_wrong_three_on_the_ledger_three_in_method(sources, letter):
    wrong = facts(sources, letter, "opposing_report")["wrong"]
    assert len(wrong) == 6
    assert set(wrong.values()) <= set(KINDS)
    assert sum(kind in NUMERIC for kind in wrong.values()) == 3
    assert all(1 <= int(number) <= 14 for number in wrong)


@pytest.mark.parametrize("letter", LETTERS)
def test_the_table_of_the_court_holds_two_flaws_two_helpful_things_and_one_lawyer(sources, letter):
    table = facts(sources, letter, "court_table")
    elements, duties = list(table["elements"].values()), list(table["duties"].values())
    assert len(elements) == 8
    assert elements.count("admissibility") == 2
    assert elements.count("not shown") == 1
    assert elements.count("proceeds") == 2
    assert (duties.count("disclose"), duties.count("seal"), len(duties)) == (2, 1, 8)


@pytest.mark.parametrize("letter", LETTERS)
def test_the_request_can_be_written_from_the_sheets_and_holds_on_the_ledger(sources, letter):
    given = facts(sources, letter, "cooperation")["request"]
    payment = {name: given[name] for name in ("address", "txid", "time", "amount")} | {"asset": "SYNBTC"}
    text = dict.fromkeys(["from", "purpose", "offence", "facts", "assistance", "person", "use_limits"], "x")
    request = text | {"kind": "mutual legal assistance", "to": given["to"], "legal_basis": given["basis"]}
    request |= {"order_id": given["order_id"], "reference": given["reference"], "payments": [payment]}
    request["reply_by"] = "2026-12-15T12:00:00Z"
    assert check_request(request, ledger=RECORDS.ledger) == []
    sheet = next(paper for paper in sources[letter].subject("cooperation").papers if paper.id == "E47a").data.decode()
    assert all(given[name] in sheet for name in ("address", "txid", "time", "order_id", "reference"))


@pytest.mark.parametrize("letter", LETTERS)
def test_needs_keep_to_the_matrix(sources, letter):
    """PORT TORRIN answers neither on property nor on evidence, so no need of that kind names it."""
    subject = sources[letter].subject("cooperation")
    needs = next(paper for paper in subject.papers if paper.id == "E47e").data.decode()
    for name, channel in subject.facts["channels"].items():
        line = next(line for line in needs.splitlines() if line.startswith(f"{name},"))
        if channel in ("asset recovery", "mutual legal assistance"):
            assert "SELMORA" in line
    assert len(set(subject.facts["channels"].values())) == 7


@pytest.mark.parametrize("letter", LETTERS)
def test_the_exam_has_its_traps(sources, letter):
    exam = facts(sources, letter, "examination")
    assert exam["received"] > exam["balance"]
    assert exam["received_at_tip"] > exam["received"]
    assert exam["fee"] > exam["first_fee"]
    assert exam["payment"] != exam["change"]
    assert exam["value"]["block"] not in (exam["value"]["late"], exam["value"]["before"])
    assert exam["saved"] in facts(sources, letter, "seizure")["coins"]
    states = list(exam["claims"].values())
    assert len(states) == 25
    assert states.count("not shown") == 5
    assert min(states.count("supported"), states.count("contradicted")) >= 4


@pytest.mark.parametrize("letter", FEW)
def test_the_saved_coin_comes_from_the_co_owners_own_withdrawals(sources, letter):
    exam, ledger = facts(sources, letter, "examination"), RECORDS.ledger
    txid = exam["saved"].partition(":")[0]
    parents = set(ledger.inputs_of(txid)["spent_transaction_hash"])
    assert parents & set(exam["withdrawals"])


def test_the_law_is_the_same_for_all_and_says_that_it_is_invented():
    papers = law.make_shared(RECORDS)
    assert sorted(paper.id for paper in papers) == ["E21a", "E21b", "E21c", "E21d", "E22a", "E22b", "E22c"]
    for paper in papers[:3]:
        assert b"INVENTED LAW OF AN INVENTED STATE" in paper.data
