"""`cointrail progress`: which objectives a learner has reached."""

import argparse
import json
import os
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

from cointrail.errors import CointrailError

HELP = """\
Show every question of the course and where you stand with it, from the answers you have checked. Questions that carry
no points are stretch: they count for nobody but you.

  cointrail progress
  cointrail progress --json      the same for a program
  cointrail progress --mark 2.2  mark your own written answer, line by line
  cointrail progress --certificate my-record.pdf --name "Ama Owusu"
"""
NEEDED = 0.70


def add_parser(subparsers):
    parser = subparsers.add_parser("progress", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--mark", metavar="QUESTION", help="mark your own written answer by its rubric")
    parser.add_argument("--certificate", metavar="FILE", help="write a record of self-study as PDF")
    parser.add_argument("--name", default="", help="the name on it")
    parser.set_defaults(run=run)


def run(args):
    from cointrail.classroom.lab import learner_folder
    from cointrail.exercises.progress import LEGEND, SIGNS, standings

    os.environ.setdefault("COINTRAIL_WORK", str(learner_folder()))
    if args.mark:
        return _mark(args.mark)
    own = standings()
    if args.certificate:
        return _certificate(own, args)
    if args.json:
        print(json.dumps([asdict(standing) for standing in own], indent=1))
        return 0
    for day, group in groupby(own, key=lambda standing: standing.id.split(".")[0]):
        print("Capstone" if day == "6" else f"Day {day}")  # a participant's copy has no grading room to ask
        for standing in group:
            worth = "" if standing.points else "  (stretch)"
            if standing.marked is not None:
                worth = f"  ({standing.marked} of {standing.points} by your own mark)"
            print(f"  {SIGNS[standing.state]} {standing.id:6} {standing.objective}{worth}")
        print()
    reached, of = _reached(own)
    print(f"{reached} of {of} core objectives reached.")
    print(LEGEND)
    return 0


def _reached(own):
    """Of the questions with points that no person has to mark: how many are right, and how many there are."""
    core = [standing for standing in own if standing.points and standing.state not in ("by hand", "self-marked")]
    return sum(standing.state == "right" for standing in core), len(core)


def _mark(question_id):
    from cointrail.exercises.progress import keep_marks, rubric_of

    world, docket, form, lines = rubric_of(question_id)
    print(f"{question_id} {form['title']}\n")
    print("Open your answer beside this window. One point for each line; answer y or n.\n")
    marks = []
    for number, line in enumerate(lines, 1):
        print(f"{number}. It gets the point if it {line['gets']}.\n   Not if it {line['not']}.")
        marks.append(_agreed("   Point? [y/n] "))
    keep_marks(question_id, world, docket, marks)
    print(f"\n{sum(marks)} of {len(marks)} by your own mark. Better: let somebody else mark it by the same lines.")
    return 0


def _agreed(question):
    while True:
        try:
            said = input(question).strip().lower()
        except EOFError as error:
            raise CointrailError("Nothing was stored: marking needs a keyboard. Run it in a terminal.") from error
        if said in ("y", "yes", "n", "no"):
            return said.startswith("y")


def _certificate(own, args):
    from cointrail.classroom.certificate import self_study_certificate

    reached, of = _reached(own)
    if reached < NEEDED * of:
        print(f"{reached} of {of} core objectives reached; a record is written from {NEEDED:.0%} on.")
        return 1
    Path(args.certificate).write_bytes(self_study_certificate(args.name, reached, of))
    print(
        f"{args.certificate}: {reached} of {of} core objectives. It is a record of self-study, not of an examination."
    )
    return 0
