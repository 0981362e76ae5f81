"""Which data sets share factors in clusters, as an UpSet plot: Figure 14 of the MuSe-GNN paper."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from genearena.benchmark.biology.regulators.factors import RunFactors, SharedRow, SharedTable
from genearena.benchmark.show.plots.panels import text_inches
from genearena.benchmark.show.plots.style import COLOURS, CONTROL, FAINT, INK

MOST = 24
"""Combinations of data sets that are drawn, those with most factors."""
STEP, LINE = 0.19, 0.17
"""Inches from one combination to the next, and from one data set to the next."""
BARS, TOTALS = 1.3, 0.8
"""Height of the bars above the combinations, and width of those beside the data sets, in inches."""
TOP, GAP, RIGHT, BOTTOM = 0.42, 0.08, 0.08, 0.34
POINTS = 6.0


def upset_figure(table: SharedTable, row: SharedRow, run: RunFactors) -> Figure:
    """Draw for every combination of data sets how many factors of a cluster are from just these."""
    together = run.together.most_common(MOST)
    combinations = np.array([held for held, _ in together])
    counts = np.array([count for _, count in together])
    totals = np.array(list(run.together.elements())).sum(axis=0)
    names = max(text_inches(name, POINTS) for name in table.datasets)
    left = 0.1 + TOTALS + 0.1 + names + 0.1
    wide, high = STEP * len(counts), LINE * len(table.datasets)
    title = f"Factors in clusters of {row.label}: {table.tissue} ({table.source}), seed {run.seed}"
    width = max(left + wide + RIGHT, text_inches(title, 7) + 0.2)
    height = TOP + BARS + GAP + high + BOTTOM
    figure = Figure(figsize=(width, height))

    def panel(x: float, y: float, w: float, h: float) -> Axes:
        return figure.add_axes((x / width, y / height, w / width, h / height))

    _draw_counts(panel(left, BOTTOM + high + GAP, wide, BARS), combinations, counts)
    _draw_combinations(panel(left, BOTTOM, wide, high), combinations)
    _draw_totals(panel(0.1, BOTTOM, TOTALS, high), table.datasets, totals)
    figure.text(0.05 / width, 1 - 0.05 / height, title, fontsize=7, va="top")
    more = len(run.together) - len(counts)
    about = f"{table.sets.name}; colour: of several data sets"
    about += f"; {more} rarer combinations are not shown" if more else ""
    figure.text(0.05 / width, 1 - 0.2 / height, about, fontsize=POINTS, va="top")
    return figure


def _draw_counts(
    axes: Axes,
    combinations: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
    counts: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> None:
    colours = np.where(combinations.sum(axis=1) > 1, COLOURS[0], CONTROL)
    axes.bar(np.arange(len(counts)), counts, width=0.65, color=colours)
    for place, count in enumerate(counts.tolist()):
        axes.text(place, count, f"{count}", ha="center", va="bottom", fontsize=5)
    axes.set_xlim(-0.5, len(counts) - 0.5)
    axes.set_xticks([])
    axes.set_ylabel("factors of a cluster", fontsize=POINTS)
    axes.tick_params(labelsize=POINTS)


def _draw_combinations(
    axes: Axes, combinations: np.ndarray[tuple[int, int], np.dtype[np.bool_]]
) -> None:
    n, n_datasets = combinations.shape
    for line in range(0, n_datasets, 2):
        axes.axhspan(line - 0.5, line + 0.5, color="#F4F4F4", zorder=0)
    x, y = np.meshgrid(np.arange(n), np.arange(n_datasets), indexing="ij")
    axes.scatter(x[~combinations], y[~combinations], s=12, color=FAINT, linewidths=0, zorder=1)
    for place, held in enumerate(combinations):
        lines = np.flatnonzero(held)
        colour = COLOURS[0] if len(lines) > 1 else CONTROL
        axes.plot([place, place], [lines[0], lines[-1]], color=colour, lw=1, zorder=2)
        axes.scatter([place] * len(lines), lines, s=14, color=colour, linewidths=0, zorder=3)
    axes.set_xlim(-0.5, n - 0.5)
    axes.set_ylim(n_datasets - 0.5, -0.5)
    axes.axis("off")


def _draw_totals(
    axes: Axes, names: tuple[str, ...], totals: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> None:
    axes.barh(np.arange(len(names)), totals, height=0.55, color=INK)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.invert_xaxis()
    axes.spines[["left", "top", "right"]].set_visible(False)
    axes.yaxis.tick_right()
    axes.set_yticks(range(len(names)), names, fontsize=POINTS)
    axes.tick_params(axis="y", length=0, pad=4)
    axes.tick_params(axis="x", labelsize=POINTS)
    axes.locator_params(axis="x", nbins=3)
