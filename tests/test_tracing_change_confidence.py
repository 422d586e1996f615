"""Stated and measured confidence of change, on payments whose change is known."""

from pathlib import Path

import pandas as pd
import pytest

from cointrail.errors import CointrailError
from cointrail.ledger import load_ledger
from cointrail.tracing import (
    change_calibration,
    change_consensus,
    change_signs_error,
    wilson_interval,
    with_measured_confidence,
)

TRUTH = Path(__file__).parents[1] / "grading" / "truth" / "glass_harbour"


@pytest.fixture(scope="module")
def ledger():
    return load_ledger("glass_harbour")


@pytest.fixture(scope="module")
def halves():
    """Payments with known change, in two halves by who pays: fitting and judging see different people."""
    outputs = pd.read_parquet(TRUTH / "outputs.parquet")
    change = outputs[outputs["is_change"]].drop_duplicates("transaction_hash", keep=False)
    labels = change.rename(columns={"transaction_hash": "txid", "index": "vout"})[["txid", "vout", "entity"]]
    first = labels["entity"].map(lambda name: sum(name.encode()) % 2 == 0)
    return labels[first].reset_index(drop=True), labels[~first].reset_index(drop=True)


def brier(table, labels):
    truth = labels.set_index("txid")["vout"]
    answered = table[table["vout"].notna() & table["confidence"].notna()]
    right = answered["vout"].astype(int) == answered["txid"].map(truth)
    return ((answered["confidence"] - right) ** 2).mean()


def test_measured_confidence_is_nearer_to_the_truth_for_people_it_never_saw(ledger, halves):
    known, unseen = halves
    stated = change_consensus(ledger, txids=unseen["txid"].tolist())
    measured = with_measured_confidence(stated, change_signs_error(ledger, known))
    assert brier(measured, unseen) < brier(stated, unseen)
    assert (measured["vout"].fillna(-1) == stated["vout"].fillna(-1)).all()


def test_the_table_is_that_of_the_stated_confidence(ledger, halves):
    labels = halves[0].head(3000)
    table = change_calibration(ledger, labels)
    consensus = change_consensus(ledger, txids=labels["txid"].tolist())
    assert table["n"].sum() == consensus["vout"].notna().sum()
    assert table.attrs["brier"] == pytest.approx(brier(consensus, labels))
    assert set(table["note"]) == {"measured on training data; not quotable in a case"}


def test_more_signs_are_right_more_often(ledger, halves):
    table = change_signs_error(ledger, halves[0]).query("against_it == 0 and n >= 200").sort_values("for_it")
    assert len(table) >= 3 and table["right"].iloc[0] < table["right"].iloc[-1]
    row = table.iloc[0]
    assert (row["low"], row["high"]) == wilson_interval(round(row["right"] * row["n"]), row["n"])


def test_what_was_seldom_seen_gets_no_confidence(ledger, halves):
    table = change_signs_error(ledger, halves[0].head(2000))
    stated = change_consensus(ledger, txids=halves[1]["txid"].head(500).tolist())
    measured = with_measured_confidence(stated, table, least=10**9)
    assert measured["confidence"].isna().all() and stated["confidence"].notna().any()


def test_payments_without_change_count_as_wrong_answers(ledger, halves):
    labels = halves[0].head(300).assign(vout=pd.array([pd.NA] * 300, dtype="Int64"))
    assert change_calibration(ledger, labels)["right"].max() == 0


def test_bad_labels_get_a_sentence(ledger, halves):
    with pytest.raises(CointrailError, match="no column 'vout'"):
        change_calibration(ledger, halves[0][["txid"]])
    with pytest.raises(CointrailError, match="nothing can be measured"):
        change_signs_error(ledger, halves[0].head(0))
    with pytest.raises(CointrailError, match="no column 'right'"):
        with_measured_confidence(
            change_consensus(ledger, txids=[]), pd.DataFrame(columns=["for_it", "against_it", "n"])
        )
