"""Every attack of tests/attacks is graded in one class, between two honest participants.

What must hold for each: no undeserved point, nothing changed or reached outside, an end within the limits, and a page
that says what happened. And for the class: the honest ones have all their points, whoever stood beside them.
"""

import html
import importlib
import re
import shutil
import socket

import hand_ins
import nbformat
import pytest
import walls
from attacks import ATTACKS, Work

from cointrail.exercises.roster import read_roster
from cointrail.grading.grade import grade

for room in ("forge", "smuggle", "patch", "reach", "exhaust", "linger", "tamper", "markup"):
    importlib.import_module(f"attacks.{room}")

pytestmark = [walls.needs_sandbox, pytest.mark.slow]  # a minute; .ci/run has a stage for it
HONEST = ("aaa-first", "zzz-last")


@pytest.fixture(scope="module")
def listener():
    """A port of this machine that waits for visitors."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.fixture(scope="module")
def desk(tmp_path_factory, listener):
    """A small course, graded: one notebook of four questions without its pictures, honest and hostile hand-ins."""
    folder = tmp_path_factory.mktemp("class")
    canary = folder / "canary.txt"
    canary.write_text("untouched")
    root = hand_ins.desk_copy(folder / "desk")
    hand_ins.make_small(root, cell_seconds=4, notebook_seconds=20)
    hand_ins.seat(root, [*HONEST, *ATTACKS])
    for student in HONEST:
        hand_ins.hand_in(root, student, hand_ins.right_answers())
    for name, (spoil, _) in ATTACKS.items():
        hand_in = hand_ins.hand_in(root, name, {})
        spoil(Work(hand_in, root, canary, listener.getsockname()[1]))
    before = _contents(root)
    results = {result.student: result for result in grade(root, "day2", say=lambda line: None)}
    return root, results, before, canary


def _contents(root):
    """What grading itself must not change either: course, solutions, questions, truth, hand-ins."""
    kept = ("course", "solutions", "grading/questions", "grading/truth", "grading/submitted")
    files = [file for name in kept for file in sorted((root / name).rglob("*")) if file.is_file()]
    return {str(file): file.read_bytes() for file in files if file.stat().st_size < 1 << 20}


def page(root, student):
    pages = sorted((root / "grading" / "feedback" / student / "day2").glob("*.html"))
    return "\n".join(file.read_text(encoding="utf-8") for file in pages)


def outputs_of(root, student):
    return "\n".join(
        str(output)
        for file in (root / "grading" / "autograded" / student / "day2").glob("*.ipynb")
        for cell in nbformat.read(file, as_version=4).cells
        for output in cell.get("outputs", [])
    )


def test_there_are_at_least_forty():
    assert len(ATTACKS) > 100
    assert all(function.__doc__ for function, _ in ATTACKS.values()), "each says what plain nbgrader does"


@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_earns_nothing_and_is_told_why(name, desk):
    root, results, _, _ = desk
    assert results[name].total == 0
    text = html.unescape(page(root, name))
    assert re.search(ATTACKS[name][1], text), f"{name}: the page does not say {ATTACKS[name][1]!r}"


def test_the_honest_have_all_their_points(desk):
    _, results, _, _ = desk
    assert {results[student].total for student in HONEST} == {results[HONEST[0]].of}
    assert results[HONEST[0]].of >= 9


def test_nothing_outside_was_changed_or_reached(desk, listener):
    root, _, before, canary = desk
    assert canary.read_text() == "untouched"
    assert _contents(root) == before
    with pytest.raises(BlockingIOError):
        listener.accept()
    assert not walls.still_runs("600.4242424242")


def test_no_probe_of_a_wall_was_possible(desk):
    root, _, _, _ = desk
    for name in ATTACKS:
        said = outputs_of(root, name)
        for word in ("TAKEN", "UNSHARED", "MOUNTED", "TRACED", "WRITTEN", "OPENED"):
            assert f"'{word} " not in said and f"\\n{word}" not in said and f"{word}\\n" not in said, f"{name}: {word}"
        assert "untouched" not in said


def test_no_page_holds_markup_of_a_participant_or_a_key(desk):
    root, _, _, _ = desk
    for name in ATTACKS:
        text = page(root, name)
        assert "<script" not in text and "<img" not in text
        docket = read_roster(root / "grading" / "classroom" / "roster.csv")[name]
        right = hand_ins.plain_key(docket)["2.1b"]["answer"]
        assert not re.search(rf"\b{right}\b", text), f"{name}: the page gives the answer away"


def test_a_second_run_does_not_run_them_again(desk):
    root, results, _, _ = desk
    again = grade(root, "day2", students=["endless_loop", "not_json"], say=lambda line: None)
    assert all(result.skipped and result.total == results[result.student].total for result in again)
    shutil.rmtree(root / "grading" / "submitted")
