"""Genes of one run in the plane, by data set and cluster, some named: Figures 3a-c of MuSe-GNN."""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from genearena.benchmark.biology.clusters import MethodClusters, RunClusters
from genearena.benchmark.biology.stored_vectors import RunVectors
from genearena.benchmark.show.biology.cluster_sheets import name_of
from genearena.benchmark.show.biology.gene_set_tables import cut
from genearena.benchmark.show.plots.biology.gene_map import check_genes, point_at, rows_to_draw
from genearena.benchmark.show.plots.panels import HALO, add_legend, add_title
from genearena.benchmark.show.plots.style import COLOURS, FAINT, PAGE_INCHES, dataset_colours
from genearena.benchmark.show.plots.umap import scatter, umap_points
from genearena.data.common.errors import DataError
from genearena.data.graphs import FloatArray, GraphCollection, IntArray

COLUMNS = 3
"""Of the legend of clusters."""


def cluster_umap(
    found: MethodClusters,
    run: RunClusters,
    graphs: GraphCollection,
    vectors: RunVectors,
    genes: Sequence[str] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> Figure:
    """Draw the vectors of a run twice, by data set and by cluster.

    Clusters are named by the set of lowest p that they have more of than chance. Of many vectors a
    fixed sample is drawn, with all copies of the named genes.

    Parameters
    ----------
    found, run
        A method's clusters and the run to draw.
    graphs, vectors
        The task, and the vectors of the run.
    genes
        Names of genes to point at, in every data set.
    progress
        Told before what takes seconds.

    Raises
    ------
    UsageError
        If no graph has a gene of such a name.
    DataError
        If it has no vector in any.
    """
    names = np.array([gene for graph in graphs for gene in graph.genes])
    z = np.concatenate(vectors.directions)
    rows = _rows(graphs, names, np.asarray(z.any(axis=1)), genes)
    progress(f"laying out {len(rows)} vectors of {found.label}, seed {run.seed}, in the plane")
    points = umap_points(z[rows].astype(np.float32))
    dataset = np.repeat([graph.name for graph in graphs], [graph.n_genes for graph in graphs])[rows]
    cluster = vectors.clusters[rows]
    n_lines = math.ceil((1 + sum(bool(c.enriched) for c in run.clusters)) / COLUMNS)
    size = (PAGE_INCHES, PAGE_INCHES / 2 + 0.45 + 0.13 * n_lines)
    figure = Figure(figsize=size, layout="constrained")
    left, right = figure.subplots(1, 2)
    by_dataset = dataset_colours([graph.name for graph in graphs])
    by_cluster = {c.number: COLOURS[i % len(COLOURS)] for i, c in enumerate(run.clusters)}
    of_dataset = [by_dataset[name] for name in dataset]
    scatter(left, points, of_dataset, alpha=0.25 if genes else 1.0)
    scatter(right, points, [by_cluster[number] for number in cluster.tolist()])
    point_at(left, points, of_dataset, {g: np.flatnonzero(names[rows] == g) for g in genes})
    for number in by_cluster:
        if (own := points[cluster == number]).size:
            x, y = own[_nearest_to_middle(own)]
            right.text(x, y, str(number), fontsize=7, weight="bold", ha="center", va="center",
                       path_effects=[HALO])  # fmt: skip
    dots = [_dot(colour, name) for name, colour in by_dataset.items()]
    look = {"frameon": False, "fontsize": 6, "handletextpad": 0.2, "columnspacing": 1.0}
    left.legend(handles=dots, loc="upper left", bbox_to_anchor=(-0.03, 0.0), ncols=4, **look)
    _draw_clusters(figure, run, by_cluster)
    where = f"{found.tissue} ({found.source})"
    add_title(figure, f"UMAP of gene vectors of {found.label}, {where}, seed {run.seed}")
    return figure


def _rows(
    graphs: GraphCollection,
    names: np.ndarray[tuple[int, ...], np.dtype[np.str_]],
    known: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    genes: Sequence[str],
) -> IntArray:
    """Return the rows to draw, in order."""
    check_genes(graphs.all_genes, genes, f"{graphs.tissue} ({graphs.source})")
    for gene in genes:
        if not known[names == gene].any():
            raise DataError(f"--genes {gene}: the method has no vector of it")
    return rows_to_draw(names, known, genes)


def _nearest_to_middle(points: FloatArray) -> int:
    # the middle of a cluster of several parts may be outside
    return int(np.argmin(((points - np.median(points, axis=0)) ** 2).sum(axis=1)))


def _draw_clusters(figure: Figure, run: RunClusters, by_cluster: Mapping[int, str]) -> None:
    named = {cluster.number: name_of(cluster) for cluster in run.clusters}
    handles = [_dot(by_cluster[n], f"{n}  {cut(name, 40)}") for n, name in named.items() if name]
    if n_without := sum(not name for name in named.values()):
        handles.append(_dot(FAINT, f"{n_without} clusters without a set"))
    about = "Clusters, the largest first, by the set that they have with the lowest p"
    add_legend(figure, handles, COLUMNS, 6, handletextpad=0.2, columnspacing=1.0, title=about,
               title_fontsize=6, alignment="left")  # fmt: skip


def _dot(colour: str, label: str) -> Line2D:
    return Line2D([], [], marker="o", ls="", color=colour, label=label, markersize=4)
