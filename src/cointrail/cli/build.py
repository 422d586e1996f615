"""`cointrail build`: execute the solutions, normalise them, make the keys, generate course/."""

from cointrail.errors import CointrailError


def add_parser(subparsers):
    parser = subparsers.add_parser(
        "build",
        help="execute solutions, make the keys, generate course/",
        description=(
            "Make everything that is generated: the answer keys of every docket, the executed solutions in normal "
            "form, and the learners' notebooks in course/. Run it after every change in solutions/ or "
            "grading/questions/. Two runs in a row change nothing."
        ),
        epilog="Examples: cointrail build day2    cointrail build --day 3 --docket A    cointrail build day3 --check",
    )
    parser.add_argument("folders", nargs="*", metavar="FOLDER", help="such as day2, appendix; all when left out")
    parser.add_argument("--day", action="append", type=int, default=[], metavar="N", help="the same as dayN")
    parser.add_argument(
        "--docket", action="append", default=[], metavar="X", help="keys of this docket only; repeatable"
    )
    parser.add_argument(
        "--check", action="store_true", help="change nothing: do the solutions earn all on each docket?"
    )
    parser.set_defaults(run=run)


def run(args):
    from cointrail.grading.assignments import assignment_of
    from cointrail.grading.build import build
    from cointrail.grading.desk import course_root

    root = course_root()
    folders = [*args.folders, *(assignment_of(day) for day in args.day)]
    unknown = [folder for folder in folders if not (root / "solutions" / folder).is_dir()]
    if unknown:
        there = sorted(folder.name for folder in (root / "solutions").iterdir() if folder.is_dir())
        raise CointrailError(f"There is no folder solutions/{unknown[0]}. There is: {', '.join(there)}.")
    if args.check:
        return _check(root, folders, args.docket)
    build(root, folders, dockets=args.docket)
    return 0


def _check(root, folders, dockets):
    from cointrail.grading.assignments import graded_assignments
    from cointrail.grading.rehearse import rehearse

    graded = [name for name in graded_assignments(root) if name in folders or not folders]
    found = [sentence for name in graded for sentence in rehearse(root, name, dockets=dockets)]
    print("\n".join(["", *found, f"{len(found)} not right."]))
    return 1 if found else 0
