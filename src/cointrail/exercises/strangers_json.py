"""Read a stranger's document: however deeply it is nested, it ends in a value or in an error, never in a crash.

CPython 3.11's JSON reader goes as deep as the recursion limit allows, and some libraries raise that limit (py_ecc does,
on import) beyond what the C stack holds; then a few thousand brackets end the whole process. A YAML reader takes
minutes for them.
"""

import json
import sys
from contextlib import contextmanager

__all__ = ["read_json", "recursion_at_most"]

_DEEPEST = 3000


def read_json(text, **options):
    """As `json.loads`, with a recursion limit that the C stack can hold.

    Raises
    ------
    ValueError, RecursionError
        It is not JSON, or nested too deeply.

    Examples
    --------
    >>> read_json("[1, 2]")
    [1, 2]
    """
    with recursion_at_most(_DEEPEST):
        return json.loads(text, **options)


@contextmanager
def recursion_at_most(most):
    """Within this block recursion ends at `most` calls, or where it ended anyway.

    Examples
    --------
    >>> with recursion_at_most(100_000):
    ...     sys.getrecursionlimit() < 100_001
    True
    """
    kept = sys.getrecursionlimit()
    sys.setrecursionlimit(min(kept, most))
    try:
        yield
    finally:
        sys.setrecursionlimit(kept)
