"""Which dockets a test takes: A always, two others that change from day to day, and all of them in the slow run."""

import os
from datetime import UTC, datetime

import pytest

from cointrail.exercises.case import docket_in
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


def need_facts(root, world, letter):
    """Dockets are generated data: a room without them skips, CI fails."""
    file = truth_folder(root, world) / "dockets" / f"{docket_in(world, letter)}.json"
    if not file.is_file() and os.environ.get("CI") != "true":
        pytest.skip(f"docket {letter} of {world} is not made here: cointrail world dockets {world}")
