"""The numbers behind a view."""

import math
from collections.abc import Sequence

from genearena.benchmark.compare.control_scale import ControlScale, average_gain, control_scale
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.show.tables.notes import View


def metric_value(view: View, board: Leaderboard, row: Row, metric: MetricColumn) -> float | None:
    """Return a method's number on one metric of one task, None if the view has none."""
    mean = row.cells[metric.name].mean
    if view == "raw":
        return mean
    if view == "minmax":
        return row.scaled[metric.name]
    scale = control_scale(board, metric)
    return scale.of(mean) if isinstance(scale, ControlScale) and mean is not None else None


def average_value(view: View, board: Leaderboard, row: Row | None) -> float | None:
    """Return Avg Rank of raw values, Avg Score of min-max scaled, Avg Gain of control-scaled."""
    if row is None:
        return None
    if view == "raw":
        return row.avg_rank
    return row.avg_score if view == "minmax" else average_gain(board, row)


def mean_of_all(values: Sequence[float | None]) -> float | None:
    """Return the mean, None if any value is missing: what is missing is never averaged away."""
    known = [value for value in values if value is not None]
    return math.fsum(known) / len(known) if known and len(known) == len(values) else None
