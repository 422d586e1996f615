"""Try every barrier of the sandbox for real before the first submission is run.

A probe notebook goes through the same door as a submission and tries what a hostile one would: reach a listener of this
machine, open a file that lies here, write outside its folder, start processes, take memory and disk, never end, and
leave something behind. Only what was really refused counts as a barrier.
"""

import contextlib
import os
import secrets
import socket
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from cointrail.grading.limits import Limits
from cointrail.grading.sandbox import HOW_TO_INSTALL, SandboxError, View, why_no_bubblewrap
from cointrail.grading.workers import Worker

__all__ = ["Barrier", "begin_barriers", "require_barriers", "try_barriers"]

_SCRATCH = 8 << 20  # bytes
NO_SANDBOX = "To run submissions as ordinary programs of this machine all the same, type --no-sandbox."


@dataclass(frozen=True)
class Barrier:
    """One barrier: its name, whether it held, and what was seen."""

    name: str
    holds: bool
    seen: str


@cache
def begin_barriers():
    """Begin to try the barriers, once in this process, beside what else there is to do; returns their `Future`."""
    return ThreadPoolExecutor(1).submit(try_barriers)


def require_barriers():
    """Try the barriers once in this process, or wait for the end of that.

    Raises
    ------
    SandboxError
        One does not hold; the sentence names it and says what to do.
    """
    try:
        for barrier in begin_barriers().result():
            if not barrier.holds:
                raise SandboxError(
                    f"Submissions cannot be locked in on this machine: the barrier {barrier.name!r} does not hold "
                    f"({barrier.seen}). {HOW_TO_INSTALL} {NO_SANDBOX}"
                )
    except SandboxError:
        begin_barriers.cache_clear()  # the next to ask tries again
        raise


def try_barriers():
    """Try every barrier; return a list of `Barrier`.

    Raises
    ------
    SandboxError
        There is no sandbox at all.
    """
    if why_no_bubblewrap():
        raise SandboxError(f"{why_no_bubblewrap()} {NO_SANDBOX}")
    token = str(secrets.randbelow(10**9) + 10**9)
    with (
        _listener() as (port, was_reached),
        tempfile.NamedTemporaryFile(prefix="cointrail-canary-") as canary,
        contextlib.ExitStack() as workers,
    ):
        worker = workers.enter_context(contextlib.closing(_worker()))
        os.chmod(canary.name, 0o644)
        probes = _probes(port, canary.name, token)
        said = _run(worker, list(probes.values()), Limits(cell=10, notebook=30, processes=24, scratch=_SCRATCH))
        seen = dict(zip(probes, said, strict=True))
        started = seen.pop("start of a process")
        if was_reached():
            seen["network"] = "a program of this machine was reached"
        if not worker.alive:  # without namespaces of its own, one worker serves one notebook
            worker = workers.enter_context(contextlib.closing(_worker()))
        seen["time"] = _run(worker, ["while True: pass"], Limits(cell=1, notebook=3, scratch=_SCRATCH))[0]
        left = "a process of the notebook was still there" if _still_runs(token) else started
    seen["nothing left behind"] = left
    return [Barrier(name, text == "closed", text) for name, text in seen.items()]


def _worker():
    try:
        return Worker(View.of_day(0, None), Limits(scratch=_SCRATCH), warm=False).ready()
    except SandboxError as error:
        raise SandboxError(f"{error} {HOW_TO_INSTALL} {NO_SANDBOX}") from error


def _run(worker, sources, limits):
    """What each cell said; a cell that was stopped for its time counts as closed."""
    job = {
        "engine": "fork",
        "cells": list(enumerate(sources)),
        "files": {},
        "environment": {},
        "hidden": False,
        "limits": asdict(limits),
    }
    ran = worker.run(job, limits)
    return [_said(ran.cells.get(index)) for index in range(len(sources))]


def _said(result):
    outputs = result[0] if result else []
    if not outputs:
        return "the probe did not end"
    if outputs[0].get("ename") == "TimeOut":
        return "closed"
    return str(outputs[0].get("text") or outputs[0].get("evalue")).strip()[:200]


@contextlib.contextmanager
def _listener():
    """A port of this machine, and a function that tells whether somebody connected to it."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.setblocking(False)

        def was_reached():
            try:
                server.accept()[0].close()
            except BlockingIOError:  # nobody waits
                return False
            return True

        yield server.getsockname()[1], was_reached


def _still_runs(token):
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # that process ended while we looked
            if token.encode() in file.read_bytes():
                return True
    return False


def _probes(port, canary, token):
    """Python that prints "closed", or what was open, by the barrier's name."""
    outside = ["/", "/data", "/toolkit", "/toolkit/cointrail", "/usr", "/etc", "/dev", "/hidden", "/proc/sys/kernel"]
    return {
        "network": _attempt(
            f"socket.create_connection(('127.0.0.1', {port}), 2)",
            "socket.create_connection(('192.0.2.1', 80), 2)",
            "assert [name for _, name in socket.if_nameindex()] != ['lo'], 'only the loop'",
        ),
        "files of this machine": _attempt(f"open({canary!r})", f"os.listdir({str(Path(__file__).parent)!r})"),
        "read-only system": _attempt(*(f"open({folder + '/x'!r}, 'w')" for folder in outside)),
        "no rights": _attempt(
            "assert os.getuid() == 0, 'nobody'",
            "os.setuid(0)",
            "assert ctypes.CDLL(None).unshare(0x10000000) == 0, 'no new namespaces'",
            "os.memfd_create('x')",
        ),
        "memory": _attempt("bytearray(2 << 30)"),
        "disk": _attempt(
            "open('big', 'wb').write(bytes(9 << 20))",
            "[open(f'part{n}', 'wb').write(bytes(1 << 20)) for n in range(9)]",
        ),
        "start of a process": f"import subprocess\nsubprocess.Popen(['sleep', '600.{token}'])\nprint('closed')",
        "processes": _attempt("[os.fork() or time.sleep(60) for _ in range(200)]"),
    }


def _attempt(*lines):
    """Each line must fail; the names of the failures are of no interest."""
    source = "import ctypes, os, socket, subprocess, time\nsaid = 'closed'\n"
    for line in lines:
        source += f"try:\n    {line}\n    said = {line!r} + ' was possible'\n"
        source += "except (OSError, MemoryError, AssertionError):\n    pass\n"
    return source + "print(said)"
