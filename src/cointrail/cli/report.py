"""`cointrail report`: class results, item statistics, certificates."""

import argparse
import json
from pathlib import Path

HELP = """\
Read the gradebook and say what the class has reached: points and pass rules, objectives, which mistakes were made how
often, how hard each question was and whether it tells the strong from the weak, how well stated certainty and right
answers agree, and what was gained between the two tests of knowledge. Written to grading/report/: report.html,
grades.csv (Moodle reads it: Grades, Import; every id must be known there), grades_canvas.csv (Canvas reads it: Grades,
Import) and the tables behind the page.

  cointrail report
  cointrail report --certificates      also a PDF for each who passed on a secret world
  cointrail report --json              print it for a program, write nothing

In the roster (grading/classroom/roster.csv) a column `joined` (such as day3) says from when on somebody was there.
"""


def add_parser(subparsers):
    parser = subparsers.add_parser("report", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--certificates", action="store_true", help="also write the certificates that were earned")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to write (default: grading/report)")
    parser.add_argument("--json", action="store_true", help="print JSON, write nothing")
    parser.set_defaults(run=run)


def run(args):
    from cointrail.grading.desk import course_root
    from cointrail.grading.report import make_report, write_report

    root = course_root()
    report = make_report(root)
    if args.json:
        print(json.dumps(report.as_json(), indent=1))
        return 0
    out = args.out or root / "grading" / "report"
    page, *tables = write_report(report, out)
    for test, rows in report.tests.groupby("test", sort=False):
        for row in rows[rows["state"] != "absent"].itertuples():
            print(f"{row.student}: {test} {row.state}. {row.reason}")
        absent = rows.loc[rows["state"] == "absent", "student"]
        if len(absent):
            print(f"{test}, nothing handed in: {', '.join(absent)}")
    print(f"\n{page}\n{', '.join(file.name for file in tables)} beside it")
    waiting = int(report.answers["waiting"].sum())
    if waiting:
        print(f"{waiting} written answers are not marked yet: the marks for your platform are without their points.")
    return _certificates(root, report, out) if args.certificates else 0


def _certificates(root, report, out):
    from cointrail.classroom.certificate import write_certificates
    from cointrail.grading.pass_rules import tests_of_course
    from cointrail.grading.results import class_list
    from cointrail.ledger import load_manifest

    if report.no_certificates:
        print(report.no_certificates)
        return 1
    world = sorted({world for _, world, _ in tests_of_course(root).values()})[0]
    named = f"{world} ({load_manifest(world)['tip'][:12]})"
    written, problems = write_certificates(report, class_list(root), out / "certificates", world=named)
    print(f"{len(written)} certificates in {out / 'certificates'}")
    print("".join(f"  ! {problem}\n" for problem in problems), end="")
    return 1 if problems else 0
