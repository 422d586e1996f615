"""What a class's answers say about the questions, the teaching, and the class.

Difficulty and item-rest correlation are those of classical test theory (Crocker and Algina, Introduction to Classical
and Modern Test Theory, 1986, chapter 14); the Brier score is Brier's (1950); normalised gain is Hake's (1998).
"""

from itertools import pairwise

import pandas as pd

from cointrail.exercises.mistakes import named

__all__ = ["POST_TEST", "PRE_TEST", "calibration", "gain", "items", "mistakes", "objectives"]

PRE_TEST, POST_TEST = "0.4", "5.5"  # the lessons whose questions are the two tests of knowledge
_FEWEST = 8  # people below whom a correlation says nothing
_REACHED = 0.999
_STEPS = (0, 20, 40, 60, 80, 101)


def items(answers):
    """Each question: how hard it was, and whether those who did well elsewhere did well here.

    Parameters
    ----------
    answers : DataFrame
        As `results.read_results` gives it.

    Returns
    -------
    DataFrame
        assignment, question, title, n (marked answers), answered and abstained (shares of n), difficulty (mean share
        of the points; near 1 is easy), discrimination (correlation with the points of the same assignment's other
        questions; None below eight people or without spread; below 0.2 look at the question).
    """
    marked = answers[answers["share"].notna()]
    rows = []
    for (assignment, question), own in marked.groupby(["assignment", "question"], sort=False):
        rows.append(
            {
                "assignment": assignment,
                "question": question,
                "title": own["title"].iloc[0],
                "n": len(own),
                "answered": round(own["answered"].mean(), 3),
                "abstained": round(own["abstained"].mean(), 3),
                "difficulty": round(own["share"].astype(float).mean(), 3),
                "discrimination": _item_rest(own, marked[marked["assignment"] == assignment]),
            }
        )
    return pd.DataFrame(rows)


def _item_rest(own, of_assignment):
    """Pearson's correlation of a question's share with the points of all others; None where it says nothing."""
    rest = of_assignment[of_assignment["question"] != own["question"].iloc[0]].groupby("student")["points"].sum()
    both = pd.DataFrame({"item": own.set_index("student")["share"].astype(float), "rest": rest}).dropna()
    if len(both) < _FEWEST or both["item"].nunique() < 2 or both["rest"].nunique() < 2:
        return None
    return round(float(both["item"].corr(both["rest"])), 3)


def mistakes(answers):
    """Which predicted mistakes were made, most frequent first: assignment, question, code, name, n, share."""
    made = answers.explode("mistakes").dropna(subset="mistakes")
    if made.empty:
        return pd.DataFrame(columns=["assignment", "question", "code", "name", "n", "share"])
    answered = answers[answers["answered"]].groupby("question")["student"].nunique()
    counted = made.groupby(["assignment", "question", "mistakes"])["student"].nunique().reset_index(name="n")
    counted = counted.rename(columns={"mistakes": "code"}).sort_values(["n", "question"], ascending=[False, True])
    counted["name"] = counted["code"].map(named)
    counted["share"] = (counted["n"] / counted["question"].map(answered)).round(3)
    return counted[["assignment", "question", "code", "name", "n", "share"]].reset_index(drop=True)


def calibration(answers):
    """Stated certainty beside right answers.

    Returns
    -------
    (DataFrame, float or None)
        For each step of certainty: from, to (percent), n, said (mean, as a share), right (share of right answers). And
        the Brier score, the mean squared distance between the two: 0 is perfect, 0.25 is saying 50 % always.
    """
    said = answers.dropna(subset=["sure", "share"])
    if said.empty:
        return pd.DataFrame(columns=["from", "to", "n", "said", "right"]), None
    said = said.assign(
        p=said["sure"].astype(float) / 100, right=(said["share"].astype(float) >= _REACHED).astype(float)
    )
    rows = []
    for low, high in pairwise(_STEPS):
        own = said[(said["sure"] >= low) & (said["sure"] < high)]
        if len(own):
            means = {"said": round(own["p"].mean(), 3), "right": round(own["right"].mean(), 3)}
            rows.append({"from": low, "to": min(high, 100), "n": len(own), **means})
    return pd.DataFrame(rows), round(float(((said["p"] - said["right"]) ** 2).mean()), 4)


def gain(answers):
    """Before and after, for those who took both tests: student, before, after, gain (shares of right answers).

    `gain` is the normalised one, (after - before) / (1 - before): the part of what was still to be learnt; None for who
    knew everything before.
    """
    before, after = (_right_share(answers, lesson) for lesson in (PRE_TEST, POST_TEST))
    both = pd.DataFrame({"before": before, "after": after}).dropna().reset_index(names="student")
    room = 1 - both["before"]
    both["gain"] = ((both["after"] - both["before"]) / room.where(room > 0)).round(3)
    return both.round(3)


def _right_share(answers, lesson):
    own = answers[answers["question"].str.match(rf"{lesson.replace('.', '[.]')}[a-z]") & answers["share"].notna()]
    return (own["share"].astype(float) >= _REACHED).groupby(own["student"]).mean()


def objectives(answers):
    """Who reached which objective: student, assignment, objective, reached ("yes", "partly", "no", "waiting")."""
    rows = []
    for (student, assignment, objective), own in answers.groupby(["student", "assignment", "objective"], sort=False):
        if own["waiting"].any():
            reached = "waiting"
        else:
            least, most = own["share"].astype(float).min(), own["share"].astype(float).max()
            reached = "yes" if least >= _REACHED else "partly" if most > 0 else "no"
        rows.append({"student": student, "assignment": assignment, "objective": objective, "reached": reached})
    return pd.DataFrame(rows)
