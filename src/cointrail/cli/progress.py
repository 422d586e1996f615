"""`cointrail progress`: which objectives a learner has reached."""

import argparse
import json
import os
from dataclasses import asdict
from itertools import groupby

HELP = """\
Show every question of the course and where you stand with it, from the answers you have checked. Questions that carry
no points are stretch: they count for nobody but you.

  cointrail progress
  cointrail progress --json      the same for a program
"""
SIGNS = {"right": "✔", "not yet": "✖", "recorded": "●", "by hand": "✎", "open": "○"}


def add_parser(subparsers):
    parser = subparsers.add_parser("progress", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(args):
    from cointrail.classroom.lab import learner_folder
    from cointrail.exercises.progress import standings

    os.environ.setdefault("COINTRAIL_WORK", str(learner_folder()))
    own = standings()
    if args.json:
        print(json.dumps([asdict(standing) for standing in own], indent=1))
        return 0
    for day, group in groupby(own, key=lambda standing: standing.id.split(".")[0]):
        print(f"Day {day}")
        for standing in group:
            worth = "" if standing.points else "  (stretch)"
            print(f"  {SIGNS[standing.state]} {standing.id:6} {standing.objective}{worth}")
        print()
    core = [standing for standing in own if standing.points and standing.state != "by hand"]
    reached = sum(standing.state == "right" for standing in core)
    print(f"{reached} of {len(core)} core objectives reached.")
    print("✔ reached   ✖ not yet   ● recorded, the grader will tell   ✎ marked by a person   ○ open")
    return 0
