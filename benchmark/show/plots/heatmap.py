"""The leaderboard as a table of coloured circles and bars, in the manner of scIB."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from genearena.benchmark.compare.headline import headline, with_headline
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.records.declared import installed_metric
from genearena.benchmark.show.plots.panels import (
    add_boxes,
    box,
    figure_of,
    inch_axes,
    text_inches,
    write_upright,
)
from genearena.benchmark.show.plots.registry import Source
from genearena.benchmark.show.plots.style import (
    COLUMN_INCHES,
    FAINT,
    HATCH,
    INK,
    method_colour,
    title,
)
from genearena.benchmark.show.tables.numbers import NOTHING, bare, number
from genearena.benchmark.show.tables.task_sheet import unit

PALETTES: Mapping[str, str] = {"Headline": "Oranges", "Integration": "Blues", "Graph": "Greens"}
"""Groups that come first, with the colours of their circles; others share the next ones."""
OTHER_PALETTES = ("Reds", "YlOrBr", "Greys")
NOT_SCORED = ("Not scored", "Purples")
SECTION_HEADINGS = {
    "released": "as the scripts run",
    "unfinished": "too few seeds",
    "merged": "run elsewhere",
    "unstated": "data not stated",
    "controls": "controls",
}
SMALL = 5.5
SMALLEST = 5.0
# lengths are inches: one unit of the axes is one inch
CELL = 0.18
ROW = 0.19
GAP = 0.07
BAR = 0.17
BAR_NUMBER = 0.21
LETTER = 0.05
LINE = 0.11
SECTION_GAP = 0.13
CIRCLE = 0.94 * CELL
TEXT = 0.87 * CIRCLE
"""Width of a text whose corners lie within its circle."""


def from_results(
    boards: Sequence[Leaderboard], _: Source, axes: Axes | None = None
) -> Figure | str:
    """Draw the figure of stored results."""
    return heatmap(boards[0], axes)


def heatmap(board: Leaderboard, axes: Axes | None = None) -> Figure:
    """Draw methods as rows and metrics as circles: colour is the scaled value, text the raw mean.

    Released variants and controls come below a gap. Metrics stand in the groups they declare.
    """
    plan = _Plan(board, _blocks(board.metrics), _legend(board))
    axes = inch_axes(plan.width, plan.bottom, plan.top, axes)
    _draw_rows(axes, plan)
    for block, left in zip(plan.blocks, plan.lefts, strict=False):
        _draw_heading(axes, plan, left, left + len(block.metrics) * plan.cell, block.heading)
        _draw_block(axes, plan, block, left)
    _draw_bars(axes, plan)
    axes.text(0.02, plan.top - 0.02, title([board], "Leaderboard"), fontsize=7, va="top")
    for i, line in enumerate(reversed(plan.legend)):
        axes.text(0.02, plan.bottom + 0.03 + i * LINE, line, fontsize=SMALL, va="bottom")
    return figure_of(axes)


@dataclass(frozen=True)
class _Block:
    """Metrics that stand together under one heading, in circles of one palette."""

    heading: str
    metrics: tuple[MetricColumn, ...]
    palette: str


@dataclass(frozen=True, eq=False)
class _Plan:
    """Positions and lengths, in inches from the upper left of the rows."""

    board: Leaderboard
    blocks: Sequence[_Block]
    legend: Sequence[str]

    @cached_property
    def labels(self) -> float:
        """Width of the methods' names."""
        return LETTER * max(len(row.title) for row in self.board.rows) + 0.12

    @cached_property
    def headlines(self) -> list[float | None]:
        """Headline of every row; nothing where no method has one."""
        rows = self.board.rows if with_headline([self.board]) else ()
        return [headline(self.board, row).mean for row in rows]

    @property
    def bars(self) -> float:
        return (3 if self.headlines else 2) * (BAR + BAR_NUMBER)

    @cached_property
    def cell(self) -> float:
        """Width of a circle's column: a column of a page if the cells fit, more if they do not."""
        n_cells = sum(len(block.metrics) for block in self.blocks)
        rest = COLUMN_INCHES - self.labels - len(self.blocks) * GAP - self.bars
        return max(CELL, min(rest / max(n_cells, 1), 1.25 * CELL))

    @cached_property
    def lefts(self) -> list[float]:
        """Left edge of every block, and of the aggregates."""
        lefts = [self.labels]
        for block in self.blocks:
            lefts.append(lefts[-1] + len(block.metrics) * self.cell + GAP)
        return lefts

    @property
    def width(self) -> float:
        return max(self.lefts[-1] + self.bars, COLUMN_INCHES)

    @cached_property
    def heights(self) -> list[float]:
        """Centre of every row, downwards from 0."""
        heights, height = [], -ROW / 2
        for i, row in enumerate(self.board.rows):
            if i:
                same = row.section == self.board.rows[i - 1].section
                height -= ROW if same else ROW + SECTION_GAP
            heights.append(height)
        return heights

    @property
    def headings(self) -> float:
        """Height of the upright headings."""
        texts = [metric.label for block in self.blocks for metric in block.metrics]
        return 1.06 * LETTER * (max(map(len, (*texts, "Avg Score"))) + 3)

    @property
    def top(self) -> float:
        return self.headings + 2.6 * LINE + 0.08

    @property
    def bottom(self) -> float:
        return min(self.heights, default=0.0) - ROW / 2 - LINE * len(self.legend) - 0.08


def _blocks(metrics: Sequence[MetricColumn]) -> list[_Block]:
    groups: dict[str, list[MetricColumn]] = {heading: [] for heading in PALETTES}
    for metric in (m for m in metrics if m.headline or m.scored):
        known = installed_metric(metric.name)
        groups.setdefault((known and known.group) or "Other", []).append(metric)
    others = [heading for heading in groups if heading not in PALETTES]
    palettes = {
        **PALETTES,
        **{name: OTHER_PALETTES[i % len(OTHER_PALETTES)] for i, name in enumerate(others)},
    }
    blocks = [_Block(name, tuple(own), palettes[name]) for name, own in groups.items()]
    rest = tuple(metric for metric in metrics if not (metric.headline or metric.scored))
    blocks.append(_Block(NOT_SCORED[0], rest, NOT_SCORED[1]))
    return [block for block in blocks if block.metrics]


def _legend(board: Leaderboard) -> list[str]:
    text = (
        "Number: mean over seeds. Colour: from the worst (pale) to the best (dark) method. "
        "Bar: full if best on every scored metric, empty if worst on every one"
    )
    text += ", of the headline from 0 to 1." if with_headline([board]) else "."
    marks = []
    if any(cell.flags for row in board.rows for cell in row.cells.values()):
        marks.append("† Degenerate or partial value.")
    if any(board.unbeaten_control(m) is not None for m in board.metrics):
        marks.append("‡ No method beats the best control.")
    lines = textwrap.wrap(text, int(COLUMN_INCHES / (0.92 * LETTER)))
    return lines + ([" ".join(marks)] if marks else [])


def _draw_rows(axes: Axes, plan: _Plan) -> None:
    rows, right = plan.board.rows, plan.labels - 0.06
    stripes = [box(0, y - ROW / 2, plan.width, ROW) for y in plan.heights[::2]]
    add_boxes(axes, stripes, facecolors="#F4F4F4", linewidths=0, zorder=1)
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


def _draw_heading(axes: Axes, plan: _Plan, left: float, right: float, text: str) -> None:
    y = plan.headings + 0.02
    axes.plot([left + 0.02, right - 0.02], [y, y], color=INK, lw=0.6)
    axes.text((left + right) / 2, y + 0.03, text, ha="center", va="bottom", fontsize=6)


def _draw_block(axes: Axes, plan: _Plan, block: _Block, left: float) -> None:
    circles = []
    for j, metric in enumerate(block.metrics):
        x = left + (j + 0.5) * plan.cell
        mark = "‡" if plan.board.unbeaten_control(metric) is not None else ""
        arrow = "↑" if metric.higher_is_better else "↓"
        write_upright(axes, x, 0.03, f"{metric.label} {arrow}{mark}")
        for row, y in zip(plan.board.rows, plan.heights, strict=True):
            cell = row.cells[metric.name]
            if cell.mean is None:
                axes.text(x, y, NOTHING, ha="center", va="center", fontsize=6)
                continue
            shade = unit(row.scaled[metric.name]) or 0.0
            text, points = _inside(cell.mean, "†" if cell.flags else "")
            ink = "white" if shade > 0.6 else INK
            look = {"fontsize": points, "color": ink}
            axes.text(x, y, text, ha="center", va="center_baseline", fontdict=look)
            circles.append((x, y, 0.08 + 0.82 * shade))
    xs, ys, shades = zip(*circles, strict=True)
    axes.scatter(
        *(xs, ys),
        # the square of the diameter in points
        s=(72 * CIRCLE) ** 2,
        c=mpl.colormaps[block.palette](shades),
        edgecolors="#888888",
        linewidths=0.3,
        zorder=2,
    )


def _inside(value: float, mark: str) -> tuple[str, float]:
    """Return a text that stays within a circle, and its size: smaller, then with fewer decimals."""
    for digits in (2, 1, 0):
        text = _short(value, digits) + mark
        points = SMALL * min(1.0, TEXT / text_inches(text, SMALL))
        if points >= SMALLEST:
            break
    return text, max(points, SMALLEST)


def _short(value: float | None, digits: int = 2) -> str:
    text = number(value, digits)
    return "1" if text == "1.00" else bare(text)


def _draw_bars(axes: Axes, plan: _Plan) -> None:
    rows, left = plan.board.rows, plan.lefts[-1]
    _draw_heading(axes, plan, left, left + plan.bars, "Aggregate")
    # as the score is: 1 for the first on every metric, 0 for the last on every one
    last = sum(row.avg_rank is not None for row in rows)
    ranks = [
        None if row.avg_rank is None else (last - row.avg_rank) / max(last - 1, 1) for row in rows
    ]
    scores = [row.avg_score for row in rows]
    aggregates = [
        ("Headline ↑", plan.headlines, list(map(_short, plan.headlines))),
        ("Avg Score ↑", scores, list(map(_short, scores))),
        ("Avg Rank ↓", ranks, [number(row.avg_rank, 2) for row in rows]),
    ]
    for k, (heading, lengths, texts) in enumerate(a for a in aggregates if a[1]):
        x = left + k * (BAR + BAR_NUMBER)
        write_upright(axes, x + (BAR + BAR_NUMBER) / 2, 0.03, heading)
        known = [y for y, length in zip(plan.heights, lengths, strict=True) if length is not None]
        frames = [box(x, y - 0.3 * ROW, BAR, 0.6 * ROW) for y in known]
        add_boxes(axes, frames, facecolors="white", edgecolors=FAINT, linewidths=0.4, zorder=1)
        for i, row in enumerate(rows):
            _draw_bar(axes, row, (x, plan.heights[i]), lengths[i], texts[i])


def _draw_bar(
    axes: Axes, row: Row, at: tuple[float, float], length: float | None, text: str
) -> None:
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
