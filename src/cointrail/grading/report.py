"""`cointrail report`: what a class has reached, as a page, as tables, and as marks for a learning platform."""

from dataclasses import asdict
from pathlib import Path

import pandas as pd

from cointrail.grading.feedback import PAGES
from cointrail.grading.pass_rules import certified, verdicts
from cointrail.grading.results import as_json, read_results, write_table
from cointrail.grading.statistics import calibration, gain, items, mistakes, objectives

__all__ = ["Report", "make_report", "write_report"]


class Report:
    """All tables of a class, computed when made.

    Attributes
    ----------
    hand_ins, answers, items, mistakes, objectives, calibration, gain, tests, grades : DataFrame
    brier : float or None
    certified : list of str
        Students who earned the certificate.
    no_certificates : str
        Why there are none, or empty.
    """

    def __init__(self, root):
        self.hand_ins, self.answers = read_results(root)
        self.items, self.mistakes = items(self.answers), mistakes(self.answers)
        self.objectives = objectives(self.answers)
        self.calibration, self.brier = calibration(self.answers)
        self.gain = gain(self.answers)
        found = verdicts(root, self.hand_ins, self.answers)
        self.tests = pd.DataFrame(
            [asdict(one) for one in found], columns=["student", "test", "share", "state", "reason"]
        ).round(3)
        self.certified, self.no_certificates = certified(root, found)
        self.grades = _grades(self.hand_ins)
        self.canvas = _for_canvas(self.grades, self.hand_ins)

    def as_json(self):
        """The same for a program."""
        names = ("hand_ins", "items", "mistakes", "objectives", "calibration", "gain", "tests")
        return {name: as_json(getattr(self, name)) for name in names} | {
            "brier": self.brier,
            "certified": self.certified,
            "no_certificates": self.no_certificates,
        }


def make_report(root):
    """Read the gradebook and compute everything.

    Parameters
    ----------
    root : Path

    Raises
    ------
    CointrailError
        Nothing was graded yet, or the roster is damaged.
    """
    return Report(root)


def _grades(hand_ins):
    """Marks for a learning platform: one row a person, an empty cell where nothing was asked or handed in.

    Moodle reads the file as it is (Grades, Import, CSV; map "ID number" to "ID number"; every id must be known there).
    """
    handed = hand_ins.assign(points=hand_ins["points"].where(hand_ins["state"] == "handed in").round(2))
    wide = handed.pivot(index="student", columns="assignment", values="points")[handed["assignment"].unique()]
    names = handed.groupby("student")["name"].first()
    wide.insert(0, "Full name", names)
    wide["Course total"] = wide.drop(columns="Full name").sum(axis=1).round(2)
    return wide.reset_index(names="ID number")


def _for_canvas(grades, hand_ins):
    """The same as Canvas wants it: its own first five columns, a line of points possible, no total.

    Canvas finds a person by the SIS id, else the login, else the name.
    """
    assignments = list(hand_ins["assignment"].unique())
    ids = grades["ID number"]
    people = {"Student": grades["Full name"].where(grades["Full name"] != "", ids), "ID": ""}
    people |= {"SIS User ID": ids, "SIS Login ID": ids, "Section": ""}
    most = hand_ins.groupby("assignment")["of"].max()
    first = pd.DataFrame([{"Student": "Points Possible"} | {name: most[name] for name in assignments}])
    return pd.concat([first, pd.DataFrame(people).join(grades[assignments])])[[*people, *assignments]].astype(object)


def write_report(report, folder):
    """Write report.html and the tables as CSV; return the files.

    Parameters
    ----------
    report : Report
    folder : Path
        Made when it is not there.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "grades.csv": report.grades,
        "grades_canvas.csv": report.canvas,
        "answers.csv": report.answers.assign(mistakes=report.answers["mistakes"].map(" ".join)),
        "items.csv": report.items,
        "mistakes.csv": report.mistakes,
        "objectives.csv": report.objectives,
        "tests.csv": report.tests,
    }
    for name, table in tables.items():
        write_table(folder / name, table, encoding="utf-8" if name.startswith("grades") else "utf-8-sig")
    page = folder / "report.html"
    page.write_text(_page(report), encoding="utf-8")
    return [page, *(folder / name for name in tables)]


def _page(report):
    gained = report.gain["gain"].dropna()
    return PAGES.get_template("report.html.j2").render(
        people=report.hand_ins["student"].nunique(),
        assignments=list(report.hand_ins["assignment"].unique()),
        results=_shown(_results(report.hand_ins)),
        tests=_shown(_taken(report.tests)),
        certificates=report.no_certificates if len(report.tests) else "",
        items=_shown(report.items),
        mistakes=_shown(report.mistakes),
        objectives=_shown(_counted(report.objectives)),
        calibration=_shown(report.calibration),
        brier=""
        if report.brier is None
        else f"Brier score {report.brier:g}: 0 is perfect, 0.25 is always saying 50 %.",
        gain=_shown(report.gain),
        gain_words=f"Mean gain {gained.mean():.2f}, n = {len(gained)}." if len(gained) else "",
        waiting=_shown(_waiting(report.answers)),
    )


def _results(hand_ins):
    rows = []
    for (student, name), own in hand_ins.groupby(["student", "name"], sort=True):
        row = {"participant": student, "name": name, "points": f"{round(own['points'].sum(), 2):g}"}
        for one in own.itertuples():
            row[one.assignment] = _said(one)
        rows.append(row)
    return pd.DataFrame(rows).fillna("")


def _said(one):
    if one.state != "handed in":
        return "–" if one.state == "absent" else "later"
    penalty = f", penalty {round(one.penalty, 2):g}" if one.penalty else ""
    late = f", {_duration(one.seconds_late)} late{penalty}" if one.seconds_late > 0 else ""
    waits = f", {one.waiting:g} wait" if one.waiting else ""
    return f"{round(one.points, 2):g} of {one.of:g}{waits}{late}"


def _duration(seconds):
    """A span of time in the largest unit of which there are two.

    Examples
    --------
    >>> _duration(90), _duration(7200), _duration(90000), _duration(200000)
    ('2 minutes', '2 hours', '25 hours', '2.3 days')
    """
    if seconds < 2 * 3600:
        return f"{max(1, round(seconds / 60))} minute{'s' if seconds >= 90 else ''}"
    return f"{seconds / 3600:.0f} hours" if seconds < 2 * 86400 else f"{seconds / 86400:.1f} days"


def _counted(table):
    """How many reached each objective, in the order of the course."""
    if table.empty:
        return table
    counts = pd.crosstab([table["assignment"], table["objective"]], table["reached"])
    order = table[["assignment", "objective"]].drop_duplicates()
    counts = counts.reindex(pd.MultiIndex.from_frame(order)).reset_index()
    return counts[[name for name in ("assignment", "objective", "yes", "partly", "no", "waiting") if name in counts]]


def _taken(tests):
    """The tests that were handed in, with shares in per cent."""
    taken = tests[tests["state"] != "absent"]
    return taken.assign(share=taken["share"].map("{:.0%}".format))


def _waiting(answers):
    waits = answers[answers["waiting"]]
    return waits.groupby(["assignment", "question", "title"], sort=False)["student"].count().reset_index(name="answers")


def _shown(table):
    """A table for the page: column names, and cells that know whether they are numbers."""
    rows = [[_cell(value) for value in row] for row in table.astype(object).itertuples(index=False)]
    return {"columns": list(table.columns), "rows": rows}


def _cell(value):
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return {"text": "" if pd.isna(value) else f"{value:g}" if isinstance(value, float) else value, "number": number}
