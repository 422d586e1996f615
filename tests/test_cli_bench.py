"""`cointrail bench`: one JSON object of figures, a table for people, sentences for slips."""

import json

import numpy as np
import pytest

from cointrail.cli import bench, bench_tracing, main
from cointrail.cli.bench_ledgers import random_flow, random_ledger
from cointrail.tracing.arrays import ledger_arrays


@pytest.fixture
def one_figure(monkeypatch):
    def figures(scale, note):
        note("at work")
        yield "sums_1e5", bench.Figure.seconds(0.5, "python", 2.0, scale)

    monkeypatch.setattr(bench_tracing, "figures", figures)


def test_json_is_one_object_from_figure_to_its_parts(one_figure, capsys):
    assert main(["bench", "tracing", "--json", "--up-to", "1e5"]) == 0
    shown = capsys.readouterr()
    part = {"value": 0.5, "unit": "s", "peer": "python", "peer_value": 2.0, "ratio": 4.0, "n": 100_000}
    assert json.loads(shown.out) == {"sums_1e5": part}
    assert "at work" in shown.err


def test_the_table_shows_the_same(one_figure, capsys):
    assert main(["bench", "tracing"]) == 0
    assert "4.00 x python" in capsys.readouterr().out


def test_too_small_a_size_is_refused_in_a_sentence(one_figure, capsys):
    assert main(["bench", "tracing", "--up-to", "10"]) == 2
    assert "smallest size is 1e5" in capsys.readouterr().err


def test_a_random_ledger_is_a_ledger():
    """The arrays of the benchmarks and the tables made of them say the same, and value is conserved."""
    flow, ledger = random_flow(3000, seed=2), random_ledger(3000, seed=2)
    view = ledger_arrays(ledger)
    for name in ("input_start", "spent_output", "output_start", "output_value"):
        assert np.array_equal(getattr(flow, name), getattr(view, name)), name
    assert len(set(zip(flow.output_address.tolist(), view.output_address.tolist(), strict=True))) == flow.addresses
    assert len(np.unique(flow.spent_output)) == len(flow.spent_output)
    assert (view.coin_value >= 0).all()
    assert ledger.transactions["fee"].min() == 0


def test_clustering_and_taint_are_compared_with_every_peer_that_is_there(monkeypatch):
    """The measuring code itself runs, at a small size; it raises where two results differ."""
    monkeypatch.setattr(bench_tracing, "SIZES", (2000,))
    found = dict(bench_tracing._clustering(2000, lambda text: None))
    assert {"scipy", "networkx", "python"} <= {figure.peer for figure in found.values()}
    found = dict(bench_tracing._taint(2000, {}, lambda text: None))
    assert len(found) == 5
