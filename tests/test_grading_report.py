"""Does the report say what a class did: points, mistakes, difficulty, certainty, gain, who passed, who was away?"""

import copy
import csv
import datetime
import json
import re
import subprocess
import sys

import hand_ins
import pandas as pd
import pytest
from nbgrader.api import Gradebook

from cointrail import CointrailError
from cointrail.classroom.certificate import certificate, self_study_certificate, write_certificates
from cointrail.grading import pass_rules
from cointrail.grading.grade import grade
from cointrail.grading.questions import Mistake, Question
from cointrail.grading.report import make_report, write_report
from cointrail.grading.results import class_list
from cointrail.grading.scoring import score
from cointrail.grading.statistics import calibration, gain, items, mistakes


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A class: one right and late, one mistaken, one who only looked, one absent, one who joined later."""
    root = hand_ins.make_small(hand_ins.desk_copy(tmp_path_factory.mktemp("desk")), notebooks=2)
    config = root / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8") + "\nc.LatePenalty.percent_per_day = 10\n", encoding="utf-8")
    roster = root / "grading" / "classroom" / "roster.csv"
    roster.parent.mkdir()
    rows = ["student_id,name,docket,joined", "r1,Ama Owusu,A,", "m1,=cmd(),A,", "u1,Li Wei,B,day0", "a1,Absent,A,"]
    roster.write_text("\n".join([*rows, "j1,Joined Late,B,day3", ""]), encoding="utf-8")
    folder = hand_ins.hand_in(root, "r1", hand_ins.right_answers())
    (folder / "timestamp.txt").write_text("2026-03-03 12:00:00 UTC\n", encoding="utf-8")
    hand_ins.hand_in(root, "m1", hand_ins.mistaken_answers("A", ("M08", "M07", "M05")))
    hand_ins.hand_in(root, "u1", {})
    grade(root, "day2", students=["u1"], say=lambda line: None)
    with Gradebook(f"sqlite:///{root / 'grading' / 'gradebook.db'}", "cointrail") as book:
        book.update_or_create_assignment("day2", duedate=datetime.datetime(2026, 3, 1, 18, 0))
    grade(root, "day2", say=lambda line: None)
    return root


@pytest.fixture(scope="module")
def report(root):
    return make_report(root)


def row_of(report, student):
    return report.hand_ins.set_index("student").loc[student]


def test_states_tell_absent_from_not_yet_there(report):
    assert report.hand_ins.set_index("student")["state"].to_dict() == {
        "r1": "handed in",
        "m1": "handed in",
        "u1": "handed in",
        "a1": "absent",
        "j1": "before joining",
    }


def test_a_late_hand_in_loses_the_share_of_each_day_begun(report):
    """Two days begun at 10 % each: 20 % of the points of each notebook."""
    late = row_of(report, "r1")
    full = sum(report.answers.query("student == 'r1'")["points"])
    assert late["seconds_late"] == 42 * 3600
    assert late["penalty"] == pytest.approx(0.2 * full)
    assert late["points"] == pytest.approx(0.8 * full)
    assert row_of(report, "m1")["penalty"] == 0


def test_the_instructor_reads_at_grading_what_being_late_cost(root, report):
    (again,) = grade(root, "day2", students=["r1"], say=lambda line: None)
    assert f"Handed in late: {row_of(report, 'r1')['penalty']:g} points were taken off." in again.notes


def test_the_mistakes_that_were_made_are_counted_by_question(report):
    made = report.mistakes.set_index("question")
    assert made.loc["2.1b", "code"] == "M08"
    assert made.loc["2.1b", "n"] == 1
    assert made.loc["2.1b", "share"] == 0.5, "of the two who answered"


def test_a_written_answer_waits_for_a_person_and_an_empty_one_does_not(report):
    written = report.answers.query("question == '2.2'").set_index("student")
    assert written["waiting"].to_dict() == {"r1": True, "m1": False, "u1": False}
    assert written["answered"].to_dict() == {"r1": True, "m1": False, "u1": False}
    assert report.items.set_index("question").loc["2.2", "n"] == 2


def test_files_are_written_and_no_cell_is_a_formula(report, tmp_path):
    page, *_ = write_report(report, tmp_path / "out")
    with (tmp_path / "out" / "grades.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["ID number"]: row for row in csv.DictReader(file)}
    assert rows["m1"]["Full name"] == "'=cmd()"
    assert (tmp_path / "out" / "items.csv").read_bytes().startswith("\ufeff".encode()), "Excel reads UTF-8 by this mark"
    assert rows["a1"]["day2"] == rows["j1"]["day2"] == ""
    assert float(rows["r1"]["day2"]) == pytest.approx(row_of(report, "r1")["points"], abs=0.01)
    text = page.read_text(encoding="utf-8")
    assert '<html lang="en">' in text and "Ama Owusu" in text and "42 hours late" in text
    assert "http" not in text and "<script" not in text


def test_canvas_gets_its_own_columns_and_the_points_possible(report, tmp_path):
    """As lib/gradebook_importer.rb of Canvas reads a header: Student, ID, SIS User ID, SIS Login ID, Section."""
    write_report(report, tmp_path)
    with (tmp_path / "grades_canvas.csv").open(newline="", encoding="utf-8") as file:
        header, possible, *rows = csv.reader(file)
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "day2"]
    assert possible[:5] == ["Points Possible", "", "", "", ""]
    assert float(possible[5]) == row_of(report, "r1")["of"]
    by_id = {row[2]: row for row in rows}
    assert (by_id["r1"][0], by_id["a1"][5]) == ("Ama Owusu", "")


@pytest.mark.parametrize("people", [1, 2])
def test_a_very_small_class_shows_no_number_that_is_none(report, people, tmp_path):
    """One person, or two with the same points: correlations and means that do not exist stay empty."""
    small = copy.copy(report)
    students = ["u1", "j1"][:people]
    small.hand_ins = report.hand_ins[report.hand_ins["student"].isin(students)]
    small.answers = report.answers[report.answers["student"].isin(students)]
    small.items, small.mistakes = items(small.answers), mistakes(small.answers)
    small.gain, (small.calibration, small.brier) = gain(small.answers), calibration(small.answers)
    page, *tables = write_report(small, tmp_path)
    assert not re.search(r"(?i)\bnan\b|\bnone\b|<NA>", page.read_text(encoding="utf-8"))
    assert not any(re.search(r"(?i)\bnan\b", table.read_text(encoding="utf-8")) for table in tables)


def test_the_command_prints_json_and_writes_the_page(root):
    def command(*words):
        return subprocess.run(
            [sys.executable, "-m", "cointrail", "report", *words], cwd=root, capture_output=True, text=True
        )

    assert {row["student"] for row in json.loads(command("--json").stdout)["hand_ins"]} == {
        "r1",
        "m1",
        "u1",
        "a1",
        "j1",
    }
    done = command("--certificates")
    assert (root / "grading" / "report" / "report.html").is_file()
    assert done.returncode == 1 and "needs a world from a secret seed" in done.stdout


def test_a_class_without_grades_and_a_bad_roster_get_a_sentence(tmp_path):
    root = hand_ins.desk_copy(tmp_path)
    with pytest.raises(CointrailError, match="Nothing was graded yet"):
        make_report(root)
    (root / "grading" / "classroom").mkdir()
    (root / "grading" / "classroom" / "roster.csv").write_text("student_id,name,docket,joined\nx,,A,soon\n")
    with pytest.raises(CointrailError, match="joined"):
        class_list(root)


# ---- statistics, on tables small enough to compute by hand


def made_answers(rows):
    """Rows of (student, question, share), each question of one point."""
    base = {
        "assignment": "day2",
        "title": "",
        "answered": True,
        "abstained": False,
        "mistakes": (),
        "of": 1,
        "waiting": False,
    }
    return pd.DataFrame(
        [{"student": s, "question": q, "share": x, "points": x, "sure": None, **base} for s, q, x in rows]
    )


def test_difficulty_is_the_mean_and_discrimination_the_correlation_with_the_rest():
    people = range(10)
    rows = [(f"s{n}", "2.1a", float(n >= 5)) for n in people] + [(f"s{n}", "2.1b", n / 9) for n in people]
    found = items(made_answers(rows)).set_index("question")
    assert found.loc["2.1a", "difficulty"] == 0.5
    wanted = pd.Series([float(n >= 5) for n in people]).corr(pd.Series([n / 9 for n in people]))
    assert found.loc["2.1a", "discrimination"] == pytest.approx(wanted, abs=0.001)
    few = items(made_answers(rows[:3]))
    assert few["discrimination"].isna().all(), "three people say nothing"


def test_certainty_beside_right_answers_by_hand():
    """Four answers: sure 90 right, 90 wrong, 50 right, 10 wrong. Brier (0.01 + 0.81 + 0.25 + 0.01) / 4."""
    answers = made_answers([("a", "2.1a", 1.0), ("b", "2.1a", 0.0), ("c", "2.1a", 1.0), ("d", "2.1a", 0.0)])
    answers["sure"] = [90, 90, 50, 10]
    table, brier = calibration(answers)
    assert brier == pytest.approx(0.27)
    assert table.set_index("from").loc[80, "right"] == 0.5


def test_gain_is_the_part_of_what_was_still_to_be_learnt():
    rows = [("a", "0.4a", 1.0), ("a", "0.4b", 0.0), ("a", "5.5a", 1.0), ("a", "5.5b", 1.0), ("b", "0.4a", 1.0)]
    found = gain(made_answers(rows))
    assert found.to_dict("records") == [{"student": "a", "before": 0.5, "after": 1.0, "gain": 1.0}]


def test_no_mistake_is_an_empty_table():
    assert mistakes(made_answers([("a", "2.1a", 1.0)])).empty


# ---- pass rules


CLAIMS = {"key": "text", "value": "text"}


def accusing_question():
    return Question(
        id="5.4a", notebook="04_exam", title="t", type="mapping", items=CLAIMS, points=10, objective="o", exam=True,
        mistakes=[Mistake("M48", None, "m", accuses=True)],
    )  # fmt: skip


@pytest.mark.parametrize(("answer", "accuses"), [("strong", True), ("weak", False)])
def test_a_strong_false_accusation_is_noted_and_a_careful_one_is_not(answer, accuses):
    mistake = {"code": "M48", "message": "m", "answer": {"Odile": "strong"}, "accuses": True}
    key = {"answer": {"Odile": "not shown", "Max": "strong"}, "mistakes": [mistake]}
    assert score(accusing_question(), key, {"Odile": answer, "Max": "strong"}).accuses is accuses


def test_one_strong_false_accusation_fails_whatever_the_points(monkeypatch, tmp_path):
    monkeypatch.setattr(
        pass_rules, "tests_of_course", lambda root: {"exam": ("day5", "glass_harbour", ["5.4a", "5.4"])}
    )
    state = {"assignment": "day5", "state": "handed in", "penalty": 0.0, "of": 100}
    hand_ins_table = pd.DataFrame(
        [{"student": name, **state} for name in "abcd"] + [{**state, "student": "e", "state": "absent"}]
    )
    points = {"a": (80, False, False), "b": (95, True, False), "c": (60, False, False), "d": (60, False, True)}
    answers = pd.DataFrame(
        [
            {"student": s, "question": "5.4a", "points": p, "of": 100, "accuses": accuses, "waiting": waits}
            for s, (p, accuses, waits) in points.items()
        ]
    )
    found = {one.student: one.state for one in pass_rules.verdicts(tmp_path, hand_ins_table, answers)}
    assert found == {"a": "passed", "b": "not passed", "c": "not passed", "d": "waiting", "e": "absent"}


def test_no_certificate_on_a_public_world_and_one_on_a_secret_one(monkeypatch, tmp_path):
    monkeypatch.setattr(pass_rules, "tests_of_course", lambda root: {"exam": ("day5", "glass_harbour", ["5.4a"])})
    passed = [
        pass_rules.Verdict("a", "exam", 0.8, "passed", ""),
        pass_rules.Verdict("b", "exam", 0.5, "not passed", ""),
    ]
    assert "is public" in pass_rules.certified(tmp_path, passed)[1]
    monkeypatch.setattr(pass_rules, "is_public", lambda world: False)
    assert pass_rules.certified(tmp_path, passed) == (["a"], "")


def text_of(pdf):
    from io import BytesIO

    from pypdf import PdfReader

    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_the_two_certificates_say_different_things_and_take_a_name_as_text():
    name = 'Ama #panic("x") [Owusu] $1$'
    given, alone = (
        certificate(name, ["Exam: 84 % of the points"], world="harbour_26"),
        self_study_certificate(name, 12, 30),
    )
    assert name in text_of(given) and "passed its final tests" in text_of(given) and "Exam: 84 %" in text_of(given)
    assert "Record of self-study" in text_of(alone) and "no certificate of an examination" in text_of(alone)
    assert given == certificate(name, ["Exam: 84 % of the points"], world="harbour_26"), "the same bytes"
    with pytest.raises(CointrailError, match="needs a name"):
        certificate("  ", [], world="x")


def test_a_name_that_no_font_can_set_is_told_and_the_others_get_theirs(report, monkeypatch, tmp_path):
    """The fonts that typst brings have no Chinese; whether this machine's have is not asked here."""
    import typst

    class_of_two = copy.copy(report)
    class_of_two.certified = ["r1", "u1"]
    class_of_two.tests = pd.DataFrame(columns=["student", "test", "share"])
    compile_with = typst.compile
    monkeypatch.setattr(
        typst, "compile", lambda *text, **how: compile_with(*text, **how | {"ignore_system_fonts": True})
    )
    people = {"r1": ("李伟", "A", "day0"), "u1": ("Иван Nguyễn", "B", "day0")}
    written, problems = write_certificates(class_of_two, people, tmp_path, world="x")
    assert [file.name for file in written] == ["u1.pdf"]
    assert problems[0].startswith("The name '李伟' cannot be set")
