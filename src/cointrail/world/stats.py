"""How real does a ledger look? Its statistics beside published ones, each with a band and a source.

The published figures are two real Bitcoin blocks (276 transactions at height 361582 of 2015, 644 at 739990 of 2022;
test data of 0xB10C's mainnet-observer), and observations by others. Two blocks are a small sample, so the bands are
wide: the two values and five percentage points more on both sides; a quarter for means; a quarter of a power of ten for
the mean and the deviation of values.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from cointrail.ledger import Ledger

__all__ = ["Figure", "Finding", "motion", "realism"]

BLOCKS = "blocks 361582 (2015) and 739990 (2022), mainnet-observer test data"
BITMEX = "BitMEX Research: about 50 %, 75 % in 2013"
PROTOCOL = "protocol: waiting times are exponential"


@dataclass(frozen=True)
class Figure:
    """One statistic: what real ledgers showed (2015, 2022 or as the source says), and the band for a synthetic one."""

    name: str
    unit: str
    published: tuple[float, ...]
    low: float
    high: float
    source: str
    measure: Callable[["_Tables"], float]


@dataclass(frozen=True)
class Finding:
    """A figure and what was measured."""

    figure: Figure
    value: float

    @property
    def inside(self) -> bool:
        return self.figure.low <= self.value <= self.figure.high


def realism(ledger: Ledger) -> Iterator[Finding]:
    """Measure a ledger.

    Parameters
    ----------
    ledger : Ledger
        Coinbases are left out.

    Examples
    --------
    >>> from cointrail.ledger import load_ledger
    >>> len(list(realism(load_ledger("primer"))))
    26
    """
    tables = _Tables(ledger)
    for figure in FIGURES:
        yield Finding(figure, round(float(figure.measure(tables)), 2))


def motion(ledger: Ledger) -> dict[str, float]:
    """How fast coins move: days from one spend to the next, longest chain of payments, and what lies still."""
    txs, inputs = ledger.transactions, ledger.inputs
    row = pd.Series(range(len(txs)), index=txs["hash"])
    spender, source = row[inputs["transaction_hash"]].to_numpy(), row[inputs["spent_transaction_hash"]].to_numpy()
    seconds = txs["block_timestamp"].astype("int64").to_numpy()
    days = (seconds[spender] - seconds[source]) / 86_400
    depth = [0] * len(txs)
    for child, parent in zip(spender.tolist(), source.tolist(), strict=True):
        depth[child] = max(depth[child], depth[parent] + 1)
    return {
        "days until an output is spent, median": round(float(np.median(days)), 2),
        "longest chain of payments, in transactions": max(depth, default=0),
        "payments behind a transaction, median": float(np.median(depth)),
        "outputs unspent at the tip, percent": round(100 - 100 * len(inputs) / len(ledger.outputs), 1),
    }


class _Tables:
    """The tables without coinbases, and what several figures share."""

    def __init__(self, ledger: Ledger):
        self.blocks, self.inputs = ledger.blocks, ledger.inputs
        coinbase = ledger.transactions["is_coinbase"]
        self.txs = ledger.transactions[~coinbase]
        outputs = ledger.outputs.assign(address=ledger.outputs["addresses"].str[0])
        outputs["reused"] = outputs["address"].duplicated() & outputs["address"].notna()
        self.outputs = outputs[outputs["transaction_hash"].isin(self.txs["hash"])]

    def shape(self, inputs: Callable, outputs: Callable) -> float:
        """Percent of transactions whose numbers of inputs and outputs satisfy two conditions."""
        return 100 * (inputs(self.txs["input_count"]) & outputs(self.txs["output_count"])).mean()

    @cached_property
    def payments(self) -> pd.DataFrame:
        """Outputs that somebody can spend."""
        return self.outputs[self.outputs["type"] != "nulldata"]

    @cached_property
    def rates(self) -> pd.Series:
        return self.txs["fee"] / self.txs["virtual_size"]

    def type_share(self, kind: str) -> float:
        return 100 * (self.outputs["type"] == kind).mean()

    def self_change(self) -> float:
        paid = set(zip(self.inputs["transaction_hash"], self.inputs["addresses"].str[0], strict=True))
        pairs = zip(self.payments["transaction_hash"], self.payments["address"], strict=True)
        return 100 * len({txid for txid, address in pairs if (txid, address) in paid}) / len(self.txs)

    def one_input_type(self) -> float:
        return 100 * (self.inputs.groupby("transaction_hash")["type"].nunique() == 1).mean()

    def replaceable(self) -> float:
        return 100 * (self.inputs.groupby("transaction_hash")["sequence"].min() < 0xFFFFFFFE).mean()

    def bip69(self) -> float:
        wrong = _unsorted(self.inputs, ["spent_transaction_hash", "spent_output_index"])
        wrong |= _unsorted(self.outputs, ["value", "script_hex"])
        return 100 * (1 - len(wrong) / len(self.txs))

    def intervals(self) -> float:
        """Standard deviation of the waiting times over their mean: 1 if exponential, 0 if regular."""
        seconds = np.diff(self.blocks["timestamp"].astype("int64").to_numpy())
        last = seconds[len(seconds) // 5 :]
        return last.std() / last.mean()


def _unsorted(table: pd.DataFrame, keys: list[str]) -> set[str]:
    """Transactions whose rows are not in the order of the keys."""
    first, second = (table[key].to_numpy() for key in keys)
    txids = table["transaction_hash"].to_numpy()
    falls = (first[1:] < first[:-1]) | ((first[1:] == first[:-1]) & (second[1:] < second[:-1]))
    return set(txids[1:][falls & (txids[1:] == txids[:-1])])


def _percent(name: str, measure, *published: float, source: str = BLOCKS) -> Figure:
    return Figure(name, "%", published, max(0, min(published) - 5), max(published) + 5, source, measure)


def _mean(name: str, unit: str, measure, *published: float, source: str = BLOCKS) -> Figure:
    return Figure(
        name, unit, published, round(min(published) * 0.75, 2), round(max(published) * 1.25, 2), source, measure
    )


def _log(name: str, measure, *published: float) -> Figure:
    return Figure(name, "log10 sat", published, min(published) - 0.25, max(published) + 0.25, BLOCKS, measure)


def _digit_one(tables: _Tables) -> float:
    return 100 * (tables.payments["value"].astype(str).str[0] == "1").mean()


def _logs(tables: _Tables) -> pd.Series:
    return np.log10(tables.payments["value"][tables.payments["value"] > 0])


FIGURES = (
    _mean("inputs per transaction", "", lambda t: t.txs["input_count"].mean(), 3.33, 3.37),
    _mean("outputs per transaction", "", lambda t: t.txs["output_count"].mean(), 2.14, 2.92),
    _percent("1 input, 2 outputs", lambda t: t.shape(lambda i: i == 1, lambda o: o == 2), 45.3, 52.6),
    _percent("1 input, 1 output", lambda t: t.shape(lambda i: i == 1, lambda o: o == 1), 5.4, 17.4),
    _percent("1 input, 3 or more outputs", lambda t: t.shape(lambda i: i == 1, lambda o: o > 2), 1.8, 7.3),
    _percent("2 or more inputs, 1 output", lambda t: t.shape(lambda i: i > 1, lambda o: o == 1), 5.4, 10.1),
    _percent("pays back to an input address", lambda t: t.self_change(), 31.5, 18.3),
    _percent("outputs to a used address", lambda t: 100 * t.payments["reused"].mean(), 75, 50, source=BITMEX),
    _mean("fee rate, median", "sat/vB", lambda t: t.rates.median(), 29.9, 6.0),
    _mean("fee rate, 95th percentile", "sat/vB", lambda t: t.rates.quantile(0.95), 66.2, 26.2),
    _percent("lock time set", lambda t: 100 * (t.txs["lock_time"] > 0).mean(), 32.5),
    _percent("signals replacement (BIP125)", lambda t: t.replaceable(), 32.9),
    _percent("version 2", lambda t: 100 * (t.txs["version"] == 2).mean(), 58.1),
    _percent("inputs of one type only", lambda t: t.one_input_type(), 97.7),
    _log("value, mean of log10", lambda t: _logs(t).mean(), 6.83, 5.85),
    _log("value, deviation of log10", lambda t: _logs(t).std(), 1.40, 1.21),
    _percent("value is a multiple of 100,000", lambda t: 100 * (t.payments["value"] % 100_000 == 0).mean(), 11.0, 2.4),
    _percent("value begins with 1", _digit_one, 29.8, 33.5),
    _percent("order as BIP69 says", lambda t: t.bip69(), 41.7, 60.7),
    _percent("outputs to P2PKH", lambda t: t.type_share("pubkeyhash"), 96.1, 17.7),
    _percent("outputs to P2SH", lambda t: t.type_share("scripthash"), 3.9, 42.7),
    _percent("outputs to P2WPKH", lambda t: t.type_share("witness_v0_keyhash"), 0, 34.7),
    _percent("outputs to P2WSH", lambda t: t.type_share("witness_v0_scripthash"), 0, 4.0),
    _percent("outputs to P2TR", lambda t: t.type_share("witness_v1_taproot"), 0, 0.4),
    _percent("outputs with a note (OP_RETURN)", lambda t: t.type_share("nulldata"), 0, 0.5),
    _mean("block intervals, deviation / mean", "", lambda t: t.intervals(), 1.0, source=PROTOCOL),
)
