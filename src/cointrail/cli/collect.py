"""`cointrail collect`: take hand-ins from a folder into the course."""

import argparse
from pathlib import Path

HELP = """\
Take hand-ins (the .zip files that `cointrail submit` makes) from a folder and everything below it, such as saved e-mail
attachments, a stick or a download from your learning platform, into grading/submitted/STUDENT/DAY/. The newest hand-in
of a student counts. Where there is a roster (grading/classroom/roster.csv), only its students are taken.

  cointrail collect ~/Downloads/day2
  then: cointrail grade day2
"""


def add_parser(subparsers):
    parser = subparsers.add_parser("collect", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.set_defaults(run=run)


def run(args):
    from cointrail.classroom.collect import collect
    from cointrail.grading.desk import course_root

    results = collect(args.folder, course_root())
    for result in results:
        print(f"{'  taken' if result.taken else '  LEFT '} {result.student or '?':12} {result.file}: {result.sentence}")
    left = sum(not result.taken for result in results)
    print(f"\n{len(results) - left} taken, {left} left.")
    return 1 if any(result.student is None for result in results) else 0
