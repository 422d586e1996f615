"""Run a learner's function case by case, each within a time limit, and keep what it returned.

One way on every system: the case runs in a thread; when its time is over the thread is asked to stop by an exception.
That stops a Python loop, not a call that never returns to Python; the notebook goes on in either case.
"""

import ctypes
import inspect
import threading
from pathlib import Path

from cointrail.errors import CointrailError
from cointrail.exercises.answer_types import AnswerError, canonical
from cointrail.ledger import load_ledger, read_ledger

__all__ = ["CASE_SECONDS", "run_cases"]

CASE_SECONDS = 5


class _OutOfTimeError(Exception):
    """Raised inside the learner's function when its time is over."""


def run_cases(form, function, cases, *, folder=None, seconds=CASE_SECONDS):
    """Call the function on every case.

    Parameters
    ----------
    form : mapping
        `signature` of the question and `returns`, the kind of a single value.
    cases : list of mappings
        Arguments by name; a `ledger` is named, and read from `folder` or else loaded as a world.

    Returns
    -------
    list
        For each case the canonical value, None (abstained), "..." (unanswered) or {"problem": sentence}.
    """
    if not callable(function):
        raise AnswerError(f"A function was expected. Run the cell that begins with: def {form['signature']}")
    _check_signature(form, function)
    ledgers = {}
    return [_run_case(form, function, _arguments(case, folder, ledgers), seconds) for case in cases]


def _check_signature(form, function):
    wanted = form["signature"].partition("(")[2].rstrip(")").replace(" ", "").split(",")
    try:
        given = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return
    if given != wanted:
        raise AnswerError(f"The function must take {', '.join(wanted)}; yours takes {', '.join(given) or 'nothing'}.")


def _arguments(case, folder, ledgers):
    """The case's arguments, its ledger loaded once."""
    arguments = dict(case)
    name = arguments.get("ledger")
    if name is not None:
        if name not in ledgers:
            ledgers[name] = load_ledger(name) if folder is None else read_ledger(Path(folder) / name)
        arguments["ledger"] = ledgers[name]
    return arguments


def _run_case(form, function, arguments, seconds):
    outcome = {}

    def target():
        try:
            outcome["value"] = function(**arguments)
        except _OutOfTimeError:
            outcome["problem"] = f"ran longer than {seconds} seconds"
        except Exception as error:  # whatever the learner's function raises is an answer to this case only
            outcome["problem"] = f"stopped with {type(error).__name__}: {error}"[:300]

    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        _stop(thread)
        return {"problem": f"ran longer than {seconds} seconds"}
    return _result(form, outcome)


def _stop(thread):
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(_OutOfTimeError))
    thread.join(1)


def _result(form, outcome):
    if "problem" in outcome:
        return outcome
    if outcome.get("value") is ...:
        return "..."
    try:
        return canonical({**form, "type": form["returns"]}, outcome.get("value"))
    except CointrailError as error:
        return {"problem": str(error)[:300]}
