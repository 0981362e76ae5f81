"""Gene vectors by condition with the genes that move most, as Figures 4 and 19 of the paper."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from genearena.benchmark.biology.contrast import Contrast, MethodContrast
from genearena.benchmark.show.biology.contrast_sheets import LEVELS, by_move
from genearena.benchmark.show.plots.panels import add_grid, add_legend, add_title
from genearena.benchmark.show.plots.style import COLOURS, FAINT, INK, PAGE_INCHES
from genearena.benchmark.show.plots.umap import MOST_ROWS, umap_points
from genearena.data.graphs import FloatArray

NAMED = 8
Place = tuple[float, float]
SIDES = COLOURS[0], COLOURS[3]


def contrast_figure(found: Contrast, row: MethodContrast) -> Figure:
    """Draw the vectors of a run by condition, and how far genes move beside their expression."""
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
    run, places = row.runs[0], found.design.graphs
    graphs = [found.graphs[place] for place in places]
    foremost = [found.genes[g] for g in by_move(row)[:NAMED]]
    vectors = np.concatenate([run.directions[place] for place in places])
    genes = np.concatenate([np.array(graph.genes) for graph in graphs])
    side = np.repeat(found.second_graphs, [graph.n_genes for graph in graphs]).astype(int)
    ringed = np.isin(genes, foremost)
    # a fixed sample of the others, where there are many
    order = np.random.default_rng(0).permutation(len(genes))
    kept = np.concatenate([order[~ringed[order]][:MOST_ROWS], order[ringed[order]]])
    vectors, genes, side, ringed = (of[kept] for of in (vectors, genes, side, ringed))
    points = umap_points(vectors.astype(np.float32))
    colours = np.array(SIDES)[side]
    axes.scatter(*points[~ringed].T, c=colours[~ringed], s=3, lw=0, alpha=0.6, rasterized=True)
    axes.scatter(*points[ringed].T, c=colours[ringed], s=14, edgecolors=INK, lw=0.6, zorder=4)
    ends = {
        gene: [_medoid(points[(genes == gene) & (side == of)]) for of in (0, 1)]
        for gene in foremost
    }
    for way in ends.values():
        axes.plot(*np.array(way).T, color=INK, lw=0.4, zorder=1.5)
    _name(axes, {gene: end for gene, (_, end) in ends.items()})
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(True)
    axes.spines[:].set_color(FAINT)
    axes.set_title(f"UMAP of gene vectors, seed {run.seed}", fontsize=7)


def _draw_moves(axes: Axes, found: Contrast, row: MethodContrast) -> None:
    """Draw how far genes move against how their expression changes."""
    test = row.tested
    sure = test.family_wise <= LEVELS[-1]
    axes.scatter(found.change[~sure], test.share[~sure], s=6, lw=0, color=INK, alpha=0.5)
    axes.scatter(found.change[sure], test.share[sure], s=9, lw=0, color=SIDES[1], zorder=4)
    axes.margins(x=0.12)
    _name(axes, {found.genes[g]: (found.change[g], test.share[g]) for g in by_move(row)[:NAMED]})
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


def _name(axes: Axes, places: Mapping[str, Place]) -> None:
    """Write names beside points, each above those that it would cover."""
    height, width = (0.035 * np.ptp(axes.get_ylim()), 0.25 * np.ptp(axes.get_xlim()))
    taken: list[Place] = []
    for gene, (x, y) in sorted(places.items(), key=lambda each: each[1][1]):
        lowest = y
        for other_x, other_y in taken:  # from the lowest upwards
            if abs(other_x - x) < width and abs(other_y - lowest) < height:
                lowest = other_y + height
        taken.append((x, lowest))
        text = axes.annotate(
            gene, (x, lowest), xytext=(4, 2), textcoords="offset points", fontsize=6, zorder=3
        )
        text.set_path_effects([withStroke(linewidth=1.5, foreground="white")])
