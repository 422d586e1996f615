"""What nbgrader_config.py has done to a notebook that was run: it is cleaned and scored; the gradebook is elsewhere."""

import contextlib

from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, SaveAutoGrades
from traitlets.utils.importstring import import_item

from cointrail.grading.course_files import load_config
from cointrail.grading.score_answers import RunSubmission

__all__ = ["Chain"]

# the run was before; the rebuilt notebook's metadata are the released one's; `gradebook` writes what these would
_DONE_ELSEWHERE = (RunSubmission, CheckCellMetadata, SaveAutoGrades, AssignLatePenalties)


class Chain:
    """The course's own chain, made once for a run.

    Parameters
    ----------
    root : Path
        The course, where nbgrader itself would work.
    """

    def __init__(self, root):
        self._root, config = root, load_config(root)
        named = Autograde(config=config).autograde_preprocessors
        kinds = [import_item(kind) if isinstance(kind, str) else kind for kind in named]
        made = [kind(config=config) for kind in kinds if kind not in _DONE_ELSEWHERE]
        self._steps = [step for step in made if step.enabled]
        penalties = AssignLatePenalties(config=config)
        penalties.init_plugin()
        self.penalty = penalties.plugin_inst.late_submission_penalty if AssignLatePenalties in kinds else None

    def apply(self, notebook, *, student, assignment, name):
        """Clean and score an executed notebook, which may be changed in place; return it."""
        resources = {"nbgrader": {"student": student, "assignment": assignment, "notebook": name}}
        with contextlib.chdir(self._root):
            for step in self._steps:
                notebook, resources = step.preprocess(notebook, resources)
        return notebook
