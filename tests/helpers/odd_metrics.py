"""Metrics that break: usable as ``odd_metrics:NAME`` wherever a metric is named."""

import os

from genearena.metrics.base import Metric


def raises(space):
    """Raise, unless the environment says that the mistake is mended."""
    if "MENDED" not in os.environ:
        raise ZeroDivisionError("no neighbours")
    return 0.5


RAISES = Metric(
    name="raises", label="Raises", function=raises, higher_is_better=True, low=0, high=1, cites="us"
)
