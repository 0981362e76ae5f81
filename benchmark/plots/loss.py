"""Training loss over epochs, one panel per method, one line per seed."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from genearena.benchmark.leaderboard import Leaderboard
from genearena.benchmark.plots.style import FAINT, method_colour, title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 4

Curve = npt.NDArray[np.float64]


def loss_curves(board: Leaderboard, curves: Mapping[str, Sequence[Curve]]) -> "Figure | None":
    """Draw the losses of the methods that have any, in table order.

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

    rows = [row for row in board.rows if any(len(c) for c in curves.get(row.label, ()))]
    if not rows:
        return None
    n_columns = min(COLUMNS, len(rows))
    n_rows = math.ceil(len(rows) / n_columns)
    figure = Figure(figsize=(max(4.0, 2.4 * n_columns), 1.8 * n_rows + 0.5), layout="constrained")
    panels = figure.subplots(n_rows, n_columns, squeeze=False)
    for axes, row in zip(panels.flat, rows, strict=False):
        _draw_panel(axes, curves[row.label], method_colour(row))
        axes.set_title(row.label)
    for axes in panels.flat[len(rows) :]:
        axes.set_visible(False)
    figure.supxlabel("epoch")
    figure.supylabel("loss (own scale per method)")
    figure.suptitle(title(board, "Training loss"), x=0.01, ha="left", fontsize=10, weight="bold")
    return figure


def _draw_panel(axes: "Axes", curves: Sequence[Curve], colour: str) -> None:
    for curve in curves:
        marker = "." if len(curve) == 1 else ""
        axes.plot(
            np.arange(1, len(curve) + 1), curve, color=colour, lw=0.9, alpha=0.7, marker=marker
        )
    axes.grid(color=FAINT, lw=0.5)
    axes.set_axisbelow(True)
