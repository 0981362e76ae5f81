"""How alike the genes and edges of two graphs are, and how alike they would be by chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from genearena.data.graphs import GeneGraph

# rules of thumb: two real donors share 14-52 % of their genes, also across species, and their
# edges are 1.7-8 times as alike as by chance
MIN_GENE_JACCARD = 0.1
MIN_LIFT = 1.5
MAX_EXPECTED = 0.5
"""Graphs so dense that chance alone makes half of their edges alike cannot be much more so."""


@dataclass(frozen=True)
class GraphOverlap:
    """What two graphs share.

    Parameters
    ----------
    first, second
        Names of the graphs.
    n_common, gene_jaccard
        Genes in both, and these over genes in either.
    edge_jaccard
        Over pairs of common genes, edges in both over edges in either; NaN if there are none.
    edge_expected
        What `edge_jaccard` would be if each graph had as many edges among the common genes, but
        at random: with a and b edges of N pairs, ab/N are expected in both.
    """

    first: str
    second: str
    n_common: int
    gene_jaccard: float
    edge_jaccard: float
    edge_expected: float

    @property
    def lift(self) -> float:
        """How many times as alike edges are as by chance; NaN if there are none."""
        return self.edge_jaccard / self.edge_expected if self.edge_expected else float("nan")


def graph_overlap(first: GeneGraph, second: GeneGraph) -> GraphOverlap:
    """Compare the genes of two graphs and the edges among the genes they share."""
    common = sorted(set(first.genes) & set(second.genes))
    either = first.n_genes + second.n_genes - len(common)
    one, two = (
        graph.adjacency[rows][:, rows]
        for graph in (first, second)
        for rows in [[graph.index[gene] for gene in common]]
    )
    both = int(one.multiply(two).nnz)
    pairs = len(common) * (len(common) - 1)
    chance = one.nnz * two.nnz / pairs if pairs else 0.0
    return GraphOverlap(
        first.name,
        second.name,
        len(common),
        len(common) / either,
        _jaccard(both, one.nnz, two.nnz),
        _jaccard(chance, one.nnz, two.nnz),
    )


def graph_overlaps(graphs: Sequence[GeneGraph]) -> tuple[GraphOverlap, ...]:
    """Compare each two graphs, in order."""
    return tuple(graph_overlap(first, second) for first, second in combinations(graphs, 2))


def overlap_warnings(overlaps: Sequence[GraphOverlap]) -> tuple[str, ...]:
    """Return a line for each way in which graphs of one task may have too little in common."""
    found = []
    few = [pair for pair in overlaps if pair.gene_jaccard < MIN_GENE_JACCARD]
    if few:
        worst = min(few, key=lambda pair: pair.gene_jaccard)
        found.append(
            f"{len(few)} of {len(overlaps)} pairs of graphs share under {MIN_GENE_JACCARD:.0%} of "
            f"their genes, '{worst.first}' and '{worst.second}' {worst.n_common}; check that all "
            "name genes alike (--gene-names, --orthologs), or add more --genes"
        )
    # without edges among common genes, both are NaN and not below
    unlike = [p for p in overlaps if p.lift < MIN_LIFT and p.edge_expected < MAX_EXPECTED]
    if unlike:
        worst = min(unlike, key=lambda pair: pair.lift)
        found.append(
            f"{len(unlike)} of {len(overlaps)} pairs of graphs have edges under {MIN_LIFT:g} times "
            f"as alike as by chance, '{worst.first}' and '{worst.second}' {worst.lift:.2f} times; "
            "co-expression there is of one donor or noise, and methods cannot agree on it"
        )
    return tuple(found)


def _jaccard(both: float, one: int, two: int) -> float:
    return float(both / (one + two - both)) if one + two else float(np.nan)
