"""Where everything goes in the heat map: blocks of metrics, rows, lengths and the legend."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.show.plots.style import COLUMN_INCHES

GROUPS = (
    ("Integration", ("asw", "graph_connectivity", "ilisi", "cgr"), "Blues"),
    ("Graph", ("edge_auc", "neighbour_overlap"), "Greens"),
)
OTHER_SCORED = ("Other", "Oranges")
NOT_SCORED = ("Not scored", "Purples")

# lengths are inches: one unit of the axes is one inch
CELL = 0.18
ROW = 0.19
GAP = 0.07
BAR = 0.17
BAR_NUMBER = 0.21
LETTER = 0.05
LINE = 0.11
SECTION_GAP = 0.13


@dataclass(frozen=True)
class Block:
    """Metrics that stand together under one heading.

    Parameters
    ----------
    heading
        What is written above them.
    metrics
        Columns from left to right.
    palette
        Name of matplotlib's colour map of their circles.
    """

    heading: str
    metrics: tuple[MetricColumn, ...]
    palette: str


@dataclass(frozen=True, eq=False)
class Layout:
    """Positions and lengths of a leaderboard's figure, in inches from its rows' upper left.

    Parameters
    ----------
    board
        Leaderboard of one task.
    blocks
        Metrics by group, from left to right.
    legend
        Lines below the table.
    """

    board: Leaderboard
    blocks: tuple[Block, ...]
    legend: tuple[str, ...]

    @cached_property
    def labels(self) -> float:
        """Width of the methods' names."""
        return LETTER * max(len(row.title) for row in self.board.rows) + 0.12

    @cached_property
    def cell(self) -> float:
        """Width of a circle's column."""
        # a column wide if the cells fit, wider if they do not
        n_cells = sum(len(block.metrics) for block in self.blocks)
        rest = COLUMN_INCHES - self.labels - len(self.blocks) * GAP - self.bars
        return max(CELL, min(rest / max(n_cells, 1), 1.25 * CELL))

    @property
    def bars(self) -> float:
        """Width of the aggregates."""
        return 2 * (BAR + BAR_NUMBER)

    @cached_property
    def lefts(self) -> list[float]:
        """Left edge of every block, and of the aggregates."""
        lefts = [self.labels]
        for block in self.blocks:
            lefts.append(lefts[-1] + len(block.metrics) * self.cell + GAP)
        return lefts

    @property
    def width(self) -> float:
        """Width of the figure."""
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
        """Height of the slanted headings."""
        texts = [metric.label for block in self.blocks for metric in block.metrics]
        return 1.06 * LETTER * (max(map(len, (*texts, "Avg Score"))) + 3)

    @property
    def top(self) -> float:
        """Upper edge of the figure."""
        return self.headings + 2.6 * LINE + 0.08

    @property
    def bottom(self) -> float:
        """Lower edge of the figure, the legend included."""
        return min(self.heights, default=0.0) - ROW / 2 - LINE * len(self.legend) - 0.08


def layout(board: Leaderboard) -> Layout:
    """Lay out the figure of a leaderboard."""
    return Layout(board, tuple(_blocks(board.metrics)), tuple(_legend(board)))


def _blocks(metrics: Sequence[MetricColumn]) -> list[Block]:
    scored = [m for m in metrics if m.scored]
    known = {name for _, names, _ in GROUPS for name in names}
    blocks = [
        Block(heading, tuple(m for m in scored if m.name in names), palette)
        for heading, names, palette in GROUPS
    ]
    others = tuple(m for m in scored if m.name not in known)
    blocks.append(Block(OTHER_SCORED[0], others, OTHER_SCORED[1]))
    blocks.append(Block(NOT_SCORED[0], tuple(m for m in metrics if not m.scored), NOT_SCORED[1]))
    return [block for block in blocks if block.metrics]


def _legend(board: Leaderboard) -> list[str]:
    text = (
        "Number: mean over seeds. Colour: from the worst (pale) to the best (dark) method. "
        "Bar: full if best on every scored metric, empty if worst on every one."
    )
    marks = []
    if any(cell.flags for row in board.rows for cell in row.cells.values()):
        marks.append("† Degenerate or partial value.")
    if any(board.unbeaten_control(m) is not None for m in board.metrics):
        marks.append("‡ No method beats the best control.")
    lines = textwrap.wrap(text, int(COLUMN_INCHES / (0.92 * LETTER)))
    return lines + ([" ".join(marks)] if marks else [])
