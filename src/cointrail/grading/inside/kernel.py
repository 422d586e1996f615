"""Run a notebook's cells in a real ipykernel, driven by nbclient; both live on this side of the wall.

Also a program of its own, for machines without a sandbox: it reads a job from its standard input and writes frames to
its standard output.
"""

import json
import os
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from traitlets.config import Config

from .outputs import CellOutputs

__all__ = ["run"]


class _Runner(NotebookClient):
    """Goes on after a cell that ran too long, and counts the bytes of what a cell says."""

    def report_to(self, emit, limits):
        self.emit, self.limits = emit, limits
        self.end = time.monotonic() + limits["notebook"]
        self.collected = None

    def process_message(self, msg, cell, cell_index):
        if self.collected is not None:
            self.collected.add(msg["msg_type"], msg["content"])
            if msg["msg_type"] in ("stream", "display_data", "execute_result", "error", "clear_output"):
                return None
        return super().process_message(msg, cell, cell_index)

    async def _async_handle_timeout(self, timeout, cell=None):
        self.too_long = True
        return await super()._async_handle_timeout(timeout, cell)

    async def async_execute_cell(self, cell, cell_index, **options):
        seconds = min(self.limits["cell"], int(self.end - time.monotonic()))
        if seconds < 1:
            return cell
        self.timeout, self.too_long = seconds, False
        self.emit({"start": cell.metadata["index"]})
        self.collected = CellOutputs(self.limits["cell_output"])
        await super().async_execute_cell(cell, cell_index, **options)
        if self.too_long:
            self.collected.ran_out_of_time(f"This cell ran longer than {seconds} seconds and was stopped.")
        outputs, count = self.collected.finished(), cell.get("execution_count")
        self.emit({"cell": cell.metadata["index"], "outputs": outputs, "count": count})
        return cell


def run(job, emit):
    """Run every cell; `emit` is told when one begins and what came out of it."""
    cells = [nbformat.v4.new_code_cell(source, metadata={"index": index}) for index, source in job["cells"]]
    runner = _Runner(
        nbformat.v4.new_notebook(cells=cells),
        allow_errors=True,
        interrupt_on_timeout=True,
        error_on_timeout={"ename": "TimeOut", "evalue": "", "traceback": []},
        record_timing=False,
        kernel_name="python3",
        shutdown_kernel="immediate",
        config=_over_files(),
        resources={"metadata": {"path": os.getcwd()}},
    )
    runner.report_to(emit, job["limits"])
    try:
        runner.execute()
    except DeadKernelError:  # the trusted side sees which cell began and never ended
        return
    emit({"done": True})


def _over_files():
    """Talk to the kernel over files (ipc) where the system has such sockets, never over the network."""
    config = Config()
    if os.name == "posix":
        config.KernelManager.transport = "ipc"
    return config


if __name__ == "__main__":
    from .frames import send

    frames = os.dup(1)
    os.dup2(2, 1)
    run(json.load(sys.stdin), lambda message: send(frames, message))
