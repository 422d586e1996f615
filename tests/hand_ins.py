"""Hand-ins made for the tests: a copy of the course on which somebody has worked."""

import atexit
import functools
import json
import re
import shutil
import tempfile
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from cointrail.grading.hidden import class_secret

ROOT = Path(__file__).resolve().parents[1]

# the world of day 2, on which the hand-ins of the tests are graded
WORLD = "glass_harbour"

# the body of a naive function for a predicted mistake of a function question
NAIVE_BODIES = {("2.2b", "M07"): "return total_received(ledger, address, height=height)"}


def desk_copy(folder):
    """A course folder of its own: everything `nbgrader` and `cointrail grade` need, and no hand-in.

    The gradebook is there, empty. All desks of a run have one secret and one folder of hidden inputs, so that one warm
    worker, which sees that folder, serves them all.
    """
    for name in ("course", "solutions", "grading/questions", "grading/rubrics", "grading/truth"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copyfile(ROOT / "nbgrader_config.py", folder / "nbgrader_config.py")
    for name in ("gradebook.db", "secret.key"):
        shutil.copyfile(_begun() / "grading" / name, folder / "grading" / name)
    (folder / "grading" / "hidden").symlink_to(_begun() / "grading" / "hidden")
    return folder


@functools.cache
def _begun():
    """What takes a moment to make, once for all desks."""
    folder = Path(tempfile.mkdtemp(prefix="cointrail-desks-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "grading" / "hidden").mkdir(parents=True)
    class_secret(folder)
    Gradebook(f"sqlite:///{folder / 'grading' / 'gradebook.db'}", "cointrail").close()
    return folder


def plain_key(docket, day="day2", world=WORLD):
    return read_json(ROOT / "grading" / "truth" / world / "keys" / docket / f"{day}.json")["questions"]


def read_json(file):
    return json.loads(file.read_text(encoding="utf-8"))


def hand_in(root, student, answers, day="day2"):
    """Put a submission into the desk: `answers` maps a question id to the source of its answer cell."""
    folder = root / "grading" / "submitted" / student / day
    shutil.copytree(root / "course" / day, folder)
    for file in sorted(folder.glob("*.ipynb")):
        notebook = nbformat.read(file, as_version=4)
        for cell in notebook.cells:
            question = _answered_by(cell)
            if question in answers:
                cell.source = answers[question]
        nbformat.write(notebook, file)
    return folder


def _answered_by(cell):
    named = re.fullmatch(r"(?:answer|explain)_(\d+_\d+\w*)", cell.metadata.get("nbgrader", {}).get("grade_id", ""))
    return named[1].replace("_", ".", 1) if named else None


def right_answers(day="day2"):
    """The answer cells of the solutions, as a perfect participant would write them."""
    answers = {}
    for file in sorted((ROOT / "solutions" / day).glob("*.ipynb")):
        for cell in nbformat.read(file, as_version=4).cells:
            if _answered_by(cell):
                answers[_answered_by(cell)] = cell.source
    return answers


def mistaken_answers(docket, codes):
    """For every question with one of these predicted mistakes, an answer cell that makes it."""
    answers = {}
    for question_id, key in plain_key(docket).items():
        for code in codes:
            if question_id in answers:
                continue
            if (question_id, code) in NAIVE_BODIES:
                answers[question_id] = f"def {key['form']['signature']}:\n    {NAIVE_BODIES[question_id, code]}"
            for mistake in key.get("mistakes", []):
                if mistake["code"] == code:
                    answers[question_id] = f"answer_{question_id.replace('.', '_')} = {mistake['answer']!r}"
    return answers


def abstaining_answers(docket):
    answers = {}
    for question_id, key in plain_key(docket).items():
        if key["form"]["type"] == "function":
            answers[question_id] = f"def {key['form']['signature']}:\n    return None"
        elif key["form"]["type"] != "written":
            answers[question_id] = f"answer_{question_id.replace('.', '_')} = None"
    return answers


def make_small(root, notebooks=1, **limits):
    """Keep of day 2 some notebooks, what is graded in them and what that needs; pictures only cost time in tests."""
    for folder in ("course", "solutions"):
        files = sorted((root / folder / "day2").glob("*.ipynb"))
        for file in files[notebooks:]:
            file.unlink()
        for file in files[:notebooks]:
            notebook = nbformat.read(file, as_version=4)
            notebook.cells = [c for c in notebook.cells if c.cell_type == "code" or "nbgrader" in c.metadata]
            for cell in notebook.cells:
                cell.source = "\n".join(line for line in cell.source.splitlines() if not line.startswith("show_"))
            nbformat.write(notebook, file)
    config = root / "nbgrader_config.py"
    lines = [f"c.RunSubmission.{name} = {value}" for name, value in limits.items()]
    config.write_text("\n".join([config.read_text(encoding="utf-8"), *lines, ""]), encoding="utf-8")
    return root


def seat(root, students, dockets="AB"):
    """Write a roster in which the dockets take turns: two keys are enough for a class. Returns {student: docket}."""
    seats = {student: dockets[number % len(dockets)] for number, student in enumerate(students)}
    roster = root / "grading" / "classroom" / "roster.csv"
    roster.parent.mkdir(exist_ok=True)
    lines = [f"{student},,{docket}" for student, docket in seats.items()]
    roster.write_text("\n".join(["student_id,name,docket", *lines, ""]), encoding="utf-8")
    return seats
