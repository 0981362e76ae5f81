"""Clusters of genes and their gene sets, as tables, as csv and as a figure of bubbles."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from genearena.benchmark.biology.clusters import (
    LEVEL,
    PERMUTATIONS,
    Cluster,
    MethodClusters,
    RunClusters,
)
from genearena.benchmark.show.biology.gene_set_tables import cut
from genearena.benchmark.show.tables.numbers import number
from genearena.benchmark.show.tables.sheet import Column, Entry, Sheet, marked
from genearena.data.common.csv_text import csv_text
from genearena.data.common.file_names import file_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GENES_SHOWN = 5
SETS_PER_CLUSTER = 2
MOST_SETS = 30
CSV_COLUMNS = (
    "tissue", "source", "gene_sets", "sha256", "method", "seed", "cluster", "cluster_genes",
    "datasets", "set", "title", "found", "members", "genes", "rich_factor", "p", "q",
)  # fmt: skip


def overview_sheet(found: Sequence[MethodClusters]) -> Sheet:
    """Return a row for each method and control of one task."""
    rows = sorted(found, key=lambda each: (each.control, -each.excess))
    competes = [not row.control for row in rows]
    first = rows[0]
    numbers = [np.mean([len(run.clusters) for run in row.runs]) for row in rows]
    chance = [float(np.mean([run.by_chance for run in row.runs])) for row in rows]
    members = tuple(Entry(number(row.members, 0), value=row.members) for row in rows)
    return Sheet(
        title=f"Clusters of {first.tissue} ({first.source}) with a set of {first.sets.name}",
        subtitle=(
            f"{len(first.known.keys)} sets, {len(first.known.genes)} genes that are in one; "
            f"gene sets sha256 {first.sets.sha256}"
        ),
        key=file_name(first.tissue, first.source, first.sets.name, "clusters"),
        labels=tuple(row.label for row in rows),
        columns=(
            Column("clusters", "extra", tuple(Entry(number(float(n), 1)) for n in numbers)),
            Column("with a set", "scored", marked([r.share for r in rows], competes), "↑"),
            Column("names shuffled", "scored", tuple(Entry(number(each)) for each in chance)),
            Column("above that", "scored", marked([r.excess for r in rows], competes), "↑"),
            Column("genes of the best set", "extra", members),
            Column("rich factor", "extra", tuple(Entry(number(row.rich_factor)) for row in rows)),
        ),
        sections=tuple("controls" if row.control else "methods" for row in rows),
        notes=(
            f"with a set: share of clusters with a gene set at q < {LEVEL:g}, one-sided Fisher, "
            "Benjamini-Hochberg over all clusters and sets of a run; mean over runs",
            f"names shuffled: the same when genes swap their names, mean of {PERMUTATIONS}",
            "Best set: that of lowest p of a cluster; the fewer genes of the task it has, the more "
            "it says; rich factor: the share of them that is in the cluster; medians",
        ),
    )


def cluster_sheet(found: MethodClusters, run: RunClusters, most: int) -> Sheet:
    """Return a row for each cluster of a run, the largest first, at most so many."""
    rows = run.clusters[:most]
    several = len({modality for row in run.clusters for modality in row.modalities}) > 1
    kinds = len({species for row in run.clusters for species in row.species}) > 1
    columns = [
        Column("genes", "extra", tuple(Entry(str(len(row.genes))) for row in rows)),
        Column("data sets", "extra", tuple(Entry(str(len(row.rows))) for row in rows)),
    ]
    if several:
        columns.append(_texts("modalities", (_mix(row.modalities) for row in rows)))
    if kinds:
        columns.append(_texts("species", (_mix(row.species) for row in rows)))
    columns += [
        _texts("best set", (_best(row) for row in rows)),
        _texts("q", (f"{row.enriched[0].q:.1g}" if row.enriched else "" for row in rows)),
        _texts("sets", (str(len(row.enriched)) for row in rows)),
        _texts("such as", (" ".join(row.genes[:GENES_SHOWN]) for row in rows)),
    ]
    left = len(run.clusters) - len(rows)
    return Sheet(
        title=f"Clusters of {found.label}, seed {run.seed}, in {found.tissue} ({found.source})",
        subtitle=f"sets of {found.sets.name}: how many genes the cluster has of those of the task",
        key=file_name(found.tissue, found.source, found.sets.name, found.label, str(run.seed)),
        labels=tuple(str(row.number) for row in rows),
        columns=tuple(columns),
        notes=(f"{left} smaller clusters",) if left else (),
        corner="Cluster",
    )


def _texts(heading: str, texts: Iterable[str]) -> Column:
    return Column(heading, "extra", tuple(map(Entry, texts)), kind="text")


def _mix(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))


def _best(cluster: Cluster) -> str:
    if not cluster.enriched:
        return ""
    best = cluster.enriched[0]
    return f"{cut(best.title or best.key)} {best.found} of {best.members}"


def cluster_csv(found: Iterable[MethodClusters]) -> str:
    """Return a line for each gene set of each cluster of each run; one for a cluster without."""
    return csv_text(CSV_COLUMNS, (line for each in found for line in _lines(each)))


def _lines(each: MethodClusters) -> Iterator[dict[str, object]]:
    for run in each.runs:
        for cluster in run.clusters:
            about = (
                each.tissue, each.source, each.sets.name, each.sets.sha256, each.label, run.seed,
                cluster.number, len(cluster.genes), len(cluster.rows),
            )  # fmt: skip
            for e in cluster.enriched or (None,):
                values = () if e is None else (
                    e.key, e.title, e.found, e.members, len(each.known.genes), e.rich_factor,
                    e.p, e.q,
                )  # fmt: skip
                padded = (*about, *values, *("",) * (8 - len(values)))
                yield dict(zip(CSV_COLUMNS, padded, strict=True))


def bubble_figure(found: MethodClusters, run: RunClusters) -> "Figure | str":
    """Draw the best sets of every cluster: area by genes found, colour by q.

    As Figure 3e of the MuSe-GNN paper does. Returns why not, if no cluster has a set.
    """
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    from genearena.benchmark.show.plots.panels import add_title
    from genearena.benchmark.show.plots.style import FAINT, INK, PAGE_INCHES

    columns = [cluster for cluster in run.clusters if cluster.enriched]
    first = [each for cluster in columns for each in cluster.enriched[:SETS_PER_CLUSTER]]
    titles = {each.key: each.title or each.key for each in first}
    keys = list(titles)[:MOST_SETS]
    if not keys:
        return "no cluster has a gene set"
    columns = [cluster for cluster in columns if any(e.key in keys for e in cluster.enriched)]
    size = PAGE_INCHES, 1.1 + 0.16 * len(keys)
    figure = Figure(figsize=size, layout="constrained")
    axes = figure.subplots()
    points = [
        (x, keys.index(each.key), each)
        for x, cluster in enumerate(columns)
        for each in cluster.enriched
        if each.key in keys
    ]
    strength = [min(-np.log10(max(each.q, 1e-300)), 20.0) for *_, each in points]
    drawn = axes.scatter(
        [x for x, *_ in points], [y for _, y, _ in points],
        s=[_area(each.found) for *_, each in points], c=strength, cmap="viridis_r",
        edgecolors=INK, linewidths=0.3, zorder=2,
    )  # fmt: skip
    axes.set_yticks(range(len(keys)), [cut(titles[k]) for k in keys], fontsize=6)
    axes.set_xticks(range(len(columns)), [str(c.number) for c in columns], fontsize=6)
    axes.set_xlabel("cluster", fontsize=7)
    axes.invert_yaxis()
    axes.grid(color=FAINT, linewidth=0.4, zorder=0)
    bar = figure.colorbar(drawn, ax=axes, shrink=0.5, aspect=14, pad=0.01)
    bar.set_label("-log10 q", fontsize=6.5)
    bar.ax.tick_params(labelsize=6)
    most = max(each.found for *_, each in points)
    shown = sorted({max(1, most // 4), max(1, most // 2), most})
    handles = [
        Line2D([], [], marker="o", linestyle="", markersize=_area(n) ** 0.5, color=FAINT,
               markeredgecolor=INK, markeredgewidth=0.3, label=str(n))
        for n in shown
    ]  # fmt: skip
    figure.legend(
        handles=handles, title="genes of the set in the cluster", loc="outside lower left",
        ncols=len(shown), frameon=False, fontsize=6, title_fontsize=6,
    )  # fmt: skip
    where = f"{found.tissue} ({found.source})"
    add_title(figure, f"{found.sets.name} in clusters of {found.label}, {where}, seed {run.seed}")
    return figure


def _area(n_genes: int) -> float:
    """Return the area of a bubble, in square points."""
    return 6.0 + 4.0 * n_genes


def by_task(found: Iterable[MethodClusters]) -> Iterator[list[MethodClusters]]:
    """Yield the methods of each task in turn."""
    for _, group in groupby(found, key=lambda each: (each.tissue, each.source)):
        yield list(group)
