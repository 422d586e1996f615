"""Do the statistics count what they say, and does the verb show where a world lies outside?"""

import pytest
from tiny_ledger import tiny_ledger

from cointrail.cli import main
from cointrail.world.stats import FIGURES, motion, realism


@pytest.fixture(scope="module")
def measured():
    return {finding.figure.name: finding.value for finding in realism(tiny_ledger())}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        # Three payments: 1 input and 2 outputs (one of them back to the payer), 1 and 2, 2 and 3 with a note.
        ("inputs per transaction", 1.33),
        ("outputs per transaction", 2.33),
        ("1 input, 2 outputs", 66.67),
        ("pays back to an input address", 66.67),
        ("inputs of one type only", 100),
        # Of six payable outputs, four go to an address that had been paid before.
        ("outputs to a used address", 66.67),
        ("outputs with a note (OP_RETURN)", 14.29),
        ("outputs to P2WPKH", 85.71),
    ],
)
def test_figures_of_a_ledger_counted_by_hand(measured, name, value):
    assert measured[name] == pytest.approx(value)


def test_every_figure_has_a_source_and_a_band_around_what_was_published():
    for figure in FIGURES:
        assert figure.source and figure.low <= min(figure.published) <= max(figure.published) <= figure.high


def test_how_fast_coins_move_in_a_ledger_counted_by_hand():
    pace = motion(tiny_ledger())
    assert pace["longest chain of payments, in transactions"] == 3
    assert pace["outputs unspent at the tip, percent"] == pytest.approx(100 - 100 * 4 / 11, abs=0.05)


def test_the_verb_names_what_lies_outside_and_the_sources(capsys):
    assert main(["world", "stats", "primer"]) == 0
    out = capsys.readouterr().out
    assert "OUTSIDE" in out and "lie inside their bands" in out
    assert "739990" in out and "BitMEX Research" in out


def test_an_unknown_world_is_one_sentence(capsys):
    assert main(["world", "stats", "nowhere"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
