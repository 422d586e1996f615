"""A question, defined once: what it asks, its truth, the wrong answers it predicts, hints and objective.

The files grading/questions/dayN.py hold a `WORLD` and a list `QUESTIONS`. Truth and mistakes are functions of a `Desk`:
the truth is computed from what the simulator knows, a mistake is the naive method run on the same data.
"""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from cointrail.errors import CointrailError
from cointrail.grading.assignments import assignment_of, day_of, graded_assignments

__all__ = ["Mistake", "Question", "load_day", "question_days"]

_PUBLIC = (
    *("id", "title", "type", "points", "objective", "look", "hints", "unit", "kind", "items", "places", "options"),
    "goal",
)
_PUBLIC_FOR_TYPE = ("signature", "returns", "schema")


@dataclass(frozen=True)
class Mistake:
    """A predicted wrong answer.

    `method` computes it, as the question's `truth` computes the right one; it gives `...` where a docket has no chance
    for it. `message` names the mistake and where to look; it never gives the answer away. `accuses` marks a strong
    false accusation: a claim of control or offence about an innocent one, made without doubt. An answer that holds any
    wrong part of it fails the exam.
    """

    code: str
    method: Callable
    message: str
    accuses: bool = False


@dataclass(frozen=True)
class Question:
    """One graded question; points 0 means stretch or quiz.

    Attributes
    ----------
    id : str
        Day, lesson and letter: "2.1a". A written answer has no letter: "2.2".
    notebook : str
        File name of its lesson without .ipynb.
    type : str
        int, decimal, id, time, choice, set, mapping, list, ranked, partition, function, tolerance, artefact, written.
    truth : callable
        Given a Desk, the right answer in plain Python; for a function question the reference function itself.
    weight : int
        What a wrong member of a set or mapping costs: 1, 2 for links, 3 for claims about a person.
    exam : bool
        An exam's: truth and mistakes are computed on the learner's exam docket (see `exercises.case.exam_docket`), and
        the learner's key holds its form only, so that `check` records the answer and says nothing more.
    goal : dict, optional
        Of a mapping: `precision` and `coverage` (shares) that bring all points, for example 0.95 and 0.5. In the truth
        of a mapping, a list of values means that any of them is right.
    samples, hidden : callable
        For a function question: sample arguments given a Desk; graded arguments given a secret and `make_ledger`.
        For a ranked list, partition or tolerance: public sample cases with their `answer`, given a Desk.
    """

    id: str
    notebook: str
    title: str
    type: str
    points: int
    objective: str
    truth: Callable | None = None
    mistakes: list[Mistake] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    look: str = ""
    unit: str = ""
    kind: str | None = None
    items: str | dict | None = None
    places: int | None = None
    options: dict | None = None
    weight: int = 1
    goal: dict | None = None
    path: bool = False
    tolerance: str | None = None
    pass_mark: float = 1.0
    signature: str | None = None
    returns: str | None = None
    samples: Callable | None = None
    hidden: Callable | None = None
    schema: dict | None = None
    facts: Callable | None = None
    rubric: str | None = None
    exam: bool = False

    @property
    def grade_id(self):
        """The name of its graded cell: q2_1a, or explain_2_2 when it is marked by hand."""
        return ("explain_" if self.type == "written" else "q") + self.id.replace(".", "_")

    @property
    def answer_id(self):
        """The name of the cell the learner edits: answer_2_1a."""
        return "answer_" + self.id.replace(".", "_")

    def form(self):
        """The public part: what the learner's side needs to read an answer."""
        names = _PUBLIC + (_PUBLIC_FOR_TYPE if self.type in ("function", "artefact") else ())
        public = {name: getattr(self, name) for name in names if getattr(self, name) not in (None, "")}
        return public | ({"exam": True} if self.exam else {})


def question_days(root):
    """The days that have questions, as numbers."""
    return [day_of(assignment) for assignment in graded_assignments(root)]


def load_day(root, day):
    """The world and the questions of one day.

    Returns
    -------
    (str, dict of str to Question)
        Questions by id, in the order of the file.
    """
    file = root / "grading" / "questions" / f"{assignment_of(day)}.py"
    if not file.is_file():
        days = ", ".join(graded_assignments(root))
        raise CointrailError(f"There are no questions for {assignment_of(day)}. There are questions for {days}.")
    stat = file.stat()
    world, questions = _read(file, day, stat.st_mtime_ns, stat.st_size)
    return world, dict(questions)


@lru_cache(maxsize=32)
def _read(file, day, *version):
    spec = importlib.util.spec_from_file_location(f"cointrail_questions_day{day}", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    questions = {question.id: question for question in module.QUESTIONS}
    if len(questions) < len(module.QUESTIONS):
        raise CointrailError(f"{file.name} defines a question twice. Ids must differ.")
    return module.WORLD, questions
