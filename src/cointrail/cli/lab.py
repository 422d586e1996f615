"""`cointrail lab`: open the course."""

import argparse

HELP = """\
Open the course in JupyterLab. The lessons are copied to work/; what you change there is yours and is never
overwritten. When a lesson is updated, the new version lands beside yours.

  cointrail lab                  start, or go on where you stopped
  cointrail lab --as S-017       start with the case that belongs to you (your trainer gives the id)
  cointrail lab --reset 2.1      begin lesson 2.1 again; your version is kept beside the fresh one
  cointrail lab --teach          for the instructor: the whole project, with Formgrader
"""


def add_parser(subparsers):
    parser = subparsers.add_parser("lab", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--as", dest="student", metavar="ID", help="your participant id; your case depends on it")
    parser.add_argument("--reset", metavar="NOTEBOOK", help="begin one lesson again, by number (2.1) or file name")
    parser.add_argument("--teach", action="store_true", help="the instructor's desk instead of the learner's copy")
    parser.add_argument("--no-browser", action="store_true", help="open no browser; the address is printed")
    parser.add_argument("--port", type=int, help="the port to use (default: the first free one from 8888)")
    parser.set_defaults(run=run)


def run(args):
    from cointrail.classroom import lab

    if args.teach:
        return lab.open_desk(browser=not args.no_browser, port=args.port)
    changed = lab.prepare(args.student)
    if args.student and not lab.is_listed(args.student):
        print(f"{args.student!r} is not in the list of the class. Tell your trainer, before you answer anything.")
    if args.reset:
        return _reset(args.reset)
    _tell(changed)
    if "new" in changed.values():  # the set-up: later starts do not even look
        from cointrail.tracing.warm import compile_kernels

        compile_kernels()
    return lab.open_lessons(browser=not args.no_browser, port=args.port)


def _reset(asked):
    from cointrail.classroom import handout, lab

    course, work = lab.course_folder(), lab.learner_folder()
    lesson = handout.find_lesson(course, asked)
    if not _agreed(f"Begin {lesson} again? Your version is kept beside it. [y/N] "):
        print("Nothing was changed.")
        return 1
    kept = handout.start_afresh(course, work, lesson)
    print(f"{lesson} is fresh." + (f" Your version is now: {kept.name}" if kept else ""))
    print("If it is open in JupyterLab, close its tab and open it again.")
    return 0


def _agreed(question):
    try:
        return input(question).strip().lower() in ("y", "yes")
    except EOFError:  # no keyboard: nobody agreed
        return False


def _tell(changed):
    kinds = list(changed.values())
    if "new" in kinds:
        print(f"{kinds.count('new')} files of the course are now in your folder work/.")
    if "updated" in kinds:
        print(f"{kinds.count('updated')} lessons you had not changed were updated.")
    for name, kind in changed.items():
        if kind == "beside":
            print(f"A lesson was updated. Yours stays as it is; the new version lies beside it: {name}")
