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
from cointrail.tracing.error_rates import NOTE
from cointrail.world.streams import Stream

if TYPE_CHECKING:
    from cointrail.world.dockets.source import Records

__all__ = ["make_training", "training_entities", "training_tables"]

# Who can be an example, and how many of each at most: people and shops who only live their lives.
CROWD = {"staff_": 8, "resident_": 44, "saver_": 28, "trader_": 20, "player_": 8, "family_": 4, "private_": 6}
SHOPS = 18
# So many transactions with labelled change; some of them have none.
LABELS = 400


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
    """The two tables: ``addresses`` (address, entity, kind) and ``change`` (txid, vout, entity, kind).

    `kind` is the script type of the owner's main wallet: the part of a wallet's style that everybody can see. Where a
    transaction has no change, `vout` is missing.
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
    change = _labelled_change(records, numbers).assign(kind=lambda table: table["entity"].map(main))
    return {"addresses": addresses, "change": change}


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


def _labelled_change(records, numbers):
    """A sample of what these entities paid alone: the true change output, missing where there is none."""
    outputs, inputs = records.truth_table("outputs"), records.ledger.inputs
    owner = outputs.set_index(["transaction_hash", "index"])["entity"]
    keys = pd.MultiIndex.from_frame(inputs[["spent_transaction_hash", "spent_output_index"]])
    payers = pd.Series(owner.reindex(keys).to_numpy(), index=inputs["transaction_hash"].to_numpy())
    who = payers.groupby(level=0).agg(["first", "nunique"])
    alone = who.loc[(who["nunique"] == 1) & who["first"].isin(numbers), "first"]
    made = outputs[outputs["transaction_hash"].isin(alone.index)].sort_values(["transaction_hash", "index"])
    grouped = made.groupby("transaction_hash")
    several = grouped.size()[grouped.size() > 1].index
    changes = made[made["is_change"]].groupby("transaction_hash")["index"].agg(list)
    labels = pd.DataFrame({"txid": several, "entity": alone.reindex(several).map(numbers).to_numpy()})
    vouts = [changes.get(txid, []) for txid in labels["txid"]]
    labels.insert(1, "vout", pd.array([one[0] if one else pd.NA for one in vouts], dtype="Int64"))
    labels = labels[np.array([len(one) < 2 for one in vouts])].reset_index(drop=True)
    if len(labels) < LABELS:
        raise CointrailError(f"{records.name} has {len(labels)} payments to label: {LABELS} wanted.")
    places = Stream(records.seed, "training/change").shuffled(list(range(len(labels))))[:LABELS]
    return labels.iloc[sorted(places)].reset_index(drop=True)
