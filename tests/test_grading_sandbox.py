"""The wall around submissions: every barrier tried, what is in view, and what is said where there is no wall."""

import json
import platform

import nbformat
import pytest
import walls
from hypothesis import given, settings
from hypothesis import strategies as st

from cointrail import CointrailError
from cointrail.cli import main
from cointrail.exercises.records import MIME
from cointrail.grading import barriers, sandbox, workers
from cointrail.grading.barriers import try_barriers
from cointrail.grading.execute import Limits, run_notebook
from cointrail.grading.frames import MOST_DEPTH, BadFrameError, FrameReader
from cointrail.grading.outputs import clean_outputs
from cointrail.grading.syscall_filter import syscall_filter


@walls.needs_sandbox
def test_every_barrier_holds():
    found = {barrier.name: barrier for barrier in try_barriers()}
    assert len(found) >= 9
    assert not [barrier for barrier in found.values() if not barrier.holds]


@walls.needs_sandbox
def test_hidden_inputs_of_the_day_are_shown_to_the_answer_of_a_function_and_to_nothing_else(tmp_path):
    for name in ("2.2b", "3.1a"):
        (tmp_path / name).mkdir()
    record = "{'v': 1, 'id': '2.2b', 'value': seen}"
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_code_cell("import os\nseen = sorted(os.listdir('/hidden'))\nprint(seen)"),
        nbformat.v4.new_code_cell(f"display({{{MIME!r}: {record}, 'text/plain': str(seen)}}, raw=True)\nprint(seen)"),
        nbformat.v4.new_code_cell("print(os.listdir('/hidden'), os.environ['COINTRAIL_HIDDEN'])"),
    ]
    notebook.cells[1].metadata["nbgrader"] = {"grade_id": "q2_2b"}
    before, check, after = run_notebook(notebook, "A", world="glass_harbour", day=2, hidden=tmp_path).cells
    assert (before.outputs[0].text, after.outputs[0].text) == ("[]\n", "[] \n")
    assert [output.data[MIME]["value"] for output in check.outputs] == [["2.2b"]]
    assert "2.2b" not in check.outputs[0].data["text/plain"]


@walls.needs_sandbox
def test_the_run_on_hidden_inputs_leaves_out_what_only_shows_something_but_nothing_of_the_participant(tmp_path):
    (tmp_path / "2.2b").mkdir()
    record = "{'v': 1, 'id': '2.2b', 'value': [*ran, later]}"
    cells = {
        "names": "ran, show = [], print",
        "figure": "ran.append('a released figure')",
        "walrus": "ran.append(later := 'a name')",
        "own-3": "ran.append('own')",
        "check": f"display({{{MIME!r}: {record}}}, raw=True)",
    }
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(source, id=name) for name, source in cells.items()]
    notebook.cells[-1].metadata["nbgrader"] = {"grade_id": "q2_2b"}
    check = run_notebook(notebook, "A", world="glass_harbour", day=2, hidden=tmp_path).cells[-1]
    assert [output.data[MIME]["value"] for output in check.outputs] == [["a name", "own", "a name"]]


@walls.needs_sandbox
def test_no_key_no_simulator_and_no_grader_is_in_view(tmp_path):
    said = run(
        "import os, pathlib, importlib.util as u\n"
        "seen = [str(p) for p in pathlib.Path('/data').rglob('*') if 'keys/' in str(p)]\n"
        "print(seen, [u.find_spec('cointrail.' + n) for n in ('world', 'grading', 'cli', 'classroom')])",
        hidden=tmp_path,
    )
    assert said == "[] [None, None, None, None]"


@walls.needs_sandbox
def test_a_notebook_leaves_nothing_for_the_next(tmp_path):
    first = "import builtins, os\nbuiltins.left = 1\nopen('left', 'w').write('x')\nos.environ['LEFT'] = '1'\nleft = 1"
    run(first, hidden=tmp_path)
    said = run(
        "import builtins, os\nprint(hasattr(builtins, 'left'), os.listdir(), os.environ.get('LEFT'))", hidden=tmp_path
    )
    assert said == "False [] None"


@walls.needs_sandbox
def test_a_worker_that_is_killed_is_replaced(tmp_path):
    assert run("print(1)", hidden=tmp_path) == "1"
    for worker in workers._workers.values():
        worker._process.kill()
    assert run("print(2)", hidden=tmp_path) == "2"


OWN = Limits(scratch=32 << 20)  # so that these tests have workers of their own


@pytest.fixture(autouse=True)
def _workers_that_need_no_warming(monkeypatch):
    """The wall is the same around a Python that has not loaded what lessons need."""
    monkeypatch.setattr(workers, "PRELOAD", ())
    monkeypatch.setattr(workers, "CALL_FIRST", ())


def run(source, *, day=2, hidden):
    """What a one-cell notebook prints in the sandbox."""
    import nbformat

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    ran = run_notebook(notebook, "A", world="glass_harbour", day=day, hidden=hidden, limits=OWN)
    return "".join(str(output.get("text") or output.get("evalue")) for output in ran.cells[0].outputs).strip()


def test_without_bubblewrap_grading_refuses_and_says_what_to_install(monkeypatch):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    barriers.begin_barriers.cache_clear()
    with pytest.raises(CointrailError, match=r"apt install bubblewrap.*--no-sandbox"):
        barriers.require_barriers()


def test_a_barrier_that_does_not_hold_is_named(monkeypatch):
    broken = [barriers.Barrier("network", False, "a program of this machine was reached")]
    monkeypatch.setattr(barriers, "try_barriers", lambda: broken)
    barriers.begin_barriers.cache_clear()
    with pytest.raises(CointrailError, match="'network' does not hold"):
        barriers.require_barriers()


def test_no_sandbox_must_be_typed(capsys):
    with pytest.raises(SystemExit):
        main(["grade", "--help"])
    assert "--no-sandbox" in capsys.readouterr().out


def test_the_filter_is_a_program_for_this_machine():
    program = syscall_filter()
    if platform.machine() in ("x86_64", "aarch64"):
        assert 0 < len(program) // 8 < 256, "jumps are one byte long"
    assert len(program) % 8 == 0


def reader():
    return FrameReader(most_frame=4096, most_total=20_000)


def frame(data):
    return len(data).to_bytes(4, "big") + data


MESSAGES = [{"start": 3}, {"cell": 3, "outputs": [], "count": None}, {"done": True}]


@given(st.lists(st.integers(1, 9), max_size=60))
def test_frames_arrive_whole_however_they_are_cut(cuts):
    data = b"".join(frame(json.dumps(message).encode()) for message in MESSAGES)
    one, got = reader(), []
    for size in cuts:
        got += one.feed(data[:size])
        data = data[size:]
    assert got + one.feed(data) == MESSAGES


@settings(max_examples=300)
@given(st.lists(st.binary(max_size=200), max_size=8))
def test_no_bytes_make_the_reader_fail_otherwise(parts):
    one = reader()
    try:
        for part in parts:
            one.feed(part)
    except BadFrameError:
        return


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=25,
)


@settings(max_examples=300)
@given(JSON)
def test_only_messages_of_the_protocol_pass(value):
    try:
        messages = reader().feed(frame(json.dumps(value).encode()))
    except BadFrameError:
        return
    assert set(messages[0]) in ({"start"}, {"cell", "outputs", "count"}, {"done"})


@pytest.mark.parametrize(
    "data",
    [
        (2**32 - 1).to_bytes(4, "big"),
        frame(b"[" * 4000),
        frame(b'{"start": ' + b"9" * 4000 + b"}"),
        frame(b'{"start": NaN}'),
        frame(b'{"start": true}'),
        frame(b'{"start": -1}'),
        frame(b"\xff\xfe\xfd"),
        frame(b'{"cell": 1, "outputs": ' + b"[" * (MOST_DEPTH + 1) + b"]" * (MOST_DEPTH + 1) + b', "count": 1}'),
        frame(b'{"start": 1}') * 2000,
    ],
    ids=["length", "depth", "number", "nan", "bool", "negative", "utf-8", "deep list", "too many"],
)
def test_hostile_frames_are_refused(data):
    with pytest.raises(BadFrameError):
        reader().feed(data)


OUTPUT = st.fixed_dictionaries(
    {},
    optional={
        "output_type": st.sampled_from(["stream", "display_data", "execute_result", "error", "x"]) | JSON,
        "name": JSON,
        "text": JSON,
        "data": st.dictionaries(
            st.sampled_from(["text/plain", "image/png", "a+json", "application/b+json", "application/json"]), JSON
        )
        | JSON,
        "metadata": JSON,
        "execution_count": JSON,
        "ename": JSON,
        "evalue": JSON,
        "traceback": JSON,
    },
)


@settings(max_examples=300)
@given(st.lists(OUTPUT | JSON, max_size=4))
def test_whatever_comes_can_be_stored_as_a_notebook(outputs):
    import nbformat

    made = clean_outputs(json.loads(json.dumps(outputs)))
    cell = nbformat.v4.new_code_cell("", outputs=made)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    nbformat.validate(notebook)
    nbformat.writes(notebook).encode("utf-8")


def test_colours_without_number_do_not_hold_up_the_page_that_shows_them():
    """nbconvert copies the rest of a text at each escape: two megabytes of them take minutes."""
    few, many = "\x1b[31mred\x1b[0m", "\x1b[31mx" * 100_000
    output = {"output_type": "error", "ename": "E", "evalue": "", "traceback": [many, few]}
    shown, stopped = clean_outputs([{"output_type": "stream", "name": "stdout", "text": few}, output])
    assert shown.text == few
    assert "\x1b" not in "".join(stopped.traceback) and "[31mx" in stopped.traceback[0]
