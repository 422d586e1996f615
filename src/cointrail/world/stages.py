"""A world on disk, stage by stage: the UTXO chain, the account chain beside it, the dockets on top of both.

Each stage writes its manifest last, so a world that was stopped goes on with the first stage that has none.
"""

import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from cointrail.errors import CointrailError
from cointrail.ledger import data_folder, load_ledger
from cointrail.ledger.parquet import BANNER
from cointrail.world.docket_checks import difficulty, difficulty_findings
from cointrail.world.files import WorldFiles, truth_folder
from cointrail.world.judge import judge
from cointrail.world.make import STORIES, make_world, write_world

__all__ = ["ALWAYS_PUBLIC", "build_world", "secret_seed"]

# Its story is a classroom example: a copy in another place is the published one.
ALWAYS_PUBLIC = "primer"
WITH_ACCOUNTS = ("glass_harbour",)
# So many seeds are tried for a fresh world; one in many gives ledgers that cannot carry every docket.
SEEDS = 3


def secret_seed(name: str, truth: Path) -> tuple[bytes, bool]:
    """The seed of a secret world: from its file on the instructor's desk, or a new one that is written there.

    Parameters
    ----------
    name : str
        The world's.
    truth : Path
        The folder of all truth; the seed lies in ``<truth>/<name>/seed.txt``.

    Returns
    -------
    seed : bytes
        16 bytes.
    new : bool
        Was it generated now?
    """
    path = truth / name / "seed.txt"
    if path.is_file():
        text = path.read_text(encoding="utf-8").split()
        try:
            seed = bytes.fromhex(text[0])
        except (IndexError, ValueError) as error:
            raise CointrailError(
                f"{path} does not begin with 32 hex digits: delete the folder and start again."
            ) from error
        return seed, False
    seed = secrets.token_bytes(16)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{seed.hex()}\n# {BANNER}\n# Whoever has this seed has every answer: keep it.\n", encoding="utf-8")
    path.chmod(0o600)
    return seed, True


def build_world(
    name: str,
    *,
    out: Path | None = None,
    dockets: bool = True,
    say: Callable[[str], object] = lambda line: None,
) -> None:
    """Make a world on disk.

    Parameters
    ----------
    name : str
        ``"primer"`` or ``"glass_harbour"``.
    out : Path, optional
        Make a fresh world of a secret seed below this folder (``datasets`` and ``grading/truth``), or go on with one
        that was stopped; without it, the published world is made anew in the project.
    dockets : bool
        Make the dockets too, where the world has some.
    say : callable
        Called with lines of progress.

    Raises
    ------
    CointrailError
        If there is no such story, or consensus code refuses the chain.
    """
    if name not in STORIES:
        raise CointrailError(f"There is no story {name!r} to make a world of: the stories are {', '.join(STORIES)}.")
    data, truths = data_folder(), truth_folder()
    if not out:
        _stages(name, STORIES[name][1], data, truths, dockets=dockets, anew=True, say=say)
        return
    _copy_primer(data, out / "datasets", out / "grading" / "truth", skip=name)
    data, truths = out / "datasets", out / "grading" / "truth"
    if name == ALWAYS_PUBLIC:
        _stages(name, STORIES[name][1], data, truths, dockets=dockets, anew=False, say=say)
        return
    for left in reversed(range(SEEDS)):
        try:
            _stages(name, _seed(name, truths, say), data, truths, dockets=dockets, anew=False, say=say)
            return
        except UnfitWorldError as error:
            if not left:
                raise CointrailError(
                    f"{SEEDS} seeds gave no ledgers that carry all dockets; of the last: {error} Run the command again."
                ) from error
            say(f"another seed is drawn, because of this one it says: {error}")
            shutil.rmtree(data / name)
            shutil.rmtree(truths / name)


class UnfitWorldError(CointrailError):
    """The ledgers of a seed cannot carry all dockets, whatever facts are drawn."""


def _stages(name: str, seed: bytes, data: Path, truths: Path, *, dockets: bool, anew: bool, say) -> None:
    """The stages in order; what has its manifest is left as it is, unless all is to be made `anew`."""
    if not anew and (data / name / "manifest.json").is_file():
        say("the UTXO chain is there already")
    else:
        _chain(name, seed, data, truths, say)
    if name not in WITH_ACCOUNTS:
        return
    os.environ["COINTRAIL_DATA"] = str(data.resolve())
    if not anew and (data / name / "evm" / "manifest.json").is_file():
        say("the account chain is there already")
    else:
        _account_chain(name, seed, data, truths, say)
    if not dockets:
        return
    if not anew and _has_dockets(WorldFiles(name)):
        say("the dockets are there already")
        return
    if not anew:
        _refuse_unequal(WorldFiles(name))
    from cointrail.world.dockets.make import make_dockets

    try:
        make_dockets(name, say=say)
    except CointrailError as error:
        raise UnfitWorldError(str(error)) from error


def _refuse_unequal(files: WorldFiles) -> None:
    """Dockets that are harder or easier than their band are found before their papers are made."""
    for finding in difficulty_findings(difficulty(files)):
        raise UnfitWorldError(finding)


def _has_dockets(files: WorldFiles) -> bool:
    """Were all dockets made? Their manifest and the training set are written last."""
    facts = [files.truth / "dockets" / f"{letter}.json" for letter in files.manifest["dockets"]]
    last = [files.folder / "dockets" / "manifest.json", files.folder / "training" / "manifest.json"]
    return all(path.is_file() for path in (*facts, *last))


def _seed(name: str, truths: Path, say) -> bytes:
    seed, new = secret_seed(name, truths)
    if new:
        say(f"the seed of this world is {seed.hex()}; it is shown once and kept in {truths / name / 'seed.txt'}")
    else:
        say("the seed is the one of this folder: going on")
    return seed


def _copy_primer(source: Path, data: Path, truths: Path, *, skip: str) -> None:
    """The lessons' small examples come along as they are published."""
    for old, new in ((source, data), (source.parent / "grading" / "truth", truths)):
        if skip != ALWAYS_PUBLIC and (old / ALWAYS_PUBLIC).is_dir() and not (new / ALWAYS_PUBLIC).exists():
            shutil.copytree(old / ALWAYS_PUBLIC, new / ALWAYS_PUBLIC)


def _chain(name: str, seed: bytes, data: Path, truths: Path, say) -> None:
    say("the UTXO chain is being lived and signed ...")
    published = seed == STORIES[name][1]
    public, truth = make_world(name, None if published else seed)
    say(f"{len(public.ledger.transactions):,} transactions in {len(public.blocks):,} blocks")
    verdict = judge(public.blocks)
    if verdict.refusal:
        raise CointrailError(f"libbitcoinkernel refused {verdict.refusal}: nothing was written; this is a bug.")
    say(f"libbitcoinkernel connects {verdict.connected:,} of {len(public.blocks):,} blocks")
    write_world(public, truth, data=data, truth_folder=truths)
    say(f"written to {data / name} and {truths / name}")


def _account_chain(name: str, seed: bytes, data: Path, truths: Path, say) -> None:
    from cointrail.world.evm.make import make_evm, read_crossings, write_evm  # needs packages that primer does not

    say("the account chain is being lived and signed ...")
    crossings, suspects = read_crossings(truth=truths / name, outputs=load_ledger(name).outputs)
    world = make_evm(name, seed, crossings, suspects=suspects)
    write_evm(world, data=data, truth_folder=truths)
    say(f"{world.ledger} is written beside it")
