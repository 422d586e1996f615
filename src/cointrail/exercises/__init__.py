"""What a learner meets in a lesson: `open_case`, `check`, `hint`; and how answers are read, sealed and recorded."""

from cointrail.exercises.case import Case, open_case
from cointrail.exercises.checking import check, hint

__all__ = ["Case", "check", "hint", "open_case"]
