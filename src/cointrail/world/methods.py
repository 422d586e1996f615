"""How well the package's own methods do on a world, where the truth is known: the error rates that lessons speak of.

Every figure has a band. It comes from what was published where there is something, else from what the lesson needs; a
figure outside its band means that the world is too easy or too hard for the course.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cointrail.ledger import Ledger
from cointrail.tracing.change import change_consensus
from cointrail.tracing.clustering import common_input_ownership
from cointrail.tracing.coinjoin import coinjoins
from cointrail.world.files import WorldFiles

__all__ = ["ONE_WALLET", "MethodFigure", "change_by_type", "cospend_recall", "method_figures", "one_sign"]

NICK = "Nick 2015: 68.59 % of a wallet's addresses; reference 3.3: 40 to 75 %"
HOPLINE = "Hopline 2026: 89.5 % right on one sign, 99.5 % on two; about one peel step in five carries dust"
LESSON = "no published figure: what the lesson needs"
# One wallet lies further from the mean than a mean of many.
ONE_WALLET = (0.25, 0.9)
# Three equal outputs make a CoinJoin, for somebody in a hurry.
NAIVE_EQUAL = 3


@dataclass(frozen=True)
class MethodFigure:
    """One measured figure, the band where it should lie (both ends included), and where the band comes from."""

    name: str
    value: float
    low: float
    high: float
    source: str

    @property
    def inside(self) -> bool:
        return self.low <= self.value <= self.high


def method_figures(files: WorldFiles) -> Iterator[MethodFigure]:
    """Measure the methods on a world with its truth.

    Parameters
    ----------
    files : WorldFiles
        Of a world with the truth table ``vendors``, such as ``WorldFiles("glass_harbour")``.
    """
    ledger, found = files.ledger, coinjoins(files.ledger)
    recall = cospend_recall(files, found["txid"])
    yield MethodFigure("co-spend: share of a vendor's daily addresses, mean", recall["share"].mean(), 0.4, 0.75, NICK)
    yield MethodFigure("co-spend: share, lowest docket", recall["share"].min(), *ONE_WALLET, NICK)
    yield MethodFigure("co-spend: share, highest docket", recall["share"].max(), *ONE_WALLET, NICK)
    decided = one_sign(files)
    one = decided[(decided["signs"] == 1) & (decided["against"] == 0)]
    two = decided[(decided["signs"] >= 2) & (decided["against"] == 0)]
    yield MethodFigure("change on one sign: right", one["right"].mean(), 0.86, 0.94, HOPLINE)
    yield MethodFigure("change on two or more signs: right", two["right"].mean(), 0.94, 1.0, HOPLINE)
    purposes = files.truth_table("transactions").set_index("hash")["purpose"]
    routes = files.truth_table("routes")
    steps = purposes[routes[(routes["route"] == "peel chain") & (routes["step"] > 1)]["transaction_hash"]]
    yield MethodFigure("peel steps with dust", (steps == "peel, dust").mean(), 0.12, 0.28, HOPLINE)
    rounds = set(purposes.index[purposes.str.match("coinjoin (?!preparation)")])
    caught = len(rounds & set(found["txid"])) / len(rounds)
    yield MethodFigure("CoinJoin detectors: rounds found", caught, 0.9, 1.0, LESSON)
    wrong = 1 - len(rounds & set(found["txid"])) / max(1, len(found))
    yield MethodFigure("CoinJoin detectors: wrongly named", wrong, 0.0, 0.1, LESSON)
    naive = _equal_outputs(ledger)
    yield MethodFigure("three equal outputs = CoinJoin: wrong", 1 - len(naive & rounds) / len(naive), 0.05, 0.8, LESSON)
    addresses, owners = _super_cluster(files, found["txid"], decided)
    yield MethodFigure("change links chained: addresses in one cluster", addresses, 2_000, np.inf, LESSON)
    yield MethodFigure("change links chained: owners in one cluster", owners, 200, np.inf, LESSON)


def cospend_recall(files: WorldFiles, exclude) -> pd.DataFrame:
    """For each docket, the share of the vendor's used daily addresses in the cluster of the listed address.

    Parameters
    ----------
    files : WorldFiles
    exclude : iterable of str
        Txids that join nothing: the CoinJoins that were found.

    Returns
    -------
    DataFrame
        Columns docket, program, addresses (used ones of the daily wallet), share.
    """
    cluster = common_input_ownership(files.ledger, exclude=list(exclude)).set_index("address")["cluster"]
    held = files.truth_table("addresses")
    held = held[(held["wallet"] == "daily") & held["address"].isin(cluster.index)]
    rows = []
    for row in files.truth_table("vendors").itertuples():
        mine = cluster[held[held["entity"] == row.vendor]["address"]]
        rows.append((row.docket, row.program, len(mine), (mine == cluster[row.listed_address]).mean()))
    return pd.DataFrame(rows, columns=["docket", "program", "addresses", "share"])


def one_sign(files: WorldFiles) -> pd.DataFrame:
    """The change that the published rules name together, beside the truth.

    Returns
    -------
    DataFrame
        A row for each transaction with two outputs or more where the rules decide; columns txid, vout, address, signs
        (rules for it), against, right.
    """
    known = files.truth_table("outputs")
    known = known[known["is_change"]].groupby("transaction_hash")["index"].agg(["size", "first"])
    change = known[known["size"] == 1]["first"]
    txs = files.ledger.transactions
    asked = txs[~txs["is_coinbase"] & (txs["output_count"] > 1)]["hash"]
    named = change_consensus(files.ledger, txids=asked, signs=1).dropna(subset=["vout"])
    true = named["txid"].map(change)
    return pd.DataFrame(
        {
            "txid": named["txid"],
            "vout": named["vout"],
            "address": named["address"],
            "signs": _count(named["for_it"]),
            "against": _count(named["against_it"]),
            "right": (named["vout"].astype("float64") == true.astype("float64")).to_numpy(),
        }
    )


def change_by_type(files: WorldFiles, decided: pd.DataFrame) -> pd.DataFrame:
    """How often one sign is right, by the script type that pays, which all can see: columns type, right, n."""
    kinds = files.ledger.inputs.groupby("transaction_hash")["type"].agg(["first", "nunique"])
    kind = kinds["first"].where(kinds["nunique"] == 1, "several types")
    one = decided[(decided["signs"] == 1) & (decided["against"] == 0)]
    table = one.groupby(one["txid"].map(kind).to_numpy())["right"].agg(["mean", "size"]).reset_index()
    return table.set_axis(["type", "right", "n"], axis=1)


def _count(names: pd.Series) -> pd.Series:
    text = names.fillna("")
    return text.str.count(",") + (text != "")


def _equal_outputs(ledger: Ledger) -> set[str]:
    """Transactions of two inputs or more in which three outputs or more have one value."""
    counts = ledger.outputs[ledger.outputs["value"] > 0].groupby(["transaction_hash", "value"]).size()
    equal = set(counts[counts >= NAIVE_EQUAL].index.get_level_values(0))
    txs = ledger.transactions
    return equal & set(txs[txs["input_count"] > 1]["hash"])


def _super_cluster(files: WorldFiles, exclude, decided: pd.DataFrame) -> tuple[int, int]:
    """How many addresses and owners the largest cluster holds when every named change is joined with its inputs."""
    links = decided[~decided["txid"].isin(set(exclude))][["txid", "vout", "address"]]
    heights = files.ledger.transactions.set_index("hash")["block_number"]
    links = links.assign(height=links["txid"].map(heights))
    clusters = common_input_ownership(files.ledger, exclude=list(exclude), change=links)
    largest = clusters["cluster"].value_counts().index[0]
    members = clusters[clusters["cluster"] == largest]["address"]
    entity = files.truth_table("addresses").set_index("address")["entity"]
    return len(members), int(entity.reindex(members).nunique())
