"""Whether vectors tell which genes a transcription factor regulates."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from genearena.benchmark.biology.baselines import (
    EXPRESSION,
    NEIGHBOURHOODS,
    RANDOM,
    STUDY,
    levels,
    neighbourhoods,
    random_directions,
)
from genearena.benchmark.biology.profiles import correlations
from genearena.benchmark.biology.resampling import Interval, mean_of
from genearena.benchmark.biology.stored_vectors import TaskRuns
from genearena.data.common.errors import DataError
from genearena.data.genesets.gene_sets import BoolArray, GeneSets, check_species, named_members
from genearena.data.graphs import GeneGraph, GraphCollection, IntArray
from genearena.metrics._annotation.matching import balanced, shares
from genearena.metrics._annotation.placement import CHANCE
from genearena.metrics._shared.nearest_rows import DoubleArray
from genearena.metrics.function import degree

CORRELATION, ABSOLUTE, EDGE = "correlation", "absolute correlation", "co-expression edge"
FLOORS = (EXPRESSION, CORRELATION)
"""What the table says by how much vectors are better than."""
DECIMALS = 6
"""Of cosines: vectors are stored in single precision."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """The pairs of a factor and a target that are asked about in one graph.

    Parameters
    ----------
    regulators
        (F,) row of every factor of the file in the graph, -1 for one that it does not have.
    factor, target
        (P,) number of the factor and row of the target of every pair.
    others, weights
        (P, m) rows of genes like the target that are no target of the factor, see
        `matching.balanced`, and their weights, which sum to 1; 0 fills up.
    n_factors
        (n,) how many factors a gene is a target of.
    """

    regulators: IntArray
    factor: IntArray
    target: IntArray
    others: IntArray
    weights: DoubleArray
    n_factors: IntArray

    @property
    def n_targets(self) -> IntArray:
        """(F,) number of pairs of every factor."""
        return np.bincount(self.factor, minlength=len(self.regulators))

    def only(self, kept: BoolArray) -> "Pairs":
        """Return the pairs of those of the factors that are kept."""
        of = kept[self.factor]
        number = np.cumsum(kept) - 1
        return Pairs(
            self.regulators[kept],
            number[self.factor[of]],
            self.target[of],
            self.others[of],
            self.weights[of],
            self.n_factors,
        )

    def areas(self, similarity: DoubleArray, known: BoolArray) -> DoubleArray:
        """Return (F,) how often a target is more similar to its factor than genes like it.

        Parameters
        ----------
        similarity
            (F, n) of all genes to the factors, or (1, n) one number of each.
        known
            (n,) whether a gene has a vector; a comparison with one that has none is a guess.

        Returns
        -------
        Mean over the targets of a factor, equal similarities half; NaN for one without any.
        """
        near = np.broadcast_to(similarity, (len(self.regulators), similarity.shape[1]))
        own, other = near[self.factor, self.target], near[self.factor[:, None], self.others]
        right = (own[:, None] > other) + (own[:, None] == other) / 2
        right[~known[self.others]] = CHANCE
        right[~(known[self.regulators[self.factor]] & known[self.target])] = CHANCE
        # weights sum to 1 but for rounding
        each, times = np.minimum((right * self.weights).sum(axis=1), 1), self.n_targets
        total = np.bincount(self.factor, each, len(times))
        return np.asarray(np.divide(total, times, np.full(len(times), np.nan), where=times > 0))


@dataclass(frozen=True, eq=False)
class TargetRow:
    """How well one method, control or baseline tells the (F,) factors' targets, as areas."""

    label: str
    control: bool
    n_runs: int
    areas: DoubleArray

    @cached_property
    def mean(self) -> Interval:
        """Mean area over factors."""
        return mean_of(self.areas)


@dataclass(frozen=True, eq=False)
class TargetTable:
    """All rows of one task: `factors` that are asked about, and the (F,) number of their targets.

    `n_pairs` counts pairs of a factor and a target in all `n_graphs` that have some.
    """

    tissue: str
    source: str
    sets: GeneSets
    factors: tuple[str, ...]
    n_targets: IntArray
    n_pairs: int
    n_graphs: int
    rows: tuple[TargetRow, ...]
    notes: tuple[str, ...] = ()

    def above(self, row: TargetRow, floor: str) -> Interval | None:
        """Return by how much a row exceeds a baseline, None if it is it."""
        other = next(each for each in self.rows if each.label == floor and each.control)
        return None if other is row else mean_of(row.areas - other.areas)

    @property
    def better(self) -> dict[str, tuple[str, ...]]:
        """Methods above chance, and those above each of `FLOORS`, by their intervals."""
        own = [row for row in self.rows if not row.control]
        found = {"chance": tuple(row.label for row in own if row.mean.low > CHANCE)}
        for floor in FLOORS:
            leads = {row.label: self.above(row, floor) for row in own}
            found[floor] = tuple(name for name, lead in leads.items() if lead and lead.low > 0)
        return found


def target_table(task: TaskRuns, sets: GeneSets, fewest: int = 1) -> TargetTable:
    """Ask every method and baseline of a task which genes are targets of which factors.

    A factor is asked about in every graph that has it and one of its targets at least: how often
    the cosine of the two is above that of the factor and genes which are no targets of it, but
    have as many edges in the graph and are targets of as many factors of the file. The areas are
    averaged over the graphs, and then over factors, which are drawn again for the intervals.

    Parameters
    ----------
    task
        Graphs and stored vectors.
    sets
        A set for each factor, named after it: its targets.
    fewest
        Targets that a factor has in some graph.

    Raises
    ------
    DataError
        If the sets are of another species, no factors with targets, or no graph has any of them.
    """
    check_species(sets, task.graphs)
    graphs = task.graphs
    asked = {place: _pairs(graph, sets) for place, graph in enumerate(graphs)}
    n_targets = np.max([each.n_targets for each in asked.values()], axis=0)
    kept = n_targets >= fewest
    if not kept.any():
        raise DataError(
            f"no graph of {graphs.tissue} ({graphs.source}) has a factor of '{sets.name}' and "
            f"{fewest} of its targets; lower --min-targets, or add data with more --genes"
        )
    asked = {place: each.only(kept) for place, each in asked.items()}
    return TargetTable(
        tissue=graphs.tissue,
        source=graphs.source,
        sets=sets,
        factors=tuple(each.key for each, own in zip(sets.sets, kept, strict=True) if own),
        n_targets=n_targets[kept],
        n_pairs=sum(len(each.factor) for each in asked.values()),
        n_graphs=sum(bool(each.factor.size) for each in asked.values()),
        rows=(*_methods(task, asked), *_baselines(graphs, asked)),
        notes=tuple(f"left out: {line}" for line in task.missing),
    )


def _pairs(graph: GeneGraph, sets: GeneSets) -> Pairs:
    row = {name: graph.index[gene] for gene, name in named_members(sets, graph.genes).items()}
    keys = tuple(each.key for each in sets.sets)
    factors = {key: graph.index[g] for g, key in named_members(sets, graph.genes, keys).items()}
    regulators = np.array([factors.get(key, -1) for key in keys], dtype=np.int64)
    targets = np.zeros((len(keys), graph.n_genes), dtype=bool)
    for number, each in enumerate(sets.sets):
        targets[number, [row[gene] for gene in each.genes if gene in row]] = True
    return matched_pairs(regulators, targets, degree(graph.adjacency))


def matched_pairs(regulators: IntArray, targets: BoolArray, degrees: DoubleArray) -> Pairs:
    """Return the pairs of a graph, with genes to compare with that some factor targets.

    Parameters
    ----------
    regulators
        (F,) row of every factor, -1 for one that the graph does not have.
    targets
        (F, n) whether a gene is its target.
    degrees
        (n,) numbers of edges.
    """
    n_factors, here = targets.sum(axis=0), np.flatnonzero(regulators >= 0)
    studied = n_factors > 0
    ranks = np.ones((2, len(degrees)))
    ranks[:, studied] = shares(np.stack([degrees, n_factors])[:, studied])
    others = targets.copy()  # whoever targets itself is near to itself
    others[here, regulators[here]] = False
    found = []
    for number in here:
        free = studied & ~targets[number]
        free[regulators[number]] = False
        each = (
            (target, *balanced(ranks, int(target), free))
            for target in np.flatnonzero(others[number])
        )
        found += [(number, target, rows, weights) for target, rows, weights in each if rows.size]
    width = max((len(rows) for *_, rows, _ in found), default=0)
    rows, weights = np.zeros((len(found), width), dtype=np.int64), np.zeros((len(found), width))
    for place, (*_, like, weight) in enumerate(found):
        rows[place, : len(like)], weights[place, : len(like)] = like, weight
    pairs = np.array([pair[:2] for pair in found], dtype=np.int64).reshape(-1, 2)
    return Pairs(regulators, pairs[:, 0], pairs[:, 1], rows, weights, n_factors)


def _methods(task: TaskRuns, asked: Mapping[int, Pairs]) -> Iterator[TargetRow]:
    for label, own in task.by_label.items():
        areas = np.mean([_by_vectors(run.directions, asked) for run in own], axis=0)
        yield TargetRow(label, own[0].control, len(own), areas)


def _by_vectors(directions: Sequence[DoubleArray], asked: Mapping[int, Pairs]) -> DoubleArray:
    areas = []
    for place, pairs in asked.items():
        z = directions[place]
        # vectors are stored in single precision
        near = np.round(z[pairs.regulators] @ z.T, DECIMALS)
        areas.append(pairs.areas(near, np.asarray(z.any(axis=1))))
    return _over_graphs(areas)


def _over_graphs(areas: Sequence[DoubleArray]) -> DoubleArray:
    """Average the (F,) areas over the graphs that have some; NaN where none has."""
    known = ~np.isnan(areas)
    total, times = np.where(known, areas, 0).sum(axis=0), known.sum(axis=0)
    return np.asarray(np.divide(total, times, np.full(len(total), np.nan), where=times > 0))


def _baselines(graphs: GraphCollection, asked: Mapping[int, Pairs]) -> Iterator[TargetRow]:
    correlated = {i: correlations(graphs[i].x, of.regulators) for i, of in asked.items()}
    near: dict[str, dict[int, DoubleArray]] = {
        CORRELATION: correlated,
        ABSOLUTE: {i: np.abs(of) for i, of in correlated.items()},
        EDGE: {i: graphs[i].adjacency[of.regulators].toarray() for i, of in asked.items()},
        STUDY: {i: of.n_factors[None].astype(np.float64) for i, of in asked.items()},
    }
    near |= {name: {i: of[i][None] for i in asked} for name, of in levels(graphs).items()}
    for name, of in near.items():
        known = {i: np.ones(graphs[i].n_genes, dtype=bool) for i in asked}
        areas = [pairs.areas(of[i], known[i]) for i, pairs in asked.items()]
        yield TargetRow(name, True, 1, _over_graphs(areas))
    made = {NEIGHBOURHOODS: neighbourhoods(graphs), RANDOM: random_directions(graphs)}
    for name, vectors in made.items():
        yield TargetRow(name, True, 1, _by_vectors(vectors, asked))
