"""The leaderboard as a table of coloured circles and bars, in the manner of scIB."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.show.plots.heatmap_layout import (
    BAR,
    BAR_NUMBER,
    CELL,
    LINE,
    ROW,
    Block,
    Layout,
    layout,
)
from genearena.benchmark.show.plots.panels import text_inches
from genearena.benchmark.show.plots.source import Source
from genearena.benchmark.show.plots.style import (
    FAINT,
    HATCH,
    INK,
    method_colour,
    title,
)
from genearena.benchmark.show.tables.numbers import NOTHING, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

AGGREGATES = ("Avg Score ↑", "Avg Rank ↓")

SMALL = 5.5
SMALLEST = 5.0
TEXT = 0.87 * 0.94 * CELL
"""Width of a text whose corners lie within its circle."""
SECTION_HEADINGS = {
    "released": "as the scripts run",
    "merged": "run elsewhere",
    "unstated": "data not stated",
    "controls": "controls",
}


def from_results(boards: Sequence[Leaderboard], _: Source) -> "Figure | str":
    """Draw the figure of stored results."""
    return heatmap(boards[0])


def heatmap(board: Leaderboard) -> "Figure":
    """Draw methods as rows and metrics as circles: colour is the scaled value, text the raw mean.

    Parameters
    ----------
    board
        Leaderboard of one task, in its order; released variants and controls come below a gap.
    """
    from matplotlib.figure import Figure

    plan = layout(board)
    figure = Figure(figsize=(plan.width, plan.top - plan.bottom))
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.axis("off")
    axes.set_xlim(0, plan.width)
    axes.set_ylim(plan.bottom, plan.top)
    _draw_rows(axes, plan)
    for block, left in zip(plan.blocks, plan.lefts, strict=False):
        _draw_block(axes, plan, block, left)
    _draw_bars(axes, plan)
    axes.text(0.02, plan.top - 0.02, title(board, "Leaderboard"), fontsize=7, va="top")
    for i, line in enumerate(reversed(plan.legend)):
        axes.text(0.02, plan.bottom + 0.03 + i * LINE, line, fontsize=SMALL, va="bottom")
    return figure


def _draw_rows(axes: "Axes", plan: Layout) -> None:
    rows, right = plan.board.rows, plan.labels - 0.06
    stripes = [_box(0, y - ROW / 2, plan.width, ROW) for y in plan.heights[::2]]
    _add_boxes(axes, stripes, facecolors="#F4F4F4", linewidths=0)
    for i, (row, y) in enumerate(zip(rows, plan.heights, strict=True)):
        style = "italic" if row.control else "normal"
        axes.text(right, y, row.title, ha="right", va="center", fontsize=6, style=style)
        if not row.competes and (i == 0 or row.section != rows[i - 1].section):
            axes.text(
                *(right, y + ROW / 2 + 0.02, SECTION_HEADINGS[row.section]),
                ha="right",
                va="bottom",
                fontsize=SMALL,
                color="#666666",
            )


def _box(x: float, y: float, width: float, height: float) -> list[tuple[float, float]]:
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def _add_boxes(axes: "Axes", boxes: Sequence[Sequence[tuple[float, float]]], **look: Any) -> None:
    # at once: a patch of its own for each takes several times as long
    from matplotlib.collections import PolyCollection

    axes.add_collection(PolyCollection(boxes, zorder=1, **look), autolim=False)


def _draw_heading(axes: "Axes", plan: Layout, left: float, right: float, text: str) -> None:
    y = plan.headings + 0.02
    axes.plot([left + 0.02, right - 0.02], [y, y], color=INK, lw=0.6)
    axes.text((left + right) / 2, y + 0.03, text, ha="center", va="bottom", fontsize=6)


def _draw_block(axes: "Axes", plan: Layout, block: Block, left: float) -> None:
    _draw_heading(axes, plan, left, left + len(block.metrics) * plan.cell, block.heading)
    for j, metric in enumerate(block.metrics):
        mark = "‡" if plan.board.unbeaten_control(metric) is not None else ""
        arrow = "↑" if metric.higher_is_better else "↓"
        x = left + (j + 0.5) * plan.cell
        heading = f"{metric.label} {arrow}{mark}"
        axes.text(x, 0.03, heading, ha="center", va="bottom", fontsize=6, rotation=90)
        for row, y in zip(plan.board.rows, plan.heights, strict=True):
            _write_value(axes, row, metric, (x, y))
    _draw_circles(axes, plan, block, left)


def _strength(row: Row, metric: MetricColumn) -> float:
    # rows that do not compete may lie outside the methods' range
    return min(max(row.scaled[metric.name] or 0.0, 0.0), 1.0)


def _draw_circles(axes: "Axes", plan: Layout, block: Block, left: float) -> None:
    import matplotlib as mpl

    places = [
        (left + (j + 0.5) * plan.cell, y, 0.08 + 0.82 * _strength(row, metric))
        for j, metric in enumerate(block.metrics)
        for row, y in zip(plan.board.rows, plan.heights, strict=True)
        if row.cells[metric.name].mean is not None
    ]
    x, y, shade = zip(*places, strict=True)
    axes.scatter(
        *(x, y),
        # the square of the diameter in points
        s=(72 * 0.94 * CELL) ** 2,
        c=mpl.colormaps[block.palette](shade),
        edgecolors="#888888",
        linewidths=0.3,
        zorder=2,
    )


def _write_value(axes: "Axes", row: Row, metric: MetricColumn, at: tuple[float, float]) -> None:
    cell = row.cells[metric.name]
    if cell.mean is None:
        axes.text(*at, NOTHING, ha="center", va="center", fontsize=6)
        return
    text, points = _inside(cell.mean, "†" if cell.flags else "")
    ink = "white" if _strength(row, metric) > 0.6 else INK
    axes.text(*at, text, ha="center", va="center_baseline", fontsize=points, color=ink)


def _inside(value: float, mark: str) -> tuple[str, float]:
    """Return a text that stays within a circle, and its size: smaller, then with fewer decimals."""
    for digits in (2, 1, 0):
        text = _short(value, digits) + mark
        points = SMALL * min(1.0, TEXT / text_inches(text, SMALL))
        if points >= SMALLEST:
            break
    return text, max(points, SMALLEST)


def _short(value: float | None, digits: int = 2) -> str:
    """Return decimals without the zero before the point, for which there is no room."""
    text = number(value, digits)
    if value is None:
        return text
    return "1" if text == "1.00" else text.replace("0.", ".", 1) if abs(value) < 1 else text


def _draw_bars(axes: "Axes", plan: Layout) -> None:
    rows, left = plan.board.rows, plan.lefts[-1]
    _draw_heading(axes, plan, left, left + plan.bars, "Aggregate")
    # as the score is: 1 for the first on every metric, 0 for the last on every one
    last = sum(row.avg_rank is not None for row in rows)
    ranks = [
        None if row.avg_rank is None else (last - row.avg_rank) / max(last - 1, 1) for row in rows
    ]
    scores = [row.avg_score for row in rows]
    texts = [[_short(s) for s in scores], [number(row.avg_rank, 2) for row in rows]]
    for k, (heading, lengths) in enumerate(zip(AGGREGATES, (scores, ranks), strict=True)):
        x = left + k * (BAR + BAR_NUMBER)
        middle = x + (BAR + BAR_NUMBER) / 2
        axes.text(middle, 0.03, heading, ha="center", va="bottom", fontsize=6, rotation=90)
        known = [i for i, length in enumerate(lengths) if length is not None]
        frames = [_box(x, plan.heights[i] - 0.3 * ROW, BAR, 0.6 * ROW) for i in known]
        _add_boxes(axes, frames, facecolors="white", edgecolors=FAINT, linewidths=0.4)
        for i, row in enumerate(rows):
            _draw_bar(axes, row, (x, plan.heights[i]), lengths[i], texts[k][i])


def _draw_bar(
    axes: "Axes", row: Row, at: tuple[float, float], length: float | None, text: str
) -> None:
    from matplotlib.patches import Rectangle

    x, y = at
    if length is None:
        axes.text(x + BAR / 2, y, NOTHING, ha="center", va="center", fontsize=6)
        return
    colour, pale = method_colour(row), row.section == "released"
    if length > 0:
        bar = Rectangle(
            *((x, y - 0.3 * ROW), BAR * min(length, 1.0), 0.6 * ROW),
            facecolor="white" if pale else colour,
            edgecolor=colour,
            hatch=HATCH if pale else "",
            lw=0.4,
            zorder=2,
        )
        axes.add_artist(bar)
    axes.text(x + BAR + 0.02, y, text, ha="left", va="center_baseline", fontsize=SMALL)
