"""The training set of a world: innocents with all their addresses, and labelled change, to measure one's own error.

It is public, so it holds nothing that answers a question: no suspect, no service, nobody a docket speaks of, and no
shop whose coins lie beside a suspect's. Owners have numbers instead of names. It is made with the dockets, from what
the chains left on disk and from the seed.
"""

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger.parquet import BANNER
from cointrail.tracing import change_consensus
from cointrail.tracing.error_rates import NOTE
from cointrail.world.streams import Stream

if TYPE_CHECKING:
    from cointrail.world.dockets.source import Records

__all__ = ["change_pool", "labelled_change", "make_training", "training_entities", "training_tables"]

# Who can be an example, and how many of each at most: people and shops who only live their lives.
CROWD = {"staff_": 8, "resident_": 44, "saver_": 28, "trader_": 20, "player_": 8, "family_": 4, "private_": 6}
SHOPS = 18
# Payments with labelled change, by how the published rules vote: a guess on one sign is wrong; right on one sign only;
# right on two; right on three or more; wrong although several agree. One sign is right in about nine of ten, as
# published; drawn at random the rules would do better here than on real ledgers. The last kind is rare: a world may
# have fewer, and then more of the first.
LABELS = {"wrong": 20, "one": 56, "two": 68, "more": 96, "wrong on several": 3}
# So many wrong guesses stay unlabelled for the dockets, and so many are labelled at least.
WRONG_LEFT, WRONG_LEAST = 8, 12
PAYERS = ("buyer_", "resident_", "staff_", "saver_", "trader_", "player_", "family_")


def make_training(records: "Records") -> None:
    """Write ``datasets/<world>/training/``: addresses.csv, change.csv and a manifest with their SHA-256.

    Raises
    ------
    CointrailError
        The world has too few innocents, or their transactions too little change.
    """
    folder = records.folder / "training"
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for name, table in training_tables(records).items():
        text = f"# {BANNER}; {NOTE}\n" + table.to_csv(index=False, lineterminator="\n")
        (folder / f"{name}.csv").write_bytes(text.encode())
        files[f"{name}.csv"] = hashlib.sha256(text.encode()).hexdigest()
    manifest = {"banner": BANNER, "note": NOTE, "tip": records.manifest["tip"], "files": files}
    (folder / "manifest.json").write_bytes((json.dumps(manifest, indent=1) + "\n").encode())


def training_tables(records: "Records") -> dict[str, pd.DataFrame]:
    """The two tables: ``addresses`` (address, entity, kind) and ``change`` (txid, vout, kind).

    `kind` is the script type of the owner's main wallet, or of what a payment spends: the part of a wallet's style that
    everybody can see. The payers of ``change`` are other people than the owners, without names.
    """
    chosen = training_entities(records)
    numbers = {entity: f"T{place:03d}" for place, entity in enumerate(chosen, 1)}
    types = records.ledger.outputs
    type_of = dict(zip(types["addresses"].str[0], types["type"], strict=True))
    owned = records.truth_table("addresses")
    owned = owned[owned["entity"].isin(numbers) & owned["address"].isin(type_of)].sort_values("address")
    owned = pd.DataFrame({"address": owned["address"], "entity": owned["entity"].map(numbers)})
    main = owned.assign(kind=owned["address"].map(type_of)).groupby("entity")["kind"].agg(lambda kinds: kinds.mode()[0])
    addresses = owned.assign(kind=owned["entity"].map(main)).reset_index(drop=True)
    return {"addresses": addresses, "change": labelled_change(records)}


def training_entities(records: "Records") -> list[str]:
    """Who is in the training set, in an order drawn from the seed."""
    tip = records.manifest["tip"]
    if tip not in _CHOSEN:
        _CHOSEN[tip] = _choose(records)
    return list(_CHOSEN[tip])


# By the tip of the chain; choosing takes seconds and every docket asks.
_CHOSEN: dict[str, list[str]] = {}


def _choose(records):
    stream, apart = Stream(records.seed, "training"), _named_in_cases(records)
    owners = records.truth_table("addresses")
    everybody = sorted(set(owners["entity"]) - apart)
    chosen = []
    for prefix, count in CROWD.items():
        crowd = [entity for entity in everybody if entity.startswith(prefix)]
        if 2 * len(crowd) < count:
            raise CointrailError(f"{records.name} has only {len(crowd)} innocents of kind {prefix}: {count} wanted.")
        chosen += stream.shuffled(crowd)[:count]
    shops = sorted(set(owners.loc[owners["wallet"] == "till", "entity"]) - apart)
    return stream.shuffled([*chosen, *stream.shuffled(shops)[:SHOPS]])


def _named_in_cases(records):
    """Entities that a docket may ask about: of its landmarks, and whoever has coins in one payment with a suspect."""
    vendors = set(records.truth_table("vendors")["vendor"])
    apart = vendors | set(records.truth_table("landmarks")["entity"])
    outputs, inputs = records.truth_table("outputs"), records.ledger.inputs
    owner = dict(zip(zip(outputs["transaction_hash"], outputs["index"], strict=True), outputs["entity"], strict=True))
    spent = zip(inputs["spent_transaction_hash"], inputs["spent_output_index"], strict=True)
    payers = pd.DataFrame({"txid": inputs["transaction_hash"], "entity": [owner[one] for one in spent]})
    theirs = set(payers.loc[payers["entity"].isin(vendors), "txid"])
    return apart | set(payers.loc[payers["txid"].isin(theirs), "entity"])


def labelled_change(records: "Records") -> pd.DataFrame:
    """Payments with their true change output: txid, vout and kind, in order of txid."""
    pool, stream = change_pool(records), Stream(records.seed, "training/change")
    chosen = []
    for group, count in _counts(pool["group"].value_counts()).items():
        there = pool.loc[pool["group"] == group, "txid"].tolist()
        if len(there) < count:
            raise CointrailError(f"{records.name} has {len(there)} payments of the group {group!r}: {count} wanted.")
        chosen += stream.shuffled(there)[:count]
    inputs = records.ledger.inputs.drop_duplicates("transaction_hash").set_index("transaction_hash")["type"]
    labels = pool.loc[pool["txid"].isin(chosen), ["txid", "vout"]].reset_index(drop=True)
    return labels.assign(kind=inputs.reindex(labels["txid"]).to_numpy())


def _counts(there: pd.Series) -> dict[str, int]:
    """How many of each group are labelled, where there are so many: the rare ones are replaced by wrong guesses."""
    several = min(LABELS["wrong on several"], there.get("wrong on several", 0))
    wanted = LABELS["wrong"] + LABELS["wrong on several"] - several
    wrong = max(WRONG_LEAST, min(wanted, there.get("wrong", 0) - WRONG_LEFT))
    return LABELS | {"wrong": wrong, "wrong on several": several}


# By the tip of the chain: the votes take seconds and every docket asks.
_POOLS: dict[str, pd.DataFrame] = {}


def change_pool(records: "Records") -> pd.DataFrame:
    """People's payments with two outputs, one of them change, and how the published rules vote: txid, vout, group."""
    tip = records.manifest["tip"]
    if tip not in _POOLS:
        _POOLS[tip] = _make_pool(records)
    return _POOLS[tip]


def _make_pool(records):
    outputs = records.truth_table("outputs")
    counts = records.ledger.transactions.set_index("hash")["output_count"]
    change = outputs[outputs["is_change"] & outputs["entity"].str.startswith(PAYERS)]
    change = change.drop_duplicates("transaction_hash", keep=False)
    change = change[counts.reindex(change["transaction_hash"]).to_numpy() == 2].sort_values("transaction_hash")
    votes = change_consensus(records.ledger, txids=change["transaction_hash"])
    right = votes["vout"].to_numpy(dtype="float64", na_value=-1) == change["index"].to_numpy()
    pro = votes["for_it"].str.count(",") + (votes["for_it"] != "")
    group = np.select(
        [votes["vout"].isna(), ~right & (pro == 1), ~right, pro == 1, pro == 2],
        ["none", "wrong", "wrong on several", "one", "two"],
        "more",
    )
    return pd.DataFrame({"txid": change["transaction_hash"], "vout": change["index"], "group": group})
