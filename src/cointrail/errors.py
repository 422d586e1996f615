"""The one error a person sees: a sentence that says what was wrong, where, and what to do."""

import os
import re

__all__ = ["CointrailError", "as_typed"]

_COMMAND = re.compile(
    r"\bcointrail (?=--help|(VERB|lab|progress|bundle|submit|doctor|grade|handouts|collect|report|classroom|kit|build"
    r"|world|bench)\b)"
)


def as_typed(text: str) -> str:
    """A sentence with its commands as this person types them: who began with start.py may have no other command.

    `start.py` says so by the environment variable COINTRAIL_TYPED.

    Examples
    --------
    >>> import os
    >>> os.environ["COINTRAIL_TYPED"] = "python start.py"
    >>> as_typed("Run: cointrail lab --as YOUR-ID")
    'Run: python start.py lab --as YOUR-ID'
    >>> del os.environ["COINTRAIL_TYPED"]
    """
    typed = os.environ.get("COINTRAIL_TYPED")
    return _COMMAND.sub(lambda found: f"{typed} ", text) if typed else text


class CointrailError(Exception):
    """Bad input, said in one sentence; shown without a traceback in a notebook and on the command line."""

    def __str__(self):
        return as_typed(super().__str__())

    def _render_traceback_(self):
        """Show one line in IPython, JupyterLab and the graded notebook instead of our stack."""
        return [f"{self}"]
