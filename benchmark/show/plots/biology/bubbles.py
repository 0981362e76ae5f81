"""Gene sets of clusters as bubbles, as Figure 3e of the MuSe-GNN paper."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from genearena.benchmark.biology.clusters import Enriched, MethodClusters, RunClusters
from genearena.benchmark.show.biology.gene_set_tables import cut
from genearena.benchmark.show.plots.panels import add_legend, add_title
from genearena.benchmark.show.plots.style import FAINT, INK, PAGE_INCHES

SETS_PER_CLUSTER = 2
MOST_SETS = 30
STRONGEST = 20
"""Of -log10 q: what is beyond has the same colour."""


def bubble_figure(found: MethodClusters, run: RunClusters) -> Figure:
    """Draw the best sets of every cluster of a run that has any: area by genes, colour by q."""
    best = [e for cluster in run.clusters for e in cluster.enriched[:SETS_PER_CLUSTER]]
    titles = dict(list({e.key: cut(e.title or e.key) for e in best}.items())[:MOST_SETS])
    shown = {
        cluster.number: own
        for cluster in run.clusters
        if (own := [e for e in cluster.enriched if e.key in titles])
    }
    figure = Figure(figsize=(PAGE_INCHES, 1.1 + 0.16 * len(titles)), layout="constrained")
    axes = figure.subplots()
    places = {key: place for place, key in enumerate(titles)}
    points = [(x, places[e.key], e) for x, own in enumerate(shown.values()) for e in own]
    drawn = axes.scatter(
        [x for x, *_ in points],
        [y for _, y, _ in points],
        s=[_area(each.found) for *_, each in points],
        c=[min(-np.log10(max(each.q, 1e-300)), STRONGEST) for *_, each in points],
        cmap="viridis_r",
        edgecolors=INK,
        linewidths=0.3,
        zorder=2,
    )
    axes.set_yticks(range(len(titles)), list(titles.values()), fontsize=6)
    axes.set_xticks(range(len(shown)), list(map(str, shown)), fontsize=6)
    axes.set_xlabel("cluster", fontsize=7)
    axes.invert_yaxis()
    axes.grid(color=FAINT, linewidth=0.4, zorder=0)
    bar = figure.colorbar(drawn, ax=axes, shrink=0.5, aspect=14, pad=0.01)
    bar.set_label(f"-log10 q, at most {STRONGEST}", fontsize=6.5)
    bar.ax.tick_params(labelsize=6)
    _draw_sizes(figure, [each for *_, each in points])
    where = f"{found.tissue} ({found.source})"
    add_title(figure, f"{found.sets.name} in clusters of {found.label}, {where}, seed {run.seed}")
    return figure


def _draw_sizes(figure: Figure, shown: Sequence[Enriched]) -> None:
    most = max(each.found for each in shown)
    handles = [_bubble(n) for n in sorted({max(1, most // 4), max(1, most // 2), most})]
    about = "genes of the set in the cluster"
    add_legend(figure, handles, len(handles), 6, title=about, title_fontsize=6)


def _bubble(n_genes: int) -> Line2D:
    return Line2D(
        [],
        [],
        marker="o",
        linestyle="",
        color=FAINT,
        markeredgecolor=INK,
        markeredgewidth=0.3,
        markersize=_area(n_genes) ** 0.5,
        label=str(n_genes),
    )


def _area(n_genes: int) -> float:
    """Return the area of a bubble, in square points."""
    return 6.0 + 4.0 * n_genes
