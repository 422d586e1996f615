"""The command `cointrail`: one verb for each thing a person does.

A verb is a module of this package with `add_parser(subparsers)` and `run(args) -> exit code`. Only the verb that was
asked for is imported, so that help comes at once.
"""

import argparse
import difflib
import importlib
import os
import sys
import sysconfig
from importlib.util import find_spec
from pathlib import Path

from cointrail import CointrailError, __version__
from cointrail.errors import as_typed

__all__ = ["main", "overview", "verbs"]

PEOPLE = {
    "Participant, or learning alone": {
        "lab": "open the course in JupyterLab",
        "progress": "which objectives I have reached",
        "bundle": "report, CASE record, TagPack and hashes out of my claims",
        "submit": "check and pack my notebooks for hand-in",
        "doctor": "is this machine ready, are the data intact",
    },
    "Instructor": {
        "grade": "run submissions, score them, write feedback",
        "handouts": "answer sheets, slides and exhibits to print",
        "collect": "take hand-ins into the course",
        "report": "class results, item statistics, certificates",
        "classroom": "a JupyterHub on this machine",
        "kit": "a participant's bundle: no solutions, no truth",
    },
    "Author of lessons and worlds": {
        "build": "run the solutions and generate course/ from them",
        "world": "make, verify or describe a world",
        "bench": "measure the project beside its peers",
    },
}


def main(words=None):
    """Run one verb; return the exit code: 0 well, 1 the answer is no, 2 bad input (one sentence says what)."""
    words = sys.argv[1:] if words is None else list(words)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console may not know every letter of a name
            stream.reconfigure(errors="replace")
    if words[:1] in ([], ["-h"], ["--help"]):
        print(as_typed(overview()))
        return 0
    if words == ["--version"]:
        print(f"cointrail {__version__}")
        return 0
    # nbgrader calls alembic by name: find it also where nobody has activated the environment
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
    try:
        return _run(_choose_world(words))
    except CointrailError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def verbs():
    """The verbs that exist in this copy, in the order of the help: {verb: one line}."""
    listed = {verb: line for group in PEOPLE.values() for verb, line in group.items()}
    return {verb: line for verb, line in listed.items() if find_spec(f"cointrail.cli.{verb}")}


def overview():
    """The text of `cointrail --help`."""
    there = verbs()
    lines = [
        "Follow the money through synthetic ledgers. All of it runs on this machine, without a network.",
        "",
    ]
    lines += ["usage: cointrail VERB [options]        cointrail VERB --help explains one verb, with examples", ""]
    for person, group in PEOPLE.items():
        rows = [f"    {verb:<10} {line}" for verb, line in group.items() if verb in there]
        lines += [person, *rows, ""] if rows else []
    lines += [
        "Every verb takes --world DIR: work with the fresh world that `cointrail world make NAME --out DIR` made.",
        "",
    ]
    return "\n".join([*lines, "New here? Run: cointrail lab"])


def _choose_world(words):
    """The words without ``--world DIR``; with it, this process reads the worlds in DIR/datasets."""
    if "--world" not in words:
        return words
    place = words.index("--world")
    if len(words) <= place + 1:
        raise CointrailError("--world needs a folder: the one that `cointrail world make NAME --out` wrote.")
    data = Path(words[place + 1]) / "datasets"
    if not any(data.glob("*/manifest.json")):
        raise CointrailError(f"There is no world in {data}: make one with `cointrail world make NAME --out DIR`.")
    os.environ["COINTRAIL_DATA"] = str(data.resolve())
    return words[:place] + words[place + 2 :]


def _run(words):
    verb = words[0]
    if verb not in verbs():
        near = difflib.get_close_matches(verb, verbs(), n=1)
        hint = f"Did you mean: cointrail {near[0]}?" if near else "See: cointrail --help"
        raise CointrailError(f"There is no verb {verb!r}. {hint}")
    parser = argparse.ArgumentParser(prog=os.environ.get("COINTRAIL_TYPED") or "cointrail")
    chosen = parser.add_subparsers()
    importlib.import_module(f"cointrail.cli.{verb}").add_parser(chosen)
    for one in chosen.choices.values():
        one.description, one.epilog = (text and as_typed(text) for text in (one.description, one.epilog))
    args = parser.parse_args(words)
    return args.run(args)
