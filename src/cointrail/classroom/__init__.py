"""Floor 4: a learner's own copy of the course, and the room it opens in."""
