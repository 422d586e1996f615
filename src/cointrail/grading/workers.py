"""The trusted side of a worker: start a warm server behind the wall, give it notebooks, believe nothing it says.

A worker serves one notebook at a time. What disturbs it costs that notebook its later cells and the worker its life;
the next notebook gets a new worker.
"""

import atexit
import base64
import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading

from cointrail.exercises.strangers_json import read_json
from cointrail.grading.ran import PATIENCE, Ran, listen
from cointrail.grading.sandbox import SandboxError, sandbox_command, spare_uid, why_no_bubblewrap
from cointrail.grading.syscall_filter import syscall_filter

__all__ = ["CALL_FIRST", "PRELOAD", "Worker", "close_workers", "worker_for"]

_START_SECONDS = 120
_LONGEST_WORD = 4096  # bytes of what the server itself says
PRELOAD = (
    "pandas",
    "pyarrow.parquet",
    "networkx",
    "matplotlib.pyplot",
    "ipywidgets",
    "nbclient",
    "cointrail.board",
    "cointrail.evidence",
    "cointrail.exercises",
    "cointrail.tracing",
)
CALL_FIRST = (
    "cointrail.tracing.warm.warm_kernels",
    "cointrail.tracing.warm.warm_ledgers",
)  # what every notebook would wait for


class Worker:
    """One sandbox with a warm Python in it, which gets ready by itself; `run` and `ready` wait for that.

    Parameters
    ----------
    view : View
        What it may see.
    limits : Limits
        Only `scratch` matters here; the rest is given with each notebook.
    warm : bool
        Load first what lessons need.

    Raises
    ------
    SandboxError
        Bubblewrap is missing. When it refuses, or Python does not start behind the wall, the wait ends with it.
    """

    def __init__(self, view, limits, *, warm=True):
        if why_no_bubblewrap():
            raise SandboxError(why_no_bubblewrap())
        self._log = tempfile.TemporaryFile()
        self._control, theirs = socket.socketpair()
        with theirs:
            python = [sys.executable, "-s", "-m", "cointrail_inside.serve", str(theirs.fileno())]
            self._process = subprocess.Popen(
                sandbox_command(view, python, scratch=limits.scratch),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
            )
        self._filter = base64.b64encode(syscall_filter()).decode()
        self._nested = None  # not heard yet
        preload, call = (PRELOAD, CALL_FIRST) if warm else ((), ())
        with contextlib.suppress(OSError):  # it is gone already, which the wait will say
            self._send({"uid": spare_uid(), "preload": preload, "call": call})

    @property
    def nested(self):
        """Whether each notebook gets namespaces of its own."""
        return self.ready()._nested

    def ready(self):
        """Itself, once it can take a notebook."""
        if self._nested is None:
            self._nested = self._greeting().get("nested") is True
        return self

    def _greeting(self):
        self._control.settimeout(_START_SECONDS)
        try:
            return self._receive()
        except (OSError, ValueError) as error:
            self.close()
            raise SandboxError(f"Python does not start in the sandbox. {self._last_words()}") from error

    def _last_words(self):
        self._log.seek(0)
        lines = self._log.read(1 << 20).decode("utf-8", "replace").strip().splitlines()
        return f"It said: {lines[-1][:300]}" if lines else "It said nothing."

    @property
    def alive(self):
        """Whether it can take another notebook."""
        return self._process.poll() is None

    def run(self, job, limits):
        """Run a notebook's cells; always returns, within the limits and a few seconds of patience.

        Parameters
        ----------
        job : mapping
            `engine`, `cells` as pairs of index and source, `files`, `environment`, `limits`, and `hidden`, whether the
            hidden inputs of this worker's view are shown to it. The notebook's own process reads it: in the memory of
            the server, which all later notebooks begin with, it would tell them what this one holds.
        limits : Limits

        Returns
        -------
        Ran
        """
        nested, ran = self.nested, Ran()
        reader, writer = os.pipe()
        try:
            with tempfile.TemporaryFile() as file:
                try:
                    file.write(json.dumps({**job, "filter": self._filter}).encode())
                    file.flush()
                    self._send({"memory": limits.memory}, file.fileno(), writer)
                finally:
                    os.close(writer)
            listen(reader, ran, limits)
            self._end_job(ran)
        except (OSError, ValueError):  # the server is gone or talks nonsense; what came before that is kept
            self.close()
        finally:
            os.close(reader)
        if not nested:
            self.close()
        return ran

    def _end_job(self, ran):
        """One byte ends every job, so that neither side can be a word ahead; the server says why it ended."""
        self._control.settimeout(PATIENCE)
        self._control.sendall(b"!")
        if self._receive().get("end") == "memory" and ran.end == "died":
            ran.end = "memory"

    def _send(self, message, *descriptors):
        data = json.dumps(message).encode()
        socket.send_fds(self._control, [struct.pack("!I", len(data))], descriptors)
        self._control.sendall(data)

    def _receive(self):
        size = struct.unpack("!I", self._exactly(4))[0]
        message = read_json(self._exactly(min(size, _LONGEST_WORD)))
        if not isinstance(message, dict):
            raise ValueError("the server said something else")
        return message

    def _exactly(self, size):
        data = b""
        while len(data) < size:
            part = self._control.recv(size - len(data))
            if not part:
                raise ConnectionResetError("the server hung up")
            data += part
        return data

    def close(self):
        """End it with everything in it."""
        self._control.close()
        self._process.kill()
        self._process.wait()


_workers = {}
_MOST_WORKERS = 2


def worker_for(view, limits):
    """A living worker of this thread with this view, begun when there is none; two threads never share one."""
    thread = threading.get_ident()
    key = thread, view, limits.scratch, tuple(_state(folder) for _, folder in view.hidden)
    worker = _workers.pop(key, None)
    if worker is None or not worker.alive:
        own = [other for other in _workers if other[0] == thread]
        for other in own[: max(0, len(own) - _MOST_WORKERS + 1)]:
            _workers.pop(other).close()
        worker = Worker(view, limits)
    _workers[key] = worker
    return worker


def _state(folder):
    """Changes when a folder is made anew: a sandbox would still show the old one."""
    stat = folder.stat()
    return stat.st_ino, stat.st_mtime_ns


@atexit.register
def close_workers():
    """End every worker of this process."""
    while _workers:
        _workers.popitem()[1].close()
