"""Grade on several machines: the workers of a Dask scheduler run the hand-ins, this process alone writes the scores.

Every worker needs the same folders at the same paths (a network share) and the same environment, and one thread:
`dask worker tcp://HOST:8786 --nthreads 1`.
"""

import contextlib
import time

from cointrail.errors import CointrailError

__all__ = ["executor_at"]

_TO_ANSWER = 10  # seconds that a scheduler has to answer
_WITHOUT_WORKERS = 60  # seconds that a run waits for a worker to come (back)


@contextlib.contextmanager
def executor_at(address):
    """An executor that runs tasks on a scheduler's workers.

    Parameters
    ----------
    address : str
        Such as "tcp://127.0.0.1:8786".

    Yields
    ------
    concurrent.futures.Executor
        With a method `check_alive` that the pool calls while it waits.

    Raises
    ------
    CointrailError
        Nobody answers there, or there has been no worker for a minute.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise CointrailError(
            "The package distributed is missing, which --scheduler needs. Run it by: python start.py grade"
        ) from error
    try:
        client = Client(address, timeout=_TO_ANSWER)
    except (OSError, ValueError) as error:  # TimeoutError is an OSError
        raise CointrailError(
            f"No Dask scheduler answers at {address}. Start one (dask scheduler), and workers for it."
        ) from error
    with client, client.get_executor(retries=2) as executor:
        executor.check_alive = _Watch(client, address).look
        yield executor


class _Watch:
    """Notices that a scheduler has had no worker for too long; without it a run would wait for ever."""

    def __init__(self, client, address):
        self._client, self._address = client, address
        self._last_seen = time.monotonic()

    def look(self):
        if self._client.status == "running" and self._client.scheduler_info(n_workers=-1)["workers"]:
            self._last_seen = time.monotonic()
        elif time.monotonic() - self._last_seen > _WITHOUT_WORKERS:
            raise CointrailError(
                f"The scheduler at {self._address} has had no worker for {_WITHOUT_WORKERS} seconds. "
                "What was graded is kept: start workers (dask worker ADDRESS --nthreads 1) and run the command again."
            )
