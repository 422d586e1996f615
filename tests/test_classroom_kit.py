"""Does the participant's bundle work, and does the search find whatever of the instructor's would slip into it?"""

import importlib
import json
import os
import pkgutil
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import hand_ins
import nbformat
import pytest

from cointrail import CointrailError
from cointrail.classroom import kit
from cointrail.classroom.kit import kit_files, make_kit
from cointrail.classroom.kit_scan import scan
from cointrail.classroom.wheels import needed
from cointrail.exercises.roster import assign_docket

ROOT = Path(__file__).resolve().parents[1]
TRUTH = f"grading/truth/{hand_ins.WORLD}/keys/A"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The project with its small world whole, and of the large one what a key needs."""
    root = tmp_path_factory.mktemp("project")
    for name in (*kit._TOP, "nbgrader_config.py"):
        shutil.copyfile(ROOT / name, root / name)
    keys = f"{hand_ins.WORLD}/keys/A"
    for name in ("src", "course", "solutions", "grading/questions", "datasets/primer", f"datasets/{keys}", TRUTH):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in (f"datasets/{hand_ins.WORLD}/manifest.json", "datasets/README.md"):
        shutil.copyfile(ROOT / file, root / file)
    (root / "grading" / "secret.key").write_text("5e" * 32)
    return root


@pytest.fixture(scope="module")
def made(project, tmp_path_factory):
    target = tmp_path_factory.mktemp("kit") / "kit.zip"
    make_kit(project, target, say=lambda line: None)
    return target


@pytest.fixture(scope="module")
def unpacked(made, tmp_path_factory):
    folder = tmp_path_factory.mktemp("participant")
    with zipfile.ZipFile(made) as packed:
        packed.extractall(folder)
    return folder / "cointrail"


def run(unpacked, *words):
    """A command in the bundle alone: its toolkit, its data, nothing of the project."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("COINTRAIL", "PYTHON"))}
    env |= {"PYTHONPATH": str(unpacked / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([sys.executable, *words], cwd=unpacked, env=env, capture_output=True, text=True)


def test_every_module_of_the_bundle_can_be_imported_without_the_rest(unpacked):
    code = (
        "import cointrail, importlib, pkgutil, sys\n"
        "names = [m.name for m in pkgutil.walk_packages(cointrail.__path__, 'cointrail.')]\n"
        "[importlib.import_module(name) for name in names if not name.endswith('__main__')]\n"
        "print(cointrail.__file__, len(names))\n"
        "assert not [n for n in sys.modules if n.startswith(('cointrail.world', 'cointrail.grading'))]"
    )
    done = run(unpacked, "-c", code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(unpacked))


def test_the_verbs_of_a_participant_work_and_the_others_are_not_there(unpacked):
    done = run(unpacked, "-m", "cointrail", "progress")
    assert done.returncode == 0 and "core objectives reached" in done.stdout, done.stderr
    overview = run(unpacked, "-m", "cointrail", "--help").stdout
    verbs = re.findall(r"^    (\w+) ", overview, re.MULTILINE)
    assert "submit" in verbs and not {"grade", "world", "kit"} & set(verbs)
    prepared = run(unpacked, "-c", "from cointrail.classroom.lab import prepare; print(prepare('S-1'))")
    assert "day2/01_from_bank_statement_to_utxo.ipynb" in prepared.stdout, prepared.stderr
    assert run(unpacked, "-m", "cointrail", "submit", "day2", "--anyway").returncode == 0
    assert (unpacked / "work" / "hand-in" / "S-1_day2.zip").is_file()


def test_an_answer_is_checked_against_the_sealed_key_of_the_bundle(unpacked):
    right = hand_ins.plain_key("A")["2.1b"]["answer"]
    done = run(unpacked, "-c", f"from cointrail import check; check('2.1b', {right})")
    assert "Right" in done.stdout, done.stderr


def test_two_kits_of_one_course_are_the_same_bytes(project, made, tmp_path):
    make_kit(project, tmp_path / "again.zip", say=lambda line: None)
    assert (tmp_path / "again.zip").read_bytes() == made.read_bytes()


def test_nothing_of_the_desk_is_in_it(made, project):
    assert scan(made, project) == []
    with zipfile.ZipFile(made) as packed:
        names = packed.namelist()
    assert not [name for name in names if "/grading/" in name or "/solutions/" in name or "/world/" in name]


def solution(project):
    return (project / "solutions" / "day2" / "01_from_bank_statement_to_utxo.ipynb").read_bytes()


def answered(project):
    notebook = nbformat.reads(solution(project).decode(), as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace("### BEGIN SOLUTION", "").replace("...", "12")
        if cell.cell_type == "code":
            cell.outputs = []
    return nbformat.writes(notebook).encode()


def plain_key(project):
    return (project / TRUTH / "day2.json").read_bytes()


def exam_with_locks(project):
    key = json.loads((project / "datasets" / hand_ins.WORLD / "keys" / "A" / "day2.json").read_bytes())
    key["questions"]["2.1b"]["form"]["exam"] = True
    return json.dumps(key).encode()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("course/day2/01.ipynb", solution, "holds a solution"),
        ("course/day2/01.ipynb", answered, "has an answer in the cell"),
        ("datasets/primer/keys/A/day2.json", plain_key, "in clear"),
        ("datasets/primer/keys/A/day5.json", exam_with_locks, "2.1b in clear"),
        ("datasets/primer/notes.bin", plain_key, "is the same file as grading/truth"),
        ("datasets/notes.txt", lambda project: b"x" * 100 + b"5e" * 32, "a secret of the class"),
        ("dockets.csv", lambda project: b"student_id,name,docket\nS-017,Ama Owusu,C\n", "names people"),
        ("grading/questions/day2.py", lambda project: b"", "instructor's side"),
        ("src/cointrail/world/streams.py", lambda project: b"", "instructor's side"),
    ],
)
def test_whatever_slips_in_is_found(project, made, tmp_path, name, content, said):
    spoilt = tmp_path / "spoilt.zip"
    shutil.copyfile(made, spoilt)
    with zipfile.ZipFile(spoilt, "a") as packed:
        packed.writestr(f"cointrail/{name}", content(project))
    assert any(said in sentence for sentence in scan(spoilt, project))


def test_a_lesson_handed_in_as_it_was_handed_out_does_not_stop_the_next_kit(project, made):
    """On the day of the exam the desk holds the hand-ins of the week, some of them untouched."""
    lesson = project / "course" / "day2" / "01_from_bank_statement_to_utxo.ipynb"
    handed_in = project / "grading" / "submitted" / "S-017" / "day2" / lesson.name
    handed_in.parent.mkdir(parents=True)
    shutil.copyfile(lesson, handed_in)
    assert scan(made, project) == []
    shutil.rmtree(project / "grading" / "submitted")


def test_a_kit_that_is_not_clean_is_not_left_behind(project, tmp_path, monkeypatch):
    monkeypatch.setattr(kit, "README", "5e" * 32)
    with pytest.raises(CointrailError, match=r"No kit was made, because README\.md holds a secret"):
        make_kit(project, tmp_path / "kit.zip", say=lambda line: None)
    assert list(tmp_path.iterdir()) == []


def test_without_the_exam_its_notebook_dockets_and_the_capstone_stay_back(project, tmp_path):
    root = tmp_path / "project"
    shutil.copytree(project, root)
    for name in ("course/day5/04_exam.ipynb", "course/day5/03_cooperation.ipynb", "course/capstone/01.ipynb"):
        source = 'case = open_case("glass_harbour", exam=True)' if "exam" in name else "case = open_case()"
        (root / name).parent.mkdir(exist_ok=True)
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)]), root / name)
    for letter in "TU":
        (root / "datasets" / "primer" / "dockets" / letter).mkdir()
        (root / "datasets" / "primer" / "dockets" / letter / "x.txt").write_text("x")
    whole, without = kit_files(root), kit_files(root, exam=False)
    kept_back = set(whole) - set(without)
    assert kept_back >= {"course/day5/04_exam.ipynb", "course/capstone/01.ipynb", "datasets/primer/dockets/U/x.txt"}
    assert not [name for name in kept_back if "capstone" not in name and "exam" not in name and "/U/" not in name]
    page = without["course/START.md"].decode()
    targets = {f"course/{place}" for place in re.findall(r"\]\(([^)]+[.]ipynb)\)", page)}
    assert targets <= set(without) and "5.4 Exam (comes from your trainer)" in page


def test_a_participant_of_the_roster_works_on_the_docket_that_is_graded(project, tmp_path):
    """A kit once knew no roster: everybody worked on the docket of their id, and was graded on the roster's."""
    roster = tmp_path / "roster.csv"
    roster.write_text("student_id,name,docket\nS-017,Ama Owusu,C\nS-018,Li Wei,D\nS-019,,\n")
    make_kit(project, tmp_path / "kit.zip", roster=roster, say=lambda line: None)
    with zipfile.ZipFile(tmp_path / "kit.zip") as packed:
        packed.extractall(tmp_path)
    assert not re.search(r"S-01|Owusu", (tmp_path / "cointrail" / "dockets.csv").read_text())
    code = "from cointrail.exercises.roster import *; from pathlib import Path; r = roster_file(Path())\n"
    code += "print(*(assign_docket(who, roster=r) for who in ('S-017', 's-018', 'S-019', 'S-020')))"
    done = run(tmp_path / "cointrail", "-c", code)
    assert done.stdout.split() == ["C", "D", assign_docket("S-019"), assign_docket("S-020")], done.stderr


def test_a_fresh_world_goes_into_the_kit_in_place_of_the_public_one(project, tmp_path):
    fresh = tmp_path / "exam"
    shutil.copytree(project / "datasets" / "primer", fresh / "datasets" / "primer")
    (fresh / "datasets" / "primer" / "prices.csv").write_text("only here\n")
    (fresh / "grading" / "truth" / "primer").mkdir(parents=True)
    (fresh / "grading" / "truth" / "primer" / "seed.txt").write_text("7f" * 16)
    data = fresh / "datasets"
    make_kit(project, tmp_path / "kit.zip", data=data, say=lambda line: None)
    with zipfile.ZipFile(tmp_path / "kit.zip") as packed:
        assert packed.read("cointrail/datasets/primer/prices.csv") == b"only here\n"
        assert not [name for name in packed.namelist() if hand_ins.WORLD in name.split("/")]
    (data / "primer" / "notes.txt").write_text("x" * 100 + "7f" * 16)
    with pytest.raises(CointrailError, match="holds a secret"):
        make_kit(project, tmp_path / "again.zip", data=data, say=lambda line: None)


def test_each_system_gets_the_packages_its_markers_ask_for():
    linux, windows, mac = (needed(ROOT, *pair) for pair in (("linux", "3.11"), ("windows", "3.13"), ("mac", "3.12")))
    assert "pywinpty" in windows and "pywinpty" not in linux
    assert "appnope" in mac and "appnope" not in windows
    for pins in (linux, windows, mac):
        assert {"embit", "uv", "pandas", "jupyterlab", "nbgrader"} <= set(pins)
        assert not {"ruff", "distributed", "coincurve", "igraph"} & set(pins)
        assert all("--hash=sha256:" in line for line in pins.values())


def test_what_a_learner_imports_is_what_the_kit_carries():
    """A new room for learners must be entered in the kit."""
    import cointrail

    rooms = {module.name for module in pkgutil.iter_modules(cointrail.__path__)}
    desk = {"__main__", "classroom", "cli", "errors", "grading", "world"}
    assert rooms - desk == set(kit._ROOMS)
    assert importlib.import_module("cointrail.classroom.lab")
