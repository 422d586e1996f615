"""Make the dockets of a world: papers to the public side, facts to the truth."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from cointrail.errors import CointrailError
from cointrail.ledger.parquet import BANNER
from cointrail.world.dockets.paper import Paper
from cointrail.world.dockets.source import Records, Source
from cointrail.world.dockets.subjects import subject, subject_names
from cointrail.world.training import make_training

__all__ = ["SHARED", "make_dockets"]

# The folder of papers that are the same for every docket.
SHARED = "shared"


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
    for letter in letters:
        source = Source(records, letter)
        made = {name: source.subject(name) for name in subject_names() if hasattr(subject(name), "make")}
        papers = [paper for part in made.values() for paper in part.papers]
        _write_papers(records.folder / "dockets" / letter, papers)
        facts = {name: part.facts for name, part in made.items() if part.facts}
        _write_json(records.truth / "dockets" / f"{letter}.json", _truth(source, facts, papers))
        say(f"docket {letter}: {len(papers)} exhibits, {sum(len(paper.data) for paper in papers):,} bytes")
    _write_json(records.folder / "dockets" / "manifest.json", _manifest(records))
    make_training(records)


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
