"""Training loss over epochs, one panel per method, one line per seed."""

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.show.plots.panels import PanelGrid
from genearena.benchmark.show.plots.source import Source
from genearena.benchmark.show.plots.stored import read_losses
from genearena.benchmark.show.plots.style import (
    FAINT,
    method_colour,
    title,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 3
NOTE_POINTS = 5.5
NOTE_CHARACTERS = 75

Curve = npt.NDArray[np.float64]


def from_results(boards: Sequence[Leaderboard], source: Source) -> "Figure | str":
    """Draw the figure of stored results, or say why there is none."""
    (board,) = boards
    curves = {
        row.label: [read_losses(source.store, run) for run in row.runs.finished]
        for row in board.rows
    }
    return loss_curves(board, curves) or "no stored run has losses of more than one epoch"


def loss_curves(board: Leaderboard, curves: Mapping[str, Sequence[Curve]]) -> "Figure | None":
    """Draw the losses of the methods that have any, dashed for released variants.

    A method that tells a single loss, as walks do, has no curve and is named below.

    Parameters
    ----------
    board
        Leaderboard of one task.
    curves
        Row label -> one array of losses per seed.

    Returns
    -------
    The figure, None if no method has a curve.
    """
    longest = {label: max(map(len, own), default=0) for label, own in curves.items()}
    rows = [row for row in board.rows if longest.get(row.label, 0) > 1]
    if not rows:
        return None
    points = [row.title for row in board.rows if longest.get(row.label) == 1]
    note = f"A single loss, no curve: {', '.join(points)}" if points else ""
    lines = textwrap.wrap(note, NOTE_CHARACTERS)
    grid = PanelGrid(
        n_columns=COLUMNS,
        height=0.62,
        left=0.42,
        gap=0.33,
        above=[0.15] * math.ceil(len(rows) / COLUMNS),
        below=0.2,
        bottom=0.08 + 0.1 * len(lines),
    )
    figure, panels = grid.draw(len(rows))
    for axes, row in zip(panels, rows, strict=True):
        style = "--" if row.section == "released" else "-"
        _draw_panel(axes, curves[row.label], method_colour(row), style)
        axes.set_title(row.title, fontsize=6, pad=2)
    height = figure.get_figheight()
    figure.supxlabel("epoch", y=0.02 / height + 0.1 * len(lines) / height, fontsize=6.5)
    figure.text(0.01, 0.02 / height, "\n".join(lines), fontsize=NOTE_POINTS, va="bottom")
    figure.supylabel("loss", x=0.01, fontsize=6.5)
    figure.suptitle(title(board, "Training loss"), x=0.01, y=0.995, ha="left", fontsize=7)
    return figure


def _draw_panel(axes: "Axes", curves: Sequence[Curve], colour: str, style: str) -> None:
    from matplotlib.collections import LineCollection
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    lines = [np.column_stack([np.arange(1, len(c) + 1), c]) for c in curves if len(c)]
    drawn = LineCollection(lines, colors=colour, linewidths=0.7, linestyles=style, alpha=0.7)
    axes.add_collection(drawn)
    # a run that ended at once beside others that did not
    for line in (line for line in lines if len(line) == 1):
        axes.plot(*line.T, color=colour, marker="o", ms=2, mew=0, alpha=0.7)
    axes.autoscale_view()
    longest = max(map(len, lines))
    axes.set_xlim(1 - 0.04 * longest, 1.04 * longest)
    axes.tick_params(labelsize=6, length=2, pad=1.5)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3))
    axes.yaxis.set_major_formatter(FuncFormatter(_short))
    axes.grid(color=FAINT, lw=0.5)
    axes.set_axisbelow(True)


def _short(value: float, _: int) -> str:
    """Return a tick's label of at most five characters: scripts sum losses over all pairs."""
    from matplotlib.ticker import EngFormatter

    return f"{value:g}" if abs(value) < 1000 else EngFormatter(sep="")(value)
