"""Run tasks over processes of this machine, or over any executor, and take each result when it is there."""

import contextlib
import ctypes
import os
import signal
import sys
from concurrent.futures import FIRST_COMPLETED, CancelledError, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

__all__ = ["completed", "usual_jobs"]

_TASKS_WORTH_A_PROCESS = 4
_PR_SET_PDEATHSIG = 1
_BETWEEN_LOOKS = 5  # seconds between looks whether an executor still lives


def usual_jobs(tasks):
    """One process for each core, but none for a few tasks: starting one takes as long as running some."""
    return max(1, min(len(os.sched_getaffinity(0)), tasks // _TASKS_WORTH_A_PROCESS))


def completed(function, tasks, *, jobs, executor=None):
    """Yield each task with its result, or with the exception it ended with, as they end.

    Parameters
    ----------
    function : callable
        Of one task; must be importable by name.
    tasks : list
    jobs : int
        Processes of this machine; 1 runs the tasks here, one after the other.
    executor : concurrent.futures.Executor, optional
        Used instead of own processes, and left open. Where it has a method `check_alive`, that is called while waiting.
    """
    if executor is not None:
        yield from _as_they_end(executor, function, tasks)
    elif jobs == 1:
        yield from ((task, _tried(function, task)) for task in tasks)
    else:
        yield from _over_processes(function, tasks, jobs)


def _tried(function, task):
    try:
        return function(task)
    except Exception as error:  # handed on, as a future would: one task must not end the others
        return error


def _over_processes(function, tasks, jobs):
    """Over own processes; when one was killed, what is left is tried once more, then one task a process at a time."""
    left = list(tasks)
    for _ in range(2):
        if left:
            with _processes(jobs) as executor:
                for task, result in _as_they_end(executor, function, list(left)):
                    if not isinstance(result, BrokenProcessPool):
                        left.remove(task)
                        yield task, result
    for task in left:
        with _processes(1) as executor:
            yield from _as_they_end(executor, function, [task])


def _as_they_end(executor, function, tasks):
    futures = {executor.submit(function, task): task for task in tasks}
    waiting = set(futures)
    try:
        while waiting:
            done, waiting = wait(waiting, timeout=_BETWEEN_LOOKS, return_when=FIRST_COMPLETED)
            for future in done:
                yield futures.pop(future), _outcome(future)  # not kept: a class of hostile ones would fill the memory
            getattr(executor, "check_alive", bool)()
    finally:
        for future in futures:
            future.cancel()


def _outcome(future):
    try:
        return future.exception() or future.result()
    except CancelledError as error:  # a scheduler may give a task up
        return error


@contextlib.contextmanager
def _processes(jobs):
    context = get_context("spawn")
    begun = jobs, context.Value("i", 0)
    executor = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=begun)
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def _begin(jobs, begun):
    """In a new process: Ctrl-C is the coordinator's, its death is ours, and so is a share of the cores."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with begun.get_lock():
        number, begun.value = begun.value, begun.value + 1
    _keep_to_own_cores(number, jobs)
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _keep_to_own_cores(number, jobs):
    """What runs here, and what it starts, uses these cores only: sixty busy processes slow no neighbour's notebook.

    A notebook cannot choose others: the sandbox refuses that call.
    """
    cores = sorted(os.sched_getaffinity(0))
    with contextlib.suppress(PermissionError):  # where a container forbids it, all share all cores
        os.sched_setaffinity(0, cores[number::jobs] or {cores[number % len(cores)]})
