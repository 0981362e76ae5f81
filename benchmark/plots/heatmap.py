"""The leaderboard as a table of coloured circles and bars, in the manner of scIB."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genearena.benchmark.leaderboard import Leaderboard, MetricColumn, Row
from genearena.benchmark.plots.source import Source
from genearena.benchmark.plots.style import CONTROL, FAINT, INK, title
from genearena.benchmark.tables.numbers import NOTHING, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GROUPS = (
    ("Integration", ("asw", "graph_connectivity", "ilisi", "cgr"), "Blues"),
    ("Graph", ("edge_auc", "neighbour_overlap"), "Greens"),
)
OTHER_SCORED = ("Other scored", "Oranges")
NOT_SCORED = ("Not in the score", "Purples")
CELL_INCHES = 0.46
BAR_WIDTH = 2.2
GAP = 0.5
SECTION_GAP = 0.7
SECTION_HEADINGS = {"released": "as the scripts run", "controls": "controls"}
BAR_COLOURS = {"methods": "#E69F00", "released": "#F2CF80", "controls": CONTROL}


@dataclass(frozen=True)
class _Block:
    heading: str
    metrics: tuple[MetricColumn, ...]
    palette: str


def from_results(boards: Sequence[Leaderboard], _: Source) -> "Figure | str":
    """Draw the figure of stored results."""
    return heatmap(boards[0])


def heatmap(board: Leaderboard) -> "Figure":
    """Draw methods as rows and metrics as circles: colour is the scaled value, text the raw mean.

    Parameters
    ----------
    board
        Leaderboard of one task; released variants and controls come below a gap.
    """
    from matplotlib.figure import Figure

    blocks = _blocks(board.metrics)
    heights = _row_heights(board.rows)
    width = sum(len(b.metrics) + GAP for b in blocks) + 2 * (BAR_WIDTH + 0.2)
    depth = -min(heights, default=0.0)
    figure = Figure(figsize=(CELL_INCHES * (width + 3.5), CELL_INCHES * (depth + 4.3)))
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_aspect("equal")
    axes.axis("off")
    axes.set_xlim(-3.6, width)
    axes.set_ylim(-depth - 1.4, 2.9)
    _draw_rows(axes, board, heights, width)
    left = 0.0
    for block in blocks:
        _draw_block(axes, board, block, left, heights)
        left += len(block.metrics) + GAP
    _draw_bars(axes, board, left, heights)
    axes.text(-3.5, 2.5, title(board, "Leaderboard"), fontsize=10, weight="bold")
    axes.text(-3.5, -depth - 1.0, _legend(board), fontsize=6.5, va="center")
    return figure


def _blocks(metrics: Sequence[MetricColumn]) -> list[_Block]:
    scored = [m for m in metrics if m.scored]
    known = {name for _, names, _ in GROUPS for name in names}
    blocks = [
        _Block(heading, tuple(m for m in scored if m.name in names), palette)
        for heading, names, palette in GROUPS
    ]
    others = tuple(m for m in scored if m.name not in known)
    blocks.append(_Block(OTHER_SCORED[0], others, OTHER_SCORED[1]))
    blocks.append(_Block(NOT_SCORED[0], tuple(m for m in metrics if not m.scored), NOT_SCORED[1]))
    return [block for block in blocks if block.metrics]


def _row_heights(rows: Sequence[Row]) -> list[float]:
    heights, height = [], 0.0
    for i, row in enumerate(rows):
        if i:
            height -= 1.0 if row.section == rows[i - 1].section else 1.0 + SECTION_GAP
        heights.append(height)
    return heights


def _draw_rows(axes: "Axes", board: Leaderboard, heights: Sequence[float], width: float) -> None:
    from matplotlib.patches import Rectangle

    for i, (row, y) in enumerate(zip(board.rows, heights, strict=True)):
        if i % 2 == 0:
            axes.add_patch(Rectangle((-3.6, y - 0.5), width + 3.6, 1, color="#F5F5F5", lw=0))
        style = "italic" if row.control else "normal"
        axes.text(-0.65, y, row.label, ha="right", va="center", fontsize=8, style=style)
        if not row.competes and (i == 0 or row.section != board.rows[i - 1].section):
            axes.text(
                *(-0.65, y + 0.66, SECTION_HEADINGS[row.section]),
                ha="right",
                va="center",
                fontsize=6.5,
                color="#666666",
            )


def _draw_block(
    axes: "Axes", board: Leaderboard, block: _Block, left: float, heights: Sequence[float]
) -> None:
    right = left + len(block.metrics) - 1
    axes.plot([left - 0.4, right + 0.4], [1.5, 1.5], color=INK, lw=0.8)
    axes.text((left + right) / 2, 1.62, block.heading, ha="center", va="bottom", fontsize=7.5)
    for j, metric in enumerate(block.metrics):
        mark = "‡" if board.unbeaten_control(metric) is not None else ""
        arrow = "↑" if metric.higher_is_better else "↓"
        heading = f"{metric.label.replace(' ', chr(10))} {arrow}{mark}"
        axes.text(left + j, 0.7, heading, ha="center", va="bottom", fontsize=6.2, linespacing=1.0)
        for row, y in zip(board.rows, heights, strict=True):
            _draw_circle(axes, row, metric, block.palette, (left + j, y))


def _draw_circle(
    axes: "Axes", row: Row, metric: MetricColumn, palette: str, at: tuple[float, float]
) -> None:
    import matplotlib as mpl
    from matplotlib.patches import Circle

    cell, scaled = row.cells[metric.name], row.scaled[metric.name]
    if cell.mean is None:
        axes.text(*at, NOTHING, ha="center", va="center", fontsize=7)
        return
    # rows that do not compete may lie outside the methods' range
    strength = min(max(scaled or 0.0, 0.0), 1.0)
    colour = mpl.colormaps[palette](0.08 + 0.82 * strength)
    axes.add_patch(Circle(at, 0.44, facecolor=colour, edgecolor="#888888", lw=0.4))
    text = number(cell.mean, 2) + ("†" if cell.flags else "")
    ink = "white" if strength > 0.6 else INK
    axes.text(*at, text, ha="center", va="center", fontsize=6.2, color=ink)


def _draw_bars(axes: "Axes", board: Leaderboard, left: float, heights: Sequence[float]) -> None:
    start = left - 0.4
    axes.plot([start, start + 2 * BAR_WIDTH], [1.5, 1.5], color=INK, lw=0.8)
    axes.text(start + BAR_WIDTH, 1.62, "Aggregate", ha="center", va="bottom", fontsize=7.5)
    worst = max((row.avg_rank for row in board.rows if row.avg_rank is not None), default=1.0)
    ranks = [
        None if row.avg_rank is None else (worst - row.avg_rank + 1) / worst for row in board.rows
    ]
    scores = [row.avg_score for row in board.rows]
    rank_texts = [number(row.avg_rank, 2) for row in board.rows]
    colours = [BAR_COLOURS[row.section] for row in board.rows]
    for k, (heading, lengths, texts) in enumerate(
        [("Avg Score ↑", scores, [number(s) for s in scores]), ("Avg Rank ↓", ranks, rank_texts)]
    ):
        x = start + k * (BAR_WIDTH + 0.1)
        axes.text(x, 0.7, heading, ha="left", va="bottom", fontsize=6.2)
        for length, text, colour, y in zip(lengths, texts, colours, heights, strict=True):
            _draw_bar(axes, (x, y), length, text, colour)


def _draw_bar(
    axes: "Axes", at: tuple[float, float], length: float | None, text: str, colour: str
) -> None:
    from matplotlib.patches import Rectangle

    x, y = at
    full = BAR_WIDTH - 1.0
    filled = full * min(max(length or 0.0, 0.0), 1.0)
    axes.add_patch(Rectangle((x, y - 0.28), full, 0.56, facecolor="white", edgecolor=FAINT, lw=0.5))
    axes.add_patch(Rectangle((x, y - 0.28), filled, 0.56, facecolor=colour, lw=0))
    axes.text(x + full + 0.08, y, text, ha="left", va="center", fontsize=6.5)


def _legend(board: Leaderboard) -> str:
    lines = [
        "Text: mean over seeds. Colour: the same scaled from worst (pale) to best (dark) method. "
        "Full bar: best."
    ]
    marks = []
    if any(cell.flags for row in board.rows for cell in row.cells.values()):
        marks.append("† degenerate or partial value.")
    if any(board.unbeaten_control(m) is not None for m in board.metrics):
        marks.append("‡ No method beats the best control.")
    return "\n".join(lines + ([" ".join(marks)] if marks else []))
