"""The one error a person sees: a sentence that says what was wrong, where, and what to do."""

__all__ = ["CointrailError"]


class CointrailError(Exception):
    """Bad input, said in one sentence; shown without a traceback in a notebook and on the command line."""

    def _render_traceback_(self):
        """Show one line in IPython, JupyterLab and the graded notebook instead of our stack."""
        return [f"{self}"]
