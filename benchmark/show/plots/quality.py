"""The quality of the graphs of a task: degrees, what they share, and what depth does to them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from genearena.benchmark.show.plots.panels import add_title
from genearena.benchmark.show.plots.style import FAINT, INK, dataset_colours, logarithmic
from genearena.data.graphs import GeneGraph, GraphCollection
from genearena.data.quality.donor_overlap import graph_overlaps
from genearena.data.quality.graph_quality import degrees, depth_confounding, mean_counts

Array = npt.NDArray[np.float64]

MAX_NUMBERED = 12
"""Graphs past which cells of a matrix are too small for numbers and names."""
MAX_LEGEND = 14
WIDTH = 7.6
BINS = 10


def quality_figure(task: GraphCollection) -> Figure:
    """Draw degree distributions, depth confounding, and genes and edges shared by two graphs."""
    n_rows = 2 if len(task) > 1 else 1
    figure = Figure(figsize=(WIDTH, 3.3 * n_rows), layout="constrained")
    panels = figure.subplots(n_rows, 2, squeeze=False)
    colours = dataset_colours(task.names)
    _draw_degrees(panels[0, 0], task.graphs, colours)
    _draw_confounding(panels[0, 1], task.graphs, colours)
    if len(task) > 1:
        genes, lift = _overlap_matrices(task.graphs)
        title = "Edge overlap (Jaccard), times chance"
        _draw_matrix(panels[1, 0], genes, task.names, "Gene overlap (Jaccard)", "Blues", 1.0)
        _draw_matrix(panels[1, 1], lift, task.names, title, "Greens", None)
    if len(task) <= MAX_LEGEND:
        _draw_legend(figure, panels[0, 0], task.graphs)
    simulated = ", SIMULATED data" if task.simulated else ""
    heading = f"Quality of graphs: {task.tissue} ({task.source}){simulated}"
    add_title(figure, heading, fontsize=10, weight="bold")
    return figure


def _draw_legend(figure: Figure, degree_axes: Axes, graphs: Sequence[GeneGraph]) -> None:
    labels = [f"{graph.name}{_correlation(graph)}" for graph in graphs]
    columns = max(1, int(WIDTH / (0.6 + 0.062 * max(map(len, labels)))))
    figure.legend(
        handles=degree_axes.lines,
        labels=labels,
        loc="outside lower center",
        ncols=min(columns, len(labels)),
        frameon=False,
        fontsize=7,
    )


def _correlation(graph: GeneGraph) -> str:
    rho = depth_confounding(graph)
    return "" if np.isnan(rho) else f" ({rho:.2f})"


def _draw_degrees(axes: Axes, graphs: Sequence[GeneGraph], colours: dict[str, str]) -> None:
    for graph in graphs:
        degree = np.sort(degrees(graph))
        share = 1 - np.arange(len(degree)) / len(degree)
        axes.step(*(degree, share), where="pre", color=colours[graph.name], lw=1.1)
    # linear up to 1, so that isolated genes have a place
    logarithmic(axes, linear_to=1)
    axes.set_xlim(left=0)
    axes.set_ylim(0, 1.02)
    axes.set(title="Degrees", xlabel="neighbours", ylabel="share of genes with as many or more")
    axes.grid(color=FAINT, lw=0.5)


def _draw_confounding(axes: Axes, graphs: Sequence[GeneGraph], colours: dict[str, str]) -> None:
    """Draw the mean degree of a tenth of the genes after another, by their mean count."""
    drawn = False
    for graph in graphs:
        mean, degree = mean_counts(graph), degrees(graph)
        if mean is None:
            continue
        tenths = np.array_split(np.argsort(mean, kind="stable"), min(BINS, len(mean)))
        x = [np.median(mean[tenth]) for tenth in tenths]
        y = [degree[tenth].mean() for tenth in tenths]
        axes.plot(x, y, color=colours[graph.name], lw=1.1, marker="o", ms=2.5)
        drawn = True
    axes.set(
        title="Depth confounding (Spearman below)", xlabel="mean count of a tenth of the genes"
    )
    axes.set_ylabel("mean number of neighbours")
    if not drawn:
        axes.text(0.5, 0.5, "no counts kept", ha="center", transform=axes.transAxes)
        return
    logarithmic(axes)
    axes.set_ylim(bottom=0)
    axes.grid(color=FAINT, lw=0.5)


def _overlap_matrices(graphs: Sequence[GeneGraph]) -> tuple[Array, Array]:
    """Return Jaccard indices of genes, and how many times as alike as by chance edges are."""
    place = {graph.name: i for i, graph in enumerate(graphs)}
    genes, lift = np.full((2, len(graphs), len(graphs)), np.nan)
    for pair in graph_overlaps(graphs):
        at = (place[pair.first], place[pair.second])
        genes[at] = genes[at[::-1]] = pair.gene_jaccard
        lift[at] = lift[at[::-1]] = pair.lift
    return genes, lift


def _draw_matrix(
    axes: Axes, values: Array, names: Sequence[str], title: str, palette: str, top: float | None
) -> None:
    known = values[np.isfinite(values)]
    high = top or max(float(known.max(initial=1.0)), 1.0)
    image = axes.imshow(values, cmap=palette, norm=Normalize(0, high))
    axes.set_title(title)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    axes.figure.colorbar(image, ax=axes, shrink=0.8, aspect=25).outline.set_visible(False)
    if len(names) > MAX_NUMBERED:
        axes.set_xticks([])
        axes.set_yticks([])
        axes.set(xlabel=f"{len(names)} graphs, in order", ylabel="")
        return
    axes.set_xticks(range(len(names)), names)
    axes.tick_params("x", labelrotation=45, labelsize=6.5)
    for label in axes.get_xticklabels():
        label.set(ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(names)), names, fontsize=6.5)
    for row, column in np.argwhere(np.isfinite(values)):
        ink = "white" if values[row, column] > 0.6 * high else INK
        text = f"{values[row, column]:.{2 if top else 1}f}"
        axes.text(column, row, text, ha="center", va="center", fontsize=6.2, color=ink)
