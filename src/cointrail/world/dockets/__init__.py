"""The dockets of a world: the third stage, after the two chains.

A docket is one suspect's case: papers (exhibits) that learners get, and facts that only the desk has. It is made from
what the earlier stages left on disk and from the seed, so it can be made again without touching a chain.

`source` is what a subject may read, `paper` what it hands over, `cast` who appears, `subjects` one module for each
subject of the course, `make` the stage itself.
"""

from cointrail.world.dockets.make import make_dockets

__all__ = ["make_dockets"]
