"""`cointrail collect`: take hand-ins from a folder into the course."""

import argparse
from pathlib import Path

HELP = """\
Take hand-ins (the .zip files that `cointrail submit` makes) from a folder and everything below it, such as saved e-mail
attachments, a stick or a download from your learning platform (as it is, or unpacked), into
grading/submitted/STUDENT/DAY/. The newest hand-in of a student counts. Where there is a roster
(grading/classroom/roster.csv), only its students are taken.

  cointrail collect ~/Downloads/day2                               the hand-ins below a folder
  cointrail collect ~/Downloads/day2 --received 2026-03-02T18:00Z  and they came then (UTC); or: --received now
  cointrail collect --classroom day2                               what lies in the rooms of `cointrail classroom` now
  then: cointrail grade day2

Without --received, the time of a hand-in is the one that the participant's own machine wrote: good enough to know the
newest, too little where lateness costs points. Put those that came in time and those that came late into two folders,
and collect each with its time. Notebooks that were taken before and are unchanged keep the time they have.
"""
_CLOCKS = (
    "Their times are those of the participants' own clocks. Where a late hand-in costs points, say when they came: "
    "--received now, or a time."
)


def add_parser(subparsers):
    parser = subparsers.add_parser("collect", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("folder", type=Path, nargs="?", metavar="FOLDER")
    place.add_argument("--classroom", metavar="DAY", help="out of the classroom's rooms, for example day2")
    parser.add_argument("--received", metavar="TIME", help="when they came: now, or a time such as 2026-03-02T18:00Z")
    parser.set_defaults(run=run)


def run(args):
    from cointrail.classroom.collect import collect, read_received
    from cointrail.classroom.homes import collect_rooms
    from cointrail.errors import CointrailError
    from cointrail.grading.desk import course_root
    from cointrail.grading.outputs import one_line

    root = course_root()
    if args.classroom and args.received:
        raise CointrailError(
            "--received is for a folder: what lies in the rooms is taken now, by this machine's clock."
        )
    received = read_received(args.received) if args.received else None
    results = collect_rooms(root, args.classroom) if args.classroom else collect(args.folder, root, received=received)
    width = max((len(result.student or "?") for result in results), default=1)
    for result in results:
        sign = "  taken" if result.taken else "  LEFT "
        print(f"{sign} {result.student or '?':{width}}  {one_line(result.file, 200)}: {result.sentence}")
        for note in result.notes:
            print(f"        ! {note}")
    left = sum(not result.taken for result in results)
    print(f"\n{len(results) - left} taken, {left} left.")
    if left < len(results) and not args.classroom and received is None:
        print(_CLOCKS)
    _tell_signs(root, sorted({result.day for result in results if result.day}))
    return 1 if any(result.student is None for result in results) else 0


def _tell_signs(root, days):
    from cointrail.classroom.alike import alike, of_another_docket

    signs = [f"{day}: {sign}" for day in days for sign in [*alike(root, day), *of_another_docket(root, day)]]
    if signs:
        print("\nTo ask about; signs that work was passed on, and no proof of it:")
        print("\n".join(f"  {sign}" for sign in signs))
