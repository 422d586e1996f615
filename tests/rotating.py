"""Which dockets a test takes: A always, two others that change from day to day, and all of them in the slow run."""

import os
from datetime import UTC, datetime

import pytest

from cointrail.exercises.case import docket_in, exam_docket
from cointrail.grading.desk import truth_folder


def dockets_today(letters, count=2):
    """The first letter and `count` others of the day; every letter is taken within a month."""
    day, others = datetime.now(UTC).toordinal(), list(letters)[1:]
    turn = [others[(count * day + place) % len(others)] for place in range(min(count, len(others)))]
    return [letters[0], *turn]


def by_docket(letters):
    """Parameters for pytest: today's dockets at once, the rest marked slow."""
    today = dockets_today(letters)
    return [pytest.param(x, marks=() if x in today else pytest.mark.slow) for x in letters]


def need_facts(root, world, letter, *, exam=False):
    """Dockets are generated data: a checkout without them skips, CI fails."""
    letters = [docket_in(world, letter), *([docket_in(world, exam_docket(letter))] if exam else [])]
    files = [truth_folder(root, world) / "dockets" / f"{name}.json" for name in letters]
    if not all(file.is_file() for file in files) and os.environ.get("CI") != "true":
        pytest.skip(f"docket {letter} of {world} is not made here: cointrail world dockets {world}")
