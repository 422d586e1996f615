"""Read what the untrusted side writes: frames of bounded JSON, and nothing else.

A frame is four bytes of length, then JSON. Whoever writes them may be hostile: every length, depth, type and text is
checked here, and what does not fit ends the notebook with `BadFrameError`.
"""

import struct

from cointrail.exercises.strangers_json import read_json

__all__ = ["MOST_DEPTH", "BadFrameError", "FrameReader"]

MOST_DEPTH = 40


class BadFrameError(Exception):
    """What came is not a message of the protocol; the text says why, for the participant."""


class FrameReader:
    """Cuts a stream of bytes into messages.

    Parameters
    ----------
    most_frame, most_total : int
        Bytes that one frame, and all of them together, may have.

    Examples
    --------
    >>> reader = FrameReader(most_frame=100, most_total=1000)
    >>> reader.feed(bytes([0, 0, 0, 12]) + b'{"start"')
    []
    >>> reader.feed(b": 1}")
    [{'start': 1}]
    """

    def __init__(self, *, most_frame, most_total):
        self._most_frame, self._left = most_frame, most_total
        self._buffer = bytearray()

    def feed(self, data):
        """Take bytes; return the messages that are now whole.

        Raises
        ------
        BadFrameError
            A frame or all of them are too long, or a frame holds no message.
        """
        self._left -= len(data)
        if self._left < 0:
            raise BadFrameError("the notebook wrote too much output")
        self._buffer += data
        messages = []
        while (frame := self._next_frame()) is not None:
            messages.append(_message(frame))
        return messages

    def _next_frame(self):
        if len(self._buffer) < 4:
            return None
        size = struct.unpack_from("!I", self._buffer)[0]
        if size > self._most_frame:
            raise BadFrameError("a cell wrote too much output")
        if len(self._buffer) < 4 + size:
            return None
        frame = bytes(self._buffer[4 : 4 + size])
        del self._buffer[: 4 + size]
        return frame


def _message(frame):
    try:
        message = read_json(frame.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError, MemoryError) as error:
        raise BadFrameError("the notebook disturbed the record of its outputs") from error
    if not _is_message(message) or _depth_over(message, MOST_DEPTH):
        raise BadFrameError("the notebook disturbed the record of its outputs")
    return message


def _no_constant(name):
    raise ValueError(f"{name} is not JSON")


def _is_message(message):
    """One of {"start": n}, {"cell": n, "outputs": [...], "count": n or None}, {"done": True}."""
    if not isinstance(message, dict):
        return False
    if set(message) == {"start"}:
        return _is_count(message["start"])
    if set(message) == {"cell", "outputs", "count"}:
        count = message["count"]
        return (
            _is_count(message["cell"]) and isinstance(message["outputs"], list) and (count is None or _is_count(count))
        )
    return message == {"done": True}


def _is_count(value):
    return type(value) is int and 0 <= value < 1_000_000


def _depth_over(value, most):
    """Whether lists and mappings stand in each other deeper than `most`; without recursion."""
    level = [value]
    for _ in range(most):
        level = [inner for outer in level for inner in _inner(outer)]
        if not level:
            return False
    return True


def _inner(value):
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return ()
    return [item for item in value if isinstance(item, dict | list)]
