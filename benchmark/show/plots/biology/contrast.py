"""Gene vectors by condition with the genes that move most, as Figures 4 and 19 of the paper."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from genearena.benchmark.biology.conditions.contrast import (
    Contrast,
    MethodContrast,
    neighbourhoods,
    shared_vectors,
)
from genearena.benchmark.show.biology.contrast_sheets import LEVELS, by_move
from genearena.benchmark.show.plots.panels import add_grid, add_legend, add_title, write_names
from genearena.benchmark.show.plots.style import COLOURS, FAINT, INK, PAGE_INCHES
from genearena.benchmark.show.plots.umap import MOST_ROWS, umap_points
from genearena.data.graphs import FloatArray

NAMED = 8
Place = tuple[float, float]
SIDES = COLOURS[0], COLOURS[3]


def contrast_figure(found: Contrast, row: MethodContrast) -> Figure:
    """Draw the genes of a run by condition, and how far they move beside their expression.

    Vectors of different graphs need have no axes in common; what genes are similar to has.
    """
    figure = Figure(figsize=(PAGE_INCHES, 3.7), layout="constrained")
    left, right = figure.subplots(1, 2)
    _draw_vectors(left, found, row)
    _draw_moves(right, found, row)
    handles = [
        Line2D([], [], marker="o", ls="", color=colour, markersize=4, label=name)
        for colour, name in zip(SIDES, found.design.conditions, strict=True)
    ]
    add_legend(figure, handles, 2, 7, handletextpad=0.2)
    simulated = ", SIMULATED data" if found.graphs.simulated else ""
    add_title(figure, f"{row.label}: {found.title}{simulated}")
    return figure


def _draw_vectors(axes: Axes, found: Contrast, row: MethodContrast) -> None:
    """Draw a point for every gene of every graph, those of the foremost genes ringed and named."""
    run, second = row.runs[0], found.second_graphs
    foremost = by_move(row)[:NAMED]
    others = np.setdiff1d(np.arange(len(found.genes)), foremost)
    # a fixed sample, where there are many
    others = np.random.default_rng(0).permutation(others)[: MOST_ROWS // len(second)]
    shown = np.concatenate([others, foremost])
    near = neighbourhoods(shared_vectors(run, found.at), shown)
    points = umap_points(near.reshape(-1, near.shape[2]).astype(np.float32))
    genes, side = np.repeat(shown, len(second)), np.tile(second, len(shown)).astype(int)
    ringed = np.isin(genes, foremost)
    colours = np.array(SIDES)[side]
    x, y = points.T
    plain = ~ringed
    axes.scatter(x[plain], y[plain], c=colours[plain], s=3, lw=0, alpha=0.6, rasterized=True)
    axes.scatter(x[ringed], y[ringed], c=colours[ringed], s=14, edgecolors=INK, lw=0.6, zorder=4)
    ends = {
        found.genes[g]: [_medoid(points[(genes == g) & (side == of)]) for of in (0, 1)]
        for g in foremost
    }
    for way in ends.values():
        axes.plot(*np.array(way).T, color=INK, lw=0.4, zorder=1.5)
    write_names(axes, [(gene, [end]) for gene, (_, end) in ends.items()])
    axes.set(xticks=[], yticks=[])
    axes.margins(x=0.1)
    axes.spines[:].set_visible(True)
    axes.spines[:].set_color(FAINT)
    axes.set_title(f"UMAP of genes' similarities to all others, seed {run.seed}", fontsize=7)


def _draw_moves(axes: Axes, found: Contrast, row: MethodContrast) -> None:
    """Draw how far genes move against how their expression changes."""
    test = row.compared
    sure = test.family_wise <= LEVELS[-1]
    axes.scatter(found.change[~sure], test.share[~sure], s=6, lw=0, color=INK, alpha=0.5)
    axes.scatter(found.change[sure], test.share[sure], s=9, lw=0, color=SIDES[1], zorder=4)
    axes.margins(x=0.12)
    foremost = by_move(row)[:NAMED]
    write_names(axes, [(found.genes[g], [(found.change[g], test.share[g])]) for g in foremost])
    add_grid(axes)
    axes.axvline(0, color=INK, lw=0.5)
    axes.tick_params(labelsize=6)
    axes.set_xlabel("change of expression, standard deviations of genes", fontsize=7)
    axes.set_ylabel("moved", fontsize=7)
    axes.set_title(f"Moves and expression, red: family-wise p ≤ {LEVELS[-1]:g}", fontsize=7)


def _medoid(points: FloatArray) -> Place:
    middle = np.median(points, axis=0)
    x, y = points[np.square(points - middle).sum(axis=1).argmin()].tolist()
    return x, y
