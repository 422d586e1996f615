"""Who has passed: the exam, the capstone, and with both, on a world that is not public, the certificate."""

from dataclasses import dataclass

import pandas as pd

from cointrail.grading.assignments import day_of, graded_assignments
from cointrail.grading.questions import load_day
from cointrail.ledger import load_manifest

__all__ = ["PASS_SHARE", "Verdict", "is_public", "tests_of_course", "verdicts"]

PASS_SHARE = 0.70


@dataclass(frozen=True)
class Verdict:
    """The result of one participant in one test (exam or capstone).

    `state` is "passed", "not passed", "waiting" (for marks by hand) or "absent"; `reason` says why in words.
    """

    student: str
    test: str
    share: float
    state: str
    reason: str


def is_public(world):
    """Whether a world's seed is published with it, and its truth so for anybody to make again.

    Examples
    --------
    >>> is_public("primer")
    True
    """
    return load_manifest(world).get("seed") is not None


def tests_of_course(root):
    """The tests that count: {"exam" or "capstone": (assignment, its world, ids of the questions)}."""
    found = {}
    for assignment in graded_assignments(root):
        world, questions = load_day(root, day_of(assignment))
        exam = [q.id for q in questions.values() if q.exam and assignment != "capstone"]
        if exam:
            notebooks = {questions[name].notebook for name in exam}
            found["exam"] = assignment, world, [q.id for q in questions.values() if q.notebook in notebooks]
        if assignment == "capstone":
            found["capstone"] = assignment, world, list(questions)
    return found


def verdicts(root, hand_ins, answers):
    """Apply the pass rules: 70 of 100, and no strong false accusation.

    Parameters
    ----------
    root : Path
    hand_ins, answers : DataFrame
        As `results.read_results` gives them.

    Returns
    -------
    list of Verdict
        One for each participant and test that was graded.
    """
    found = []
    for test, (assignment, _, ids) in tests_of_course(root).items():
        of_test = hand_ins[hand_ins["assignment"] == assignment]
        for row in of_test.itertuples():
            own = answers[(answers["student"] == row.student) & answers["question"].isin(ids)]
            found.append(_verdict(row, test, own))
    return found


def _verdict(row, test, own):
    if row.state != "handed in" or own.empty:
        return Verdict(row.student, test, 0.0, "absent", "Nothing was handed in.")
    most = own["of"].sum()
    # the penalty for handing in late belongs to the notebooks of the test in the share they have of the whole hand-in
    penalty = row.penalty * most / row.of if row.of else 0.0
    share = max(0.0, float(own["points"].sum()) - penalty) / most if most else 0.0
    accusing = own.loc[own["accuses"], "question"].tolist()
    if accusing:
        reason = f"A strong false accusation in {', '.join(accusing)}: any one fails, whatever the points."
        return Verdict(row.student, test, share, "not passed", reason)
    if share >= PASS_SHARE:
        return Verdict(
            row.student, test, share, "passed", f"{share:.0%} of the points, and no strong false accusation."
        )
    if own["waiting"].any():
        return Verdict(row.student, test, share, "waiting", f"{share:.0%} so far; written answers wait to be marked.")
    return Verdict(row.student, test, share, "not passed", f"{share:.0%} of the points; {PASS_SHARE:.0%} are needed.")


def certified(root, found):
    """Who has earned the certificate, and why nobody can where that is so.

    Parameters
    ----------
    found : list of Verdict

    Returns
    -------
    (list of str, str)
        Student ids; and a sentence, empty when certificates can be given.
    """
    tests = tests_of_course(root)
    if not tests:
        return [], "This course has no exam and no capstone, so there is nothing to certify."
    public = sorted({world for _, world, _ in tests.values() if is_public(world)})
    if public:
        return [], (
            f"The world {public[0]} is public, answers and all: a certificate needs a world from a secret seed. "
            "Make one with: cointrail world make"
        )
    passed = pd.DataFrame([(one.student, one.test) for one in found if one.state == "passed"], columns=["who", "test"])
    counts = passed.groupby("who")["test"].nunique()
    return sorted(counts[counts == len(tests)].index), ""
