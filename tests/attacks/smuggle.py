# ruff: noqa: E501  code of a hostile participant, kept on its lines
"""Smuggle a record past the reader: lookalikes, odd numbers, forged kinds, answers in other places."""

import nbformat

from attacks import attack, cell_of
from cointrail.exercises.records import MIME

FORGE = (
    "from cointrail.exercises.case import docket_in, own_docket\nfrom IPython.display import display\n"
    "record = {'v': 1, 'id': '2.1b', 'world': 'glass_harbour', 'docket': docket_in('glass_harbour', own_docket()), 'type': 'int', 'value': '1'}\n"
)
SHOW = f"check = lambda *a, **k: display({{{MIME!r}: record}}, raw=True)"


def forged(work, change):
    work.answer(f"{FORGE}{change}\n{SHOW}")


@attack()
def a_lookalike_id(work):
    """The id with a full-width digit: equal to the eye, and to a reader that normalises. Plain nbgrader has no ids."""
    forged(work, "record['id'] = '２.1b'")


@attack()
def an_id_with_a_zero_width_space(work):
    """Invisible letters in an id."""
    forged(work, "record['id'] = '2.1b\\u200b'")


@attack()
def a_list_as_id(work):
    """An id that is no text: careless readers use it as a key and raise TypeError."""
    forged(work, "record['id'] = ['2.1b']")


@attack(says="belongs to another docket")
def every_docket_at_once(work):
    """A docket that is a list of all letters."""
    forged(work, "record['docket'] = list('ABCDEFGHIJKLMNOPQRSTUVWX')")


@attack(says="belongs to another docket")
def another_world(work):
    """The same question of another world, whose truth is public."""
    forged(work, "record['world'] = 'primer'")


@attack(says="belongs to another docket")
def the_docket_of_the_environment_changed(work):
    """COINTRAIL_DOCKET set anew, with the forms copied to match: the trusted side knows whose it is."""
    work.answer(
        "import os, pathlib, shutil\nother = 'B' if os.environ['COINTRAIL_DOCKET'] != 'B' else 'C'\nos.environ['COINTRAIL_DOCKET'] = other\n"
        "keys = pathlib.Path(os.environ['COINTRAIL_KEYS'], 'glass_harbour', 'keys')\nshutil.copytree(next(keys.iterdir()), keys / other)\nanswer_2_1b = 1"
    )


@attack(says="Not right|could not be read")
def a_number_of_a_million_digits(work):
    """int() of such a text takes minutes, or raises ValueError in Python 3.11."""
    forged(work, "record['value'] = '9' * 200_000")


@attack()
def a_value_that_is_not_json(work):
    """NaN and Infinity, which json.dumps writes and strict readers refuse."""
    forged(work, "record['value'] = float('nan')")


@attack(says="Not right|could not be read")
def a_value_with_spaces_and_signs(work):
    """' +1_000 ' and full-width digits: Python's int() reads them all."""
    forged(work, "record['value'] = ' ＋１_0 '")


@attack(says="could not be read")
def a_value_that_is_a_mapping(work):
    """A mapping where a number belongs, with keys that name methods."""
    forged(work, "record['value'] = {'__class__': 'Score', '__eq__': True, 'share': 1}")


@attack(says="could not be read")
def a_problem_of_another_shape(work):
    """The field for what went wrong, forged: a list, where a text with a code is expected."""
    forged(work, "record['problem'] = [['x'] * 1000]\ndel record['value']")


@attack(says="could not be read")
def a_set_with_the_same_member_twice(work):
    """One right member a hundred times counts once, if at all."""
    work.answer(
        "from cointrail.exercises.case import docket_in, own_docket\nfrom IPython.display import display\n"
        "record = {'v': 1, 'id': '2.1c', 'world': 'glass_harbour', 'docket': docket_in('glass_harbour', own_docket()), 'type': 'set', 'value': ['a:0'] * 100}\n"
        + SHOW, question="2.1c",
    )  # fmt: skip


@attack(says="0 of")
def every_outpoint_of_the_ledger(work):
    """Everything at once, so that the right ones are among them; an all-positive guess earns points where misses cost nothing."""
    work.answer(
        "ledger2 = __import__('cointrail').load_ledger('glass_harbour')\n"
        "answer_2_1c = {f'{h}:{i}' for h, i in zip(ledger2.outputs['transaction_hash'], ledger2.outputs['index'])} - set()\n"
        "answer_2_1c = {o for o in answer_2_1c if o[0] not in ''}\n"
        "answer_2_1c = set(sorted(answer_2_1c)[:600])", question="2.1c",
    )  # fmt: skip


@attack()
def the_record_as_text(work):
    """The record printed, in a result's text, and as JSON of another kind: only its own MIME kind counts."""
    work.answer(
        f"{FORGE}import json\n"
        "check = lambda *a, **k: (print(json.dumps(record)), display({'application/json': record, 'text/plain': json.dumps(record)}, raw=True))[1]"
    )


@attack()
def the_kind_in_other_letters(work):
    """The MIME kind in capitals, or with a parameter."""
    work.answer(
        f"{FORGE}kind = {MIME!r}\n"
        "check = lambda *a, **k: display({kind.upper(): record, kind + ';x=1': record, ' ' + kind: record}, raw=True)"
    )


@attack()
def a_record_in_another_cell(work):
    """A record shown by a cell of one's own, not by the check cell."""

    def change(notebook):
        source = FORGE + f"display({{{MIME!r}: record}}, raw=True)"
        notebook.cells.insert(0, nbformat.v4.new_code_cell(source))
        notebook.cells.append(nbformat.v4.new_code_cell(source))

    work.edit(change)


@attack(says="Not right|Not answered")
def a_thread_that_shows_records_later(work):
    """A thread that goes on displaying while other cells run, to reach into a check cell that is not its own."""
    work.answer(
        f"{FORGE}import threading, time\n"
        f"def later():\n    for _ in range(50):\n        display({{{MIME!r}: record}}, raw=True)\n        time.sleep(0.02)\n"
        "threading.Thread(target=later, daemon=True).start()"
    )


@attack()
def a_display_that_is_updated(work):
    """update_display of an earlier display, from a cell after the check."""
    work.answer(
        f"{FORGE}handle = display({{'text/plain': 'x'}}, raw=True, display_id='q')\ncheck = lambda *a, **k: display({{'text/plain': 'y'}}, raw=True, display_id='r')"
    )
    work.edit(
        lambda n: n.cells.append(
            nbformat.v4.new_code_cell(
                f"from IPython.display import update_display\nupdate_display({{{MIME!r}: record}}, raw=True, display_id='r')\nupdate_display({{'text/plain': '9.0'}}, raw=True, display_id='r')"
            )
        )
    )


@attack(says="No answer was recorded")
def the_score_as_kernel_reply(work):
    """A user expression, a payload and a comm message: kinds of messages that are no output."""
    work.answer(
        "ip = get_ipython()\nip.payload_manager.write_payload({'source': 'set_next_input', 'text': '9.0'})\n"
        "try:\n    ip.kernel.comm_manager\nexcept AttributeError:\n    pass\ncheck = None"
    )


@attack(says="was changed; the original was used")
def points_in_the_text_of_the_check(work):
    """check(..., points=9), and a second check that answers for another."""
    work.edit(
        lambda n: cell_of(n, "q2_1b").update(source="check('2.1b', answer_2_1b, points=9, share=1)\ncheck('2.1a', {})")
    )


@attack()
def certainty_of_a_thousand_percent(work):
    """`sure` is no answer: forged, it may not reach the report's statistics."""
    forged(work, "record['sure'] = '999999999999'\nrecord['v'] = 7")
