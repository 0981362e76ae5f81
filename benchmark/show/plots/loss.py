"""Training loss over epochs, one panel per method, one line per seed."""

import math
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, FuncFormatter, MaxNLocator

from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.show.plots.panels import add_grid, add_title, panel_grid
from genearena.benchmark.show.plots.registry import Source, read_stored
from genearena.benchmark.show.plots.style import method_colour, title
from genearena.data.reading.formats.hdf5 import open_hdf5

COLUMNS = 3
NOTE_POINTS = 5.5
NOTE_CHARACTERS = 75

Curve = npt.NDArray[np.float64]


def from_results(boards: Sequence[Leaderboard], source: Source) -> Figure | str:
    """Draw the figure of stored results, or say why there is none."""
    (board,) = boards
    curves = {
        row.label: [read_losses(source.store, run) for run in row.runs.finished]
        for row in board.rows
    }
    return loss_curves(board, curves) or "no stored run has losses of more than one epoch"


def read_losses(store: ResultStore, record: RunRecord) -> Curve:
    """Return the (epochs,) losses of a run; empty if it has none or its file is gone.

    Raises
    ------
    StoreError
        If the file is damaged.
    """

    def read(path: Path) -> Curve:
        # only the losses: a figure reads the files of all runs
        with open_hdf5(path) as file:
            losses = file["uns/losses"][()] if "uns/losses" in file else ()
            return np.atleast_1d(np.asarray(losses, dtype=np.float64))

    losses = read_stored(store, record, read)
    return np.empty(0) if losses is None else losses


def loss_curves(board: Leaderboard, curves: Mapping[str, Sequence[Curve]]) -> Figure | None:
    """Draw the losses of the methods that have any, dashed for released variants.

    A method that tells a single loss, as walks do, has no curve and is named below. Curves are by
    row label, an array of losses for every seed; None if no method has one.
    """
    longest = {label: max(map(len, own), default=0) for label, own in curves.items()}
    rows = [row for row in board.rows if longest.get(row.label, 0) > 1]
    if not rows:
        return None
    points = [row.title for row in board.rows if longest.get(row.label) == 1]
    note = f"A single loss, no curve: {', '.join(points)}" if points else ""
    lines = textwrap.wrap(note, NOTE_CHARACTERS)
    figure, panels = panel_grid(
        len(rows),
        COLUMNS,
        height=0.62,
        left=0.42,
        gap=0.33,
        above=[0.15] * math.ceil(len(rows) / COLUMNS),
        below=0.2,
        bottom=0.08 + 0.1 * len(lines),
    )
    for axes, row in zip(panels, rows, strict=True):
        style = "--" if row.section == "released" else "-"
        _draw_panel(axes, curves[row.label], method_colour(row), style)
        axes.set_title(row.title, fontsize=6, pad=2)
    height = figure.get_figheight()
    figure.supxlabel("epoch", y=0.02 / height + 0.1 * len(lines) / height, fontsize=6.5)
    figure.text(0.01, 0.02 / height, "\n".join(lines), fontsize=NOTE_POINTS, va="bottom")
    figure.supylabel("loss", x=0.01, fontsize=6.5)
    add_title(figure, title([board], "Training loss"), y=0.995)
    return figure


def _draw_panel(axes: Axes, curves: Sequence[Curve], colour: str, style: str) -> None:
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
    add_grid(axes)


def _short(value: float, _: int) -> str:
    """Return a tick's label of at most five characters: scripts sum losses over all pairs."""
    return f"{value:g}" if abs(value) < 1000 else EngFormatter(sep="")(value)
