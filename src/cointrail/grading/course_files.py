"""nbgrader from inside Python: its course file, its directories, its generator."""

import contextlib
import io
import logging
import re
from pathlib import Path

from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import PyFileConfigLoader

from cointrail.errors import CointrailError

__all__ = ["TEMPLATES", "course_directory", "generate", "load_config", "nbgrader_step", "write_whole"]

TEMPLATES = Path(__file__).parent / "templates" / "jupyter"  # a Jupyter data folder, for nbgrader's pages


def load_config(root):
    """The course's nbgrader_config.py, read as nbgrader itself reads it."""
    return PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()


def course_directory(root, assignment="*", **places):
    """nbgrader's view of the course, with some directories elsewhere when named."""
    return CourseDirectory(config=load_config(root), assignment_id=assignment, **places)


def generate(root, assignment, release, *, into_gradebook=False):
    """Generate the learners' notebooks of an assignment (or "*") from solutions/ into a release folder.

    Parameters
    ----------
    release : Path
        Where course/ is written.
    into_gradebook : bool
        Also register the assignment, which grading needs once.
    """
    directory = course_directory(root, assignment, release_directory=str(release))
    config = load_config(root)
    config.SaveCells.enabled = into_gradebook
    step = GenerateAssignment(coursedir=directory, config=config, no_database=not into_gradebook)
    step.force = True
    nbgrader_step(step)


def nbgrader_step(step):
    """Run one nbgrader converter; what it logs is kept for the error message."""
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    step.log.addHandler(handler)
    step.log.propagate = False
    try:
        with contextlib.redirect_stderr(log):
            step.start()
    except NbGraderException as error:
        raise CointrailError(f"nbgrader stopped: {_reason(log.getvalue()) or error}") from error
    finally:
        step.log.removeHandler(handler)


def _reason(log):
    """The last line of the log that names an error; the rest is its traceback."""
    named = [line for line in log.splitlines() if re.match(r"[\w.]+: \S", line)]
    return named[-1] if named else ""


def write_whole(file, text):
    """A file that is there whole or not at all, whenever this process ends."""
    part = file.with_name(file.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(file)
