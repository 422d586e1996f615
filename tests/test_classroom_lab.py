"""A learner's own copy of the course: handed out, kept up to date, and never written over."""

import json
import socket
from pathlib import Path

import jsonschema
import pytest
from jupyter_core.paths import jupyter_path
from jupyterlab.commands import get_app_dir

from cointrail import CointrailError
from cointrail.classroom import handout, lab
from cointrail.cli import main

LESSON = "day2/01_one.ipynb"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of two lessons, and a learner's folder that does not exist yet."""
    folder = tmp_path / "course"
    for name, text in {LESSON: "first", "day2/02_two.ipynb": "second", "START.md": "# Start"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    monkeypatch.setattr(lab, "course_folder", lambda: folder)
    monkeypatch.delenv("COINTRAIL_WORK", raising=False)
    return folder


@pytest.fixture
def work(course):
    return course.parent / "work"


def notebooks(work):
    return {path.name: path.read_text() for path in sorted((work / "day2").iterdir())}


def test_the_first_time_everything_is_handed_out(course, work):
    assert handout.hand_out(course, work) == {LESSON: "new", "day2/02_two.ipynb": "new", "START.md": "new"}
    assert notebooks(work) == {"01_one.ipynb": "first", "02_two.ipynb": "second"}


def test_hidden_files_and_checkpoints_are_not_lessons(course, work):
    (course / "day2" / ".ipynb_checkpoints").mkdir()
    (course / "day2" / ".ipynb_checkpoints" / "01_one-checkpoint.ipynb").write_text("old")
    assert len(handout.hand_out(course, work)) == 3


def test_a_second_time_nothing_happens(course, work):
    handout.hand_out(course, work)
    (work / LESSON).write_text("my answers")
    assert handout.hand_out(course, work) == {}
    assert (work / LESSON).read_text() == "my answers"


def test_an_untouched_lesson_follows_the_course(course, work):
    handout.hand_out(course, work)
    (course / LESSON).write_text("first, corrected")
    assert handout.hand_out(course, work) == {LESSON: "updated"}
    assert notebooks(work) == {"01_one.ipynb": "first, corrected", "02_two.ipynb": "second"}


def notebook(answer, **more):
    cells = [{"cell_type": "code", "source": [answer], "outputs": [], "execution_count": None, "metadata": {}, **more}]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_a_lesson_that_was_only_run_still_follows_the_course(course, work):
    """Opening a notebook is enough for JupyterLab to rewrite the file: that is no work of the learner's."""
    (course / LESSON).write_text(notebook("answer = ..."))
    handout.hand_out(course, work)
    (work / LESSON).write_text(notebook("answer = ...", execution_count=1))
    (course / LESSON).write_text(notebook("answer = ...  # in satoshi"))
    assert handout.hand_out(course, work) == {LESSON: "updated"}
    (work / LESSON).write_text(notebook("answer = 7  # in satoshi"))
    (course / LESSON).write_text(notebook("answer = ...  # a whole number, in satoshi"))
    assert handout.hand_out(course, work) == {"day2/01_one (updated lesson).ipynb": "beside"}
    assert (work / LESSON).read_text() == notebook("answer = 7  # in satoshi")


def test_an_updated_lesson_lands_beside_the_learners_work_once(course, work):
    handout.hand_out(course, work)
    (work / LESSON).write_text("my answers")
    (course / LESSON).write_text("first, corrected")
    assert handout.hand_out(course, work) == {"day2/01_one (updated lesson).ipynb": "beside"}
    assert handout.hand_out(course, work) == {}
    assert (work / LESSON).read_text() == "my answers"
    assert (work / "day2" / "01_one (updated lesson).ipynb").read_text() == "first, corrected"


def test_a_second_update_spares_what_was_begun_in_the_first(course, work):
    handout.hand_out(course, work)
    (work / LESSON).write_text("my answers")
    (course / LESSON).write_text("corrected")
    handout.hand_out(course, work)
    (work / "day2" / "01_one (updated lesson).ipynb").write_text("my answers again")
    (course / LESSON).write_text("corrected twice")
    assert handout.hand_out(course, work) == {"day2/01_one (updated lesson 2).ipynb": "beside"}
    assert (work / "day2" / "01_one (updated lesson).ipynb").read_text() == "my answers again"


def test_a_lesson_that_was_deleted_comes_back(course, work):
    handout.hand_out(course, work)
    (work / LESSON).unlink()
    assert handout.hand_out(course, work) == {LESSON: "new"}


def test_work_without_a_record_is_still_never_overwritten(course, work):
    handout.hand_out(course, work)
    (work / LESSON).write_text("my answers")
    (work / handout.RECORD).unlink()
    handout.hand_out(course, work)
    assert (work / LESSON).read_text() == "my answers"


def test_a_damaged_record_is_a_sentence(course, work):
    handout.hand_out(course, work)
    (work / handout.RECORD).write_text("{")
    with pytest.raises(CointrailError, match=r"handed-out\.json is damaged"):
        handout.hand_out(course, work)


def test_a_folder_in_the_way_is_a_sentence(course, work):
    work.write_text("a file, not a folder")
    with pytest.raises(CointrailError, match="Cannot write to"):
        handout.hand_out(course, work)
    with pytest.raises(CointrailError, match="Cannot write to"):
        lab.prepare()


@pytest.mark.parametrize("asked", ["2.1", "01_one", LESSON, "work/day2/01_one.ipynb", "01_one.ipynb"])
def test_a_lesson_is_found_by_any_name_a_person_would_use(course, asked):
    assert handout.find_lesson(course, asked) == LESSON


@pytest.mark.parametrize("asked", ["9.9", "day2", "nothing"])
def test_an_unclear_name_lists_the_lessons(course, asked):
    with pytest.raises(CointrailError, match=r"01_one\.ipynb, day2/02_two"):
        handout.find_lesson(course, asked)


def test_reset_asks_keeps_and_refreshes(course, work, monkeypatch, capsys):
    lab.prepare()
    (work / LESSON).write_text("my answers")
    monkeypatch.setattr("builtins.input", lambda question: "n")
    assert main(["lab", "--reset", "2.1"]) == 1
    assert (work / LESSON).read_text() == "my answers"
    monkeypatch.setattr("builtins.input", lambda question: "y")
    assert main(["lab", "--reset", "2.1"]) == 0
    assert (work / LESSON).read_text() == "first"
    assert (work / "day2" / "01_one (my earlier work).ipynb").read_text() == "my answers"
    assert "01_one (my earlier work).ipynb" in capsys.readouterr().out


def test_reset_without_a_keyboard_changes_nothing(course, work, monkeypatch):
    lab.prepare()

    def no_keyboard(question):
        raise EOFError

    monkeypatch.setattr("builtins.input", no_keyboard)
    assert main(["lab", "--reset", "2.1"]) == 1


def case(work):
    return json.loads((work / "case.json").read_text())


def test_without_an_id_the_docket_is_a(course, work):
    lab.prepare()
    assert case(work) == {"student_id": "self-study", "docket": "A"}


def test_an_id_brings_the_docket_of_the_course_and_stays(course, work):
    from cointrail.exercises.roster import assign_docket

    lab.prepare("S-017")
    assert case(work) == {"student_id": "S-017", "docket": assign_docket("S-017")}
    lab.prepare()
    assert case(work)["student_id"] == "S-017"


def test_the_roster_decides_where_there_is_one(course, work):
    roster = course.parent / "grading" / "classroom" / "roster.csv"
    roster.parent.mkdir(parents=True)
    roster.write_text("student_id,name,docket\nS-017,Ada,K\n")
    lab.prepare("S-017")
    assert case(work)["docket"] == "K"


def test_who_began_alone_may_take_an_id_later(course, work):
    lab.prepare()
    lab.prepare("S-017")
    assert case(work)["student_id"] == "S-017"


def test_two_people_do_not_share_a_folder(course, work):
    lab.prepare("S-017")
    with pytest.raises(CointrailError, match="holds the work of 'S-017'"):
        lab.prepare("S-018")
    assert case(work)["student_id"] == "S-017"


def test_the_folder_may_lie_elsewhere(course, work, tmp_path, monkeypatch):
    monkeypatch.setenv("COINTRAIL_WORK", str(tmp_path / "elsewhere"))
    lab.prepare()
    assert (tmp_path / "elsewhere" / LESSON).read_text() == "first"
    assert not work.exists()


def test_a_taken_port_is_a_sentence(course, capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert main(["lab", "--no-browser", "--port", str(other.getsockname()[1])]) == 2
    assert "is taken by another program" in capsys.readouterr().err


def test_the_desk_needs_an_instructors_copy(course, capsys):
    assert main(["lab", "--teach"]) == 2
    assert "participant's copy" in capsys.readouterr().err


def test_a_missing_course_is_a_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(lab, "__file__", str(tmp_path / "src" / "cointrail" / "classroom" / "lab.py"))
    monkeypatch.setattr("sys.prefix", str(tmp_path / ".venv"))
    assert main(["lab"]) == 2
    assert "unpack the whole course again" in capsys.readouterr().err


def test_the_calm_settings_are_ones_that_jupyterlab_knows():
    overrides = json.loads((lab.CALM / "labconfig" / "default_setting_overrides.json").read_text())
    for plugin, settings in overrides.items():
        package, _, name = plugin.partition(":")
        schema = json.loads(Path(get_app_dir(), "schemas", package, f"{name}.json").read_text(encoding="utf-8"))
        assert set(settings) <= set(schema["properties"]), plugin
        jsonschema.Draft7Validator(schema).validate(settings)


def test_what_is_switched_off_exists():
    """A plugin that JupyterLab renamed would come back on the learner's screen unnoticed."""
    code = "".join(file.read_text(encoding="utf-8") for file in Path(get_app_dir(), "static").glob("*.js"))
    added = [Path(folder, "labextensions") for folder in jupyter_path()]
    disabled = json.loads((lab.CALM / "labconfig" / "page_config.json").read_text())["disabledExtensions"]
    for name in disabled:
        built_in = f'"{name}"' in code or f'"{name}:' in code
        assert built_in or any((folder / name / "package.json").is_file() for folder in added), name
