"""What the tests of the sandbox share: when they can run, and a look at the machine's processes."""

import contextlib
import os
from pathlib import Path

import pytest

from cointrail.grading.sandbox import why_no_bubblewrap

# under CI=true a machine without bubblewrap is a failure, not an excuse
needs_sandbox = pytest.mark.skipif(
    bool(why_no_bubblewrap()) and os.environ.get("CI") != "true", reason=why_no_bubblewrap() or "has a sandbox"
)


def still_runs(text):
    """Whether a process of this machine has this text in its command."""
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it ended while we looked
            if text.encode() in file.read_bytes():
                return True
    return False
