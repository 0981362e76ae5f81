"""Whether vectors bring the orthologs of two species together, whose names nobody was told."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from genearena.benchmark.biology.baselines import levels
from genearena.benchmark.biology.orthology.orthologs import Compared, Orthologs, compared
from genearena.benchmark.biology.resampling import Interval, mean_of
from genearena.benchmark.biology.stored_vectors import RunVectors, TaskRuns
from genearena.data.graphs import GraphCollection, IntArray
from genearena.metrics._annotation.matching import shares
from genearena.metrics._annotation.placement import CHANCE as GUESS
from genearena.metrics._shared.nearest_rows import DoubleArray
from genearena.metrics.embedding_space import unit_length

BOTH = "degree and expression"
"""What vectors have to be better than if they know more than what is easily had."""
CHANCE = "chance"
ORTHOLOGS = "neighbourhoods of orthologs"
TOP = 10
DECIMALS = 6
"""Of cosines: vectors are stored in single precision."""


@dataclass(frozen=True, eq=False)
class Found:
    """What is found of every pair of orthologs, (pairs,) means over graphs and directions.

    Parameters
    ----------
    reciprocal, top
        1 / rank of the ortholog among the genes of the other graph with an ortholog here, and
        whether it is among the first `TOP`.
    area, area_like
        Share of these that are less similar than the ortholog, equal ones half; and of those like
        it in degree and expression, NaN for an ortholog without any.
    same, same_random, same_like
        Whether both are in one cluster, the share of all these genes that is in the cluster, and of
        those like the ortholog; NaN throughout where there are no clusters.
    """

    reciprocal: DoubleArray
    top: DoubleArray
    area: DoubleArray
    area_like: DoubleArray
    same: DoubleArray
    same_random: DoubleArray
    same_like: DoubleArray


@dataclass(frozen=True, eq=False)
class SpeciesRow:
    """How well one method, control or baseline finds orthologs."""

    label: str
    control: bool
    n_runs: int
    found: Found

    @property
    def apart(self) -> bool:
        """Whether every comparison is a tie: it joins data sets by names, and cosines are 0."""
        return bool((self.found.area == GUESS).all())

    def mean(self, name: str, less: str = "") -> Interval | None:
        """Return the mean over pairs of a field of `Found`, less another; None if it has none."""
        values = getattr(self.found, name) - (getattr(self.found, less) if less else 0)
        known = values[~np.isnan(values)]
        return mean_of(known) if known.size else None


@dataclass(frozen=True, eq=False)
class SpeciesTable:
    """All rows of one task; `table` names that of the orthologs."""

    tissue: str
    source: str
    table: str
    asked: Compared
    rows: tuple[SpeciesRow, ...]
    notes: tuple[str, ...] = ()

    def above(self, row: SpeciesRow) -> Interval | None:
        """Return by how much the area of a row exceeds that of `BOTH`, None if it is it."""
        other = next(each for each in self.rows if each.label == BOTH and each.control)
        return None if other is row else mean_of(row.found.area - other.found.area)

    @property
    def better(self) -> dict[str, tuple[str, ...]]:
        """Methods that know orthologs from genes like them, by cosine and by clusters.

        By cosine they also find them better than degree and expression together do. Who joins data
        sets by names is not asked: genes without edges may still have a cluster of their own.
        """
        own = [row for row in self.rows if not (row.control or row.apart)]
        found: dict[str, list[str]] = {"cosine": [], "clusters": []}
        for row in own:
            like, lead, above = (
                row.mean("area_like"),
                row.mean("same", "same_like"),
                self.above(row),
            )
            if like and above and like.low > GUESS and above.low > 0:
                found["cosine"].append(row.label)
            if lead and lead.low > 0:
                found["clusters"].append(row.label)
        return {how: tuple(labels) for how, labels in found.items()}


def species_table(
    task: TaskRuns, table: Path | None = None, between: Sequence[str] = ()
) -> SpeciesTable:
    """Ask every method of a task whether orthologs lie together.

    Every graph of one species is compared with every graph of the other, both ways, on the
    orthologs that both have: the ortholog of a gene is searched for among them. Pairs of orthologs
    are drawn again for the intervals.

    Parameters
    ----------
    task
        Graphs and stored vectors with their Leiden clusters.
    table
        Names of orthologs; if None, genes of the same name are, in any case.
    between
        Which two species, if there are more.

    Raises
    ------
    UsageError
        If it is not known which two species are meant.
    DataError
        If the table has no pair of the task's genes, both of each pair bear one name, or no two
        graphs have `FEWEST` pairs.
    """
    graphs = task.graphs
    own_levels = levels(graphs)
    asked = compared(graphs, table, between, own_levels)
    return SpeciesTable(
        tissue=graphs.tissue,
        source=graphs.source,
        table="equal names" if table is None else table.name,
        asked=asked,
        rows=(*_methods(task, asked), *_baselines(graphs, asked, own_levels)),
        notes=tuple(f"left out: {line}" for line in task.missing),
    )


def found_pairs(
    asked: Compared,
    similarity: Callable[[Orthologs], DoubleArray],
    clusters: Sequence[IntArray] | None = None,
) -> Found:
    """Average what every two graphs tell of the pairs that they have.

    `similarity` gives the (m, m) of the genes of the first graph to those of the second, and
    `clusters` are the (n_genes,) of every graph.
    """
    names = [field.name for field in fields(Found)]
    total, times = np.zeros((2, len(names), asked.n_pairs))
    for each in asked.each:
        of = None if clusters is None else (clusters[each.first], clusters[each.second])
        values = np.array([*_ranked(similarity(each), each), *_together(each, of)])
        known = ~np.isnan(values)
        total[:, each.pair] += np.where(known, values, 0)
        times[:, each.pair] += known
    means = np.divide(total, times, np.full(total.shape, np.nan), where=times > 0)
    return Found(*means)


def _ranked(similarity: DoubleArray, asked: Orthologs) -> Iterator[DoubleArray]:
    """Give reciprocal rank, whether among the first, and the two areas; of ties the mean."""
    own, m = np.diagonal(similarity)[:, None], len(similarity)
    above, equal = (similarity > own).sum(axis=1), (similarity == own).sum(axis=1)
    harmonic = np.concatenate([[0], np.cumsum(1 / np.arange(1, m + 1))])
    yield (harmonic[above + equal] - harmonic[above]) / equal
    yield np.clip(TOP - above, 0, equal) / equal
    yield (m - above - (equal + 1) / 2) / (m - 1)
    right = (similarity < own) + (similarity == own) / 2
    yield _of_like(right, asked)


def _together(
    asked: Orthologs, clusters: tuple[IntArray, IntArray] | None
) -> Iterator[DoubleArray]:
    if clusters is None:
        yield from np.full((3, len(asked.pair)), np.nan)
        return
    same = (clusters[0][asked.own][:, None] == clusters[1][asked.other]).astype(np.float64)
    yield np.diagonal(same)
    yield same.mean(axis=1)
    yield _of_like(same, asked)


def _of_like(values: DoubleArray, asked: Orthologs) -> DoubleArray:
    """Average (m, m) values over the genes that are like each ortholog."""
    return np.array([w @ values[p, q] if q.size else np.nan for p, (q, w) in enumerate(asked.like)])


def _methods(task: TaskRuns, asked: Compared) -> Iterator[SpeciesRow]:
    for label, runs in task.by_label.items():
        each = [found_pairs(asked, _cosines(run), task.graphs.split(run.clusters)) for run in runs]
        found = Found(
            *(np.mean([getattr(f, of.name) for f in each], axis=0) for of in fields(Found))
        )
        yield SpeciesRow(label, runs[0].control, len(runs), found)


def _cosines(run: RunVectors) -> Callable[[Orthologs], DoubleArray]:
    def similarity(asked: Orthologs) -> DoubleArray:
        first = run.directions[asked.first][asked.own]
        second = run.directions[asked.second][asked.other]
        near = np.round(first @ second.T, DECIMALS)
        known = second.any(axis=1)
        if known.any() and not known.all():  # a gene without a vector is a guess
            near[:, ~known] = np.median(near[:, known], axis=1, keepdims=True)
        return near

    return similarity


def _baselines(
    graphs: GraphCollection,
    asked: Compared,
    own_levels: Mapping[str, Sequence[DoubleArray]],
) -> Iterator[SpeciesRow]:
    parts = {name: (of,) for name, of in own_levels.items()} | {BOTH: tuple(own_levels.values())}
    for name, part in parts.items():

        def alike(each: Orthologs, part: Sequence[Sequence[DoubleArray]] = part) -> DoubleArray:
            first = shares(np.array([of[each.first][each.own] for of in part]))
            second = shares(np.array([of[each.second][each.other] for of in part]))
            return -np.asarray(np.abs(first[:, :, None] - second[:, None]).sum(axis=0))

        yield SpeciesRow(name, True, 1, found_pairs(asked, alike))

    def told(each: Orthologs) -> DoubleArray:
        first = graphs[each.first].adjacency[each.own][:, each.own].toarray()
        second = graphs[each.second].adjacency[each.other][:, each.other].toarray()
        unit = unit_length([first.astype(np.float32), second.astype(np.float32)])
        return np.round(unit[0] @ unit[1].T, DECIMALS)

    yield SpeciesRow(ORTHOLOGS, True, 1, found_pairs(asked, told))
    chance = found_pairs(asked, lambda each: np.zeros((len(each.pair),) * 2))
    yield SpeciesRow(CHANCE, True, 1, chance)
