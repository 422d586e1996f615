"""Are the package's methods as right and as wrong on the big world as the course says?"""

import pytest

from cointrail.cli import main
from cointrail.tracing.coinjoin import coinjoins
from cointrail.world.files import WorldFiles
from cointrail.world.methods import change_by_type, cospend_recall, method_figures, one_sign

NAME = "glass_harbour"


@pytest.fixture(scope="module")
def files():
    return WorldFiles(NAME)


@pytest.fixture(scope="module")
def decided(files):
    return one_sign(files)


def test_every_error_rate_lies_in_its_band(files):
    assert {figure.name: figure.value for figure in method_figures(files) if not figure.inside} == {}


def test_more_signs_are_more_often_right(decided):
    sure = decided[decided["against"] == 0].groupby("signs")["right"].mean()
    assert sure[1] < sure[2] < sure[3]


def test_a_payment_without_change_counts_as_wrong(files, decided):
    """Whole coins to two payees: whatever the rules name there is not change."""
    purposes = files.truth_table("transactions").set_index("hash")["purpose"]
    whole = decided[decided["txid"].map(purposes).eq("exchange deposit and gift")]
    assert len(whole) > 100 and not whole["right"].any()


def test_every_script_type_is_measured(files, decided):
    table = change_by_type(files, decided)
    assert table["n"].sum() == ((decided["signs"] == 1) & (decided["against"] == 0)).sum()
    assert {"pubkeyhash", "scripthash", "witness_v0_keyhash", "witness_v1_taproot"} <= set(table["type"])
    assert table["right"].between(0.5, 1).all()


def test_nothing_left_out_joins_more(files):
    """Without the CoinJoins left out, a cluster can only grow."""
    plain = cospend_recall(files, [])["share"]
    assert (plain >= cospend_recall(files, coinjoins(files.ledger)["txid"])["share"]).all()


def test_the_command_prints_a_table(capsys):
    assert main(["world", "stats", NAME, "--methods"]) == 0
    out = capsys.readouterr().out
    assert "change on one sign: right" in out and "OUTSIDE" not in out and "pubkeyhash" in out


def test_a_world_without_vendors_is_one_sentence(capsys):
    assert main(["world", "stats", "primer", "--methods"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
