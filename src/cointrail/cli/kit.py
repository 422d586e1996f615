"""`cointrail kit`: a participant's bundle."""

import argparse
from pathlib import Path

HELP = """\
Pack one file for participants: the lessons, the toolkit, the data and the sealed keys. It is searched afterwards: no
solution, no truth and no plain key is in it. A participant unpacks it and types: python start.py --as THEIR-ID

  cointrail kit
  cointrail kit --no-exam                    without the exam, its dockets and the capstone: give the whole one later
  cointrail kit --wheels linux,windows       with every package, for rooms without a network (fetched now)
"""


def add_parser(subparsers):
    parser = subparsers.add_parser("kit", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("cointrail-kit.zip"), metavar="FILE", help="the file to write")
    parser.add_argument("--no-exam", action="store_true", help="leave out what belongs to exam and capstone")
    parser.add_argument("--wheels", metavar="SYSTEMS", help="also packages for these systems: linux, windows, mac")
    parser.add_argument("--python", default="3.11,3.12,3.13", metavar="VERSIONS", help="for which Pythons")
    parser.set_defaults(run=run)


def run(args):
    from cointrail.classroom.kit import make_kit
    from cointrail.exercises.roster import read_roster, roster_file
    from cointrail.grading.desk import course_root
    from cointrail.ledger import data_folder

    root = course_root()
    wheels = _wheels(root, args) if args.wheels else None
    roster = roster_file(root)
    count = make_kit(root, args.out, data=data_folder(), roster=roster, exam=not args.no_exam, wheels=wheels)
    print(
        f"with the dockets of the {len(read_roster(roster))} people in {roster}; who joins later needs a new kit, or "
        "its dockets.csv"
        if roster.is_file()
        else "without a roster: each participant's docket follows from the id"
    )
    print(
        f"{args.out}: {count} files, {args.out.stat().st_size / 1e6:.0f} MB. No solution, truth or key was found in it."
    )
    return 0


def _wheels(root, args):
    """The folder wheels/ is kept between runs: packages that are there are not fetched again."""
    from cointrail.classroom.wheels import SYSTEMS, fetch_wheels
    from cointrail.errors import CointrailError

    systems = args.wheels.split(",")
    if not set(systems) <= set(SYSTEMS):
        raise CointrailError(f"--wheels {args.wheels!r}: systems are {', '.join(SYSTEMS)}, with commas between them.")
    folder = root / "work" / "kit-wheels"
    fetch_wheels(root, folder, systems=systems, pythons=args.python.split(","))
    return folder
