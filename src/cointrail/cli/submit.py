"""`cointrail submit`: look a day's work over, then pack it for hand-in."""

import argparse

from cointrail.errors import CointrailError, as_typed

HELP = """\
Look over your notebooks of a day, and pack them into one file to hand in (by e-mail, on a stick, by upload). It says
what is wrong and how to mend it: renamed or missing notebooks, lost or doubled cells, work that was not saved.

  cointrail submit day2
  cointrail submit day2 --anyway    pack although something serious was found
"""


def add_parser(subparsers):
    parser = subparsers.add_parser("submit", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("day", metavar="DAY", help="such as day2")
    parser.add_argument("--anyway", action="store_true", help="pack although something serious was found")
    parser.set_defaults(run=run)


def run(args):
    from cointrail.classroom.hand_in import look_over, pack
    from cointrail.classroom.lab import course_folder, learner_folder

    work, course = learner_folder(), course_folder()
    if not work.is_dir():
        raise CointrailError("There is no work to hand in yet. Open the course first: cointrail lab --as YOUR-ID")
    findings = look_over(work, course, args.day)
    for finding in findings:
        if not finding.open:
            print(as_typed(f"{'  !' if finding.serious else '  -'} {finding.sentence}"))
    for words, points in (("Not answered", True), ("Not answered, and brings no points", False)):
        left = [finding.open for finding in findings if finding.open and finding.points == points]
        if left:
            print(f"  - {words}: {', '.join(left)}.")
    serious = sum(finding.serious for finding in findings)
    if serious and not args.anyway:
        print(f"\n{serious} to mend (marked !). Nothing was packed; to pack it as it is: add --anyway")
        return 1
    print(f"\nReady to hand in: {pack(work, course, args.day)}")
    return 0
