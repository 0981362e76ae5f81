"""Which orthologs the graphs of two species have, and genes that are like them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from genearena.benchmark.biology.baselines import DEGREE, EXPRESSION
from genearena.data.common.errors import DataError, UsageError
from genearena.data.graphs import GraphCollection, IntArray
from genearena.data.reading.gene_names import own_name
from genearena.data.reading.renaming import ortholog_pairs
from genearena.metrics._annotation.matching import balanced, shares
from genearena.metrics._shared.nearest_rows import DoubleArray

FEWEST = 10
"""Pairs of orthologs that two graphs have if they are compared."""


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
class Compared:
    """All that two species of a task are compared on.

    `n_pairs` counts pairs of orthologs, `n_shown` those that are not asked about since both genes
    bear one name, and `n_graphs` the graphs of either species.
    """

    species: tuple[str, str]
    n_pairs: int
    n_shown: int
    n_graphs: tuple[int, int]
    each: tuple[Orthologs, ...]

    @property
    def n_genes(self) -> float:
        """Mean number of genes that an ortholog is searched for among."""
        return float(np.mean([len(of.pair) for of in self.each]))


def compared(
    graphs: GraphCollection,
    table: Path | None,
    between: Sequence[str],
    own_levels: Mapping[str, Sequence[DoubleArray]],
) -> Compared:
    """Line up every graph of one species with every graph of the other, both ways.

    Parameters and what is raised are as `species.species_table` has them; `own_levels` are those
    of `baselines.levels`.
    """
    species = _two_species(graphs, between)
    pairs, n_shown = _named_pairs(graphs, species, table)
    places = [[i for i, g in enumerate(graphs) if g.species.casefold() == of] for of in species]
    each = [
        found
        for i in places[0]
        for j in places[1]
        for found in _both_ways(graphs, i, j, pairs, own_levels)
    ]
    if not each:
        raise DataError(
            f"no two graphs of {' and '.join(species)} of {graphs.tissue} ({graphs.source}) have "
            f"{FEWEST} pairs of the {len(pairs)} orthologs; add data with more --genes"
        )
    used = np.unique(np.concatenate([of.pair for of in each]))
    each = [replace(of, pair=np.searchsorted(used, of.pair)) for of in each]
    return Compared(species, len(used), n_shown, (len(places[0]), len(places[1])), tuple(each))


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
