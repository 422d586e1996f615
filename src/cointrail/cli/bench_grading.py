"""What `cointrail bench grading` measures: the grader beside plain nbgrader, on right hand-ins of one day."""

from cointrail.cli.bench import Figure
from cointrail.grading.bench import bench_grading
from cointrail.grading.desk import course_root

__all__ = ["figures"]

_HAND_INS, _PLAIN = 200, 2  # a large class; plain nbgrader takes the same time for each


def figures(scale, note):
    """Yield (name, Figure); `scale` does not matter here, the class has always the same size."""
    for name, figure in bench_grading(course_root(), hand_ins=_HAND_INS, plain_hand_ins=_PLAIN, say=note).items():
        yield name, Figure(**figure)
