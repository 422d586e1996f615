"""What runs first inside a participant's room: hand the lessons out, then become the server named on the line.

It runs inside, because it writes into a folder that the participant owns: a link laid there leads nowhere else.
"""

import os
import sys
from pathlib import Path

from cointrail.classroom.lab import prepare

__all__ = ["enter"]


def enter(student: str, argv: list[str]) -> None:
    """Settle whose case it is, hand the lessons out, and become `argv`; the first time also fetch compiled kernels."""
    changed = prepare(student)
    if "new" in changed.values():
        from cointrail.tracing.warm import warm_kernels

        warm_kernels()
    os.makedirs(os.environ["JUPYTER_RUNTIME_DIR"], mode=0o700, exist_ok=True)
    os.chdir(Path(os.environ["COINTRAIL_WORK"]))
    os.execvp(argv[0], argv)


if __name__ == "__main__":
    enter(sys.argv[1], sys.argv[2:])
