"""Are the dockets of a world whole, do their papers point at the ledgers, and are they of equal difficulty?"""

import hashlib
import json
from collections.abc import Iterator
from functools import cached_property

import pandas as pd

from cointrail.ledger import load_token_ledger
from cointrail.tracing.coinjoin import coinjoins
from cointrail.world.files import WorldFiles
from cointrail.world.methods import ONE_WALLET, cospend_recall

__all__ = ["BANDS", "difficulty", "difficulty_findings", "link_findings", "paper_findings"]

ABSENT = "not in the ledger"
ENDS = ("from", "to", "token")

# What each measure of a docket should lie between, both ends included. The table says how alike the dockets are.
BANDS = {
    "peel steps": (6, 14),
    "dust steps": (1, 3),
    "CoinJoin rounds": (1, 14),  # own rounds and those of others that took the coins along; no question counts them
    "swaps": (1, 8),
    "candidates a swap": (1, 60),
    "deposit addresses": (2, 8),
    "sales": (60, 120),
    "decoys": (4, 12),
    "co-spend share": ONE_WALLET,
}


class _Known:
    """What a reference may point at, on both ledgers; read when asked for."""

    def __init__(self, files: WorldFiles):
        self._ledger = files.ledger
        self._tokens = load_token_ledger(files.name) if (files.folder / "evm").is_dir() else None

    @cached_property
    def txid(self) -> set[str]:
        known = set(self._ledger.transactions["hash"])
        return known if self._tokens is None else known | set(self._tokens.transactions["hash"])

    @cached_property
    def outpoint(self) -> set[str]:
        outputs = self._ledger.outputs
        return set(outputs["transaction_hash"] + ":" + outputs["index"].astype("str"))

    @cached_property
    def address(self) -> set[str]:
        known = set(self._ledger.outputs["addresses"].str[0].dropna())
        if self._tokens is None:
            return known
        sent, moved = self._tokens.transactions, self._tokens.token_transfers
        ends = [sent["from_address"], sent["to_address"], *(moved[f"{end}_address"] for end in ENDS)]
        return known.union(*(set(end.dropna()) for end in ends), set(self._tokens.tokens["address"]))

    def has(self, kind: str, reference: str) -> bool:
        """Is a reference of a kind right? One that must not be there is right if it is not."""
        reference = reference.removeprefix("syn:")
        if kind == ABSENT:
            return not any(reference in known for known in (self.txid, self.outpoint, self.address))
        return kind in ("txid", "outpoint", "address") and reference in getattr(self, kind)


def paper_findings(files: WorldFiles) -> Iterator[str]:
    """Papers that are not those of the dockets' manifest, and dockets that have other papers than the rest."""
    folder = files.folder / "dockets"
    manifest = json.loads((folder / "manifest.json").read_bytes())
    if manifest["tip"] != files.manifest["tip"]:
        yield f"The dockets were made on another chain: run `cointrail world dockets {files.name}`."
    listed = dict(manifest["files"])
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / "manifest.json"):
        name = path.relative_to(folder).as_posix()
        digest = listed.pop(name, None)
        if digest is None:
            yield f"dockets/{name} is not in the manifest of the dockets."
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            yield f"dockets/{name} is damaged or was changed: its SHA-256 is not the one in the manifest."
    yield from (f"dockets/{name} is missing." for name in listed)
    papers = {docket: [entry["id"] for entry in files.register(docket)] for docket in files.manifest["dockets"]}
    usual = max(papers.values(), key=len)
    for docket, numbers in papers.items():
        for number in sorted(set(usual) ^ set(numbers)):
            yield f"Docket {docket} {'has' if number in numbers else 'lacks'} exhibit {number}, unlike others."


def link_findings(files: WorldFiles) -> Iterator[str]:
    """References of exhibits that do not resolve, and dockets whose facts lie under other names than in the rest."""
    known, facts = _Known(files), {}
    for docket in files.manifest["dockets"]:
        path = files.truth / "dockets" / f"{docket}.json"
        if not path.is_file():
            yield f"Docket {docket} has no facts: run `cointrail world dockets {files.name}`."
            continue
        content = json.loads(path.read_bytes())
        facts[docket] = set(content)
        for link in content["links"]:
            if not known.has(link["kind"], link["reference"]):
                yield f"Docket {docket}, {link['exhibit']}: the {link['kind']} {link['reference']} is not as intended."
    every = set().union(*facts.values())
    for docket, names in facts.items():
        yield from (f"Docket {docket} has no facts about {name}." for name in sorted(every - names))


def difficulty(files: WorldFiles) -> pd.DataFrame:
    """How hard each docket is: a row for each, the measures of `BANDS` as columns.

    `candidates a swap` is the smallest number of payouts of the swapper that fit a swap of the vendor by time; `decoys`
    are what looks like a lead and is none; `co-spend share` is the error of the package's method on the vendor.
    """
    routes, purposes = files.truth_table("routes"), files.truth_table("transactions").set_index("hash")["purpose"]
    routes = routes.assign(purpose=purposes[routes["transaction_hash"]].to_numpy())
    peel, joined = routes["route"].eq("peel chain") & routes["step"].gt(1), routes["purpose"].eq("coinjoin whirlpool")
    crossings, marks = files.truth_table("crossings"), files.truth_table("landmarks")
    vendors = files.truth_table("vendors").set_index("docket")["vendor"]
    swaps = crossings[crossings["direction"].eq("out") & crossings["service"].eq("swaplark")]
    decoys = marks["kind"].isin(("payment to impersonator", "false forwarder", "payjoin", "savings of the co-owner"))
    table = pd.DataFrame(index=vendors.index)
    table["peel steps"] = _count(routes[peel])
    table["dust steps"] = _count(routes[routes["purpose"].eq("peel, dust")])
    table["CoinJoin rounds"] = _count(routes[joined])
    table["swaps"] = vendors.map(swaps["entity"].value_counts())
    table["candidates a swap"] = vendors.map(_candidates(files, swaps).groupby(swaps["entity"]).min())
    table["deposit addresses"] = vendors.map(_deposit_addresses(files))
    table["sales"] = _count(files.truth_table("orders"))
    table["decoys"] = _count(marks[decoys])
    share = cospend_recall(files, coinjoins(files.ledger)["txid"]).set_index("docket")["share"]
    table["co-spend share"] = share.round(2)
    return table.fillna(0)


def difficulty_findings(table: pd.DataFrame) -> Iterator[str]:
    """Measures of `difficulty` outside their bands."""
    for name, (low, high) in BANDS.items():
        for docket, value in table[name][~table[name].between(low, high)].items():
            yield f"Docket {docket}: {name} is {value:g}, outside {low:g} to {high:g}."


def _count(rows: pd.DataFrame) -> pd.Series:
    return rows.groupby("docket").size()


def _candidates(files: WorldFiles, swaps: pd.DataFrame) -> pd.Series:
    """For each swap, how many payouts of the swapper on the other chain come within the hours that it takes."""
    paid = files.truth_table("crossing_legs").set_index("reference")["timestamp"].reindex(swaps["reference"])
    times = paid.dropna().sort_values()
    return pd.Series(
        [times.between(start, start + pd.Timedelta(hours=5)).sum() for start in swaps["timestamp"]], index=swaps.index
    )


def _deposit_addresses(files: WorldFiles) -> pd.Series:
    """How many addresses of NORTHPIER each customer has paid to."""
    book, outputs = files.truth_table("custodian_book"), files.ledger.outputs
    mine = book[book["custodian"].eq("northpier") & book["kind"].eq("deposit")]
    address = outputs.assign(address=outputs["addresses"].str[0])[["transaction_hash", "index", "address"]]
    return mine.merge(address, on=["transaction_hash", "index"]).groupby("customer")["address"].nunique()
