"""`cointrail world`: make, verify, measure or describe a world."""

from itertools import chain
from pathlib import Path


def add_parser(subparsers):
    parser = subparsers.add_parser(
        "world",
        help="make, verify or describe a world",
        description=(
            "A world is a synthetic ledger with its exhibits, and the truth about it. The ledger is real in form: "
            "its blocks are signed, and Bitcoin Core's own consensus code connects every one of them."
        ),
        epilog="Examples: cointrail world describe primer; cointrail world verify primer",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    make = actions.add_parser(
        "make",
        help="make a world from its public seed",
        description=(
            "Without --out, make the published world again from its public seed (same seed, same bytes); it replaces "
            "datasets/NAME and grading/truth/NAME of this project. With --out, make a fresh world of a secret seed, "
            "for marks that count: the seed is generated, shown once and kept in DIR/grading/truth/NAME/seed.txt; "
            "--world DIR lets other verbs use it; a run that was stopped goes on. With --unsigned, write the four "
            "tables of a large ledger to --out: real txids, no signatures, no truth."
        ),
        epilog=(
            "Examples: cointrail world make --out exam; cointrail world make primer; "
            "cointrail world make --unsigned --transactions 1000000 --out big"
        ),
    )
    make.add_argument(
        "name", metavar="NAME", nargs="?", help="a story: primer or glass_harbour, the one of a fresh world"
    )
    make.add_argument("--unsigned", action="store_true", help="no story: a large ledger without signatures")
    make.add_argument("--transactions", type=int, metavar="N", help="how many payments the unsigned ledger has")
    make.add_argument("--out", type=Path, metavar="DIR", help="write DIR/datasets/NAME and DIR/grading/truth/NAME")
    make.add_argument("--chains", action="store_true", help="only the two chains, no dockets")
    make.add_argument(
        "--students", type=Path, metavar="CSV", help="student_id,name of the class, for the roster of a fresh world"
    )
    make.set_defaults(run=run_make)
    dockets = actions.add_parser(
        "dockets",
        help="make the exhibits and intended facts of dockets",
        description=(
            "Make the dockets of a world whose chains are on disk: exhibits to datasets/NAME/dockets, intended facts "
            "to grading/truth/NAME/dockets. Run `cointrail build` afterwards for the keys."
        ),
        epilog="Example: cointrail world dockets glass_harbour --docket A --docket B",
    )
    dockets.add_argument("name", metavar="NAME")
    dockets.add_argument("--docket", action="append", metavar="X", help="only this docket (may be said again)")
    dockets.set_defaults(run=run_dockets)
    verify = actions.add_parser(
        "verify",
        help="prove a world, from its bytes to its truth",
        description=(
            "Check a world of the data folder step by step: bytes, rules, tables, truth, exhibits, and whether each "
            "graded question has one intended answer on every docket. A table shows how hard each docket is. Exit code "
            "0: all is well; 1: something is wrong, and a line says what."
        ),
    )
    verify.add_argument("name", metavar="NAME")
    verify.add_argument("--chains", action="store_true", help="leave out the questions (making all keys takes minutes)")
    verify.set_defaults(run=run_verify)
    stats = actions.add_parser(
        "stats",
        help="how real a world looks, beside published figures",
        description=(
            "Measure the ledger of a world and print it beside what was published about real ledgers, with a band for "
            "each figure and its source. Outside a band is no fault, but teachers should know it."
        ),
    )
    stats.add_argument("name", metavar="NAME")
    stats.add_argument("--methods", action="store_true", help="instead: the error rates of the package's own methods")
    stats.set_defaults(run=run_stats)
    describe = actions.add_parser("describe", help="what is in a world", description="Print what a world holds.")
    describe.add_argument("name", metavar="NAME")
    describe.set_defaults(run=run_describe)


def run_make(args):
    import time

    from cointrail.errors import CointrailError

    if args.unsigned:
        return _make_unsigned(args)
    if not args.name and args.out:
        args.name = "glass_harbour"
    if not args.name:
        raise CointrailError("Name a story (primer, glass_harbour), or say --unsigned --transactions N --out DIR.")
    from cointrail.world.stages import build_world

    start = time.perf_counter()

    def say(line):
        print(f"  {time.perf_counter() - start:6.1f} s  {line}", flush=True)

    students = _students(args)
    build_world(args.name, out=args.out, dockets=not args.chains, say=say)
    if args.out and not args.chains:
        _equip(args, students, say)
    print(
        f"{args.name} is made. Prove it: cointrail world verify {args.name}{f' --world {args.out}' if args.out else ''}"
    )
    return 0


def _students(args):
    from cointrail.classroom.roster import read_students

    return read_students(args.students) if args.students else None


def _equip(args, students, say):
    """What a fresh world needs beside exhibits: the keys of every day that asks about it, and the class's roster."""
    from cointrail.classroom.roster import make_roster
    from cointrail.grading.desk import course_root
    from cointrail.grading.fresh import write_all_keys
    from cointrail.world.dockets.make import draw_again

    write_all_keys(course_root(), args.name, draw=lambda docket: draw_again(args.name, docket, say=say), say=say)
    roster = args.out / "grading" / "classroom" / "roster.csv"
    made = make_roster(roster, students)
    say(f"roster of {made} students: {roster}" if made else f"the roster is there already: {roster}")


def _make_unsigned(args):
    import time

    from cointrail.errors import CointrailError
    from cointrail.world.bulk import make_bulk

    if args.name or args.transactions is None or args.out is None:
        raise CointrailError("An unsigned ledger needs --transactions N and --out DIR, and no name of a story.")
    start = time.perf_counter()
    make_bulk(args.out, args.transactions, note=lambda text: print(f"  {text}", flush=True))
    seconds = time.perf_counter() - start
    print(f"{args.transactions:,} payments written to {args.out} in {seconds:.1f} s")
    print("It has no signatures: open it with read_ledger, do not judge it.")
    return 0


def run_dockets(args):
    from cointrail.world.dockets import make_dockets

    make_dockets(args.name, args.docket, say=lambda line: print(f"  {line}", flush=True))
    return 0


def run_verify(args):
    from cointrail.world.files import WorldFiles
    from cointrail.world.verify import verify_steps

    wrong, files = 0, WorldFiles(args.name)
    steps = verify_steps(args.name)
    for title, findings in steps if args.chains else chain(steps, _intended_steps(files)):
        print(f"  {'ok   ' if not findings else 'WRONG'}  {title}", flush=True)
        for finding in findings:
            print(f"         - {finding}")
        wrong += len(findings)
    if files.truth is None:
        print("  --     the truth is not in this copy, so it was not checked")
    elif (files.truth / "landmarks.parquet").is_file():
        _print_difficulty(files)
    print(f"{args.name}: {'all is well' if not wrong else f'{wrong} finding' + 's' * (wrong > 1)}")
    return 1 if wrong else 0


def _intended_steps(files):
    """One step for each day: is there one intended answer to each question on every docket? Needs desk and exhibits."""
    from cointrail.grading.assignments import day_title
    from cointrail.grading.desk import course_root
    from cointrail.grading.intended import days_of, intended_findings

    if files.truth is None or not (files.truth / "dockets").is_dir():
        return
    root = course_root()
    for day in days_of(root, files.name):
        title = f"every question of {day_title(day)} has one intended answer"
        yield title, list(intended_findings(root, day))


def _print_difficulty(files):
    from cointrail.world.docket_checks import BANDS, difficulty

    table = difficulty(files)
    bands = {name: f"{low:g}-{high:g}" for name, (low, high) in BANDS.items()}
    print("Difficulty of the dockets, and the band of each measure:")
    print(f"{'docket':8}" + "".join(f"{name:>19}" for name in table.columns))
    print(f"{'band':8}" + "".join(f"{bands[name]:>19}" for name in table.columns))
    for docket, row in table.iterrows():
        print(f"{docket:8}" + "".join(f"{value:>19g}" for value in row))


def _run_methods(args):
    from cointrail.errors import CointrailError
    from cointrail.world.files import WorldFiles
    from cointrail.world.methods import change_by_type, method_figures, one_sign

    files = WorldFiles(args.name)
    if files.truth is None or not (files.truth / "landmarks.parquet").is_file():
        raise CointrailError(f"The truth of {args.name} is not here, or it has no vendors: methods cannot be measured.")
    print(f"{'':8}{'figure':50} {'here':>8}  {'band':14} source of the band")
    findings = []
    for figure in method_figures(files):
        word = "" if figure.inside else "OUTSIDE"
        print(
            f"{word:8}{figure.name:50} {figure.value:8,.4g}  {f'{figure.low:g} - {figure.high:g}':14} {figure.source}"
        )
        findings.append(figure.inside)
    print(f"{sum(findings)} of {len(findings)} figures lie inside their bands.")
    print("Change on one sign, by the script type that pays (right, n):")
    for kind, right, n in change_by_type(files, one_sign(files)).itertuples(index=False):
        print(f"  {kind:24} {right:6.3f} {n:8,}")
    return 0


def run_stats(args):
    if args.methods:
        return _run_methods(args)
    from cointrail.ledger import load_ledger
    from cointrail.world.stats import motion, realism

    ledger = load_ledger(args.name)
    findings = list(realism(ledger))
    print(f"{'':8}{'figure':36} {'here':>8}  {'band':14} {'published':14} unit")
    for finding in findings:
        figure = finding.figure
        band, published = f"{figure.low:g} - {figure.high:g}", " / ".join(f"{value:g}" for value in figure.published)
        word = "" if finding.inside else "OUTSIDE"
        print(f"{word:8}{figure.name:36} {finding.value:8g}  {band:14} {published:14} {figure.unit}")
    inside = sum(finding.inside for finding in findings)
    print(f"{inside} of {len(findings)} figures lie inside their bands. Sources of the published figures:")
    for source in dict.fromkeys(finding.figure.source for finding in findings):
        print(f"  - {source}")
    print("How fast coins move (nothing published to compare with):")
    for name, value in motion(ledger).items():
        print(f"  {name:52} {value:g}")
    return 0


def run_describe(args):
    from cointrail.world.describe import describe_world

    print(describe_world(args.name))
    return 0
