"""`cointrail handouts`: answer sheets, slides, exhibits on paper and filled lessons, for who leads the room."""

import argparse
from itertools import count
from pathlib import Path

HELP = """\
Print what an instructor needs, from what is there already.

  cointrail handouts answers day1 --docket A         the answers of a docket, as text
  cointrail handouts slides day1                     slides of each lesson, one HTML file each
  cointrail handouts exhibits E01e E04b --docket A   exhibits of a docket, one HTML file to print
  cointrail handouts checkpoint 2.1b                 lesson 2.1 with its answers filled up to 2.1b, for every docket

Files go to grading/handouts/, which git ignores, or to --out. Exhibits chosen by number get a file of their own. A file
that is there already with another content, for example with your notes in it, is kept beside the new one. Answers are
shown and written nowhere.
"""


def add_parser(subparsers):
    parser = subparsers.add_parser("handouts", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["answers", "slides", "exhibits", "checkpoint"])
    parser.add_argument("names", nargs="*", help="a day; exhibits (all when left out); a question")
    parser.add_argument("--docket", default="A", help="a letter, A to X (A when left out)")
    parser.add_argument("--out", type=Path, help="another folder for the files")
    parser.set_defaults(run=run)


def run(args):
    from cointrail.errors import CointrailError
    from cointrail.grading.desk import course_root
    from cointrail.grading.handouts import printed_exhibits, slides

    root = course_root()
    if args.kind != "exhibits" and len(args.names) != 1:
        one = "question, so: cointrail handouts checkpoint 2.1b" if args.kind == "checkpoint" else "day, such as day1"
        raise CointrailError(f"Name one {one}.")
    if args.kind == "answers":
        return _answers(root, args.names[0], args.docket)
    folder = args.out or root / "grading" / "handouts"
    if args.kind == "exhibits":
        text = printed_exhibits("glass_harbour", args.docket, args.names)
        return _write(folder / f"{_name(args.docket, args.names)}.html", text)
    if args.kind == "checkpoint":
        return _checkpoint(root, folder, args.names[0])
    lessons = sorted((root / "solutions" / args.names[0]).glob("*.ipynb"))
    if not lessons:
        raise CointrailError(f"There is no lesson in solutions/{args.names[0]}.")
    for lesson in lessons:
        _write(folder / f"{args.names[0]}_{lesson.stem}.html", slides(lesson))
    return 0


def _answers(root, assignment, docket):
    from cointrail.exercises.case import docket_in
    from cointrail.grading.answer_sheet import answer_sheet
    from cointrail.grading.assignments import day_of
    from cointrail.grading.questions import load_day

    world, _ = load_day(root, day_of(assignment))
    print(answer_sheet(root, assignment, docket_in(world, docket)))
    return 0


def _checkpoint(root, folder, question):
    import nbformat

    from cointrail.grading.checkpoint import checkpoint

    place, notebook = checkpoint(root, question)
    return _write(folder / f"checkpoint_{question}" / place, nbformat.writes(notebook) + "\n")


def _name(docket, numbers):
    """exhibits_A for all, exhibits_A_E01e_E04b for these two; many are counted."""
    chosen = numbers if len(numbers) <= 6 else [*numbers[:6], f"and_{len(numbers) - 6}_more"]
    return "_".join(["exhibits", docket, *chosen])


def _write(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.is_file() and file.read_text(encoding="utf-8") != text:
        kept = next(name for number in count(1) if not (name := file.with_stem(f"{file.stem}_{number}")).exists())
        file.rename(kept)
        print(f"What was there is kept as {kept.name}.")
    file.write_text(text, encoding="utf-8")
    print(file)
    return 0
