"""What `cointrail bench world` measures: making, signing and judging a chain, beside embit and the design's limits."""

from cointrail.cli.bench import Figure
from cointrail.world import bench

__all__ = ["figures"]


def figures(scale, note):
    """Yield (name, Figure) for chains of up to `scale` transactions."""
    for name, figure in bench.figures(scale, note):
        yield name, Figure(**figure)
