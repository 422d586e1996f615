"""All keys of a fresh world. Where a question has no single answer on a docket, that docket gets other facts."""

import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from cointrail.exercises.case import DOCKETS, docket_in, exam_docket
from cointrail.grading.intended import days_of
from cointrail.grading.keys import SameAnswerError, write_keys
from cointrail.ledger import load_manifest

__all__ = ["write_all_keys"]

# More draws than this are the fault of a question, not of the facts.
MOST_DRAWS = 12


def write_all_keys(
    root: Path,
    world: str,
    *,
    draw: Callable[[str], object],
    cores: int | None = None,
    say: Callable[[str], object] = lambda line: None,
) -> int:
    """Write the keys of every day that asks about a world, and count the files.

    Parameters
    ----------
    root : Path
        Of the course: its questions.
    world : str
        With dockets; the data folder of this process.
    draw : callable
        Called with the letter of a docket that needs other facts; makes its papers and facts again.
    cores : int, optional
        All of the machine if left out.
    say : callable
        Called with lines of progress.

    Raises
    ------
    CointrailError
        A question has no single answer, however often other facts are drawn.
    """
    cores = cores or os.cpu_count() or 1
    if cores == 1:
        return _write_all(root, world, lambda day, dockets: write_keys(root, day, dockets), draw, say)
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:

        def write(day, dockets):
            """Each process takes every second docket, or so: what a day needs of the ledger is read once in each."""
            letters = dockets or load_manifest(world)["dockets"]
            parts = [letters[number::cores] for number in range(cores) if letters[number:]]
            files = pool.map(write_keys, [root] * len(parts), [day] * len(parts), parts)
            return [file for part in files for file in part]

        return _write_all(root, world, write, draw, say)


def _write_all(root: Path, world: str, write: Callable, draw: Callable, say: Callable) -> int:
    todo = deque((day, ()) for day in days_of(root, world))
    done, draws, written = [], 0, set()
    while todo:
        day, dockets = todo[0]
        try:
            files = write(day, dockets)
        except SameAnswerError as error:
            draws += 1
            if draws > MOST_DRAWS:
                raise
            say(f"docket {error.docket}: other facts are drawn, because of these it says: {error}")
            draw(error.docket)
            todo += [(earlier, _asked_about(world, error.docket)) for earlier in done]
            continue
        todo.popleft()
        done += [day] if not dockets else []
        written |= set(files)
        say(f"keys of {day if isinstance(day, str) else f'day {day}'}: {len(files)} files")
    return len(written)


def _asked_about(world: str, docket: str) -> list[str]:
    """The dockets whose keys rest on the facts of one: itself, and those that meet it in the exam."""
    return sorted({docket} | {letter for letter in DOCKETS if docket_in(world, exam_docket(letter)) == docket})
