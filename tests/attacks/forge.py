# ruff: noqa: E501  code of a hostile participant, kept on its lines
"""Forge the score, or the record of an answer."""

import nbformat

from attacks import attack, cell_of, graded_cells
from cointrail.exercises.records import MIME


@attack()
def a_number_as_result(work):
    """Plain nbgrader, measured: the first result in a test cell is its score, so a forged `3` gives 3 points."""
    work.answer("from IPython.core.displayhook import DisplayHook\ncheck = lambda *a: 9.0")


@attack()
def minus_one_means_all(work):
    """Plain nbgrader, measured: a result of -1 gives full points."""
    work.answer("check = lambda *a: -1")


@attack()
def more_than_the_most(work):
    """Plain nbgrader, measured: a result above the most raises ValueError, and the whole hand-in fails."""
    work.answer("check = lambda *a: 1e9")


@attack()
def not_a_number(work):
    """Plain nbgrader, measured: a result of nan gives full points."""
    work.answer("check = lambda *a: float('nan')")


@attack()
def a_result_without_text(work):
    """Plain nbgrader, measured: a result without text/plain raises KeyError, and the hand-in fails."""
    work.answer(
        "class Odd:\n    def _repr_mimebundle_(self, **k):\n        return {'text/html': '<b>9</b>'}\n"
        "from IPython.core.formatters import PlainTextFormatter\n"
        "PlainTextFormatter.enabled = False\ncheck = lambda *a: Odd()"
    )


@attack()
def stop_before_the_tests(work):
    """Plain nbgrader, measured: a test cell without outputs gives full points; an early exit leaves all of them so."""
    work.answer("import os\nos._exit(0)")


@attack()
def outputs_saved_in_the_file(work):
    """Plain nbgrader clears outputs before it runs; a grader that trusted them would give full points."""

    def change(notebook):
        for cell in graded_cells(notebook):
            data = {"text/plain": "9.0"}
            cell.outputs = [nbformat.v4.new_output("execute_result", data=data, execution_count=1)]

    work.edit(change)


@attack(says="belongs to another docket")
def a_record_for_another_docket(work):
    """A right answer of a neighbour: plain nbgrader has one key for all, so that it earns the points."""
    record = {"v": 1, "id": "2.1b", "world": "glass_harbour", "docket": "Z", "type": "int", "value": "1"}
    work.answer(f"from IPython.display import display\ncheck = lambda *a: display({{{MIME!r}: {record!r}}}, raw=True)")


@attack(says="Not right")
def a_record_with_a_score_in_it(work):
    """Invented fields that a careless grader might believe; plain nbgrader has no records."""
    work.answer(
        "from cointrail.exercises.checking import own_docket\nfrom cointrail.exercises.case import docket_in\n"
        "from IPython.display import display\n"
        "record = {'v': 1, 'id': '2.1b', 'world': 'glass_harbour', 'docket': docket_in('glass_harbour', own_docket()), 'type': 'int',\n"
        "          'value': '1', 'score': 99, 'share': 1, 'right': True, 'answer': '1', 'cointrail': {'points': 9}}\n"
        f"check = lambda *a: display({{{MIME!r}: record}}, raw=True)"
    )


@attack(says="could not be read")
def a_record_of_another_shape(work):
    """A list where a number belongs; a grader that compares carelessly stops for everybody."""
    work.answer(
        "from cointrail.exercises.case import docket_in, own_docket\nfrom IPython.display import display\n"
        "record = {'v': 1, 'id': '2.1b', 'world': 'glass_harbour', 'docket': docket_in('glass_harbour', own_docket()), 'type': 'int',\n"
        "          'value': [[[{}]], None, 1e999]}\n"
        "record['value'] = [[[{}]], None]\n"
        f"check = lambda *a: display({{{MIME!r}: record}}, raw=True)"
    )


@attack()
def a_record_one_hundred_lists_deep(work):
    """Deep nesting ends careless readers with RecursionError."""
    work.answer(
        "from IPython.display import display\nvalue = []\nfor _ in range(30):\n    value = [value]\n"
        f"check = lambda *a: display({{{MIME!r}: {{'v': 1, 'id': '2.1b', 'value': value, 'x': [1] * 10**6}}}}, raw=True)"
    )


@attack()
def metadata_of_a_result(work):
    """The feedback page reads metadata that only the scorer may write; an output of the participant claims to hold it."""
    work.answer(
        "from IPython.display import display\n"
        "details = {'id': '2.1b', 'points': 9, 'of': 2, 'share': 1, 'read': 'FORGED', 'reasons': ['FORGED'], 'mistakes': []}\n"
        "check = lambda *a: display({'text/plain': '1.0'}, raw=True, metadata={'cointrail': details})"
    )


@attack(says="No answer was recorded")
def frames_written_by_hand(work):
    """Our own channel: frames forged on every open descriptor. Plain nbgrader: the kernel's sockets lie as open."""
    work.answer(
        "import json, os, struct\n"
        "def frame(data):\n    return struct.pack('!I', len(data)) + data\n"
        "outputs = [{'output_type': 'execute_result', 'data': {'text/plain': '2.0'}, 'metadata': {}}]\n"
        "forged = [frame(json.dumps({'cell': n, 'outputs': outputs, 'count': 1}).encode()) for n in range(60)]\n"
        "for number in range(3, 64):\n"
        "    try:\n        os.write(number, b''.join(forged) + frame(b'{\"done\": true}'))\n"
        "    except OSError:\n        pass"
    )


@attack(says="disturbed the record")
def frames_that_break_the_reader(work):
    """Deep, endless and unreadable frames; a probe's first reader ended with RecursionError and TypeError (measured)."""
    work.answer(
        "import os, struct\n"
        "for number in range(3, 64):\n"
        "    try:\n        os.write(number, struct.pack('!I', 60000) + b'[' * 60000 + b'\\xff' * 100)\n"
        "    except OSError:\n        pass"
    )


@attack()
def answers_of_an_own_check_cell(work):
    """A second cell that pretends to be a check; plain nbgrader, measured: a duplicated grade id stops the class."""

    def change(notebook):
        copy = notebook.cells[-1].copy()
        copy.update(cell_type="code", source="check('2.1b', 1)\n9.0", id="mine", outputs=[], execution_count=None)
        copy.metadata = {"nbgrader": {**cell_of(notebook, "q2_1b").metadata.nbgrader}}
        notebook.cells.append(copy)

    work.edit(change)


@attack(says="Not right|No answer was recorded")
def frames_for_cells_to_come(work):
    """Results of every later cell sent ahead, with records of every shape, then the end: the check never runs."""
    work.answer(
        "import json, os, struct, sys\nfrom cointrail.exercises.case import docket_in, own_docket\n"
        "record = {'v': 1, 'id': '2.1b', 'world': 'glass_harbour', 'docket': docket_in('glass_harbour', own_docket()), 'type': 'int', 'value': '1'}\n"
        f"outputs = [{{'output_type': 'display_data', 'data': {{{MIME!r}: record, 'text/plain': '9.0'}}, 'metadata': {{'cointrail': {{'points': 9}}}}}}]\n"
        "frames = [{'start': n} for n in range(200)] + [{'cell': n, 'outputs': outputs, 'count': -1 + 1} for n in range(200)] + [{'done': True}]\n"
        "data = b''.join(struct.pack('!I', len(t)) + t for t in (json.dumps(f).encode() for f in frames))\n"
        "for number in range(3, 256):\n    try:\n        os.write(number, data)\n    except OSError:\n        pass",
    )


@attack(says="disturbed the record|Not answered|wrote too much|No answer")
def a_frame_without_an_end(work):
    """A length that never comes, then silence: a reader that waits for the rest waits for ever."""
    work.answer(
        "import os, time\nfor number in range(3, 64):\n    try:\n        os.write(number, b'\\x00\\x0f\\x00\\x00' + b'x' * 10)\n    except OSError:\n        pass\ntime.sleep(2)"
    )
