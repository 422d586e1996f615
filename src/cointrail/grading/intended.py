"""Has every graded question one intended answer on every docket? The keys of a world are made and thrown away."""

from collections.abc import Iterator
from pathlib import Path

from cointrail.errors import CointrailError
from cointrail.grading.assignments import day_title
from cointrail.grading.desk import Desk
from cointrail.grading.keys import plain_key
from cointrail.grading.questions import load_day, question_days
from cointrail.ledger import load_manifest

__all__ = ["days_of", "intended_findings"]


def days_of(root: Path, world: str) -> list:
    """The days whose questions are asked about a world."""
    return [day for day in question_days(root) if load_day(root, day)[0] == world]


def intended_findings(root: Path, day, *, dockets=()) -> Iterator[str]:
    """Dockets for which the key of a day cannot be made: a truth is missing, or a predicted mistake is right.

    Parameters
    ----------
    root : Path
        Of the course.
    day : int or str
        One of `days_of`.
    dockets : iterable of str, optional
        All of the world if left out. An intended answer may be `None`: "cannot be told".

    Yields
    ------
    str
        One sentence for each docket and day: the first question that has no intended answer.
    """
    world, questions = load_day(root, day)
    for docket in list(dockets) or load_manifest(world)["dockets"]:
        try:
            plain_key(Desk(root, world, docket), day, questions)
        except CointrailError as error:
            yield f"Docket {docket}, {day_title(day)}: {error}"
        except (KeyError, IndexError, ValueError, TypeError, AttributeError) as error:
            yield f"Docket {docket}, {day_title(day)}: a question failed ({type(error).__name__}: {error})."
