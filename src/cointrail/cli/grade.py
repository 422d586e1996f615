"""`cointrail grade`: run submissions, score them, write feedback."""

import contextlib
import sys


def add_parser(subparsers):
    parser = subparsers.add_parser(
        "grade",
        help="run the hand-ins of a day, score them, write feedback pages",
        description=(
            "Grade every hand-in in grading/submitted/STUDENT/DAY/. Each notebook runs in a sandbox that holds no "
            "truth and no key and has no network; the answers that come out are scored here, written to nbgrader's "
            "gradebook, and explained in grading/feedback/STUDENT/DAY/. A hand-in that did not change is not run again."
        ),
        epilog="Examples: cointrail grade day2    cointrail grade day2 --student s017 --force",
    )
    parser.add_argument("assignment", metavar="DAY", help="such as day2")
    parser.add_argument("--student", action="append", default=[], help="only this student; may be repeated")
    parser.add_argument("--force", action="store_true", help="run again what did not change")
    parser.add_argument("--engine", choices=("fork", "kernel"), help="fork: a warm Python (default); kernel: Jupyter's")
    parser.add_argument(
        "--no-sandbox", action="store_true", help="run submissions as ordinary programs of this machine"
    )
    parser.add_argument("--jobs", type=int, metavar="N", help="processes that run hand-ins (default: one a core)")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="run them on the workers of a Dask scheduler: tcp://...")
    parser.set_defaults(run=run)


def run(args):
    from cointrail.grading.barriers import begin_barriers

    if not args.no_sandbox:
        begin_barriers()  # takes seconds of waiting, in which the rest is loaded

    from cointrail.grading.desk import course_root
    from cointrail.grading.grade import grade
    from cointrail.grading.scheduler import executor_at

    engine = "plain" if args.no_sandbox else args.engine
    settings = {"students": args.student, "force": args.force, "engine": engine, "jobs": args.jobs}
    try:
        with executor_at(args.scheduler) if args.scheduler else contextlib.nullcontext() as executor:
            graded = grade(course_root(), args.assignment, executor=executor, **settings)
    except KeyboardInterrupt:
        print("\nStopped. What was graded stays graded: the same command goes on with the rest.", file=sys.stderr)
        return 130
    width = max(len("student"), *(len(result.student) for result in graded))
    print(f"\n{'student':{width}}  docket  points        by hand")
    for result in graded:
        print(
            f"{result.student:{width}}  {result.docket:6}  {round(result.total, 2):5g} of {result.of:<5g}  "
            f"{result.by_hand:g}{'   (unchanged)' if result.skipped else ''}"
        )
        for note in result.notes:
            print(f"{'':{width}}  ! {note}")
    print(f"\nFeedback pages: grading/feedback/STUDENT/{args.assignment}/")
    return 0
