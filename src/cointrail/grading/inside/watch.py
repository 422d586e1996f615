"""Wait for the end of a notebook's process, and end it when its processes together take too much memory."""

import os
import select
import signal
from pathlib import Path

__all__ = ["wait_for"]

_BETWEEN_LOOKS = 0.2  # seconds
_MOST_STATUS = 1 << 16


def wait_for(pid, *, memory, control):
    """Wait until the process ends, or must be ended; return why: "exit", "memory" or "stopped".

    Parameters
    ----------
    memory : int
        Bytes that all processes of the notebook may hold together; a limit of each process alone is set elsewhere.
    control : socket
        The trusted side writes one byte here for every notebook, at the latest when its outputs ended; or hangs up.
    """
    handle = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    poll.register(control, select.POLLIN)
    reason = None
    while reason is None:
        ready = dict(poll.poll(_BETWEEN_LOOKS * 1000))
        if handle in ready:
            reason = "exit"
        elif control.fileno() in ready:
            control.recv(1)
            reason = "stopped"
        elif _held() > memory:
            reason = "memory"
    _end(pid)
    os.close(handle)
    if reason != "stopped":
        control.recv(1)
    return reason


def _held():
    """Bytes held by every process here but the server and the one that reaps; one process alone has its own limit."""
    others = [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) not in (1, os.getpid())]
    return sum(map(_share_of, others)) if len(others) > 1 else 0


def _share_of(pid):
    """The proportional share of memory (PSS); what cannot be read counts by what is resident."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            line = next(line for line in file if line.startswith("Pss:"))
            return int(line.split()[1]) * 1024
    except (OSError, StopIteration):
        return _resident(pid)


def _resident(pid):
    try:
        fields = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
    except OSError:  # it ended in this moment
        return 0
    return (int(fields[1]) - int(fields[2])) * os.sysconf("SC_PAGE_SIZE")


def _end(pid):
    """Kill what is left and bury it, with everything that was inherited from it."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:  # it ended by itself
        pass
    os.waitpid(pid, 0)
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                return
        except ChildProcessError:  # nobody is left
            return
