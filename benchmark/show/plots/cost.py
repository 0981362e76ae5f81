"""Avg Score against training time and against memory, with the methods nobody beats at both."""

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from genearena.benchmark.compare.aggregate import Bools, Floats
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.summary import SECTIONS
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.show.plots.panels import add_grid, add_legend, add_title
from genearena.benchmark.show.plots.registry import Source
from genearena.benchmark.show.plots.style import (
    COLUMN_INCHES,
    INK,
    logarithmic,
    method_colour,
    method_marker,
    title,
)
from genearena.benchmark.show.tables.numbers import mean_of_all
from genearena.benchmark.show.tables.overview import methods_over

SHORTEST = 1e-3
LEGEND_COLUMNS = 3


def from_results(boards: Sequence[Leaderboard], _: Source) -> Figure | str:
    """Draw the figure of stored results, or say why there is none."""
    return cost_figure(boards) or "no method has both an Avg Score on every task and a cost"


@dataclass(frozen=True, eq=False)
class Spending:
    """What one method gets and what it costs, over all tasks.

    Parameters
    ----------
    row
        The method on the first task.
    score
        Mean Avg Score.
    seconds
        Mean wall seconds of training a seed, None where no run's time was measured.
    megabytes
        What a run adds to the memory that its worker held before, on a GPU with the device's: the
        most over tasks of the medians over seeds; None where it was not measured.
    """

    row: Row
    score: float
    seconds: float | None
    megabytes: float | None


def spendings(boards: Sequence[Leaderboard]) -> tuple[list[Spending], list[str]]:
    """Return the methods that have an Avg Score on every task, best first, and the others' labels.

    Released variants and controls come after the methods.
    """
    found, lacking = [], []
    for method in methods_over(boards):
        score = mean_of_all(method.averages("score"))
        if score is None:
            lacking.append(method.label)
            continue
        seconds = mean_of_all([_seconds(row) for row in method.known])
        memory = [_megabytes(row) for row in method.known]
        known = [own for own in memory if own is not None]
        most = max(known) if len(known) == len(memory) else None
        found.append(Spending(method.first, score, seconds, most))
    return sorted(found, key=lambda one: (SECTIONS.index(one.row.section), -one.score)), lacking


def _seconds(row: Row) -> float | None:
    # no training takes no time at all: such a record was not measured
    values = [s for run in _measured(row) if (s := run.cost.seconds) > 0]
    return statistics.fmean(values) if values else None


def _megabytes(row: Row) -> float | None:
    added = row.added_rss_bytes
    if added is None:
        return None
    return (added + max(run.cost.peak_gpu_bytes or 0 for run in _measured(row))) / 1e6


def _measured(row: Row) -> Iterator[RunRecord]:
    return (run for run in row.runs.finished if run.measured)


def pareto_front(cost: Floats, score: Floats) -> Bools:
    """Mark the points that no other point beats: none is as cheap and good, and better in one.

    Of (n,) costs, lower being better, and (n,) scores it makes an (n,) mask; of equal points all
    are marked.
    """
    cheaper = cost[:, None] <= cost
    better = score[:, None] >= score
    strictly = (cost[:, None] < cost) | (score[:, None] > score)
    beaten: Bools = np.logical_or.reduce(cheaper & better & strictly, axis=0)
    return ~beaten


def cost_figure(boards: Sequence[Leaderboard]) -> Figure | None:
    """Draw a panel for seconds and one for memory; a step line joins the Pareto front.

    Memory is what a run added to its worker: interpreter and libraries take several times as much,
    the same for every method. The front is of the competing methods; controls are grey, released
    variants hollow. Over several tasks, scores and seconds are means and memory is the greatest; a
    method that lacks a task is left out and named. None if no method has a score and a cost.
    """
    found, lacking = spendings(boards)
    shown = [s for s in found if s.seconds is not None or s.megabytes is not None]
    if not shown:
        return None
    left_out = [*lacking, *(s.row.label for s in found if s not in shown)]
    note = _note(boards, left_out, shown)
    legend_rows = -(-(len(shown) + 1) // LEGEND_COLUMNS)
    height = 2.1 + 0.125 * (legend_rows + note.count("\n") + 1)
    figure = Figure(figsize=(COLUMN_INCHES, height), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    _draw_panel(left, shown, lambda s: s.seconds, log=True)
    _draw_panel(right, shown, lambda s: s.megabytes, log=False)
    left.set_xlabel("training a seed, s", fontsize=7)
    right.set_xlabel("memory a run added, MB", fontsize=7)
    left.set_ylabel("Avg Score ↑", fontsize=7)
    add_legend(
        figure,
        _handles(shown),
        LEGEND_COLUMNS,
        6,
        handletextpad=0.2,
        columnspacing=0.8,
        title=note,
        title_fontsize=6,
        alignment="left",
    )
    add_title(figure, title(boards, "Score against cost"))
    return figure


def _draw_panel(
    axes: Axes,
    found: Sequence[Spending],
    cost: Callable[[Spending], float | None],
    *,
    log: bool,
) -> None:
    points = [(s, value) for s in found if (value := cost(s)) is not None]
    if log:
        logarithmic(axes)
        points = [(s, max(value, SHORTEST)) for s, value in points]
    competing = [(value, s.score) for s, value in points if s.row.competes]
    if competing:
        _draw_front(axes, np.array(competing))
    for s, value in points:
        axes.plot(value, s.score, clip_on=False, **_look(s))
    if not points:
        axes.text(0.5, 0.5, "not measured", transform=axes.transAxes, ha="center", fontsize=7)
    axes.margins(0.08)
    if points and not log:
        # from zero, so that differences that are none do not fill the panel
        axes.set_xlim(0, 1.1 * max(value for _, value in points))
    axes.tick_params(labelsize=6.5)
    add_grid(axes)


def _draw_front(axes: Axes, points: Floats) -> None:
    front = points[pareto_front(points[:, 0], points[:, 1])]
    x, y = front[np.lexsort((front[:, 1], front[:, 0]))].T
    axes.step(x, y, where="post", color=INK, lw=0.8, zorder=1)


def _look(spending: Spending) -> dict[str, Any]:
    row = spending.row
    colour = method_colour(row)
    hollow = row.section == "released"
    return {
        "marker": method_marker(row),
        "color": colour,
        "ls": "",
        "ms": 5,
        "markerfacecolor": "white" if hollow else colour,
        "markeredgecolor": colour if hollow or row.control else "white",
        "mew": 1.0 if hollow or row.control else 0.4,
        "zorder": 3 if row.competes else 2,
    }


def _handles(found: Sequence[Spending]) -> list[Artist]:
    front = Line2D([], [], color=INK, lw=0.8, label="not beaten at both")
    return [*(Line2D([], [], label=s.row.title, **_look(s)) for s in found), front]


def _note(boards: Sequence[Leaderboard], left_out: Sequence[str], shown: Sequence[Spending]) -> str:
    runs = (run for board in boards for row in board.rows for run in _measured(row))
    machines = {run.environment.gpu or run.environment.cpu for run in runs}
    lines = []
    if len(machines) > 1:
        lines.append(f"Times are of {len(machines)} kinds of machine and do not compare.")
    if left_out:
        lines.append(f"Without score or cost: {', '.join(left_out)}.")
    unmeasured = [s.row.label for s in shown if s.megabytes is None]
    if 0 < len(unmeasured) < len(shown):
        lines.append(f"Memory not measured: {', '.join(unmeasured)}.")
    return "\n".join(lines)
