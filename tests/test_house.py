"""The house stands as designed: floors, top level, one environment, nothing that names a machine or a registry."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import cointrail

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "cointrail"

TOP = {
    *(".ci", ".gitattributes", ".github", ".gitignore", ".pre-commit-config.yaml"),
    *("CITATION.cff", "CONTRIBUTING.md", "LICENSE", "LICENSE-course-text", "README.md"),
    *("course", "datasets", "grading", "solutions", "src", "tests"),
    *("environment.yml", "nbgrader_config.py", "pyproject.toml", "requirements.lock.txt", "start.py"),
}

FLOORS = {
    room: floor
    for floor, rooms in enumerate(
        ["errors", "ledger", "tracing evidence", "exercises board world", "grading", "classroom", "cli"], start=-1
    )
    for room in rooms.split()
}


def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: nothing to list")
    return [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).exists()]


def room_of(file):
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(file):
    """The rooms a source file names in any import, at the top or inside a function."""
    here = ["cointrail", *file.relative_to(PACKAGE).parent.parts]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            homes = cointrail._HOME if module == "cointrail" else {}
            names = [module, *(homes.get(alias.name, f"{module}.{alias.name}") for alias in node.names)]
        else:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith("cointrail."))


ROOMS = sorted(file for file in PACKAGE.rglob("*.py") if file.parent != PACKAGE or file.stem == "errors")


@pytest.mark.parametrize("file", ROOMS, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_a_room_imports_from_lower_floors_only(file):
    mine = room_of(file)
    wrong = {room for room in imported_rooms(file) if room in FLOORS and room != mine and FLOORS[room] >= FLOORS[mine]}
    assert not wrong, f"{mine} (floor {FLOORS[mine]}) may not import {wrong}"


def test_every_room_has_a_floor():
    assert {room_of(file) for file in ROOMS} <= set(FLOORS)


def test_importing_cointrail_loads_nothing_heavy():
    """A notebook's first line answers at once; and the toolkit cannot reach the simulator by accident."""
    code = "import cointrail, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pandas", "numpy", "pyarrow", "matplotlib", "nbgrader", "cointrail.world"} & set(loaded)


def test_a_lesson_can_not_reach_the_world_through_the_toolkit():
    """What notebooks import, down to the last lazy name, never loads the simulator or the grader."""
    code = "import cointrail, sys; [getattr(cointrail, name) for name in cointrail.__all__]; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not [name for name in loaded if name.startswith(("cointrail.world", "cointrail.grading"))]


def test_top_level_is_exactly_the_house():
    assert {name.split("/")[0] for name in tracked()} == TOP


def locked():
    """{(name, version, marker)} of the lock, and for each name the packages that brought it ("via")."""
    pins, via, name = set(), {}, None
    for line in (ROOT / "requirements.lock.txt").read_text(encoding="utf-8").splitlines():
        if pin := re.match(r"([\w.-]+)==(\S+)(?: ; (.*?))?(?: \\)?$", line):
            name = pin[1]
            pins.add((name, pin[2], pin[3]))
        elif reason := re.match(r" +#(?: via)? +(\S.*)$", line):
            via.setdefault(name, set()).add(reason[1])
    return pins, via


def test_lock_pins_every_package_by_hash():
    blocks = re.findall(r"^[\w.-]+==.*(?:\n +.*)*", (ROOT / "requirements.lock.txt").read_text(), re.MULTILINE)
    assert len(blocks) > 100
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_environment_for_conda_is_the_base_of_the_lock():
    """Every package that a learner gets, and the test group, in the locked version; no developer's package."""
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    *listed, course = next(part for part in conda if isinstance(part, dict))["pip"]
    assert course == "-e ."
    pins, via = locked()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["test"]
    base = {re.match(r"[\w.-]+", line)[0] for line in wanted}
    while grown := {name for name, reasons in via.items() if reasons & base} - base:
        base |= grown
    rows = {(name, version) for name, version, _ in pins if name in base}
    assert {tuple(row.split(" ; ")[0].split("==")) for row in listed} == rows
    assert not base & {"ruff", "uv", "coincurve", "hypothesis"}


def test_environment_for_conda_allows_the_same_python():
    python = next(line for line in (ROOT / "environment.yml").read_text().splitlines() if "python=" in line)
    assert python.strip() == "- python=3.11"
    assert 'requires-python = ">=3.11,<3.14"' in (ROOT / "pyproject.toml").read_text()


# Written in pieces, so that this file does not name them.
HOSTS = "|".join(
    ["pypi" + r"\.org", "python" + r"hosted\.org", "npmjs" + r"\.(?:org|com)", "ana" + r"conda\.(?:org|com)"]
)
PLACES = "|".join(
    ["/" + "work/", "/" + "root/", "/" + "farm/", "/tmp/" + "brief", "/" + "home/[a-z]", "C:" + r"\\Users"]
)


def test_no_tracked_file_names_a_registry_or_a_machine():
    bad = re.compile(rf"(?:{HOSTS})|(?<![\w.}}])(?:{PLACES})")
    found = []
    for name in tracked():
        content = (ROOT / name).read_bytes()
        if b"\0" not in content[:8000] and not name.endswith(".pdf"):
            found += [f"{name}: {hit}" for hit in bad.findall(content.decode("utf-8"))]
    assert found == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "course/START.md"])
def test_links_between_the_pages_of_the_house_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "course/START.md"])
def test_every_lesson_can_be_opened_from_the_first_page(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    lessons = [file.relative_to(ROOT / "course").as_posix() for file in (ROOT / "course").glob("day*/*.ipynb")]
    assert lessons
    assert [lesson for lesson in lessons if lesson not in text] == []


def test_help_lists_the_verbs_by_person_and_imports_none_of_them():
    code = "import sys; from cointrail.cli import main; main(['--help']); print(*sys.modules, file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert re.search(r"Participant.*\n +lab .*(?:\n.*)*Instructor.*\n +grade ", ran.stdout)
    assert "pandas" not in ran.stderr.split()
    assert "cointrail.cli.lab" not in ran.stderr.split()


@pytest.mark.parametrize("words", [["gradee"], ["lab", "--port", "http"]])
def test_a_slip_on_the_command_line_gets_a_sentence(words):
    ran = subprocess.run([sys.executable, "-m", "cointrail", *words], capture_output=True, text=True)
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
    assert ran.stdout == ""


def test_a_mistyped_verb_is_told_the_near_one():
    ran = subprocess.run([sys.executable, "-m", "cointrail", "gradee"], capture_output=True, text=True)
    assert "Did you mean: cointrail grade?" in ran.stderr
