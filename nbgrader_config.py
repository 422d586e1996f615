"""nbgrader's course file: `nbgrader ...` commands and the formgrader work from this folder.

Scores are made by Cointrail's own preprocessors: RunSubmission runs a notebook without truth or keys, ScoreAnswers
compares the answer records with the plain key. See CONTRIBUTING.md before you change a list here.
"""

import os
import sysconfig
from pathlib import Path

from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    DeduplicateIds,
    IgnorePattern,
    IncludeHeaderFooter,
    LimitOutput,
    LockCells,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
    SaveCells,
)

from cointrail.grading.course_files import TEMPLATES
from cointrail.grading.late import LatePenalty
from cointrail.grading.safe_outputs import SafeOutputs
from cointrail.grading.score_answers import RememberAnswers, RunSubmission, ScoreAnswers

c = get_config()  # noqa: F821  nbgrader hands this function in

ROOT = Path(__file__).resolve().parent

# nbgrader calls `alembic` by its bare name, which is not found where the environment is not activated.
os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])

# A template that stands before nbconvert's own, so that no page of nbgrader's asks another host for MathJax.
if str(TEMPLATES) not in os.environ.get("JUPYTER_PATH", ""):
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(TEMPLATES), os.environ.get("JUPYTER_PATH")]))

c.CourseDirectory.course_id = "cointrail"
c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "course"
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
# a class on several machines: COINTRAIL_GRADEBOOK=postgresql+psycopg://user@host/name (the database must be there)
c.CourseDirectory.db_url = (
    os.environ.get("COINTRAIL_GRADEBOOK") or f"sqlite:///{(ROOT / 'grading' / 'gradebook.db').as_posix()}"
)

# An answer cell keeps its first line, `answer_2_1a = ...`; the comment stands where the solution stood.
c.ClearSolutions.code_stub = {"python": "# Replace the three dots (...) above with your answer."}
c.ClearSolutions.text_stub = (
    "*Write your answer here: click this line once, press Enter, delete the text, type, press Shift+Enter.*"
)

# nbgrader's own list without InstantiateTests, which starts a kernel for tests that this course does not have.
c.GenerateAssignment.preprocessors = [
    IncludeHeaderFooter,
    LockCells,
    ClearSolutions,
    ClearOutput,
    CheckCellMetadata,
    ComputeChecksums,
    SaveCells,
    ClearHiddenTests,
    ClearMarkScheme,
    ComputeChecksums,
    CheckCellMetadata,
]

# First RememberAnswers: what the participant saw, before outputs are cleared.
c.Autograde.sanitize_preprocessors = [
    RememberAnswers,
    ClearOutput,
    DeduplicateIds,
    OverwriteKernelspec,
    OverwriteCells,
    CheckCellMetadata,
]
# RunSubmission stands where nbgrader's Execute stood. SafeOutputs comes before ScoreAnswers, which comes before
# SaveAutoGrades: what a participant shows is cleaned, what the scorer writes is not.
c.Autograde.autograde_preprocessors = [
    RunSubmission,
    IgnorePattern,
    ClearMetadataPreprocessor,
    LimitOutput,
    SafeOutputs,
    ScoreAnswers,
    SaveAutoGrades,
    AssignLatePenalties,
    CheckCellMetadata,
]

# Handing in late is noted once an assignment has a due date. What it costs is the host's rule: for example 10.
c.AssignLatePenalties.plugin_class = LatePenalty
c.LatePenalty.percent_per_day = 0
