"""Values on a scale from the best control to the metric's optimum."""

import math
from dataclasses import dataclass
from functools import lru_cache

from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.records.declared import declared_metric
from genearena.data.common.errors import DeclarationError
from genearena.metrics.registry import METRICS

MIN_ROOM = 0.01
"""Least distance of control and optimum, as a share of the metric's range, that is a scale."""
FLOOR = -1.0
"""Where values are cut in averages and tables: one whole scale worse than the control."""


@dataclass(frozen=True)
class ControlScale:
    """A metric's scale on one task.

    `zero` is the mean of the best `control` that does not know the truth, `one` the metric's
    optimum.
    """

    control: str
    zero: float
    one: float

    def of(self, value: float) -> float:
        """Return the share of the way from control to optimum; negative below the control."""
        return (value - self.zero) / (self.one - self.zero)


@lru_cache(maxsize=10_000)  # tables, their averages and the csv ask for it again and again
def control_scale(board: Leaderboard, metric: MetricColumn) -> ControlScale | str:
    """Return the scale of a metric on a task, or the reason why it has none.

    A control at the optimum leaves no room: a scale of (nearly) no length would blow noise up to
    any size, so that the metric is left out of the averages of all methods.
    """
    control = board.best_control(metric)
    if control is None:
        return "no control has a value"
    # a record may come from elsewhere: its names are looked up, never imported
    if metric.name not in METRICS.names:
        return "its optimum is unknown here, the metric is not installed"
    try:
        known = declared_metric(metric.name)
    except DeclarationError as error:
        return f"its optimum is unknown here: {error}"
    zero = control.cells[metric.name].mean or 0.0
    one = known.high if metric.higher_is_better else known.low
    if not math.isfinite(known.high - known.low):
        return "it has no optimum"
    if abs(one - zero) < MIN_ROOM * (known.high - known.low):
        return f"{control.label} is at the optimum"
    return ControlScale(control.label, zero, one)


def average_gain(board: Leaderboard, row: Row) -> float | None:
    """Return the mean control-scaled value over the scored metrics that have a scale.

    Values below `FLOOR` count as `FLOOR`, so that one bad value cannot outweigh all others. None if
    no metric has a scale or the row lacks one.
    """
    values = []
    for metric in board.metrics:
        scale = control_scale(board, metric) if metric.scored else "not scored"
        if isinstance(scale, ControlScale):
            mean = row.cells[metric.name].mean
            if mean is None:
                return None
            values.append(max(scale.of(mean), FLOOR))
    return math.fsum(values) / len(values) if values else None
