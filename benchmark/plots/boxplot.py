"""Every metric over seeds, one panel per metric, all points shown."""

import math
from typing import TYPE_CHECKING

import numpy as np

from genearena.benchmark.leaderboard import Leaderboard, MetricColumn, Row
from genearena.benchmark.plots.style import FAINT, INK, method_colour, title
from genearena.benchmark.summary import usable_value

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 3


def boxplot(board: Leaderboard) -> "Figure | None":
    """Draw a box and all its points for every method and metric, methods in table order.

    Returns
    -------
    The figure, None if no run has a metric.
    """
    from matplotlib.figure import Figure

    if not board.metrics:
        return None
    n_rows = math.ceil(len(board.metrics) / COLUMNS)
    height = 0.75 + 0.19 * len(board.rows)
    figure = Figure(figsize=(10, n_rows * height + 0.4), layout="constrained")
    panels = figure.subplots(n_rows, min(COLUMNS, len(board.metrics)), sharey=True, squeeze=False)
    for axes, metric in zip(panels.flat, board.metrics, strict=False):
        _draw_panel(axes, board, metric)
    for axes in panels.flat[len(board.metrics) :]:
        axes.set_visible(False)
    figure.suptitle(
        title(board, "Metrics over seeds"), x=0.01, ha="left", fontsize=10, weight="bold"
    )
    return figure


def _draw_panel(axes: "Axes", board: Leaderboard, metric: MetricColumn) -> None:
    for i, row in enumerate(board.rows):
        values = _values(row, metric)
        if values:
            _draw_box(axes, values, i, method_colour(row))
        if i and row.section != board.rows[i - 1].section:
            axes.axhline(i - 0.5, color=INK, lw=0.6, ls=(0, (4, 3)))
    axes.set_yticks(range(len(board.rows)), [row.label for row in board.rows])
    axes.set_ylim(len(board.rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=FAINT, lw=0.5)
    axes.set_axisbelow(True)
    arrow = "↑" if metric.higher_is_better else "↓"
    axes.set_title(f"{metric.label} {arrow}" + ("" if metric.scored else " (not in the score)"))


def _values(row: Row, metric: MetricColumn) -> list[float]:
    results = [usable_value(run.metrics.get(metric.name)) for run in row.runs.finished]
    return [value for value in results if value is not None]


def _draw_box(axes: "Axes", values: list[float], position: int, colour: str) -> None:
    if len(values) > 1:
        axes.boxplot(
            [values],
            positions=[position],
            orientation="horizontal",
            widths=0.62,
            showfliers=False,
            patch_artist=True,
            boxprops={"facecolor": colour, "alpha": 0.35, "edgecolor": colour, "lw": 0.8},
            medianprops={"color": colour, "lw": 1.6},
            whiskerprops={"color": colour, "lw": 0.8},
            capprops={"color": colour, "lw": 0.8},
            manage_ticks=False,
        )
    # spread by order of seed, so that points that coincide stay visible without random jitter
    offsets = np.linspace(-0.2, 0.2, len(values)) if len(values) > 1 else np.zeros(1)
    axes.scatter(
        values, position + offsets, s=7, color=colour, edgecolors="white", lw=0.3, zorder=3
    )
