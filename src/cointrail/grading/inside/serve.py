"""The warm server: imports everything once, then forks a process for every notebook it is given.

It runs as `python -m cointrail_inside.serve DESCRIPTOR` inside the sandbox. On that socket come jobs, each a message
with two descriptors beside it: a file that says what to run, which the notebook's own process reads, and the writing
end of a pipe for its outputs. The server answers how it ended.
"""

import base64
import gc
import importlib
import json
import os
import resource
import socket
import struct
import sys

from . import cells, jail, kernel
from .frames import send
from .watch import wait_for

HIDDEN = "/hidden"


def main():
    """Serve until the trusted side hangs up."""
    control = socket.socket(fileno=int(sys.argv[1]))
    settings = json.loads(_receive(control)[0])
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))  # the desk's own; the scratch folder is bounded by its size
    jail.become_nobody(settings["uid"])
    jail.prctl(jail.PR_SET_CHILD_SUBREAPER, 1)
    nested = jail.can_nest()
    sys.modules["rfc3987_syntax"] = None  # as in cointrail.grading: nobody needs it, and it takes a second
    for name in settings["preload"]:
        importlib.import_module(name)
    for name in settings["call"]:
        module, _, function = name.rpartition(".")
        getattr(importlib.import_module(module), function)()
    cells.warm()
    sys.path[0] = ""
    gc.collect()
    gc.freeze()
    send(control.fileno(), {"ready": True, "nested": nested})
    while (received := _receive(control)) is not None:
        head, (job, outputs) = json.loads(received[0]), received[1]
        try:
            pid = jail.fork_notebook(lambda job=job, out=outputs: _run(job, out, nested), nested=nested)
        finally:
            os.close(job)
            os.close(outputs)
        send(control.fileno(), {"end": wait_for(pid, memory=head["memory"], control=control)})


def _receive(control):
    """One message and the descriptors beside it; None when the other side hung up."""
    head, descriptors, _, _ = socket.recv_fds(control, 4, 2)
    if len(head) < 4:
        return None
    left = struct.unpack("!I", head)[0]
    parts = []
    while left:
        parts.append(control.recv(min(left, 1 << 20)))
        if not parts[-1]:
            return None
        left -= len(parts[-1])
    return b"".join(parts), descriptors


def _run(job, outputs, nested):
    """In the notebook's own process: shut in, lay out its files, run its cells."""
    with open(job, "rb") as file:
        file.seek(0)
        job = json.load(file)
    if nested and not job["hidden"]:
        jail.cover(HIDDEN)
    jail.enter(job["limits"], base64.b64decode(job["filter"]), nested=nested, keep=outputs)
    for name, text in job["files"].items():
        file = jail.SCRATCH / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    os.environ.update(job["environment"])
    engine = {"fork": cells.run, "kernel": kernel.run}[job["engine"]]
    engine(job, lambda message: send(outputs, message))


if __name__ == "__main__":
    main()
