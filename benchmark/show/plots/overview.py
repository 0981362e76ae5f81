"""Avg Score of every method on every task, the mean over tasks and the mean Avg Rank beside it."""

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from genearena.benchmark.compare.aggregate import Floats
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.show.plots.panels import (
    add_boxes,
    box,
    inch_figure,
    text_inches,
    write_upright,
)
from genearena.benchmark.show.plots.registry import Source
from genearena.benchmark.show.plots.style import COLUMN_INCHES, INK, title
from genearena.benchmark.show.tables.numbers import NOTHING, bare
from genearena.benchmark.show.tables.overview import overview_sheet
from genearena.benchmark.show.tables.sheet import Sheet
from genearena.benchmark.show.tables.task_sheet import unit

# lengths are inches: one unit of the axes is one inch
POINTS = 6
ROW = 0.165
CELL = 0.21
MEAN = 0.3
GAP = 0.06
TITLE = 0.2
LEGEND = 0.25
RULE = 0.05
MEANS = ("Mean Avg Score ↑", "Mean Avg Rank ↓")


def from_results(boards: Sequence[Leaderboard], _: Source) -> Figure | str:
    """Draw the figure of stored results, or say why there is none."""
    if len(boards) < 2:
        return "it compares tissues, and there is one"
    return overview_figure(boards) or "no method has an Avg Score"


def overview_figure(boards: Sequence[Leaderboard]) -> Figure | None:
    """Draw methods as rows and tasks as columns: number and colour are the Avg Score.

    Methods are in order of their mean Avg Score, then released variants and controls; the best
    competing method of a task is framed. At the right are the means of Avg Score and Avg Rank.

    Returns
    -------
    The figure, None if no method has an Avg Score.
    """
    scores, ranks = overview_sheet(boards, "score"), overview_sheet(boards, "rank")
    if all(entry.value is None for column in scores.columns for entry in column.entries):
        return None
    left = max(text_inches(label, POINTS) for label in scores.labels) + 0.1
    head = max(text_inches(column.heading, POINTS) for column in scores.columns[1:]) + 0.08
    head = max(head, *(text_inches(heading, POINTS) + 0.08 for heading in MEANS))
    lines = -np.cumsum([ROW + RULE * scores.begins_section(i) for i in range(len(scores.labels))])
    width = max(left + CELL * (len(scores.columns) - 1) + GAP + 2 * MEAN + 0.03, COLUMN_INCHES)
    top, bottom = head + TITLE, float(lines[-1]) - LEGEND
    figure, axes = inch_figure(width, bottom, top)
    axes.text(0.02, top - 0.02, title(boards, "Avg Score ↑"), fontsize=7, va="top")
    _draw_labels(axes, scores, left, lines)
    _draw_cells(axes, scores, left, lines)
    _draw_means(axes, scores, ranks, left + CELL * (len(scores.columns) - 1) + GAP, lines)
    legend = (
        "Pale 0, the worst method of the tissue on every metric; dark 1, the best on every one.\n"
        "Frame: best method. Controls and released variants may lie outside 0-1."
    )
    axes.text(0.02, bottom + 0.03, legend, fontsize=5, va="bottom", linespacing=1.2)
    return figure


def _draw_labels(axes: Axes, scores: Sheet, left: float, lines: Floats) -> None:
    for i, (label, y) in enumerate(zip(scores.labels, lines, strict=True)):
        style = "italic" if scores.is_control(i) else "normal"
        place = (left - 0.05, y + ROW / 2)
        axes.text(*place, label, ha="right", va="center", fontsize=POINTS, style=style)
        if scores.begins_section(i):
            rule = y + ROW + RULE / 2
            axes.plot([0.02, axes.get_xlim()[1] - 0.02], [rule, rule], color=INK, lw=0.4)


def _draw_cells(axes: Axes, scores: Sheet, left: float, lines: Floats) -> None:
    boxes, shades, frames = [], [], []
    for j, column in enumerate(scores.columns[1:]):
        x = left + j * CELL
        write_upright(axes, x + CELL / 2, 0.04, column.heading)
        for entry, y in zip(column.entries, lines, strict=True):
            cell, shade = box(x, y, CELL, ROW), unit(entry.value) or 0.0
            boxes.append(cell)
            shades.append(0.02 + 0.86 * shade)
            frames += [cell] if entry.best else []
            axes.text(
                *(x + CELL / 2, y + ROW / 2, bare(entry.text)),
                ha="center",
                va="center_baseline",
                fontsize=5.5,
                color="white" if shade > 0.65 else INK,
            )
    colours = mpl.colormaps["Blues"](shades)
    add_boxes(axes, boxes, facecolors=colours, edgecolors="white", linewidths=0.6)
    add_boxes(axes, frames, facecolors="none", edgecolors=INK, linewidths=0.9)


def _draw_means(axes: Axes, scores: Sheet, ranks: Sheet, left: float, lines: Floats) -> None:
    places = dict(zip(ranks.labels, ranks.columns[0].entries, strict=True))
    for k, heading in enumerate(MEANS):
        x = left + (k + 0.5) * MEAN
        write_upright(axes, x, 0.04, heading)
        for i, y in enumerate(lines):
            entry = places.get(scores.labels[i]) if k else scores.columns[0].entries[i]
            axes.text(
                *(x, y + ROW / 2, entry.text if entry else NOTHING),
                ha="center",
                va="center_baseline",
                fontsize=POINTS,
                weight="bold" if entry and entry.best else "normal",
            )
