"""`cointrail bench`: measure the project beside its peers, in one run on this machine.

What is measured stands in modules `bench_<room>` beside this one. Each has `figures(scale, note)`, which yields
(name, `Figure`); `note` is a function that shows one line of progress.
"""

import argparse
import json
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import NamedTuple

from cointrail.errors import CointrailError

__all__ = ["Figure", "add_parser", "run"]

ROOMS = ("world", "tracing", "grading", "board", "classroom")
HELP = """\
Run the project and its peers side by side, on the same data, and check that both give the same result. A ratio above
1 means that the project is ahead of that peer. A peer that is not installed is left out, and said so.

  cointrail bench tracing                 a table
  cointrail bench tracing --json          one JSON object: figure -> {value, unit, peer, peer_value, ratio, n}
  cointrail bench tracing --up-to 1e6     smaller: up to a million inputs
"""


class Figure(NamedTuple):
    """One figure of the project beside one peer; ratio above 1: the project is ahead."""

    value: float
    unit: str
    peer: str
    peer_value: float
    ratio: float
    n: int

    @classmethod
    def seconds(cls, ours: float, peer: str, theirs: float, n: int):
        """Both did the same work; fewer seconds are better. The peer "limit" is the time the design allows."""
        return cls(round(ours, 4), "s", peer, round(theirs, 4), round(theirs / ours, 2), n)


def add_parser(subparsers):
    parser = subparsers.add_parser("bench", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("room", choices=[room for room in ROOMS if find_spec(f"cointrail.cli.bench_{room}")])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--up-to", type=float, default=1e7, metavar="SIZE", help="largest size; 1e7 when left out")
    parser.set_defaults(run=run)


def run(args):
    if args.up_to < 1e5:
        raise CointrailError(f"The smallest size is 1e5: --up-to {args.up_to:g} leaves nothing to measure.")
    measured = {}
    for name, figure in import_module(f"cointrail.cli.bench_{args.room}").figures(int(args.up_to), _note):
        measured[name] = figure._asdict()
        if not args.json:
            ahead = f"{figure.ratio:.2f} x {figure.peer} ({figure.peer_value:g})"
            print(f"{name:34} {figure.value:>10g} {figure.unit:6} {ahead:40} n = {figure.n:,}", flush=True)
    if args.json:
        print(json.dumps(measured, indent=1))
    return 0


def _note(text):
    print(text, file=sys.stderr, flush=True)
