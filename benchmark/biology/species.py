"""Whether vectors bring the orthologs of two species together, whose names nobody was told."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

from genearena.benchmark.biology.baselines import DEGREE, EXPRESSION, levels
from genearena.benchmark.biology.resampling import Interval, mean_of
from genearena.benchmark.biology.stored_vectors import RunVectors, TaskRuns
from genearena.data.common.errors import DataError, UsageError
from genearena.data.graphs import GraphCollection, IntArray
from genearena.data.reading.gene_names import own_name
from genearena.data.reading.renaming import ortholog_pairs
from genearena.metrics._annotation.matching import balanced, shares
from genearena.metrics._shared.nearest_rows import DoubleArray
from genearena.metrics.embedding_space import unit_length

CHANCE = "chance"
ORTHOLOGS = "neighbourhoods of orthologs"
FEWEST = 10
"""Pairs of orthologs that two graphs have if they are compared."""
TOP = 10
DECIMALS = 6
"""Of cosines: vectors are stored in single precision."""


@dataclass(frozen=True, eq=False)
class Orthologs:
    """The pairs of orthologs that a graph and one of another species have.

    Parameters
    ----------
    first, second
        Places of the graphs in the task.
    pair
        (m,) numbers of the pairs among all of the task.
    own, other
        (m,) rows of their genes in the first graph, and in the second.
    like
        Of every pair, which others (places among the m) have genes in the second graph that are
        like its own in degree and mean expression, and their weights; see `matching.balanced`.
    """

    first: int
    second: int
    pair: IntArray
    own: IntArray
    other: IntArray
    like: tuple[tuple[IntArray, DoubleArray], ...]


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
    """How well one method, control or baseline finds orthologs.

    `apart` says that no cosine of two species is other than 0: it joins data sets by names.
    """

    label: str
    control: bool
    n_runs: int
    found: Found
    apart: bool = False

    def mean(self, name: str, less: str = "") -> Interval | None:
        """Return the mean over pairs of a field of `Found`, less another; None if it has none."""
        values = getattr(self.found, name) - (getattr(self.found, less) if less else 0)
        known = values[~np.isnan(values)]
        return mean_of(known) if known.size else None


@dataclass(frozen=True, eq=False)
class SpeciesTable:
    """All rows of two species of one task.

    `n_pairs` counts pairs of orthologs, `n_asked` is their mean number in two graphs, and `n_shown`
    counts those that were not asked about since both genes bear one name.
    """

    tissue: str
    source: str
    species: tuple[str, str]
    table: str
    n_pairs: int
    n_asked: float
    n_shown: int
    n_graphs: tuple[int, int]
    rows: tuple[SpeciesRow, ...]
    notes: tuple[str, ...] = ()

    @property
    def better(self) -> dict[str, tuple[str, ...]]:
        """Methods that find orthologs better than genes like them: by cosine, and by clusters."""
        own = [row for row in self.rows if not row.control]
        areas = {row.label: row.mean("area_like") for row in own}
        leads = {row.label: row.mean("same", "same_like") for row in own}
        return {
            "cosine": tuple(name for name, area in areas.items() if area and area.low > 0.5),
            "clusters": tuple(name for name, lead in leads.items() if lead and lead.low > 0),
        }


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
    species = _two_species(graphs, between)
    pairs, n_shown = _named_pairs(graphs, species, table)
    places = [[i for i, g in enumerate(graphs) if g.species.casefold() == of] for of in species]
    own_levels = levels(graphs)
    asked = [
        found
        for i in places[0]
        for j in places[1]
        for found in _both_ways(graphs, i, j, pairs, own_levels)
    ]
    if not asked:
        raise DataError(
            f"no two graphs of {' and '.join(species)} of {graphs.tissue} ({graphs.source}) have "
            f"{FEWEST} pairs of the {len(pairs)} orthologs; add data with more --genes"
        )
    used = np.unique(np.concatenate([each.pair for each in asked]))
    asked = [replace(each, pair=np.searchsorted(used, each.pair)) for each in asked]
    rows = [*_methods(task, asked, len(used)), *_baselines(graphs, asked, len(used), own_levels)]
    return SpeciesTable(
        tissue=graphs.tissue,
        source=graphs.source,
        species=species,
        table="equal names" if table is None else table.name,
        n_pairs=len(used),
        n_asked=float(np.mean([len(each.pair) for each in asked])),
        n_shown=n_shown,
        n_graphs=(len(places[0]), len(places[1])),
        rows=tuple(rows),
        notes=tuple(f"left out: {line}" for line in task.missing),
    )


def _two_species(graphs: GraphCollection, between: Sequence[str]) -> tuple[str, str]:
    have = tuple(dict.fromkeys(graph.species.casefold() for graph in graphs))
    where = f"{graphs.tissue} ({graphs.source})"
    if between:
        wanted = tuple(dict.fromkeys(name.casefold() for name in between))
        if len(wanted) != 2 or not set(wanted) <= set(have):
            raise UsageError(
                f"--between {','.join(between)} names no two species of {where}, which has "
                f"{', '.join(have)}"
            )
        return wanted[0], wanted[1]
    if len(have) != 2:
        raise UsageError(
            f"{where} has {len(have)} species ({', '.join(have)}), want two; add data of another "
            "with bench data add --species, or choose two with --between"
        )
    return have[0], have[1]


def _named_pairs(
    graphs: GraphCollection, species: tuple[str, str], table: Path | None
) -> tuple[list[tuple[str, str]], int]:
    """Return the orthologs of the graphs by their names there, and how many bear one name."""
    names = [
        list(dict.fromkeys(gene for g in graphs if g.species.casefold() == of for gene in g.genes))
        for of in species
    ]
    bare = [[own_name(gene, of) for gene in each] for each, of in zip(names, species, strict=True)]
    found = [(names[0][i], names[1][j]) for i, j in ortholog_pairs(bare[0], bare[1], table)]
    hidden = [(first, second) for first, second in found if first != second]
    if not hidden:
        raise DataError(
            f"all {len(found)} pairs of orthologs of {graphs.tissue} ({graphs.source}) bear one "
            "name, by which methods join data sets; add the data again with bench data add "
            "--names-apart, and run the methods on them"
            if found
            else f"no gene of {graphs.tissue} ({graphs.source}) is called alike in {species[0]} "
            f"and {species[1]}; give a table of orthologs with --orthologs"
        )
    return hidden, len(found) - len(hidden)


def _both_ways(
    graphs: GraphCollection,
    i: int,
    j: int,
    pairs: Sequence[tuple[str, str]],
    own_levels: Mapping[str, Sequence[DoubleArray]],
) -> Iterator[Orthologs]:
    first, second = graphs[i].index, graphs[j].index
    having = [p for p, (a, b) in enumerate(pairs) if a in first and b in second]
    if len(having) < FEWEST:
        return
    rows = np.array([(first[pairs[p][0]], second[pairs[p][1]]) for p in having]).T
    number = np.array(having)
    for (of, own), (to, other) in (((i, rows[0]), (j, rows[1])), ((j, rows[1]), (i, rows[0]))):
        ranks = shares(np.stack([own_levels[name][to][other] for name in (DEGREE, EXPRESSION)]))
        every = np.ones(len(other), dtype=bool)
        like = tuple(balanced(ranks, gene, every) for gene in range(len(other)))
        yield Orthologs(of, to, number, own, other, like)


def _found(
    asked: Sequence[Orthologs],
    n_pairs: int,
    similarity: Callable[[Orthologs], DoubleArray],
    clusters: Sequence[IntArray] | None = None,
) -> Found:
    """Average what every two graphs tell of the pairs that they have.

    `similarity` gives the (m, m) of the genes of the first graph to those of the second, and
    `clusters` are the (n_genes,) of every graph.
    """
    names = [field.name for field in fields(Found)]
    total, times = np.zeros((2, len(names), n_pairs))
    for each in asked:
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


def _methods(task: TaskRuns, asked: Sequence[Orthologs], n_pairs: int) -> Iterator[SpeciesRow]:
    ends = np.cumsum([graph.n_genes for graph in task.graphs])[:-1]
    for label, runs in task.by_label.items():
        each = [_found(asked, n_pairs, _cosines(run), np.split(run.clusters, ends)) for run in runs]
        found = Found(
            *(np.mean([getattr(f, of.name) for f in each], axis=0) for of in fields(Found))
        )
        apart = all(not _cosines(run)(pair).any() for run in runs for pair in asked)
        yield SpeciesRow(label, runs[0].control, len(runs), found, apart)


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
    asked: Sequence[Orthologs],
    n_pairs: int,
    own_levels: Mapping[str, Sequence[DoubleArray]],
) -> Iterator[SpeciesRow]:
    for name, of in own_levels.items():

        def alike(each: Orthologs, of: Sequence[DoubleArray] = of) -> DoubleArray:
            first = shares(of[each.first][None, each.own])[0]
            second = shares(of[each.second][None, each.other])[0]
            return -np.abs(first[:, None] - second)

        yield SpeciesRow(name, True, 1, _found(asked, n_pairs, alike))

    def told(each: Orthologs) -> DoubleArray:
        first = graphs[each.first].adjacency[each.own][:, each.own].toarray()
        second = graphs[each.second].adjacency[each.other][:, each.other].toarray()
        unit = unit_length([first.astype(np.float32), second.astype(np.float32)])
        return np.round(unit[0] @ unit[1].T, DECIMALS)

    yield SpeciesRow(ORTHOLOGS, True, 1, _found(asked, n_pairs, told))
    chance = _found(asked, n_pairs, lambda each: np.zeros((len(each.pair),) * 2))
    yield SpeciesRow(CHANCE, True, 1, chance)
