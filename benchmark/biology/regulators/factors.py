"""Which transcription factors the data sets of a task have in the same clusters of genes."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np

from genearena.benchmark.biology.clusters import PERMUTATIONS
from genearena.benchmark.biology.resampling import Interval, mean_of
from genearena.benchmark.biology.stored_vectors import RunVectors, TaskRuns
from genearena.data.common.errors import DataError
from genearena.data.genesets.gene_sets import BoolArray, GeneSets, check_species, named_members
from genearena.data.graphs import GraphCollection, IntArray
from genearena.metrics._shared.nearest_rows import DoubleArray

Through = Literal["factors", "targets"]
"""What brings a factor into a cluster: being one of its genes itself, or a target that is one."""
THROUGH: tuple[Through, ...] = get_args(Through)


def shared(held: BoolArray) -> DoubleArray:
    """Return (F,) in which share of its clusters a factor is from two graphs or more.

    NaN for one that fewer than two graphs have, of which it cannot be said.
    """
    n_graphs = held.sum(axis=1)
    several = (held.any(axis=0).sum(axis=0)) > 1
    share = (n_graphs > 1).sum(axis=0) / np.maximum((n_graphs > 0).sum(axis=0), 1)
    return np.asarray(np.where(several, share, np.nan))


@dataclass(frozen=True, eq=False)
class RunFactors:
    """The factors in the clusters of one run.

    Parameters
    ----------
    seed
        Of the run.
    numbers
        (k,) numbers of the clusters in the file of vectors.
    held
        (k, graphs, F) whether a cluster has a factor from a graph.
    by_chance
        (F,) mean of `shared` when the genes of every graph swap their clusters.
    others
        Mean of `shared` over all other genes; NaN if factors come through their targets.
    """

    seed: int
    numbers: IntArray
    held: BoolArray
    by_chance: DoubleArray
    others: float

    @cached_property
    def together(self) -> Counter[tuple[bool, ...]]:
        """How many factors of a cluster are from just these graphs."""
        cluster, factor = np.nonzero(self.held.any(axis=1))
        return Counter(map(tuple, self.held[cluster, :, factor].tolist()))


@dataclass(frozen=True, eq=False)
class SharedRow:
    """The factors in the clusters of a method's runs."""

    label: str
    control: bool
    runs: tuple[RunFactors, ...]

    @cached_property
    def share(self) -> Interval:
        """Mean over factors of the share of their clusters that have them from several graphs."""
        return self._mean([shared(run.held) for run in self.runs])

    @cached_property
    def excess(self) -> Interval:
        """By how much that is above swapped clusters."""
        return self._mean([shared(run.held) - run.by_chance for run in self.runs])

    @cached_property
    def others(self) -> float:
        """The same share of other genes."""
        return float(np.mean([run.others for run in self.runs]))

    def _mean(self, shares: Sequence[DoubleArray]) -> Interval:
        over_runs = np.mean(shares, axis=0)
        return mean_of(over_runs[~np.isnan(over_runs)])


@dataclass(frozen=True, eq=False)
class SharedTable:
    """All rows of one task: what its graphs, the data sets, share of the F `factors`.

    `n_asked` counts the factors that two graphs have.
    """

    tissue: str
    source: str
    sets: GeneSets
    through: Through
    factors: tuple[str, ...]
    datasets: tuple[str, ...]
    n_asked: int
    rows: tuple[SharedRow, ...]

    @property
    def by_excess(self) -> tuple[SharedRow, ...]:
        """The rows, controls last, that which shares most above swapped clusters first."""
        return tuple(sorted(self.rows, key=lambda row: (row.control, -row.excess.value)))


def shared_factors(
    task: TaskRuns, sets: GeneSets, through: Through = "factors", seed: int = 0
) -> SharedTable:
    """Tell which factors every cluster of every run has, and from how many data sets.

    Parameters
    ----------
    task
        Graphs and stored vectors with their Leiden clusters.
    sets
        A list of factors, or a set for each, named after it: its targets.
    through
        What brings a factor into a cluster: ``factors``, if it is a gene of it itself, or
        ``targets``, if one of its targets is (Figure 14 of the MuSe-GNN paper).
    seed
        Of swapped clusters.

    Raises
    ------
    DataError
        If the sets are of another species, no two data sets have a factor, or a list has no
        targets.
    """
    graphs = task.graphs
    check_species(sets, graphs)
    brought = _of_targets(graphs, sets) if through == "targets" else _of_genes(graphs, sets)
    rows = tuple(
        SharedRow(
            label, runs[0].control, tuple(_of_run(graphs, run, brought, seed) for run in runs)
        )
        for label, runs in task.by_label.items()
    )
    n_asked = int((~np.isnan(shared(rows[0].runs[0].held))).sum())
    if not n_asked:
        raise DataError(
            f"no two data sets of {graphs.tissue} ({graphs.source}) have a factor of "
            f"'{sets.name}', so that none is shared; add data sets, or data with more --genes"
        )
    return SharedTable(
        tissue=graphs.tissue,
        source=graphs.source,
        sets=sets,
        through=through,
        factors=brought.factors,
        datasets=graphs.names,
        n_asked=n_asked,
        rows=rows,
    )


@dataclass(frozen=True, eq=False)
class _Brought:
    """What the genes of every graph bring into their clusters: factors, and names of other genes.

    Of every graph, `rows` and `columns` are (m,) rows of genes and places among `names`, of which
    the first are the `n_factors`.
    """

    names: tuple[str, ...]
    n_factors: int
    rows: tuple[IntArray, ...]
    columns: tuple[IntArray, ...]

    @property
    def factors(self) -> tuple[str, ...]:
        return self.names[: self.n_factors]

    def held(self, clusters: Sequence[IntArray], n_clusters: int) -> BoolArray:
        """Return (n_clusters, graphs, names) of the (n_genes,) clusters of every graph's genes."""
        found = np.zeros((n_clusters, len(clusters), len(self.names)), dtype=bool)
        each = zip(clusters, self.rows, self.columns, strict=True)
        for graph, (of, rows, columns) in enumerate(each):
            found[of[rows], graph, columns] = True
        return found


def factors_among(sets: GeneSets, genes: Sequence[str]) -> set[str]:
    """Return the genes that are factors: those of a list, or of a table whose sets they name."""
    names = [each.key for each in sets.sets] if len(sets.sets) > 1 else ()
    return set(named_members(sets, genes, names))


def _of_genes(graphs: GraphCollection, sets: GeneSets) -> _Brought:
    known = factors_among(sets, graphs.all_genes)
    names = sorted(graphs.all_genes, key=lambda gene: gene not in known)
    place = {gene: column for column, gene in enumerate(names)}
    rows = tuple(np.arange(graph.n_genes) for graph in graphs)
    columns = tuple(np.array([place[gene] for gene in graph.genes]) for graph in graphs)
    return _Brought(tuple(names), len(known), rows, columns)


def _of_targets(graphs: GraphCollection, sets: GeneSets) -> _Brought:
    if len(sets.sets) == 1:
        raise DataError(f"'{sets.name}' is a list; targets want a table of factors and targets")
    names = tuple(each.key for each in sets.sets)
    factors: dict[str, list[int]] = defaultdict(list)
    for column, each in enumerate(sets.sets):
        for gene in each.genes:
            factors[gene].append(column)
    known = named_members(sets, graphs.all_genes)
    pairs = [
        [(row, f) for row, g in enumerate(graph.genes) if g in known for f in factors[known[g]]]
        for graph in graphs
    ]
    both = [np.array(each, dtype=np.int64).reshape(-1, 2).T for each in pairs]
    return _Brought(names, len(names), tuple(r for r, _ in both), tuple(c for _, c in both))


def _of_run(graphs: GraphCollection, run: RunVectors, brought: _Brought, seed: int) -> RunFactors:
    numbers, of_row = np.unique(run.clusters, return_inverse=True)
    clusters = graphs.split(of_row)
    rng = np.random.default_rng(seed)
    n = brought.n_factors
    held = brought.held(clusters, len(numbers))
    swapped = ([rng.permutation(of) for of in clusters] for _ in range(PERMUTATIONS))
    drawn = [shared(brought.held(of, len(numbers))[:, :, :n]) for of in swapped]
    others = shared(held[:, :, n:])
    known = others[~np.isnan(others)]
    return RunFactors(
        seed=run.seed,
        numbers=numbers,
        held=held[:, :, :n],
        by_chance=np.mean(drawn, axis=0),
        others=float(known.mean()) if known.size else np.nan,
    )
