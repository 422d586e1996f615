"""From a learner's folder to the instructor's desk: is what would lose points found, and is nobody's work mixed up?"""

import json
import os
import shutil
import time
import zipfile
from datetime import UTC, datetime, timedelta

import hand_ins
import nbformat
import pytest

from cointrail import CointrailError
from cointrail.classroom.alike import alike, of_another_docket
from cointrail.classroom.collect import collect, read_received
from cointrail.classroom.hand_in import LABEL, look_over, pack
from cointrail.cli import main
from cointrail.exercises.records import MIME

COURSE = hand_ins.ROOT / "course"
FIRST, SECOND = "01_from_bank_statement_to_utxo.ipynb", "02_balances_time_and_value.ipynb"


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "work"
    shutil.copytree(COURSE / "day2", folder / "day2")
    (folder / "case.json").write_text('{"student_id": "S-017", "docket": "A"}')
    return folder


@pytest.fixture
def desk(tmp_path):
    root = tmp_path / "desk"
    shutil.copytree(COURSE, root / "course")
    (root / "grading" / "classroom").mkdir(parents=True)
    return root


def serious(work):
    return [finding.sentence for finding in look_over(work, COURSE, "day2") if finding.serious]


def edit(file, change):
    notebook = nbformat.read(file, as_version=4)
    change(notebook)
    nbformat.write(notebook, file)


answered_by = hand_ins._answered_by


def cell_of(notebook, grade_id):
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def test_an_untouched_day_has_nothing_serious_and_every_question_open(work):
    findings = look_over(work, COURSE, "day2")
    assert not any(finding.serious for finding in findings)
    assert "Question 2.1a is not answered." in [finding.sentence for finding in findings]
    points = {finding.open: finding.points for finding in findings}
    assert (points["2.1b"], points["2.2"], points["2.1d"]) == (True, True, False)


def test_of_a_quiz_in_one_cell_each_open_question_is_named(work):
    quiz = next(file for file in sorted((work / "day2").glob("*.ipynb")) if "answer_2_4q1" in file.read_text())
    edit(quiz, lambda nb: cell_of(nb, "answer_2_4q1").update(source="answer_2_4q1 = 'A'\nanswer_2_4q2 = ..."))
    left = {finding.open for finding in look_over(work, COURSE, "day2")}
    assert "2.4q2" in left and "2.4q1" not in left


def test_an_answer_below_the_line_with_the_dots_is_an_answer(work):
    """As in the solutions: `answer = ...` stays, and the answer follows."""
    answers = hand_ins.right_answers("day2")
    for file in sorted((work / "day2").glob("*.ipynb")):
        edit(
            file,
            lambda nb: [cell.update(source=answers[q]) for cell in nb.cells if (q := answered_by(cell)) in answers],
        )
    assert [finding.open for finding in look_over(work, COURSE, "day2") if finding.open] == []


def test_an_answered_question_is_no_longer_open(work):
    edit(work / "day2" / FIRST, lambda nb: cell_of(nb, "answer_2_1b").update(source="answer_2_1b = 5"))
    assert "Question 2.1b is not answered." not in [f.sentence for f in look_over(work, COURSE, "day2")]


def test_a_renamed_notebook_is_recognised(work):
    (work / "day2" / FIRST).rename(work / "day2" / "my first.ipynb")
    (work / "day2" / "notes.ipynb").write_text("not JSON")
    assert serious(work) == []
    told = [finding.sentence for finding in look_over(work, COURSE, "day2")]
    assert f"{FIRST} has been renamed my first.ipynb: packed under its old name." in told
    with zipfile.ZipFile(pack(work, COURSE, "day2")) as packed:
        assert packed.read(FIRST) == (work / "day2" / "my first.ipynb").read_bytes()


def test_answers_that_stand_in_a_copy_alone_are_noticed(work):
    copy = work / "day2" / FIRST.replace(".ipynb", "-Copy1.ipynb")
    shutil.copy(work / "day2" / FIRST, copy)
    assert serious(work) == []
    edit(copy, lambda nb: cell_of(nb, "answer_2_1b").update(source="answer_2_1b = 5"))
    (sentence,) = serious(work)
    assert sentence.startswith(f"2.1b is answered in {copy.name}, and not in {FIRST}")
    edit(work / "day2" / FIRST, lambda nb: cell_of(nb, "answer_2_1b").update(source="answer_2_1b = 6"))
    assert serious(work) == []


def test_missing_and_unreadable_notebooks_are_told(work):
    (work / "day2" / FIRST).unlink()
    (work / "day2" / SECOND).write_text("{")
    assert any("is missing" in sentence for sentence in serious(work))
    assert any("cannot be read" in sentence for sentence in serious(work))


def test_lost_doubled_and_changed_cells_are_told(work):
    def damage(notebook):
        notebook.cells.remove(cell_of(notebook, "q2_1a"))
        notebook.cells.append(nbformat.from_dict({**cell_of(notebook, "answer_2_1b"), "id": "twin"}))
        cell_of(notebook, "q2_1c").source = 'check("2.1c", {1})'

    edit(work / "day2" / FIRST, damage)
    told = "\n".join(serious(work))
    assert "q2_1a of question 2.1a is gone" in told
    assert "answer_2_1b of question 2.1b is there 2 times" in told
    assert "the check of 2.1c was changed" in told


def test_unsaved_work_is_noticed(work):
    (work / "answers").mkdir()
    (work / "answers" / "2.1b.json").write_text("{}")
    long_ago = time.time() - 600
    os.utime(work / "day2" / FIRST, (long_ago, long_ago))
    assert any("2.1b was checked after the notebook was last saved" in sentence for sentence in serious(work))


def test_an_unknown_day_is_refused_with_the_days_there_are(work):
    with pytest.raises(CointrailError, match=r"There is: .*day2"):
        look_over(work, COURSE, "day7")


def test_a_packed_day_arrives_as_it_was(work, desk):
    file = pack(work, COURSE, "day2")
    assert file.name == "S-017_day2.zip"
    (result,) = collect(file.parent, desk)
    assert (result.student, result.taken) == ("S-017", True)
    target = desk / "grading" / "submitted" / "S-017" / "day2"
    for name in (FIRST, SECOND):
        assert (target / name).read_bytes() == (work / "day2" / name).read_bytes()
    assert (target / "timestamp.txt").read_text().endswith("UTC\n")


def test_the_newest_hand_in_counts_whatever_the_order_of_files(work, desk, tmp_path):
    mail = tmp_path / "mail"
    mail.mkdir()
    old = shutil.copy(pack(work, COURSE, "day2"), mail / "b.zip")
    relabel(old, lambda label: label.update(packed=hours_ago(48)))
    edit(work / "day2" / FIRST, lambda nb: cell_of(nb, "answer_2_1b").update(source="answer_2_1b = 5"))
    shutil.copy(pack(work, COURSE, "day2"), mail / "a.zip")
    assert [result.taken for result in collect(mail, desk)] == [True, False]
    assert "answer_2_1b = 5" in (desk / "grading" / "submitted" / "S-017" / "day2" / FIRST).read_text()


def hours_ago(hours):
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat(timespec="seconds")


def relabel(file, change, extra=()):
    """Write a hand-in again with another label."""
    with zipfile.ZipFile(file) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    label = json.loads(members[LABEL])
    change(label)
    members[LABEL] = json.dumps(label).encode()
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in [*members.items(), *extra]:
            packed.writestr(name, content)


@pytest.mark.parametrize(
    "change",
    [
        lambda label: label.update(student_id="../../etc"),
        lambda label: label.update(day="../day2"),
        lambda label: label.update(packed="yesterday"),
        lambda label: label.update(packed="2026-01-01T00:00:00"),
        lambda label: label.update(notebooks=None),
        lambda label: label.update(notebooks={}),
        lambda label: label.pop("student_id"),
        lambda label: label["notebooks"].update({FIRST: "0" * 64}),
    ],
)
def test_a_tampered_label_is_left_with_a_sentence(work, desk, change):
    file = pack(work, COURSE, "day2")
    relabel(file, change)
    (result,) = collect(file.parent, desk)
    assert not result.taken
    assert result.sentence.endswith(".")
    assert not (desk / "grading" / "submitted").exists()


def test_only_notebooks_of_the_day_are_taken_out(work, desk, tmp_path):
    file = pack(work, COURSE, "day2")

    def name_others(label):
        label["notebooks"] |= {"../../evil.ipynb": "0" * 64, "pandas.py": "0" * 64}

    relabel(file, name_others, extra=[("../../evil.ipynb", b"x"), ("pandas.py", b"x")])
    (result,) = collect(file.parent, desk)
    assert result.taken
    arrived = sorted(path.name for path in (desk / "grading" / "submitted").rglob("*") if path.is_file())
    assert arrived == sorted(
        [*(file.name for file in (COURSE / "day2").glob("*.ipynb")), ".hand-in.json", "timestamp.txt"]
    )
    assert not list(tmp_path.rglob("evil.ipynb"))


def test_a_zip_bomb_and_a_broken_file_stop_nobody_else(work, desk, tmp_path):
    mail = tmp_path / "mail"
    mail.mkdir()
    (mail / "1_broken.zip").write_bytes(b"PK not a zip")
    bomb = shutil.copy(pack(work, COURSE, "day2"), mail / "2_bomb.zip")
    with zipfile.ZipFile(bomb) as packed:
        label = packed.read(LABEL)
    with zipfile.ZipFile(bomb, "w", compression=zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(LABEL, label)
        packed.writestr(FIRST, b"0" * (21 * 1024 * 1024))
        packed.writestr(SECOND, b"{}")
    shutil.copy(work / "hand-in" / "S-017_day2.zip", mail / "3_good.zip")
    assert [result.taken for result in collect(mail, desk)] == [False, False, True]


def test_the_roster_decides_whose_work_it_is(work, desk, tmp_path):
    (desk / "grading" / "classroom" / "roster.csv").write_text("student_id,name,docket\nS-017,One,A\nS-018,Two,B\n")
    folder = tmp_path / "download" / "S-018_submission"
    folder.mkdir(parents=True)
    shutil.copy(pack(work, COURSE, "day2"), folder / "work.zip")
    (result,) = collect(tmp_path / "download", desk)
    assert "the file's name says 'S-018'" in result.sentence
    (work / "case.json").write_text('{"student_id": "S-099", "docket": "A"}')
    (work / "hand-in" / "S-017_day2.zip").unlink()
    (result,) = collect(pack(work, COURSE, "day2").parent, desk)
    assert "not in the roster" in result.sentence


def test_an_empty_folder_and_no_folder_get_a_sentence(tmp_path, desk):
    with pytest.raises(CointrailError, match="There is no hand-in"):
        collect(tmp_path, desk)
    with pytest.raises(CointrailError, match="There is no folder"):
        collect(tmp_path / "nowhere", desk)


def time_of(desk, student="S-017"):
    return (desk / "grading" / "submitted" / student / "day2" / "timestamp.txt").read_text().strip()


def test_the_same_notebooks_packed_again_keep_their_time(work, desk):
    file = pack(work, COURSE, "day2")
    relabel(file, lambda label: label.update(packed="2026-03-02T16:00:00+00:00"))
    (first,) = collect(file.parent, desk, received=read_received("2026-03-02T17:00Z"))
    relabel(file, lambda label: label.update(packed="2026-03-03T16:00:00+00:00"))
    (again,) = collect(file.parent, desk, received=read_received("2026-03-03T17:00Z"))
    assert (first.sentence[-5:], again.sentence) == ("day2.", "As before: its time stays.")
    assert time_of(desk) == "2026-03-02 17:00:00 UTC"


def test_the_instructors_time_stands_where_the_participants_clock_was_set_back(work, desk):
    file = pack(work, COURSE, "day2")
    said, came = hours_ago(72), hours_ago(1)
    relabel(file, lambda label: label.update(packed=said))
    collect(file.parent, desk)
    assert time_of(desk) == f"{datetime.fromisoformat(said):%Y-%m-%d %H:%M:%S} UTC"
    (told,) = collect(file.parent, desk, received=read_received(came))
    assert "its time is now" in told.sentence
    assert time_of(desk) == f"{datetime.fromisoformat(came):%Y-%m-%d %H:%M:%S} UTC"


def test_an_older_version_that_lies_there_still_does_not_come_back_with_a_newer_time(work, desk, tmp_path):
    mail = tmp_path / "mail"
    mail.mkdir()
    old = shutil.copy(pack(work, COURSE, "day2"), mail / "old.zip")
    relabel(old, lambda label: label.update(packed=hours_ago(9)))
    edit(work / "day2" / FIRST, lambda nb: cell_of(nb, "answer_2_1b").update(source="answer_2_1b = 5"))
    shutil.copy(pack(work, COURSE, "day2"), mail / "new.zip")
    collect(mail, desk, received=read_received(hours_ago(5)))
    results = {one.file: one.sentence for one in collect(mail, desk, received=read_received("now"))}
    assert results == {
        "new.zip": "As before: its time stays.",
        "old.zip": "A newer hand-in of this day is there already. To take this one, delete "
        "grading/submitted/S-017/day2 first.",
    }
    assert "answer_2_1b = 5" in (desk / "grading" / "submitted" / "S-017" / "day2" / FIRST).read_text()


@pytest.mark.parametrize("text", ["yesterday", "2026-03-02", "2026-03-02T18:00", "2999-01-01T00:00Z"])
def test_a_time_that_says_no_zone_or_has_not_come_is_refused(text):
    with pytest.raises(CointrailError, match="--received"):
        read_received(text)


def test_a_clock_that_was_never_set_is_told_and_the_instructors_time_helps(work, desk):
    file = pack(work, COURSE, "day2")
    relabel(file, lambda label: label.update(packed="1970-01-01T00:00:30+00:00"))
    (left,) = collect(file.parent, desk)
    assert not left.taken and "01 January 1970" in left.sentence and "--received" in left.sentence
    assert collect(file.parent, desk, received=read_received("now"))[0].taken


def test_downloads_of_platforms_and_attachments_are_found_whatever_they_are_called(work, desk, tmp_path):
    packed = pack(work, COURSE, "day2").read_bytes()
    down = tmp_path / "down"
    (down / "mail").mkdir(parents=True)
    (down / "mail" / "S-017_day2 (1).ZIP").write_bytes(packed)
    with zipfile.ZipFile(down / "Day 2 download.zip", "w") as platform:
        platform.writestr("Ama Owusu_12345_assignsubmission_file_/S-017_day2.zip", packed)
        platform.writestr("__MACOSX/Ama Owusu_12345_assignsubmission_file_/._S-017_day2.zip", b"x")
    with zipfile.ZipFile(work / "hand-in" / "S-017_day2.zip") as hand_in:
        hand_in.extractall(down / "unpacked")
        with zipfile.ZipFile(down / "packed again on a mac.zip", "w") as again:
            for name in hand_in.namelist():
                again.writestr(f"S-017_day2/{name}", hand_in.read(name))
                again.writestr(f"__MACOSX/S-017_day2/._{name}", b"x")
    (down / FIRST).write_text("{}")
    results = {one.file: (one.student, one.sentence.split(".")[0]) for one in collect(down, desk)}
    loose = results.pop(FIRST)
    assert loose == (None, "Only the ")
    assert {student for student, _ in results.values()} == {"S-017"}
    assert len(results) == 4


def test_a_persons_name_on_the_folder_of_another_is_told(work, desk, tmp_path):
    (desk / "grading" / "classroom" / "roster.csv").write_text(
        "student_id,name,docket\nS-017,Ama Owusu,A\nS-018,Li Wei,B\n"
    )
    for folder in ("Ama Owusu_11_assignsubmission_file_", "Li Wei_12_assignsubmission_file_"):
        (tmp_path / "down" / folder).mkdir(parents=True)
        shutil.copy(pack(work, COURSE, "day2"), tmp_path / "down" / folder)
    own, other = collect(tmp_path / "down", desk)
    assert own.taken and not other.taken
    assert "the file's name says 'Li Wei (S-018)'" in other.sentence


def test_work_on_another_docket_than_the_rosters_is_told(work, desk):
    (desk / "grading" / "classroom" / "roster.csv").write_text("student_id,name,docket\nS-017,One,C\n")
    (result,) = collect(pack(work, COURSE, "day2").parent, desk)
    assert result.taken
    assert "worked on docket A, the roster says C" in result.notes[0]


def submitted(desk, student, change):
    """A hand-in of day 2 whose first notebook was changed."""
    folder = desk / "grading" / "submitted" / student / "day2"
    shutil.copytree(COURSE / "day2", folder)
    edit(folder / FIRST, change)
    return folder


def show_record(notebook, docket):
    record = {"v": 1, "id": "2.1b", "world": "glass_harbour", "docket": docket, "type": "int", "value": "5"}
    output = nbformat.v4.new_output("display_data", data={MIME: record})
    cell_of(notebook, "q2_1b").outputs = [output]


def test_a_copied_file_a_copied_cell_and_copied_words_are_signs_and_right_answers_are_none(desk):
    words = "The address received this amount over time and spent most of it again, so its balance is small."

    def run(notebook):
        show_record(notebook, "A")

    def own_cell(notebook):
        cell = nbformat.v4.new_code_cell("5 + 6")
        cell.id = "a1b2c3d4"
        notebook.cells.append(cell)

    def written(notebook):
        cell_of(notebook, "explain_2_2").source = words

    for student, change in {"a": run, "b": run, "c": own_cell}.items():
        submitted(desk, student, change)
    submitted(desk, "d", lambda notebook: (own_cell(notebook), show_record(notebook, "B")))
    for student in ("e", "f"):
        edit(submitted(desk, student, lambda notebook: None) / SECOND, written)
    assert alike(desk, "day2") == [
        f"a, b share {FIRST} byte for byte.",
        f"c, d share a cell of their own, with the number it was made with, in {FIRST}.",
        f"e, f share the words of explain_2_2 in {SECOND}.",
    ]


def test_answers_about_another_docket_than_ones_own_are_told(desk):
    (desk / "grading" / "classroom" / "roster.csv").write_text("student_id,name,docket\na,One,A\nb,Two,B\n")
    for student in "ab":
        submitted(desk, student, lambda notebook: show_record(notebook, "A"))
    assert of_another_docket(desk, "day2") == ["b (docket B) shows answers about docket A."]


def test_capital_letters_of_an_id_do_not_matter(work, desk):
    (desk / "grading" / "classroom" / "roster.csv").write_text("student_id,name,docket\ns-017,One,A\n")
    (result,) = collect(pack(work, COURSE, "day2").parent, desk)
    assert (result.student, result.taken, result.notes) == ("s-017", True, ())


def test_work_that_nobody_signed_is_not_packed(work):
    (work / "case.json").write_text('{"student_id": "self-study", "docket": "A"}')
    with pytest.raises(CointrailError, match="--as YOUR-ID"):
        pack(work, COURSE, "day2")


def test_a_file_name_that_would_steer_the_terminal_is_shown_as_text(work, desk, tmp_path, capsys, monkeypatch):
    (desk / "nbgrader_config.py").write_text("")
    monkeypatch.chdir(desk)
    (tmp_path / "mail").mkdir()
    with zipfile.ZipFile(tmp_path / "mail" / "down.zip", "w") as platform:
        platform.writestr("\x1b[2J\x1b]0;owned\x07/S-017.zip", pack(work, COURSE, "day2").read_bytes())
    assert main(["collect", str(tmp_path / "mail")]) == 0
    said = capsys.readouterr().out
    assert "1 taken" in said and not set(said) & set("\x1b\x07")
