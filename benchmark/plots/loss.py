"""Training loss over epochs, one panel per method, one line per seed."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from genearena.benchmark.leaderboard import Leaderboard
from genearena.benchmark.plots.source import Source
from genearena.benchmark.plots.stored import read_losses
from genearena.benchmark.plots.style import (
    COLUMN_INCHES,
    FAINT,
    display_order,
    method_colour,
    title,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 3

Curve = npt.NDArray[np.float64]


def from_results(boards: Sequence[Leaderboard], source: Source) -> "Figure | str":
    """Draw the figure of stored results, or say why there is none."""
    (board,) = boards
    curves = {
        row.label: [read_losses(source.store, run) for run in row.runs.finished]
        for row in board.rows
    }
    return loss_curves(board, curves) or "no stored run has losses"


def loss_curves(board: Leaderboard, curves: Mapping[str, Sequence[Curve]]) -> "Figure | None":
    """Draw the losses of the methods that have any, dashed for released variants.

    Parameters
    ----------
    board
        Leaderboard of one task.
    curves
        Row label -> one array of losses per seed.

    Returns
    -------
    The figure, None if no method has losses.
    """
    from matplotlib.figure import Figure

    trained = [row for row in board.rows if any(len(c) for c in curves.get(row.label, ()))]
    rows = display_order(trained)
    if not rows:
        return None
    n_columns = min(COLUMNS, len(rows))
    n_rows = math.ceil(len(rows) / n_columns)
    figure = Figure(figsize=(COLUMN_INCHES, 1.0 * n_rows + 0.45), layout="constrained")
    panels = figure.subplots(n_rows, n_columns, squeeze=False)
    for axes, row in zip(panels.flat, rows, strict=False):
        style = "--" if row.section == "released" else "-"
        _draw_panel(axes, curves[row.label], method_colour(row), style)
        axes.set_title(row.title, fontsize=6.5, pad=2)
    for axes in panels.flat[len(rows) :]:
        axes.set_visible(False)
    figure.supxlabel("epoch", fontsize=7)
    figure.supylabel("loss", fontsize=7)
    figure.suptitle(title(board, "Training loss"), x=0.01, ha="left", fontsize=7)
    return figure


def _draw_panel(axes: "Axes", curves: Sequence[Curve], colour: str, style: str) -> None:
    from matplotlib.ticker import MaxNLocator

    for curve in curves:
        marker = "." if len(curve) == 1 else ""
        axes.plot(
            *(np.arange(1, len(curve) + 1), curve),
            color=colour,
            lw=0.7,
            ls=style,
            alpha=0.7,
            marker=marker,
        )
    axes.tick_params(labelsize=6, length=2, pad=1.5)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3))
    axes.grid(color=FAINT, lw=0.5)
    axes.set_axisbelow(True)
