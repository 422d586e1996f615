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
        epilog="Example: cointrail build day2",
    )
    parser.add_argument("days", nargs="*", metavar="DAY", help="such as day2; all days when left out")
    parser.set_defaults(run=run)


def run(args):
    from cointrail.grading.build import build
    from cointrail.grading.desk import course_root

    build(course_root(), [_day(text) for text in args.days])
    return 0


def _day(text):
    if not (text.startswith("day") and text[3:].isdigit()):
        raise CointrailError(f"{text!r} is not a day. Write it so: day2")
    return int(text[3:])
