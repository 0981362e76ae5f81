"""Every metric over seeds, one panel per metric, all points shown."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cbook import boxplot_stats
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.ticker import FuncFormatter, MaxNLocator

from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.compare.summary import usable_value
from genearena.benchmark.show.plots.panels import (
    add_boxes,
    add_grid,
    add_title,
    box,
    panel_grid,
    text_inches,
)
from genearena.benchmark.show.plots.registry import Source
from genearena.benchmark.show.plots.style import INK, method_colour, title
from genearena.benchmark.show.tables.numbers import bare

COLUMNS = 3
ROW_INCHES = 0.115
LABEL_POINTS = 6
LEGEND = "Dot: a seed. Line: median. Box: quartiles, unseen where narrower than the line."
BOX = 0.42
"""Half the height of a box; rows are 1 apart."""


def from_results(boards: Sequence[Leaderboard], _: Source) -> Figure | str:
    """Draw the figure of stored results, or say why there is none."""
    return boxplot(boards[0]) or "no run has a metric"


def boxplot(board: Leaderboard) -> Figure | None:
    """Draw a box and all its points for every method and metric, hollow for released variants.

    Returns
    -------
    The figure, None if no run has a metric.
    """
    if not board.metrics:
        return None
    rows = board.rows
    lines = [board.metrics[i : i + COLUMNS] for i in range(0, len(board.metrics), COLUMNS)]
    figure, panels = panel_grid(
        len(board.metrics),
        COLUMNS,
        height=ROW_INCHES * len(rows),
        left=max(text_inches(row.title, LABEL_POINTS) for row in rows) + 0.05,
        gap=0.09,
        above=[0.15 if all(metric.scored for metric in line) else 0.24 for line in lines],
        below=0.17,
        bottom=0.08,
    )
    for i, (axes, metric) in enumerate(zip(panels, board.metrics, strict=True)):
        _draw_panel(axes, rows, metric)
        names = [row.title for row in rows]
        # ticks are slow to draw: names stand left of each line, once
        axes.set_yticks(range(len(rows)) if i % COLUMNS == 0 else [])
        axes.set_yticklabels(names if i % COLUMNS == 0 else [])
    figure.text(0.01, 0.02 / figure.get_figheight(), LEGEND, fontsize=5.5, va="bottom")
    add_title(figure, title([board], "Metrics over seeds"), y=0.995)
    return figure


def _draw_panel(axes: Axes, rows: Sequence[Row], metric: MetricColumn) -> None:
    for i, row in enumerate(rows):
        if i and row.section != rows[i - 1].section:
            axes.axhline(i - 0.5, color=INK, lw=0.5, ls=(0, (4, 3)))
    values = [_values(row, metric) for row in rows]
    _draw_boxes(axes, rows, values)
    axes.add_collection(_points(rows, values), autolim=False)
    known = np.concatenate(values)
    margin = 0.06 * (np.ptp(known) or 1.0)
    axes.set_xlim(known.min() - margin, known.max() + margin)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0, labelsize=LABEL_POINTS, pad=1.5)
    axes.tick_params(axis="x", labelsize=6, length=2, pad=1.5)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4, min_n_ticks=3))
    # there is no room for the zero before the point
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: bare(f"{value:.6g}")))
    add_grid(axes, "x")
    arrow = "↑" if metric.higher_is_better else "↓"
    aside = "" if metric.scored else "\n(not in the score)"
    axes.set_title(f"{metric.label} {arrow}{aside}", fontsize=6.5, pad=2, linespacing=1.0)


def _values(row: Row, metric: MetricColumn) -> list[float]:
    results = [usable_value(run.metrics.get(metric.name)) for run in row.runs.finished]
    return [value for value in results if value is not None]


def _draw_boxes(axes: Axes, rows: Sequence[Row], values: Sequence[Sequence[float]]) -> None:
    # one value has no spread: a point says all
    places = [i for i, own in enumerate(values) if len(own) > 1]
    boxes, whiskers, medians, fills = [], [], [], []
    colours = [method_colour(rows[i]) for i in places]
    for i in places:
        (s,) = boxplot_stats(values[i])
        low, high = s["q1"], s["q3"]
        boxes.append(box(low, i - BOX, high - low, 2 * BOX))
        whiskers += [[(s["whislo"], i), (low, i)], [(high, i), (s["whishi"], i)]]
        medians.append([(s["med"], i - BOX), (s["med"], i + BOX)])
        pale = rows[i].section == "released"
        fills.append("white" if pale else f"{method_colour(rows[i])}40")
    twice = [colour for colour in colours for _ in range(2)]
    lines = LineCollection(whiskers, colors=twice, linewidths=0.7, zorder=1)
    axes.add_collection(lines, autolim=False)
    add_boxes(axes, boxes, facecolors=fills, edgecolors=colours, linewidths=0.6, zorder=1)
    # higher than the points are spread, so that it shows where the box is too narrow to
    lines = LineCollection(medians, colors=colours, linewidths=1.5, zorder=4)
    axes.add_collection(lines, autolim=False)


def _points(rows: Sequence[Row], values: Sequence[Sequence[float]]) -> PathCollection:
    """Return a path per row whose pieces are all end and no length: a dot for every run.

    A figure has thousands of dots. As markers each is an element of its own, which makes SVG files
    ten times as large and takes most of the time.
    """
    paths = []
    for i, own in enumerate(values):
        # spread by order of seed, so that points that coincide stay visible without random jitter
        spread = np.linspace(-0.22, 0.22, len(own)) if len(own) > 1 else np.zeros(len(own))
        ends = np.repeat(np.column_stack([own, i + spread]), 2, axis=0)
        # what has no length at all is not painted everywhere
        ends[1::2, 1] += 1e-3
        path = Path(ends, [Path.MOVETO, Path.LINETO] * len(own))
        # specks would be simplified away
        path.should_simplify = False
        paths.append(path)
    return PathCollection(
        paths,
        facecolors="none",
        edgecolors=[method_colour(row) for row in rows],
        linewidths=[1.1 if len(own) > 1 else 2.6 for own in values],
        capstyle="round",
        snap=False,
        zorder=3,
    )
