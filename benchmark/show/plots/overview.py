"""Headline of every method on every task, with its mean and those of Avg Score and Avg Rank."""

from collections.abc import Mapping, Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from genearena.benchmark.compare.aggregate import Floats
from genearena.benchmark.compare.headline import with_headline
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.compare.scores import AVERAGES, PAPER, Average
from genearena.benchmark.show.plots.panels import (
    add_boxes,
    box,
    figure_of,
    inch_axes,
    text_inches,
    write_upright,
)
from genearena.benchmark.show.plots.registry import Source
from genearena.benchmark.show.plots.style import COLUMN_INCHES, INK, title
from genearena.benchmark.show.tables.numbers import NOTHING, bare, number
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
LEGENDS: Mapping[Average, str] = {
    "headline": "Pale 0, which is chance, or below; dark 1, the optimum. Frame: best method.\n"
    "Avg Score and Avg Rank are of the paper's six metrics.",
    "score": "Pale 0, the worst method of the tissue on every metric; dark 1, the best on every "
    "one.\nFrame: best method. Controls and released variants may lie outside 0-1.",
}


def from_results(
    boards: Sequence[Leaderboard], _: Source, axes: Axes | None = None
) -> Figure | str:
    """Draw the figure of stored results, or say why there is none."""
    if len(boards) < 2:
        return "it compares tissues, and there is one"
    return overview_figure(boards, axes) or "no method has a headline or an Avg Score"


def overview_figure(boards: Sequence[Leaderboard], axes: Axes | None = None) -> Figure | None:
    """Draw methods as rows and tasks as columns: number and colour are the headline.

    Methods are in order of its mean, then released variants and controls; the best competing method
    of a task is framed. At the right are the means, and those of Avg Score and Avg Rank; where no
    method has a headline Avg Score takes its place. Tasks without one are left out.

    Returns
    -------
    The figure, None if no method has a headline or an Avg Score.
    """
    asked = with_headline(boards)
    leading: Average = "headline" if asked else "score"
    left_out, boards = len(boards) - len(asked), asked or boards
    averages = tuple(dict.fromkeys((leading, *PAPER)))
    sheets = {what: overview_sheet(boards, what) for what in averages}
    scores = sheets[leading]
    if all(entry.value is None for column in scores.columns for entry in column.entries):
        return None
    left = max(text_inches(label, POINTS) for label in scores.labels) + 0.1
    head = max(text_inches(column.heading, POINTS) for column in scores.columns[1:]) + 0.08
    means = {_mean_heading(what): sheet for what, sheet in sheets.items()}
    head = max(head, *(text_inches(heading, POINTS) + 0.08 for heading in means))
    lines = -np.cumsum([ROW + RULE * scores.begins_section(i) for i in range(len(scores.labels))])
    width = max(
        left + CELL * (len(scores.columns) - 1) + GAP + len(means) * MEAN + 0.03, COLUMN_INCHES
    )
    top, bottom = head + TITLE, float(lines[-1]) - LEGEND
    axes = inch_axes(width, bottom, top, axes)
    axes.text(0.02, top - 0.02, title(boards, f"{AVERAGES[leading][0]} ↑"), fontsize=7, va="top")
    _draw_labels(axes, scores, left, lines)
    _draw_cells(axes, scores, left, lines)
    _draw_means(axes, means, scores.labels, left + CELL * (len(scores.columns) - 1) + GAP, lines)
    legend = LEGENDS[leading] + f" Without a headline: {left_out} more." * bool(asked and left_out)
    axes.text(0.02, bottom + 0.03, legend, fontsize=5, va="bottom", linespacing=1.2)
    return figure_of(axes)


def _mean_heading(what: Average) -> str:
    label, higher = AVERAGES[what]
    return f"Mean {label} {'↑' if higher else '↓'}"


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
                *(x + CELL / 2, y + ROW / 2, bare(number(entry.value, 2))),
                ha="center",
                va="center_baseline",
                fontsize=5.5,
                color="white" if shade > 0.65 else INK,
            )
    colours = mpl.colormaps["Blues"](shades)
    add_boxes(axes, boxes, facecolors=colours, edgecolors="white", linewidths=0.6)
    add_boxes(axes, frames, facecolors="none", edgecolors=INK, linewidths=0.9)


def _draw_means(
    axes: Axes, means: Mapping[str, Sheet], labels: Sequence[str], left: float, lines: Floats
) -> None:
    for k, (heading, sheet) in enumerate(means.items()):
        own = dict(zip(sheet.labels, sheet.columns[0].entries, strict=True))
        x = left + (k + 0.5) * MEAN
        write_upright(axes, x, 0.04, heading)
        for label, y in zip(labels, lines, strict=True):
            entry = own.get(label)
            axes.text(
                *(x, y + ROW / 2, number(entry.value, 2) if entry else NOTHING),
                ha="center",
                va="center_baseline",
                fontsize=POINTS,
                weight="bold" if entry and entry.best else "normal",
            )
