"""The control-scaled view of a leaderboard: entries, average and notes."""

from collections.abc import Iterator

from genearena.benchmark.compare.control_scale import (
    FLOOR,
    ControlScale,
    average_gain,
    control_scale,
)
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.show.tables.numbers import NOTHING, number
from genearena.benchmark.show.tables.sheet import Column, Entry

GAIN_NOTE = (
    "Avg Gain: mean of the scored metrics that are control-scaled (0 the best control, 1 the "
    f"optimum); values below {FLOOR:g} count as {FLOOR:g} (csv has them uncut)"
)


def control_entries(board: Leaderboard, metric: MetricColumn) -> tuple[Entry, ...]:
    """Return a metric's column, 0 for the best control and 1 for the optimum."""
    scale = control_scale(board, metric)
    best = board.best(metric)
    return tuple(
        Entry(
            _text(scale, mean),
            best=row.competes and mean is not None and mean == best,
            flagged=bool(row.cells[metric.name].flags),
        )
        for row in board.rows
        for mean in [row.cells[metric.name].mean]
    )


def _text(scale: ControlScale | str, mean: float | None) -> str:
    if isinstance(scale, str) or mean is None:
        return NOTHING
    value = scale.of(mean)
    return number(value) if value >= FLOOR else f"<{FLOOR:g}"


def gain_column(board: Leaderboard) -> Column:
    """Return the average of the control-scaled values."""
    gains = [average_gain(board, row) for row in board.rows]
    competing = [
        gain
        for gain, row in zip(gains, board.rows, strict=True)
        if row.competes and gain is not None
    ]
    top = max(competing, default=None)
    entries = (
        Entry(number(gain), best=row.competes and gain is not None and gain == top)
        for gain, row in zip(gains, board.rows, strict=True)
    )
    return Column(
        *("Avg Gain", "aggregate", tuple(entries)),
        arrow="↑",
        values=tuple(gains),
        remark="mean of the control-scaled values of the scored metrics, whatever the view",
    )


def control_notes(board: Leaderboard) -> Iterator[str]:
    """Yield how the view is to be read, and which metrics have no scale."""
    scales = [(m, control_scale(board, m)) for m in board.metrics]
    zeros = [
        f"{m.label} ({s.control} {number(s.zero)})"
        for m, s in scales
        if isinstance(s, ControlScale)
    ]
    if zeros:
        yield f"Control-scaled: 1 is the metric's optimum, 0 the best control: {', '.join(zeros)}"
    for metric, scale in scales:
        if isinstance(scale, str):
            yield f"{metric.label}: not control-scaled, {scale}"
    yield GAIN_NOTE
