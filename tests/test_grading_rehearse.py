"""Does `cointrail build --check` find a solution that fits one docket only?"""

import hand_ins
import nbformat
import pytest

from cointrail.grading.rehearse import rehearse


def spoil(root, grade_id, source):
    for file in (root / "solutions" / "day2").glob("*.ipynb"):
        notebook = nbformat.read(file, as_version=4)
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id:
                cell.source = source
        nbformat.write(notebook, file)


@pytest.fixture
def root(tmp_path):
    return hand_ins.desk_copy(tmp_path)


def test_the_solutions_of_day2_earn_everything_on_both_dockets(root):
    assert rehearse(root, "day2", dockets=["A", "B"], say=lambda line: None) == []


def test_an_answer_of_docket_a_is_wrong_on_docket_b_and_a_broken_cell_is_named(root):
    spoil(root, "answer_2_1b", f"answer_2_1b = {hand_ins.plain_key('A')['2.1b']['answer']}")
    spoil(root, "answer_2_1d", "1 / 0")
    found = rehearse(root, "day2", dockets=["A", "B"], say=lambda line: None)
    assert [line for line in found if "2.1b" in line] == [
        line for line in found if line.startswith("docket B") and "2.1b" in line
    ]
    assert any("2.1b" in line for line in found)
    assert any("'1 / 0' failed: ZeroDivisionError" in line for line in found)
