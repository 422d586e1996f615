"""The training set of a world: owners who are known, so that a method's error can be measured before it is used.

These owners are invented innocents and nobody's suspects. A rate measured on them says how a method did there; it is no
fact about a case, and every result carries the sentence that says so.
"""

import hashlib
import json
from typing import NamedTuple

import pandas as pd

from cointrail.errors import CointrailError
from cointrail.ledger import data_folder, load_manifest
from cointrail.tracing.error_rates import NOTE

__all__ = ["Training", "load_training"]


class Training(NamedTuple):
    """Labelled examples of one world.

    Attributes
    ----------
    addresses : DataFrame
        Columns address, entity (a number, no name) and kind (script type of the owner's wallet). All addresses of each
        owner are there, also those that no method would find.
    change : DataFrame
        Columns txid, vout (the true change output) and kind (script type of what is spent). Their payers are other
        people than the owners above. Drawn with more hard cases than a random sample has.
    note : str
        What numbers from these tables may be used for.
    """

    addresses: pd.DataFrame
    change: pd.DataFrame
    note: str = NOTE

    def of_kind(self, kind: str) -> "Training":
        """Only owners and payments whose wallet uses this script type, such as ``"witness_v0_keyhash"``.

        Raises
        ------
        CointrailError
            No owner has it; the sentence names the kinds there are.
        """
        known = sorted(self.addresses["kind"].unique())
        if kind not in known:
            raise CointrailError(f"No training owner has wallets of kind {kind!r}: there are {', '.join(known)}.")
        tables = [table[table["kind"] == kind].reset_index(drop=True) for table in self[:2]]
        return Training(*tables)

    def draw(self, owners: int, name: str) -> "Training":
        """A random sample of owners, with all their addresses; the same name gives the same sample.

        Parameters
        ----------
        owners : int
            How many.
        name : str
            Anything, such as the letter of a docket.

        Raises
        ------
        CointrailError
            There are not so many owners.

        Examples
        --------
        >>> load_training().draw(50, "A").addresses["entity"].nunique()
        50
        """
        everybody = sorted(self.addresses["entity"].unique())
        if not 1 <= owners <= len(everybody):
            raise CointrailError(f"{owners} owners cannot be drawn: there are {len(everybody)}.")
        order = sorted(everybody, key=lambda entity: hashlib.sha256(f"{name}/{entity}".encode()).digest())
        chosen = set(order[:owners])
        mine = self.addresses["entity"].isin(chosen)
        return Training(self.addresses[mine].reset_index(drop=True), self.change)

    def __repr__(self):
        owners = self.addresses["entity"].nunique()
        return (
            f"Training: {owners} owners with {len(self.addresses)} addresses, {len(self.change)} payments with known "
            f"change; {self.note}"
        )


def load_training(world: str = "glass_harbour") -> Training:
    """Load the training set of a world.

    Raises
    ------
    CointrailError
        The world is unknown, has no training set, or a file is not the one that its manifest names.

    Examples
    --------
    >>> training = load_training()
    >>> training.addresses.columns.tolist(), training.note
    (['address', 'entity', 'kind'], 'measured on training data; not quotable in a case')
    """
    load_manifest(world)  # refuses an unknown world
    folder = data_folder() / world / "training"
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        raise CointrailError(f"The world {world} has no training set. On the desk: cointrail world dockets {world}")
    hashes = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    addresses, change = (_read(folder / name, hashes) for name in ("addresses.csv", "change.csv"))
    return Training(addresses, change)


def _read(file, hashes):
    if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != hashes[file.name]:
        raise CointrailError(f"{file.name} of the training set is missing or was changed: unpack the datasets again.")
    return pd.read_csv(file, comment="#")
