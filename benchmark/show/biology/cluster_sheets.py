"""Clusters of genes and their gene sets, as tables and as csv."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

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
from genearena.benchmark.show.tables.sheet import Column, Entry, Sheet, column_of, marked
from genearena.data.common.csv_text import csv_text
from genearena.data.common.file_names import file_name

GENES_SHOWN = 5
Division = Literal["dataset", "modality", "species"]
"""What rows (data set, gene) of a cluster may differ by."""
CSV_COLUMNS = (
    "tissue", "source", "gene_sets", "sha256", "method", "seed", "cluster", "cluster_genes",
    "datasets", "set", "title", "found", "members", "genes", "rich_factor", "p", "q",
)  # fmt: skip


def overview_sheet(found: Sequence[MethodClusters]) -> Sheet:
    """Return a row for each method and control of one task."""
    rows = sorted(found, key=lambda each: (each.control, -each.excess))
    competes = [not row.control for row in rows]
    first = rows[0]
    sizes = (float(np.mean([len(run.clusters) for run in row.runs])) for row in rows)
    chance = (number(row.share - row.excess) for row in rows)
    return Sheet(
        title=f"Clusters of {first.tissue} ({first.source}) with a set of {first.sets.name}",
        subtitle=(
            f"{len(first.known.keys)} sets, {len(first.known.genes)} genes that are in one; "
            f"gene sets sha256 {first.sets.sha256}"
        ),
        key=file_name(first.tissue, first.source, first.sets.name, "clusters"),
        labels=tuple(row.label for row in rows),
        columns=(
            column_of("clusters", (number(size, 1) for size in sizes), group="extra"),
            Column("with a set", "scored", marked([r.share for r in rows], competes), "↑"),
            column_of("names shuffled", chance),
            Column("above that", "scored", marked([r.excess for r in rows], competes), "↑"),
            column_of("different sets", (number(r.n_sets, 1) for r in rows), group="extra"),
            column_of("genes of the best", (number(r.members, 0) for r in rows), group="extra"),
            column_of("rich factor", (number(r.rich_factor) for r in rows), group="extra"),
        ),
        sections=tuple("controls" if row.control else "methods" for row in rows),
        notes=(
            f"with a set: share of clusters with a gene set at q < {LEVEL:g}, one-sided Fisher, "
            "Benjamini-Hochberg over all clusters and sets of a run; mean over runs",
            f"names shuffled: the same when genes swap their names, mean of {PERMUTATIONS}",
            "A few coarse clusters have a set more easily than many: read the share with their "
            "number, and with how many different sets all of them have",
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
        column_of("genes", (str(len(row.genes)) for row in rows), group="extra"),
        column_of("data sets", (str(len(row.rows)) for row in rows), group="extra"),
    ]
    if several:
        columns.append(_texts("modalities", (_mix(row.modalities) for row in rows)))
    if kinds:
        columns.append(_texts("species", (_mix(row.species) for row in rows)))
    columns += [
        _texts("best set", (best_set(row) for row in rows)),
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


def best_set(cluster: Cluster) -> str:
    """Return the set of lowest p of a cluster and how much it has of it; nothing without one."""
    if not cluster.enriched:
        return ""
    best = cluster.enriched[0]
    return f"{name_of(cluster)} {best.found} of {best.members}"


def name_of(cluster: Cluster) -> str:
    """Return the name of a cluster: the set of lowest p that it has, empty if it has none."""
    return cut(cluster.enriched[0].title or cluster.enriched[0].key) if cluster.enriched else ""


def divided(cluster: Cluster, by: Division) -> Mapping[str, int]:
    """Return how many rows of a cluster are of which kind."""
    kinds = {"dataset": cluster.rows, "modality": cluster.modalities, "species": cluster.species}
    return kinds[by]


def division_of(run: RunClusters) -> Division:
    """Return what rows differ by: species, else modality, else data set."""
    wide: tuple[Division, ...] = ("species", "modality")
    for by in wide:
        if len({kind for cluster in run.clusters for kind in divided(cluster, by)}) > 1:
            return by
    return "dataset"


def cluster_csv(found: Iterable[MethodClusters]) -> str:
    """Return a line for each gene set of each cluster of each run; one for a cluster without."""
    return csv_text(CSV_COLUMNS, (line for each in found for line in cluster_rows(each)))


def cluster_rows(each: MethodClusters) -> Iterator[dict[str, object]]:
    """Yield a row of the csv for each gene set of each cluster, by the names of its columns."""
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
                yield dict(zip(CSV_COLUMNS, (*about, *values), strict=False))
