"""Does a day fit into its hours, is nothing graded before it was taught, and has every lesson the same anatomy?"""

import re
from pathlib import Path
from statistics import median

import nbformat
import pytest

from cointrail.grading.questions import load_day, question_days

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted((ROOT / "solutions").glob("day[0-5]/0*.ipynb"))

# Minutes of a day (SYLLABUS): opening, table exercise, time to catch up, closing; the lessons take the rest.
HOURS = dict.fromkeys(range(1, 6), 330) | {0: 150}
AROUND = {0: 0, 5: 20 + 40} | dict.fromkeys(range(1, 5), 20 + 40 + 30 + 20)
LESSONS_OF_A_DAY = {0: 4, 1: 4, 2: 4, 3: 4, 4: 4, 5: 4}
# The self-test teaches nothing, and the exam asks about what was taught before.
WITHOUT_LEARNING = {"0.4", "5.4"}

TITLE = re.compile(r"# (\d\.\d) (\S.*)")
LOOK = re.compile(r"(\d\.\d), section '(.+)'")


def number(file):
    return f"{file.parent.name[3:]}.{int(file.name[:2])}"


def cells_of(file):
    return nbformat.read(file, as_version=4).cells


def headings(cells):
    """(place, level, words) of every heading, in order."""
    return [
        (place, len(line) - len(line.lstrip("#")), line.lstrip("#").strip())
        for place, cell in enumerate(cells)
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if re.match(r"#{1,4} ", line)
    ]


def minutes(file):
    return int(re.search(r"^(\d+) minutes", cells_of(file)[0].source, re.MULTILINE)[1])


def every(kind):
    return pytest.mark.parametrize("file", [file for file in LESSONS if kind(file)], ids=number)


def any_lesson(file):
    return True


def teaches(file):
    return number(file) not in WITHOUT_LEARNING


@pytest.mark.parametrize("day", sorted({int(file.parent.name[3:]) for file in LESSONS}))
def test_a_day_fits_into_its_hours(day):
    lessons = [file for file in LESSONS if file.parent.name == f"day{day}"]
    taken = sum(map(minutes, lessons)) + AROUND[day]
    assert taken <= HOURS[day]
    if len(lessons) == LESSONS_OF_A_DAY[day]:
        assert taken == HOURS[day]


@pytest.mark.parametrize("day", question_days(ROOT))
def test_nothing_is_graded_before_it_was_taught(day):
    """`look` names a section of this lesson or an earlier one; in the same lesson it stands above the check."""
    files = {number(file): file for file in LESSONS}
    for question in load_day(ROOT, day)[1].values():
        here = question.id[:3]
        if here not in files or not question.points:
            continue
        found = LOOK.fullmatch(question.look)
        assert found, f"{question.id}: look must be: 2.1, section 'Words of the heading'"
        lesson, section = found.groups()
        assert lesson <= here, f"{question.id} looks ahead to {lesson}"
        places = [place for place, _, words in headings(cells_of(files[lesson])) if words == section]
        assert places, f"{question.id}: lesson {lesson} has no section {section!r}"
        if lesson == here and question.type != "written":
            check = f'check("{question.id}"'
            asked = next(p for p, cell in enumerate(cells_of(files[here])) if cell.source.startswith(check))
            assert places[0] < asked, f"{question.id} is asked before {section!r}"


@every(any_lesson)
def test_the_first_lines_say_number_minutes_needs_and_data(file):
    title, _, rest = cells_of(file)[0].source.partition("\n")
    assert TITLE.fullmatch(title)[1] == number(file)
    assert re.search(r"^\d+ minutes · .+ · data: .+$", rest.strip(), re.MULTILINE)


@every(teaches)
def test_the_parts_of_a_lesson_stand_in_order(file):
    second = [words for _, level, words in headings(cells_of(file)) if level == 2]
    assert second[:2] == ["Objectives", "Setup"]
    assert second[-1] == "Key points"
    assert "What this shows, and what it does not" in second
    firsts = [next(i for i, w in enumerate(second) if w.startswith(part)) for part in ("Learn", "Guided", "Case lab")]
    assert firsts == sorted(firsts)


@every(teaches)
def test_three_or_four_objectives_begin_with_a_verb_and_key_points_answer_them(file):
    cells = cells_of(file)
    objectives = next(cell.source for cell in cells if cell.source.startswith("## Objectives"))
    verbs = re.findall(r"^- \*\*([a-z]+)", objectives, re.MULTILINE)
    assert 3 <= len(verbs) <= 4
    points = next(cell.source for cell in cells if cell.source.startswith("## Key points"))
    assert len(re.findall(r"^- ", points, re.MULTILINE)) >= 3


@every(any_lesson)
def test_code_cells_are_short_and_import_once(file):
    code = [cell.source for cell in cells_of(file) if cell.cell_type == "code"]
    lines = [len(source.splitlines()) for source in code]
    assert max(lines) <= 12
    assert median(lines) <= 5
    assert sum(bool(re.search(r"^(from|import) ", source, re.MULTILINE)) for source in code) == 1


@every(teaches)
def test_two_to_four_answers_carry_points_and_each_has_hints(file):
    """Two or three core answers, and in one lesson of a day the written one."""
    questions = [q for q in load_day(ROOT, int(file.parent.name[3:]))[1].values() if q.notebook == file.stem]
    core = [question for question in questions if question.points and question.type != "written"]
    assert 2 <= len(core) <= 3
    assert [question.id for question in questions if question.points and len(question.hints) < 2] == []
    text = "\n".join(cell.source for cell in cells_of(file))
    assert [q.id for q in core if f'hint("{q.id}")' not in text] == []
    for question in questions:
        if not question.points and question.type != "choice":
            assert re.search(rf"Stretch {re.escape(question.id)}\b[^\n]*no points", text), question.id


@pytest.mark.parametrize("day", [day for day in question_days(ROOT) if 1 <= day <= 5])
def test_a_day_has_one_written_answer_with_four_points(day):
    written = [question for question in load_day(ROOT, day)[1].values() if question.type == "written"]
    assert [question.points for question in written] in ([4], [])
    assert all((ROOT / "grading" / "rubrics" / f"{question.rubric}.md").is_file() for question in written)


@every(any_lesson)
def test_a_notebook_stays_small(file):
    assert file.stat().st_size < 300_000
