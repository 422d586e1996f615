"""Both engines, and no sandbox at all, give what Jupyter gives: the same outputs, the same answers for the lessons."""

import json

import hand_ins
import nbformat
import pytest
import walls

from cointrail.exercises.records import MIME
from cointrail.grading.answers import question_of, records_of
from cointrail.grading.execute import Limits, run_notebook
from cointrail.grading.hidden import hidden_folder, make_hidden
from cointrail.grading.questions import load_day

pytestmark = walls.needs_sandbox

RECORD = {"v": 1, "id": "2.1a", "value": ["1"]}
CELLS = {
    "a value": "1 + 1",
    "nothing": "x = 3",
    "two streams": "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out again')",
    "display": "from IPython.display import display, HTML\ndisplay(HTML('<b>x</b>'), metadata={'text/html': {'a': 1}})",
    "a table": "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "an error": "1 / 0",
    "a syntax error": "def (",
    "a figure": "import matplotlib.pyplot as plt\n_ = plt.plot([1, 2])",
    "an answer": f"from IPython.display import display\ndisplay({{{MIME!r}: {RECORD!r}}}, raw=True)",
    "await": "import asyncio\nawait asyncio.sleep(0)\n'done'",
    "a magic": "%pwd\nprint(len(_))",
    "the keyboard": "input('name? ')",
    "cleared": "from IPython.display import clear_output\nprint('a')\nclear_output()\nprint('b')",
    "updated": "from IPython.display import display\nh = display('first', display_id=True)\nh.update('second')",
    "semicolon": "5;",
    "exit": "import sys\nsys.exit(2)",
    "history": "print(In[1], Out[1])",
    "a shell command": "!echo from the shell",
    "last": "print(x)",
}


def run(cells, engine, folder, **limits):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    return run_notebook(
        notebook, "A", world="glass_harbour", day=2, hidden=folder, engine=engine, limits=Limits(**limits)
    ).cells


@pytest.fixture(scope="module")
def by_engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hidden")
    return {engine: run(CELLS.values(), engine, folder) for engine in ("fork", "kernel", "plain")}


def comparable(cell):
    """Without what differs between any two kernels: the text of tracebacks, and the figure's bytes."""
    outputs, streams = [], {}
    for output in json.loads(json.dumps(cell.outputs)):
        if output["output_type"] == "stream":
            streams[output["name"]] = streams.get(output["name"], "") + output["text"]
        else:
            outputs.append(output)
    for output in outputs:
        if output["output_type"] == "error":
            output["traceback"] = len(output["traceback"]) > 0
        output.get("data", {}).pop("image/png", None)
    return outputs, streams, cell.execution_count


@pytest.mark.parametrize("engine", ["kernel", "plain"])
@pytest.mark.parametrize("name", CELLS)
def test_a_cell_says_the_same_in_every_engine(name, engine, by_engine):
    place = list(CELLS).index(name)
    assert comparable(by_engine["fork"][place]) == comparable(by_engine[engine][place])


@pytest.mark.parametrize("engine", ["fork", "kernel", "plain"])
def test_kinds_of_output_arrive(engine, by_engine):
    said = dict(zip(CELLS, by_engine[engine], strict=True))
    assert said["an error"].outputs[0].ename == "ZeroDivisionError"
    assert any("image/png" in output.get("data", {}) for output in said["a figure"].outputs)
    assert said["an answer"].outputs[0].data[MIME]["value"] == ["1"]
    assert said["last"].outputs[0].text == "3\n"


@pytest.mark.parametrize("engine", ["fork", "kernel", "plain"])
def test_a_widget_is_shown_as_text(engine, tmp_path):
    (cell,) = run(["import ipywidgets\nipywidgets.IntSlider(value=7)"], engine, tmp_path)
    assert cell.outputs[0].data["text/plain"] == "IntSlider(value=7)"


@pytest.mark.parametrize("engine", ["fork", "kernel", "plain"])
def test_a_slow_cell_is_stopped_and_the_next_one_runs(engine, tmp_path):
    slow, after = run(["while True: pass", "print('after')"], engine, tmp_path, cell=2, notebook=30)
    assert slow.outputs[-1].ename == "TimeOut"
    assert after.outputs[0].text == "after\n"


@pytest.mark.parametrize("engine", ["fork", "kernel", "plain"])
def test_a_dead_python_is_told_and_what_came_before_is_kept(engine, tmp_path):
    before, dead, after = run(["print('kept')", "import os\nos._exit(1)", "1"], engine, tmp_path)
    assert before.outputs[0].text == "kept\n"
    assert dead.outputs[0].ename == "KernelDied"
    assert after.outputs[0].ename == "NotRun"


def test_the_lessons_give_the_same_answers_in_both_engines(tmp_path):
    root = hand_ins.make_small(hand_ins.desk_copy(tmp_path), notebooks=9)  # all of them, without pictures
    folder = hand_ins.hand_in(root, "right", hand_ins.right_answers())
    world, questions = load_day(root, 2)
    make_hidden(root, questions)
    answers = {}
    for engine in ("fork", "kernel"):
        for file in sorted(folder.glob("*.ipynb")):
            notebook = nbformat.read(file, as_version=4)
            ran = run_notebook(notebook, "A", world=world, day=2, hidden=hidden_folder(root), engine=engine)
            for cell in ran.cells:
                if question_of(cell):
                    answers.setdefault(question_of(cell), []).append(records_of(cell, question_of(cell)))
    assert len(answers) == sum(question.type != "written" for question in questions.values())
    assert all(fork == kernel and fork for fork, kernel in answers.values())
