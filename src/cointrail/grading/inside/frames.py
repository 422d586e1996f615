"""Write one message to the trusted side: four bytes of length, then JSON."""

import json
import os
import struct

__all__ = ["send"]


def send(fd, message):
    """Write a message whole; `fd` is a pipe or a socket that blocks."""
    data = json.dumps(message, default=str, ensure_ascii=False).encode("utf-8", "replace")
    view = memoryview(struct.pack("!I", len(data)) + data)
    while view:
        view = view[os.write(fd, view[: 1 << 16]) :]
