"""Make a world by name, and write its two halves to two places."""

import hashlib
import json
from pathlib import Path

from cointrail.errors import CointrailError
from cointrail.ledger.blockfile import write_blocks
from cointrail.ledger.parquet import BANNER, write_table
from cointrail.ledger.store import VERSION
from cointrail.world import glass_harbour, primer
from cointrail.world.files import published_files
from cointrail.world.records import TRUTH_SCHEMAS, Exhibit, PublicWorld, Truth

__all__ = ["STORIES", "make_world", "write_world"]

# Worlds by name: the function that lives the story, and the seed of the published world.
STORIES = {
    "primer": (primer.make, primer.SEED),
    "glass_harbour": (glass_harbour.make, glass_harbour.SEED),
}


def make_world(name: str, seed: bytes | None = None) -> tuple[PublicWorld, Truth]:
    """Make a world in memory.

    Parameters
    ----------
    name : str
        A story: ``"primer"`` or ``"glass_harbour"``.
    seed : bytes, optional
        16 bytes; the published world's public seed if left out.

    Returns
    -------
    public : PublicWorld
        What learners get.
    truth : Truth
        What only the simulator knows.

    Raises
    ------
    CointrailError
        If there is no such story, the seed is not 128 bits, or the story does not fit the seed's block times.

    Examples
    --------
    >>> public, truth = make_world("primer")
    >>> len(truth.tables["outputs"]) == len(public.ledger.outputs)
    True
    """
    if name not in STORIES:
        raise CointrailError(f"There is no story {name!r} to make a world of: the stories are {', '.join(STORIES)}.")
    story, published = STORIES[name]
    if seed is not None and len(seed) != 16:
        raise CointrailError(f"The seed has {len(seed)} bytes: a world's seed has 16 (128 bits).")
    return story(published if seed is None else seed)


def write_world(public: PublicWorld, truth: Truth, *, data: Path, truth_folder: Path) -> None:
    """Write a world as files.

    Parameters
    ----------
    public, truth
        From `make_world`.
    data, truth_folder : Path
        The world goes to ``data/<name>``, its truth to ``truth_folder/<name>``; existing files are replaced and the
        sealed and plain keys beside them are left alone.
    """
    folder = Path(data) / public.name
    public.ledger.write(folder / "btc")
    write_blocks(folder / "btc" / "blocks.dat", public.blocks)
    _write_text(folder / "prices.csv", _price_csv(public.prices))
    for file, text in public.texts.items():
        _write_text(folder / file, text)
    for docket, exhibits in public.exhibits.items():
        _write_exhibits(folder / "dockets" / docket / "exhibits", exhibits)
    _write_truth(Path(truth_folder) / truth.name, truth)
    _write_json(folder / "manifest.json", _manifest(public, folder))


def _write_truth(folder: Path, truth: Truth) -> None:
    (folder / "dockets").mkdir(parents=True, exist_ok=True)
    for name, table in truth.tables.items():
        write_table(folder / f"{name}.parquet", table, TRUTH_SCHEMAS[name])
    for docket, facts in truth.dockets.items():
        _write_json(folder / "dockets" / f"{docket}.json", {"banner": BANNER} | facts)


def _write_exhibits(folder: Path, exhibits: list[Exhibit]) -> None:
    if not exhibits:
        return
    register = []
    for exhibit in exhibits:
        _write_text(folder / exhibit.file, exhibit.text)
        line = {key: value for key, value in vars(exhibit).items() if key != "text"}
        digest = hashlib.sha256(exhibit.text.encode()).hexdigest()
        register.append(line | {"sha256": digest, "notice": BANNER.partition(" - ")[0]})
    _write_json(folder / "register.json", register)


def _manifest(public: PublicWorld, folder: Path) -> dict:
    return {
        "world": public.name,
        "version": VERSION,
        "banner": BANNER,
        "seed": public.seed.hex() if public.seed else None,
        "dockets": list(public.exhibits),
        "course_day_utc_offset": public.course_day_utc_offset,
        "height": public.ledger.tip,
        "tip": public.ledger.blocks["hash"].iloc[-1],
        "files": {path.relative_to(folder).as_posix(): _fingerprint(path) for path in published_files(folder)},
    }


def _fingerprint(path: Path) -> dict:
    data = path.read_bytes()
    return {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def _price_csv(prices: dict[str, str]) -> str:
    lines = [f"# {BANNER}", "date,currency,price", *(f"{day},ARV,{price}" for day, price in prices.items())]
    return "\n".join(lines) + "\n"


def _write_json(path: Path, content: object) -> None:
    _write_text(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def _write_text(path: Path, text: str) -> None:
    """UTF-8 with plain line feeds on every system, because the bytes are hashed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
