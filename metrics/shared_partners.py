"""Partners: whether a gene's partners are found among another donor's vectors, degrees aside."""

from itertools import permutations

import numpy as np

from genearena.data.graphs import FEWEST_COMMON, IntArray
from genearena.metrics._shared.precision import Mask
from genearena.metrics._shared.preconditions import mean_over_pairs, need_several_datasets
from genearena.metrics._shared.shared_genes import edges_among, shared_rows
from genearena.metrics.base import Metric, Score
from genearena.metrics.embedding_space import EmbeddingSpace

EXCHANGES = 200_000
"""How many pairs of edges are looked at, all where there are no more: the error is below .003."""


def shared_partners(space: EmbeddingSpace) -> Score:
    """Average how often true partners lie closer across donors than exchanged ones.

    Two edges g-h and g'-h' of the cells that donor j keeps back may exchange partners where neither
    g-h' nor g'-h is an edge. They count +1 if cos(g, h) + cos(g', h') is greater than cos(g, h') +
    cos(g', h), -1 if it is less; g and g' have their vectors of donor i, h and h' those of donor j.
    An exchange keeps every gene's number of partners, so that in a network that is random but for
    these numbers the expected value is exactly 0 for all vectors. An exchange with a gene without a
    vector counts 0. The mean runs over exchanges among the genes that both donors have, then over
    ordered pairs of donors.

    Raises
    ------
    NotDefined
        If there is one data set, or no donor keeps back cells in which partners can be exchanged.

    References
    ----------
    Maslov & Sneppen (2002), Specificity and stability in topology of protein networks, Science 296.
    """
    need_several_datasets(space)
    pairs = permutations(range(len(space.graphs)), 2)
    values = {(i, j): _of_pair(space, i, j) for i, j in pairs}
    return mean_over_pairs(values, "no two data sets share genes with kept-back cells")


def _of_pair(space: EmbeddingSpace, i: int, j: int) -> float | None:
    asking, answering = shared_rows(space.graphs[i], space.graphs[j])
    kept_back = space.graphs[j].replicate
    if kept_back is None or len(asking) < FEWEST_COMMON:
        return None
    from genearena.metrics._shared.pair_loops import sum_over_exchanges

    edges = edges_among(kept_back, answering)
    total, free = sum_over_exchanges(
        *ways(edges),
        edges,
        space.cosine(i, j)[np.ix_(asking, answering)],
        space.covered_in(i)[asking],
        space.covered_in(j)[answering],
    )
    return total / free if free else None


def ways(edges: Mask) -> tuple[IntArray, IntArray]:
    """Return the genes (2, m) of every edge in either way, and (2, pairs) of them to look at.

    These are all pairs, or `EXCHANGES` of them that are drawn, always the same.
    """
    ends = np.stack(np.nonzero(edges))
    m = ends.shape[1]
    if m * m <= EXCHANGES:
        return ends, np.indices((m, m)).reshape(2, -1)
    return ends, np.random.default_rng(0).integers(m, size=(2, EXCHANGES))


METRIC = Metric(
    name="shared_partners",
    label="Partners",
    function=shared_partners,
    low=-1.0,
    headline=True,
    cites="GeneArena",
    equation="2 P( cos(zᵢ, zⱼ) + cos(zₖ, zₗ) > cos(zᵢ, zₗ) + cos(zₖ, zⱼ) ) - 1   for edges ij, kl",
    remark="i and k of one donor, j and l of another: edges of its kept-back cells, where il and "
    "kj are none. In the headline where functions are unknown.",
    group="Headline",
    changes_with=frozenset({"shift"}),
)
