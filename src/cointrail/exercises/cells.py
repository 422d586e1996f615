"""Notice when an answer cell failed, so that `check` does not judge the answer of an earlier run.

In a notebook a red cell leaves the old answer standing. IPython tells after each cell how it went; what a failed cell
was to assign is remembered until a cell that assigns it runs well.
"""

import re

from IPython import get_ipython

__all__ = ["failed", "watch"]

_ASSIGNED = re.compile(r"^(?:def\s+(\w+)\s*\(|(answer_\w+)\s*=(?!=))", re.MULTILINE)
_failed: set[str] = set()


def watch():
    """Begin to listen to the running notebook; outside one, do nothing."""
    shell = get_ipython()
    if shell is not None and _after_cell not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", _after_cell)


def failed(name):
    """Whether the last cell that was to assign this name failed."""
    return name in _failed


def _after_cell(result):
    source = getattr(result.info, "raw_cell", None) or ""
    names = {function or answer for function, answer in _ASSIGNED.findall(source)}
    if result.success:
        _failed.difference_update(names)
    else:
        _failed.update(names)
