"""All keys of a fresh world. Where a question has no single answer on a docket, that docket gets other facts."""

import os
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from cointrail.exercises.case import DOCKETS, docket_in, exam_docket
from cointrail.grading.assignments import day_title
from cointrail.grading.intended import days_of
from cointrail.grading.keys import SameAnswerError, write_keys
from cointrail.ledger import load_manifest

__all__ = ["write_all_keys"]

# Of one docket. More draws than this are the fault of a question, not of the facts.
MOST_DRAWS = 6


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
        return _write_all(root, world, lambda day, letters: _write_some(root, day, letters), draw, say)
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:

        def write(day, letters):
            """Each process takes every second docket, or so: what a day needs of the ledger is read once in each."""
            parts = [letters[number::cores] for number in range(cores) if letters[number:]]
            written = list(pool.map(_write_some, [root] * len(parts), [day] * len(parts), parts))
            return [file for files, _ in written for file in files], [one for _, clashes in written for one in clashes]

        return _write_all(root, world, write, draw, say)


def _write_some(root: Path, day, letters: list[str]) -> tuple[list[Path], list[SameAnswerError]]:
    """The keys of some dockets, and for which of them a question has no single answer."""
    files, clashes = [], []
    for letter in letters:
        try:
            files += write_keys(root, day, [letter])
        except SameAnswerError as error:
            clashes.append(error)
    return files, clashes


def _write_all(root: Path, world: str, write: Callable, draw: Callable, say: Callable) -> int:
    todo = deque((day, load_manifest(world)["dockets"]) for day in days_of(root, world))
    done, draws, written = [], Counter(), set()
    while todo:
        day, letters = todo.popleft()
        files, clashes = write(day, letters)
        written |= set(files)
        done += [day] if day not in done else []
        say(f"keys of {day_title(day)}: {len(files)} files")
        for docket, error in sorted({error.docket: error for error in clashes}.items()):
            draws[docket] += 1
            if draws[docket] > MOST_DRAWS:
                raise error
            say(f"docket {docket}: other facts are drawn, because of these it says: {error}")
            draw(docket)
        stale = sorted({letter for error in clashes for letter in _asked_about(world, error.docket)})
        todo += [(earlier, stale) for earlier in done if stale]
    return len(written)


def _asked_about(world: str, docket: str) -> set[str]:
    """The dockets whose keys rest on the facts of one: itself, and those that meet it in the exam."""
    return {docket} | {letter for letter in DOCKETS if docket_in(world, exam_docket(letter)) == docket}
