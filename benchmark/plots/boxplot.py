"""Every metric over seeds, one panel per metric, all points shown."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from genearena.benchmark.leaderboard import Leaderboard, MetricColumn, Row
from genearena.benchmark.plots.source import Source
from genearena.benchmark.plots.style import (
    COLUMN_INCHES,
    FAINT,
    HATCH,
    INK,
    display_order,
    method_colour,
    title,
)
from genearena.benchmark.summary import usable_value

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 3
ROW_INCHES = 0.115


def from_results(boards: Sequence[Leaderboard], _: Source) -> "Figure | str":
    """Draw the figure of stored results, or say why there is none."""
    return boxplot(boards[0]) or "no run has a metric"


def boxplot(board: Leaderboard) -> "Figure | None":
    """Draw a box and all its points for every method and metric, hatched for released variants.

    Returns
    -------
    The figure, None if no run has a metric.
    """
    from matplotlib.figure import Figure

    if not board.metrics:
        return None
    rows = display_order(board.rows)
    n_lines = math.ceil(len(board.metrics) / COLUMNS)
    height = n_lines * (0.42 + ROW_INCHES * len(rows)) + 0.2
    figure = Figure(figsize=(COLUMN_INCHES, height), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.01, h_pad=0.02, wspace=0.02)  # type: ignore[union-attr, call-arg]
    panels = figure.subplots(n_lines, COLUMNS, sharey=True, squeeze=False)
    for axes, metric in zip(panels.flat, board.metrics, strict=False):
        _draw_panel(axes, rows, metric)
    for axes in panels.flat[len(board.metrics) :]:
        axes.set_visible(False)
    figure.suptitle(title(board, "Metrics over seeds"), x=0.01, ha="left", fontsize=7)
    return figure


def _draw_panel(axes: "Axes", rows: Sequence[Row], metric: MetricColumn) -> None:
    from matplotlib.ticker import MaxNLocator

    for i, row in enumerate(rows):
        if i and row.section != rows[i - 1].section:
            axes.axhline(i - 0.5, color=INK, lw=0.5, ls=(0, (4, 3)))
    values = [_values(row, metric) for row in rows]
    _draw_boxes(axes, rows, values)
    _draw_points(axes, rows, values)
    axes.set_yticks(range(len(rows)), [row.title for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0, labelsize=6, pad=1)
    axes.tick_params(axis="x", labelsize=6, length=2, pad=1.5)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=2))
    axes.grid(axis="x", color=FAINT, lw=0.5)
    axes.set_axisbelow(True)
    arrow = "↑" if metric.higher_is_better else "↓"
    aside = "" if metric.scored else "\n(not in the score)"
    axes.set_title(f"{metric.label} {arrow}{aside}", fontsize=6.5, pad=2)


def _values(row: Row, metric: MetricColumn) -> list[float]:
    results = [usable_value(run.metrics.get(metric.name)) for run in row.runs.finished]
    return [value for value in results if value is not None]


def _draw_boxes(axes: "Axes", rows: Sequence[Row], values: Sequence[Sequence[float]]) -> None:
    # one value has no spread: a point says all
    places = [i for i, own in enumerate(values) if len(own) > 1]
    if not places:
        return
    drawn = axes.boxplot(
        [values[i] for i in places],
        positions=places,
        orientation="horizontal",
        widths=0.68,
        showfliers=False,
        showcaps=False,
        patch_artist=True,
        boxprops={"lw": 0.6},
        medianprops={"lw": 1.3},
        whiskerprops={"lw": 0.7},
        manage_ticks=False,
    )
    for k, i in enumerate(places):
        colour = method_colour(rows[i])
        hatch = HATCH if rows[i].section == "released" else ""
        drawn["boxes"][k].set(facecolor=f"{colour}40", edgecolor=colour, hatch=hatch)
        for part in (drawn["medians"][k], *drawn["whiskers"][2 * k : 2 * k + 2]):
            part.set_color(colour)


def _draw_points(axes: "Axes", rows: Sequence[Row], values: Sequence[Sequence[float]]) -> None:
    counts = [len(own) for own in values]
    if not any(counts):
        return
    # spread by order of seed, so that points that coincide stay visible without random jitter
    spread = [np.linspace(-0.22, 0.22, n) if n > 1 else np.zeros(n) for n in counts]
    axes.scatter(
        np.concatenate(values),
        np.concatenate([i + offsets for i, offsets in enumerate(spread)]),
        s=np.repeat([3 if n > 1 else 7 for n in counts], counts),
        c=np.repeat([method_colour(row) for row in rows], counts),
        lw=0,
        zorder=3,
    )
