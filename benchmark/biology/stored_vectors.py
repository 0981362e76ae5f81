"""The vectors that runs left, and tables with each gene once made of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from genearena.benchmark.compare.labels import label_methods
from genearena.benchmark.compare.summary import MethodKey
from genearena.benchmark.records.embeddings import read_sealed
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.results import ResultStore
from genearena.data.common.errors import DataError, UsageError
from genearena.data.graphs import GraphCollection, IntArray
from genearena.data.tasks import find_task, load
from genearena.metrics._shared.nearest_rows import DoubleArray
from genearena.metrics.embedding_space import unit_length

Combined = Literal["mean", "per-graph", "concatenated"]
"""What a gene's vector is: the mean of those in the graphs that have it, one in each graph, or all
of them in a row, with zeros for graphs without it."""
COMBINED: tuple[Combined, ...] = get_args(Combined)


@dataclass(frozen=True, eq=False)
class RunVectors:
    """The vectors of one run.

    `label` is what tables call its method, `control` whether that is one, and `directions` are its
    (n_genes, dim) vectors of every graph, of length 1; zeros for a gene without one. `clusters` are
    the (rows,) Leiden clusters, graphs one after another.
    """

    label: str
    control: bool
    seed: int
    directions: tuple[DoubleArray, ...]
    clusters: IntArray

    def has_vectors_of(self, other: "RunVectors") -> bool:
        """Tell whether the vectors are another run's, as those of methods that draw nothing are."""
        return all(map(np.array_equal, self.directions, other.directions))


@dataclass(frozen=True, eq=False)
class TaskRuns:
    """A task and the runs on it whose vectors are stored; `missing` are those without any."""

    graphs: GraphCollection
    runs: tuple[RunVectors, ...]
    missing: tuple[str, ...] = ()

    @property
    def by_label(self) -> dict[str, list[RunVectors]]:
        """The runs of every method, by what tables call it."""
        found: dict[str, list[RunVectors]] = defaultdict(list)
        for run in self.runs:
            found[run.label].append(run)
        return dict(found)


def tasks_of(records: Iterable[RunRecord]) -> dict[tuple[str, str], list[RunRecord]]:
    """Return the runs that ended well by tissue and source, in the order of these.

    Raises
    ------
    UsageError
        If no run has ended well.
    """
    found: dict[tuple[str, str], list[RunRecord]] = defaultdict(list)
    for record in records:
        if record.status == "ok":
            found[record.task.tissue, record.task.source].append(record)
    if not found:
        raise UsageError("no run has ended well; run 'bench run' first")
    return dict(sorted(found.items()))


def task_runs(
    store: ResultStore, records: Sequence[RunRecord], folder: Path | None = None
) -> TaskRuns:
    """Load a task and the vectors of its runs.

    Parameters
    ----------
    store
        Has the vectors.
    records
        Runs on one tissue and source that ended well.
    folder
        Where the data sets of tasks are.

    Raises
    ------
    UsageError
        If the task's data are not in the folder.
    DataError
        If they are not those that its runs had, or no run has vectors any more.
    StoreError
        If vectors cannot be read.
    """
    about = records[0].task
    task = find_task(about.tissue, source=about.source, folder=folder)
    same = [record for record in records if record.task.fingerprint == task.fingerprint]
    if not same:
        raise DataError(
            f"the runs on {about.label} had other data than those that are stored under this name "
            "now; give their folder with --data-dir"
        )
    labels, graphs = label_methods(records), load(task)
    missing = [f"{r.run_id} had other data" for r in records if r not in same]
    runs = []
    for record in sorted(same, key=lambda r: (r.method.name, r.seed, r.run_id)):
        sealed = store.intact_vectors(record)
        if sealed is None:
            missing.append(f"{record.run_id} has no intact vectors")
            continue
        kept = read_sealed(sealed, graphs)
        named = labels[MethodKey.of(record)], record.method.control, record.seed
        runs.append(RunVectors(*named, unit_length(kept.vectors), kept.clusters))
    if not runs:
        raise DataError(f"no run on {about.label} has vectors: {missing[0]}; run 'bench run' again")
    return TaskRuns(graphs, tuple(runs), tuple(missing))


def covered(graphs: GraphCollection, directions: Sequence[DoubleArray]) -> set[str]:
    """Return the genes that have a vector in some graph."""
    return {
        gene
        for graph, z in zip(graphs, directions, strict=True)
        for gene, has in zip(graph.genes, np.asarray(z.any(axis=1)), strict=True)
        if has
    }


def combined(
    vectors: Sequence[DoubleArray], rows: Sequence[IntArray], how: Combined
) -> list[tuple[IntArray, DoubleArray]]:
    """Return tables with each gene once: which rows of the memberships, and their vectors.

    Parameters
    ----------
    vectors
        (n_genes, dim) of every graph; zeros for a gene without one.
    rows
        Row of the memberships of every gene of every graph, -1 for one that is not asked about.
    how
        What a gene's vector is; one table for `per-graph` is one for every graph.
    """
    used = [(of >= 0) & z.any(axis=1) for z, of in zip(vectors, rows, strict=True)]
    each = [(of[u], z[u]) for z, of, u in zip(vectors, rows, used, strict=True)]
    if how == "per-graph":
        return [(of, z) for of, z in each if of.size]
    present = np.unique(np.concatenate([of for of, _ in each]))
    if how == "mean":
        total, times = np.zeros((len(present), vectors[0].shape[1])), np.zeros(len(present))
        for of, z in each:
            place = np.searchsorted(present, of)
            total[place] += z
            times[place] += 1
        return [(present, total / times[:, None])]
    blocks = []
    for of, z in each:
        block = np.zeros((len(present), z.shape[1]))
        block[np.searchsorted(present, of)] = z
        blocks.append(block)
    return [(present, np.concatenate(blocks, axis=1))]
