"""Run a notebook's cells in this process, in ipykernel's own shell with a post box where its sockets would be."""

import builtins
import io
import random
import signal
import sys
import time

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from jupyter_client.session import Session
from traitlets import Any
from traitlets.config import Config

from .outputs import CellOutputs

__all__ = ["run", "warm"]


class TimeOut(BaseException):
    """A cell's time is over; not an Exception, so that a learner's `except Exception` lets it through."""

    def _render_traceback_(self):
        return [str(self)]


class _PostBox(Session):
    """Stands for the kernel's session: what the shell would send to Jupyter becomes an output of the cell."""

    outputs = Any()

    def send(self, stream, msg_or_type, content=None, *args, **kwargs):
        if isinstance(msg_or_type, dict):
            self.outputs.add(msg_or_type["msg_type"], msg_or_type["content"])
        else:
            self.outputs.add(msg_or_type, content)


class _Stream(io.TextIOBase):
    """sys.stdout and sys.stderr of a cell."""

    encoding = "utf-8"

    def __init__(self, name, box):
        self.name, self._box = name, box

    def writable(self):
        return True

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._box.outputs.add("stream", {"name": self.name, "text": text})
        return len(text)


def warm():
    """Make the shell once, before notebooks are forked, and run a first cell through it."""
    config = Config()
    config.HistoryManager.enabled = False
    shell = ZMQInteractiveShell.instance(config=config, compiler_class=XCachingCompiler)
    box = _PostBox(outputs=CellOutputs(1 << 20))
    for speaker in (shell.displayhook, shell.display_pub):
        speaker.session, speaker.pub_socket = box, box
    shell.displayhook.topic = b"execute_result"
    shell.run_cell("1 + 1", store_history=False)


def run(job, emit):
    """Run every cell; `emit` is told when one begins and what came out of it."""
    shell = ZMQInteractiveShell.instance()
    box = shell.displayhook.session
    _settle()
    sys.stdout, sys.stderr = _Stream("stdout", box), _Stream("stderr", box)
    end = time.monotonic() + job["limits"]["notebook"]
    for index, source in job["cells"]:
        seconds = min(job["limits"]["cell"], int(end - time.monotonic()))
        if seconds < 1:
            break
        emit({"start": index})
        box.outputs = CellOutputs(job["limits"]["cell_output"])
        _run_cell(shell, source, seconds)
        emit({"cell": index, "outputs": box.outputs.finished(), "count": shell.execution_count - 1})
    emit({"done": True})


def _settle():
    """What a fresh kernel would have: no keyboard, and chance that is the same in every worker."""
    builtins.input = _no_keyboard
    random.seed(0)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)


def _no_keyboard(prompt=""):
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


def _run_cell(shell, source, seconds):
    def over(number, frame):
        raise TimeOut(f"This cell ran longer than {seconds} seconds and was stopped.")

    signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)  # again each second, for code that swallows the first
    try:
        shell.run_cell(source, store_history=True)
    except TimeOut as error:  # it came between the cell's code and the shell's own handling
        shell.displayhook.session.outputs.ran_out_of_time(str(error))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
