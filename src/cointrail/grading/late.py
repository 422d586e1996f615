"""What handing in late costs, once an assignment has a due date (formgrader, Manage Assignments, or `nbgrader db`)."""

import math

from nbgrader.plugins import BasePlugin
from traitlets import Float

__all__ = ["LatePenalty"]

_DAY = 24 * 60 * 60


class LatePenalty(BasePlugin):
    """Take a share of a notebook's points for each day begun after the due date."""

    percent_per_day = Float(0.0, help="Percent of the points, for each day begun; 0 only notes how late.").tag(
        config=True
    )

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        """The points to take off, as nbgrader's AssignLatePenalties asks for them."""
        days = math.ceil(total_seconds_late / _DAY)
        return min(score, score * days * self.percent_per_day / 100) if self.percent_per_day else None
