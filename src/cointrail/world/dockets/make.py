"""Make the dockets of a world: papers to the public side, facts to the truth."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

from cointrail.errors import CointrailError
from cointrail.ledger import data_folder
from cointrail.ledger.parquet import BANNER
from cointrail.world.dockets.paper import Paper
from cointrail.world.dockets.source import Records, Source
from cointrail.world.dockets.subjects import subject, subject_names
from cointrail.world.training import make_training

__all__ = ["SHARED", "draw_again", "make_dockets"]

# The folder of papers that are the same for every docket.
SHARED = "shared"
# A subject refuses facts that would make a question ambiguous. So often others are drawn before that is an error.
DRAWS = 4


def make_dockets(
    world: str, letters: Iterable[str] | None = None, *, say: Callable[[str], object] = lambda line: None
) -> None:
    """Make papers, registers and facts of dockets, and the training set, beside the chains of a world that is on disk.

    Parameters
    ----------
    world : str
        A world with a truth table `vendors`, such as ``"glass_harbour"``.
    letters : iterable of str, optional
        The dockets to make; all of the manifest if left out. The others stay as they are.
    say : callable
        Called with a line of progress.

    Raises
    ------
    CointrailError
        If a letter is not a docket of the world, two papers share an id, or a paper holds something that could be real.
    """
    records = Records(world)
    known = records.manifest["dockets"]
    letters = list(known if letters is None else letters)
    strangers = [letter for letter in letters if letter not in known]
    if strangers:
        raise CointrailError(f"{world} has no docket {strangers[0]!r}: it has {', '.join(known)}.")
    _write_papers(records.folder / "dockets" / SHARED, _shared_papers(records))
    draws = records.draws
    for letter, draw, lines in _all_made(world, [(letter, draws.get(letter, 0)) for letter in letters]):
        for line in lines:
            say(line)
        if draw != draws.get(letter, 0):
            draws = _keep_draw(records, letter, draw)
    _write_json(records.folder / "dockets" / "manifest.json", _manifest(records))
    make_training(records)


def _all_made(world: str, todo: list[tuple[str, int]]) -> Iterator[tuple[str, int, list[str]]]:
    """Make dockets, many of them on all cores; each reads the whole world, so a few are quicker here."""
    cores = min(os.cpu_count() or 1, len(todo) // 4)
    if cores < 2:
        yield from (_make_one(world, letter, draw) for letter, draw in todo)
        return
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        letters, draws = zip(*todo, strict=True)
        yield from pool.map(_make_one, [world] * len(todo), letters, draws)


def _make_one(world: str, letter: str, first: int) -> tuple[str, int, list[str]]:
    """Write one docket: papers and facts. Gives the draw that all subjects are content with, and lines of progress."""
    records, lines = _records(world, data_folder()), []
    for draw in range(first, first + DRAWS):
        source = Source(records, letter, draw)
        try:
            made = {name: source.subject(name) for name in subject_names() if hasattr(subject(name), "make")}
            break
        except CointrailError as error:
            if draw == first + DRAWS - 1:
                raise
            lines.append(f"docket {letter}: other facts are drawn, because of these it says: {error}")
    papers = [paper for part in made.values() for paper in part.papers]
    _write_papers(records.folder / "dockets" / letter, papers)
    facts = {name: part.facts for name, part in made.items() if part.facts}
    _write_json(records.truth / "dockets" / f"{letter}.json", _truth(source, facts, papers))
    lines.append(f"docket {letter}: {len(papers)} exhibits, {sum(len(paper.data) for paper in papers):,} bytes")
    return letter, draw, lines


@lru_cache(1)
def _records(world: str, data: Path) -> Records:
    """A world's files, read once in a process; `data` tells two worlds of one name apart."""
    return Records(world)


def draw_again(world: str, letter: str, *, say: Callable[[str], object] = lambda line: None) -> None:
    """Make one docket with other facts on the same ledgers, because a question has no single answer on the old ones."""
    records = Records(world)
    _keep_draw(records, letter, records.draws.get(letter, 0) + 1)
    make_dockets(world, [letter], say=say)


def _keep_draw(records: Records, letter: str, draw: int) -> dict[str, int]:
    draws = records.draws | {letter: draw}
    _write_json(records.truth / "draws.json", {"banner": BANNER, "draws": draws})
    return draws


def _shared_papers(records: Records) -> list[Paper]:
    makers = [subject(name) for name in subject_names()]
    return [paper for maker in makers if hasattr(maker, "make_shared") for paper in maker.make_shared(records)]


def _truth(source: Source, facts: dict, papers: list[Paper]) -> dict:
    links = [
        {"exhibit": paper.id, "kind": kind, "reference": reference}
        for paper in papers
        for kind, reference in paper.links
    ]
    head = {"banner": BANNER, "world": source.world, "docket": source.letter, "vendor": source.vendor["vendor"]}
    return head | facts | {"links": links}


def _write_papers(folder: Path, papers: list[Paper]) -> None:
    """Replace a docket's exhibits; what an earlier making left is removed."""
    papers = sorted(papers, key=lambda paper: paper.id)
    ids = [paper.id for paper in papers]
    twice = [number for number in ids if ids.count(number) > 1]
    if twice:
        raise CointrailError(f"Two papers of {folder.name} are exhibit {twice[0]}. Give one another id.")
    exhibits = folder / "exhibits"
    shutil.rmtree(exhibits, ignore_errors=True)
    exhibits.mkdir(parents=True)
    register = []
    for paper in papers:
        (exhibits / paper.file).write_bytes(paper.data)
        line = {key: value for key, value in vars(paper).items() if key not in ("data", "links")}
        digest = hashlib.sha256(paper.data).hexdigest()
        register.append(line | {"sha256": digest, "notice": BANNER.partition(" - ")[0]})
    _write_json(exhibits / "register.json", register)


def _manifest(records: Records) -> dict:
    folder = records.folder / "dockets"
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / "manifest.json")
    return {
        "banner": BANNER,
        "tip": records.manifest["tip"],
        "files": {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
    }


def _write_json(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())
