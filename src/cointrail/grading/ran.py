"""What came back from a notebook that was run elsewhere, and how to listen for it without trust."""

import os
import select
import time
from dataclasses import dataclass, field

from cointrail.grading.frames import BadFrameError, FrameReader

__all__ = ["PATIENCE", "Ran", "listen"]

PATIENCE = 5  # seconds beyond a limit that the other side keeps by itself
_TO_BEGIN = 30  # seconds until the first cell: a kernel has to start
_LONGEST_CHARACTER = 4  # bytes in UTF-8


@dataclass
class Ran:
    """The results of a notebook's cells.

    Attributes
    ----------
    cells : dict
        By index: the outputs as JSON of a stranger, and the execution count.
    running : int or None
        The cell that had begun when everything ended.
    end : str
        "done"; or "died", "cell time", "notebook time", "memory"; or a sentence about what came.
    """

    cells: dict = field(default_factory=dict)
    running: int | None = None
    end: str = "died"

    def take(self, message):
        """Note one message; return whether it was the last one."""
        if "start" in message:
            self.running = message["start"]
        elif "cell" in message:
            self.cells[message["cell"]] = message["outputs"], message["count"]
            self.running = None
        else:
            self.end = "done"
        return self.end == "done"


def listen(pipe, ran, limits):
    """Read messages from a descriptor into `ran`, until the last one, the pipe's end, or the end of patience."""
    frames = FrameReader(
        most_frame=_LONGEST_CHARACTER * limits.cell_output + (1 << 16),
        most_total=limits.output,
    )
    end = time.monotonic() + limits.notebook + PATIENCE
    cell_end = time.monotonic() + limits.cell + PATIENCE + _TO_BEGIN
    while ran.end == "died":
        left = min(end, cell_end) - time.monotonic()
        if left <= 0 or not select.select([pipe], [], [], left)[0]:
            ran.end = "notebook time" if end <= cell_end else "cell time"
            return
        data = os.read(pipe, 1 << 16)
        if not data:
            return
        if _take_all(frames, data, ran):
            cell_end = time.monotonic() + limits.cell + PATIENCE


def _take_all(frames, data, ran):
    """Note the messages that are now whole; return whether there were any."""
    try:
        messages = frames.feed(data)
    except BadFrameError as error:
        ran.end = str(error)
        return False
    for message in messages:
        if ran.take(message):
            break
    return bool(messages)
