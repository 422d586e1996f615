"""`cointrail collect`: take hand-ins from a folder into the course."""

import argparse
from pathlib import Path

HELP = """\
Take hand-ins (the .zip files that `cointrail submit` makes) from a folder and everything below it, such as saved e-mail
attachments, a stick or a download from your learning platform, into grading/submitted/STUDENT/DAY/. The newest hand-in
of a student counts. Where there is a roster (grading/classroom/roster.csv), only its students are taken.

  cointrail collect ~/Downloads/day2       the hand-ins below a folder
  cointrail collect --classroom day2       what lies in the rooms of `cointrail classroom` now
  then: cointrail grade day2
"""


def add_parser(subparsers):
    parser = subparsers.add_parser("collect", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("folder", type=Path, nargs="?", metavar="FOLDER")
    place.add_argument("--classroom", metavar="DAY", help="out of the classroom's rooms, for example day2")
    parser.set_defaults(run=run)


def run(args):
    from cointrail.classroom.collect import collect
    from cointrail.classroom.homes import collect_rooms
    from cointrail.grading.desk import course_root

    root = course_root()
    results = collect_rooms(root, args.classroom) if args.classroom else collect(args.folder, root)
    for result in results:
        print(f"{'  taken' if result.taken else '  LEFT '} {result.student or '?':12} {result.file}: {result.sentence}")
    left = sum(not result.taken for result in results)
    print(f"\n{len(results) - left} taken, {left} left.")
    return 1 if any(result.student is None for result in results) else 0
