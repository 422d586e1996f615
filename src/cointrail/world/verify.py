"""Prove a world, from its bytes to its truth.

Each step is a title and a function that gives findings: sentences about what is wrong. A good world has none.
"""

import hashlib
from collections.abc import Iterator

from cointrail.errors import CointrailError
from cointrail.ledger import ledger_from_blocks
from cointrail.ledger.parquet import BANNER, SCHEMAS
from cointrail.world.books import book_findings, reference_findings
from cointrail.world.docket_checks import difficulty, difficulty_findings, link_findings, paper_findings
from cointrail.world.files import WorldFiles
from cointrail.world.judge import judge
from cointrail.world.mutate import mutated_chains
from cointrail.world.safety import real_addresses, real_hosts

__all__ = ["verify_steps", "verify_world"]


def verify_world(name: str) -> list[str]:
    """Check a world in the data folder.

    Parameters
    ----------
    name : str
        Such as ``"primer"``.

    Returns
    -------
    list of str
        What is wrong, one sentence each; empty if the world is good.

    Raises
    ------
    CointrailError
        If there is no such world.

    Examples
    --------
    >>> verify_world("primer")
    []
    """
    return [finding for _, findings in verify_steps(name) for finding in findings]


def verify_steps(name: str) -> Iterator[tuple[str, list[str]]]:
    """The steps of `verify_world` one by one, as (title, findings), for who wants to see progress."""
    files = WorldFiles(name)
    _ = files.manifest
    steps = {
        "every file is the one in the manifest": _files,
        "libbitcoinkernel connects every block": _kernel,
        "libbitcoinkernel refuses forged copies": _forgeries,
        "the tables say what the blocks say": _tables,
        "no coin is spent twice, no value created": _invariants,
        "every exhibit is registered": _exhibits,
        "nothing can be mistaken for the real world": _safety,
    }
    if files.truth:
        steps |= {"the truth covers every output": _truth, "every exhibit points at the ledger": _links}
        steps |= {
            "the truth points at the ledger": reference_findings,
            "the books of custodians balance": book_findings,
        }
        if (files.truth / "landmarks.parquet").is_file():
            steps["the dockets are of equal difficulty"] = _difficulty
    if (files.folder / "dockets" / "manifest.json").is_file():
        steps["every paper of the dockets is the one in their manifest"] = paper_findings
        if files.truth:
            steps["every reference of the papers resolves on its ledger"] = link_findings
    for title, step in steps.items():
        try:
            yield title, list(step(files))
        except CointrailError as error:
            yield title, [str(error)]
    if (files.folder / "evm" / "manifest.json").is_file():
        from cointrail.world.evm.verify import verify_evm  # only worlds with an account chain need its packages

        yield from verify_evm(name)


def _difficulty(files: WorldFiles) -> Iterator[str]:
    yield from difficulty_findings(difficulty(files))


def _files(files: WorldFiles) -> Iterator[str]:
    listed = dict(files.manifest["files"])
    for path in files.published():
        name = path.relative_to(files.folder).as_posix()
        entry = listed.pop(name, None)
        if entry is None:
            yield f"{name} is not in the manifest."
        elif hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
            yield f"{name} is damaged or was changed: its SHA-256 is not the one in the manifest."
    yield from (f"{name} is in the manifest but not there." for name in listed)


def _kernel(files: WorldFiles) -> Iterator[str]:
    verdict = judge(files.blocks)
    if verdict.refusal:
        yield f"The kernel refused {verdict.refusal}; it connected {verdict.connected} blocks before."
    if verdict.connected != files.manifest["height"]:
        yield f"The manifest states height {files.manifest['height']}, the kernel reached {verdict.connected}."


def _forgeries(files: WorldFiles) -> Iterator[str]:
    for what, blocks in mutated_chains(files.blocks):
        if judge(blocks).connected != len(blocks) - 1:
            yield f"The kernel did not refuse block {len(blocks)} with {what}."


def _tables(files: WorldFiles) -> Iterator[str]:
    parsed = ledger_from_blocks(files.blocks, name=files.name)
    for table in SCHEMAS:
        ours, theirs = getattr(files.ledger, table), getattr(parsed, table)
        for column in ours.columns:
            if not ours[column].equals(theirs[column]):
                yield f"The column {column} of {table}.parquet differs from the blocks."
    if files.ledger.blocks["hash"].iloc[-1] != files.manifest["tip"]:
        yield "The last block is not the tip in the manifest."


def _invariants(files: WorldFiles) -> Iterator[str]:
    files.ledger.check()
    yield from ()


def _exhibits(files: WorldFiles) -> Iterator[str]:
    for docket in files.manifest["dockets"]:
        folder = files.folder / "dockets" / docket / "exhibits"
        listed = {entry["file"]: entry["sha256"] for entry in files.register(docket)}
        there = {path.name for path in folder.glob("*")} - {"register.json"}
        yield from (f"Docket {docket}: {name} is not in the register." for name in sorted(there - set(listed)))
        yield from (f"Docket {docket}: {name} is missing." for name in sorted(set(listed) - there))
        for name in sorted(there & set(listed)):
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != listed[name]:
                yield f"Docket {docket}: {name} is not the file in the register."


def _safety(files: WorldFiles) -> Iterator[str]:
    for path in [*files.texts(), files.folder / "manifest.json"]:
        text, name = path.read_text(encoding="utf-8"), path.relative_to(files.folder)
        yield from (f"{name}: {word} could be real." for word in (*real_addresses(text), *real_hosts(text)))
        if BANNER.partition(" - ")[0] not in text:
            yield f"{name} does not carry the banner."
    for table in SCHEMAS:
        for column in getattr(files.ledger, table).select_dtypes(["object", "str"]):
            text = " ".join(set(map(str, getattr(files.ledger, table)[column])))
            yield from (f"{table}.{column}: {word} could be real." for word in real_addresses(text))


def _truth(files: WorldFiles) -> Iterator[str]:
    known = files.truth_table("outputs")[["transaction_hash", "index"]]
    if not known.equals(files.ledger.outputs[["transaction_hash", "index"]]):
        yield "The truth does not list exactly the outputs of the ledger."
    if list(files.truth_table("transactions")["hash"]) != list(files.ledger.transactions["hash"]):
        yield "The truth does not give a purpose for exactly the transactions of the ledger."
    owned = set(files.truth_table("addresses")["address"])
    used = {address for addresses in files.ledger.outputs["addresses"] for address in addresses}
    yield from (f"The truth does not say who holds {address}." for address in sorted(used - owned))


def _links(files: WorldFiles) -> Iterator[str]:
    outputs = files.ledger.outputs
    known = {
        "txid": set(files.ledger.transactions["hash"]),
        "outpoint": set(outputs["transaction_hash"] + ":" + outputs["index"].astype("str")),
        "address": {address for addresses in outputs["addresses"] for address in addresses},
    }
    for link in files.truth_table("exhibit_links").itertuples():
        found = link.reference in known[link.kind] if link.kind in known else link.reference not in known["txid"]
        if not found:
            yield f"Docket {link.docket}, {link.exhibit}: the {link.kind} {link.reference} is not as intended."
