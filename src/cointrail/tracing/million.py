"""A demonstration at real scale: co-spend clusters of a ledger of a million payments, timed on this machine.

The ledger is made once, in a terminal, and lies in the user's home. Where it is missing, or while a notebook is graded,
a sentence says so and nothing is computed.
"""

import os
import time
from pathlib import Path

from cointrail.ledger import read_ledger
from cointrail.tracing.arrays import ledger_arrays
from cointrail.tracing.clustering import common_input_ownership

__all__ = ["cluster_a_million"]

FOLDER = "cointrail-million"


def cluster_a_million(folder: Path | str | None = None) -> str:
    """Read the large ledger, cluster it, and say how long each took.

    Parameters
    ----------
    folder : Path or str, optional
        Where the ledger lies; ``cointrail-million`` in the home folder if left out.

    Returns
    -------
    str
        One line for a person; without the ledger, the command that makes it.

    Examples
    --------
    >>> cluster_a_million("no-such-folder").partition(".")[0]
    'Not shown: the large ledger is not on this machine'
    """
    if os.environ.get("COINTRAIL_GRADING") == "1":
        return "Not shown while the notebook is graded."
    folder = Path(folder) if folder else Path("~") / FOLDER
    if not (folder.expanduser() / "transactions.parquet").is_file():
        command = f"cointrail world make --unsigned --transactions 1000000 --out {folder}"
        return f"Not shown: the large ledger is not on this machine. Once, in a terminal: {command}"
    start = time.perf_counter()
    ledger = read_ledger(folder.expanduser())
    ledger_arrays(ledger)
    read = time.perf_counter()
    clusters = common_input_ownership(ledger)
    done = time.perf_counter()
    sizes = clusters["cluster"].value_counts()
    return (
        f"{len(ledger.transactions):,} transactions, {len(clusters):,} addresses: read in {read - start:.1f} s, "
        f"{len(sizes):,} clusters in {done - read:.1f} s; the largest has {sizes.iloc[0]:,} addresses."
    )
