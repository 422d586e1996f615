"""Intake: what can be graded is graded, what was changed is told, and nothing but text is taken."""

import json
import os
import subprocess
import sys

import nbformat
import pytest

from cointrail.exercises.records import MIME
from cointrail.grading.intake import stage
from cointrail.grading.rebuild import rebuild
from cointrail.grading.slim import NotANotebookError, read_slim, slim


def metadata(grade_id, *, solution, grade, kind="code", points=2):
    named = {"grade_id": grade_id, "solution": solution, "grade": grade, "locked": not solution, "cell_type": kind}
    return {"nbgrader": {**named, "schema_version": 3, "task": False, **({"points": points} if grade else {})}}


def released():
    v4 = nbformat.v4
    return v4.new_notebook(
        cells=[
            v4.new_markdown_cell("# 2.1", id="title"),
            v4.new_code_cell("import pandas", id="setup"),
            v4.new_code_cell("answer_2_1a = ...", id="a", metadata=metadata("answer_2_1a", solution=True, grade=False)),
            v4.new_code_cell(
                'check("2.1a", answer_2_1a)', id="q", metadata=metadata("q2_1a", solution=False, grade=True)
            ),
            v4.new_code_cell("# Try things here.", id="bench"),
            v4.new_markdown_cell(
                "*Write here.*", id="e", metadata=metadata("explain_2_1", solution=True, grade=True, kind="markdown")
            ),
        ],
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
    )


def taken(change):
    """What is rebuilt from a copy of the released notebook after a change."""
    notebook = released()
    change(notebook)
    return rebuild(released(), slim(nbformat.writes(notebook).encode()))


def sources(notebook):
    return [cell.source for cell in notebook.cells]


def cell(notebook, cell_id):
    return next(c for c in notebook.cells if c.id == cell_id)


def copy_of(original, **changes):
    return nbformat.from_dict({**original, **changes})


def test_an_honest_notebook_comes_through_unchanged():
    def work(notebook):
        cell(notebook, "a").source = "answer_2_1a = 5"
        cell(notebook, "e").source = "Because."

    rebuilt, notes = taken(work)
    assert notes == []
    assert sources(rebuilt) == [
        "# 2.1",
        "import pandas",
        "answer_2_1a = 5",
        'check("2.1a", answer_2_1a)',
        "# Try things here.",
        "Because.",
    ]


def test_own_cells_run_where_they_stood():
    rebuilt, notes = taken(lambda n: n.cells.insert(2, nbformat.v4.new_code_cell("helper = 3")))
    assert sources(rebuilt)[2] == "helper = 3"
    assert notes == []


def test_a_changed_workbench_runs_as_released_then_as_the_learner_has_it():
    rebuilt, _ = taken(lambda n: cell(n, "bench").update(source="mine = 1"))
    assert sources(rebuilt)[4:6] == ["# Try things here.", "mine = 1"]


def test_of_a_copied_answer_all_run_and_the_last_one_worked_on_counts():
    def work(notebook):
        cell(notebook, "a").source = "answer_2_1a = 5"
        notebook.cells.insert(0, copy_of(cell(notebook, "a"), id="a1", source="answer_2_1a = 4"))
        notebook.cells.append(copy_of(cell(released(), "a"), id="a2"))

    rebuilt, notes = taken(work)
    assert sources(rebuilt)[2:4] == ["answer_2_1a = 4", "answer_2_1a = 5"]
    assert notes == ["The answer cell of 2.1a stood there 3 times; all were run in order, and the last one counts."]


def test_a_split_written_answer_is_joined():
    def work(notebook):
        cell(notebook, "e").source = "First."
        notebook.cells.append(copy_of(cell(notebook, "e"), id="e2", source="Second."))

    assert sources(taken(work)[0])[-1] == "First.\n\nSecond."


def test_a_cell_that_lost_its_name_is_known_by_its_id():
    def work(notebook):
        cell(notebook, "a").update(source="answer_2_1a = 5", metadata={"nbgrader": {"grade_id": "mine"}})

    rebuilt, notes = taken(work)
    assert cell(rebuilt, "a").source == "answer_2_1a = 5"
    assert cell(rebuilt, "a").metadata.nbgrader.grade_id == "answer_2_1a"
    assert notes == []


def test_a_cell_that_became_text_is_read_as_python():
    def work(notebook):
        place = next(i for i, c in enumerate(notebook.cells) if c.id == "a")
        old = notebook.cells[place]
        notebook.cells[place] = nbformat.v4.new_markdown_cell("answer_2_1a = 5", id="a", metadata=old.metadata)

    rebuilt, notes = taken(work)
    assert cell(rebuilt, "a").cell_type == "code"
    assert notes == ["The answer cell of 2.1a had become another kind of cell; it was read as Python."]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda n: n.cells.remove(cell(n, "a")), "The answer cell of 2.1a was missing; it was put back, unanswered."),
        (lambda n: n.cells.remove(cell(n, "q")), "The check cell of 2.1a was missing; it was put back."),
        (lambda n: cell(n, "q").update(source="9"), "The check cell of 2.1a was changed; the original was used."),
        (
            lambda n: cell(n, "q").metadata.nbgrader.update(points=99),
            "The points of the check cell of 2.1a were changed; that has no effect.",
        ),
        (
            lambda n: n.metadata.kernelspec.update(language="R"),
            "The notebook was set to another kernel (R); it was run with Python.",
        ),
    ],
    ids=["answer gone", "check gone", "check changed", "points", "kernel"],
)
def test_what_was_changed_is_told_and_mended(change, told):
    rebuilt, notes = taken(change)
    assert notes == [told]
    assert sources(rebuilt) == sources(released())
    assert [c.metadata for c in rebuilt.cells] == [c.metadata for c in released().cells]
    assert rebuilt.metadata == released().metadata


def test_only_the_last_answer_of_the_outputs_is_taken():
    def work(notebook):
        data = [{MIME: {"id": "2.1a", "value": str(n)}, "text/html": "<script>"} for n in (1, 2)]
        cell(notebook, "q").outputs = [nbformat.v4.new_output("display_data", data=d) for d in data]
        cell(notebook, "setup").outputs = [nbformat.v4.new_output("stream", text="x" * 1000)]

    rebuilt, _ = taken(work)
    assert [dict(output.data) for output in cell(rebuilt, "q").outputs] == [{MIME: {"id": "2.1a", "value": "2"}}]
    assert cell(rebuilt, "setup").outputs == []


def test_twenty_thousand_cells_are_read_up_to_a_number_and_no_named_one_is_lost():
    def work(notebook):
        notebook.cells = [nbformat.v4.new_code_cell(f"x = {n}") for n in range(20_000)] + notebook.cells
        cell(notebook, "a").source = "answer_2_1a = 5"

    rebuilt, notes = taken(work)
    assert cell(rebuilt, "a").source == "answer_2_1a = 5"
    assert len(rebuilt.cells) < 600
    assert "very many cells" in notes[0]


def test_an_old_notebook_format_is_read():
    cells = [
        {"cell_type": "code", "input": ["answer_2_1a", " = 5"], "metadata": {"nbgrader": {"grade_id": "answer_2_1a"}}},
        {"cell_type": "heading", "source": "Title", "level": 1},
    ]
    old = json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}], "metadata": {}}).encode()
    rebuilt, _ = rebuild(released(), slim(old))
    assert cell(rebuilt, "a").source == "answer_2_1a = 5"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"  \n",
        b"not JSON",
        b"[]",
        b"{}",
        b'{"cells": 7}',
        b"\xff\x00\xff",
        b"[" * 200_000,
        b'{"cells": [], "x": 1',
    ],
)
def test_what_is_no_notebook_is_refused_in_words(data):
    with pytest.raises(NotANotebookError, match="is not a notebook"):
        slim(data)


def test_sixty_megabytes_of_outputs_are_graded(tmp_path):
    notebook = released()
    cell(notebook, "a").source = "answer_2_1a = 5"
    cell(notebook, "setup").outputs = [nbformat.v4.new_output("stream", text="x" * 1_000_000) for _ in range(60)]
    file = tmp_path / "large.ipynb"
    nbformat.write(notebook, file)
    assert any(c["source"] == "answer_2_1a = 5" for c in read_slim(file)["cells"])


@pytest.fixture
def folders(tmp_path):
    """A released day of one notebook, a hand-in of it, and where it is staged."""
    for name in ("released", "student/day2"):
        (tmp_path / name).mkdir(parents=True)
    notebook = released()
    nbformat.write(notebook, tmp_path / "released" / "01_one.ipynb")
    cell(notebook, "a").source = "answer_2_1a = 5"
    nbformat.write(notebook, tmp_path / "student" / "day2" / "01_one.ipynb")
    return tmp_path / "student" / "day2", tmp_path / "released", tmp_path / "staged"


def staged_answer(folders):
    return cell(nbformat.read(folders[2] / "01_one.ipynb", as_version=4), "a").source


def test_links_are_not_followed(folders, tmp_path):
    secret = tmp_path / "secret.ipynb"
    (folders[0] / "01_one.ipynb").rename(secret)
    (folders[0] / "01_one.ipynb").symlink_to(secret)
    hand_in = stage(*folders)
    assert "was not handed in" in hand_in.problems["01_one"]
    assert staged_answer(folders) == "answer_2_1a = ..."


def test_a_link_in_place_of_the_folder_is_not_followed(folders, tmp_path):
    folders[0].rename(tmp_path / "elsewhere")
    folders[0].symlink_to(tmp_path / "elsewhere")
    assert "a link" in stage(*folders).problems["01_one"]


def test_a_renamed_notebook_is_known_by_its_cells(folders):
    (folders[0] / "01_one.ipynb").rename(folders[0] / "my copy (1).ipynb")
    hand_in = stage(*folders)
    assert staged_answer(folders) == "answer_2_1a = 5"
    assert hand_in.problems == {}
    assert "my copy (1).ipynb was taken for it" in hand_in.changes["01_one"][0]


def test_other_files_are_named_but_never_taken(folders):
    (folders[0] / "pandas.py").write_text("raise SystemExit")
    with open(os.path.join(os.fsencode(folders[0]), b"\xff<b>\n.csv"), "w", encoding="utf-8"):
        pass
    notes = stage(*folders).notes
    assert sorted(os.listdir(folders[2])) == ["01_one.ipynb"]
    assert "pandas.py was not used: only the notebooks of the day are graded." in notes
    assert all("\n" not in note for note in notes)


def test_a_timestamp_that_is_no_time_is_left_out(folders):
    (folders[0] / "timestamp.txt").write_text("soon")
    assert stage(*folders).notes == ("timestamp.txt holds no time, so the hand-in was graded without one.",)
    assert not (folders[2] / "timestamp.txt").exists()


def test_deep_nesting_ends_in_a_sentence_also_where_a_library_raised_the_recursion_limit():
    """py_ecc raises the limit on import; CPython 3.11 then crashes in json.loads. In a process of its own."""
    code = (
        "import sys; sys.setrecursionlimit(10_000_000)\n"
        "from cointrail.grading.slim import NotANotebookError, slim\n"
        "try: slim(b'[' * 200_000)\n"
        "except NotANotebookError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "is not a notebook" in done.stdout
