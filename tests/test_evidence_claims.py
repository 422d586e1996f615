"""Does the claims table catch what says more than its support, and leave an honest claim alone?"""

import doctest
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_ledger import tiny_ledger, txid

from cointrail.errors import CointrailError
from cointrail.evidence import Claim, check_claims, claims, claims_table, read_claims, write_claims
from cointrail.evidence.claims import METHODS

WEAK = sorted(name for name, kind in METHODS.items() if kind in ("heuristic", "convention"))
FIRM = sorted(name for name, kind in METHODS.items() if kind == "fact")


def claim(text="Both addresses spend together, which is consistent with one holder.", **changes):
    given = {
        "id": "C1",
        "claim": text,
        "methods": ["common_input_ownership"],
        "confidence": "moderate",
        "exhibits": ["E01"],
        "limits": "Wrong for a CoinJoin.",
    }
    return Claim(**{**given, **changes})


def kinds(*given, off_chain=(), ledger=None):
    found = check_claims(given, exhibits=["E01", "E02"], off_chain=off_chain, ledger=ledger)
    return [finding.kind for finding in found]


def test_an_honest_claim_has_no_finding():
    assert kinds(claim()) == []


@pytest.mark.parametrize("method", WEAK)
@pytest.mark.parametrize(
    "words", ["proves", "is proof", "certainly", "Undoubtedly,", "leaves no doubt", "is 100 % sure"]
)
def test_certainty_on_a_heuristic_or_a_convention_is_found(method, words):
    assert kinds(claim(f"The pattern {words} that both are one.", methods=[method])) == ["certainty"]


@given(st.sampled_from(WEAK), st.sampled_from(FIRM))
def test_a_fact_of_the_ledger_may_be_called_proved(weak, firm):
    text = "The ledger proves that the output was spent at height 7."
    assert kinds(claim(text, methods=[firm], confidence="strong", limits="")) == []
    assert kinds(claim(text, methods=[weak, firm])) == []


@pytest.mark.parametrize(
    "text",
    [
        "This does not prove that both are one.",
        "It cannot be proved who sent it.",
        "The table doesn't prove a link.",
        "Nothing proves a link; the improvement of the rule is another matter.",
        "It is not shown who the owner is.",
        "It does not show that the owner is greyfinch.",
    ],
)
def test_what_is_denied_is_not_claimed(text):
    assert kinds(claim(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "It not only proves a link.",
        "It is not rare but proves a link.",
        "The first is not. The rule proves the second.",
    ],
)
def test_a_denial_elsewhere_does_not_excuse(text):
    assert kinds(claim(text)) == ["certainty"]


def test_strong_and_without_limits_on_a_heuristic_are_found():
    assert kinds(claim(confidence="strong", limits=" ")) == ["confidence", "limits"]


@given(st.sampled_from(sorted(METHODS)), st.sampled_from(["strong", "moderate", "weak"]), st.text(max_size=5))
def test_never_a_person_without_an_exhibit_from_outside(method, confidence, limits):
    about = claim(methods=[method], confidence=confidence, limits=limits, person="R. Vale")
    assert "person" in kinds(about)
    assert "person" not in kinds(about, off_chain=["E01"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The owner is known.", "identity"),
        ("The address belongs to greyfinch.", "identity"),
        ("The cluster is controlled by one group.", "identity"),
        ("The suspect sent 5 coins.", "person"),
        ("He sent 5 coins.", "person"),
    ],
)
def test_words_about_identity_need_an_exhibit_from_outside(text, kind):
    assert kinds(claim(text)) == [kind]
    assert kinds(claim(text), off_chain=["E02"]) == [kind]
    assert kinds(claim(text), off_chain=["E01"]) == []


def test_a_record_that_is_not_named_is_missed():
    said = claim("The service credited the deposit.", methods=["service_record"])
    assert kinds(said) == ["record"]
    assert kinds(said, off_chain=["E01"]) == []


def test_support_must_exist():
    ledger = tiny_ledger()
    assert kinds(claim(exhibits=[])) == ["support"]
    assert kinds(claim(exhibits=["E09"])) == ["support"]
    good = {"exhibits": [], "txids": [txid("pay")], "outpoints": [f"{txid('pay')}:1"]}
    assert kinds(claim(**good), ledger=ledger) == []
    bad = {"exhibits": [], "txids": [txid("none")], "outpoints": [f"{txid('pay')}:2", f"{txid('none')}:0"]}
    assert kinds(claim(**bad), ledger=ledger) == ["support"] * 3


def test_an_off_chain_exhibit_outside_the_register_is_refused():
    with pytest.raises(CointrailError, match="E77 is not in the register"):
        check_claims([claim()], exhibits=["E01"], off_chain=["E77"])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"confidence": "sure"}, "Claim C1, field confidence"),
        ({"methods": ["intuition"]}, "Claim C1, field methods"),
        ({"methods": []}, "Claim C1, field methods"),
        ({"txids": ["ab"]}, "Claim C1, field txids"),
        ({"outpoints": ["ab" * 32 + ":01"]}, "Claim C1, field outpoints"),
        ({"outpoints": ["ab" * 32 + ":1\n"]}, "Claim C1, field outpoints"),
        ({"exhibits": "E01"}, "exhibits is one text"),
        ({"text": " "}, "Claim C1, field claim"),
    ],
)
def test_a_malformed_claim_is_refused_by_name(changes, words):
    with pytest.raises(CointrailError, match=words):
        claim(**changes)


def test_claims_survive_their_file_and_make_a_table(tmp_path):
    both = [claim(), claim(id="C2", txids=[txid("pay")], person="R. Vale")]
    write_claims(both, tmp_path / "claims.json")
    assert read_claims(tmp_path / "claims.json") == both
    table = claims_table(both)
    assert table["person"].tolist() == ["", "R. Vale"]
    assert table["txids"].tolist() == ["", txid("pay")]


def test_a_doubled_id_is_refused(tmp_path):
    for use in (
        claims_table,
        lambda both: write_claims(both, tmp_path / "c.json"),
        kinds_of := lambda both: kinds(*both),
    ):
        with pytest.raises(CointrailError, match="C1 stands in the list more than once"):
            use([claim(), claim()])
    assert kinds_of([claim()]) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "cannot be read"),
        ("{}", "Claim list"),
        ('[{"id": "C4"}]', "Claim C4"),
        ("[3]", "Claim number 1|Claim list"),
        (json.dumps([{"id": "C5", "claim": "x", "methods": ["fee"], "confidence": "weak", "owner": "y"}]), "'owner'"),
    ],
)
def test_a_claims_file_written_by_hand_is_checked(tmp_path, text, words):
    (tmp_path / "claims.json").write_text(text)
    with pytest.raises(CointrailError, match=words):
        read_claims(tmp_path / "claims.json")


def test_the_examples_run():
    assert doctest.testmod(claims).failed == 0
