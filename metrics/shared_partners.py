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
    g, h, other_g, other_h = exchanges(edges_among(kept_back, answering))
    if not g.size:
        return None
    cosine = space.cosine(i, j)[np.ix_(asking, answering)]
    true = cosine[g, h] + cosine[other_g, other_h]
    exchanged = cosine[g, other_h] + cosine[other_g, h]
    here, there = space.covered_in(i)[asking], space.covered_in(j)[answering]
    known = here[g] & here[other_g] & there[h] & there[other_h]
    # sums of rounded cosines that are equal differ by the order of adding
    return float((np.sign(np.round(true - exchanged, 10)) * known).mean())


def exchanges(edges: Mask) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Return g, h, g' and h' of the pairs of edges that may exchange partners.

    `edges` are (n, n), symmetric. Every pair of edges is there in both ways of exchanging, or
    `EXCHANGES` of them are drawn, always the same.
    """
    u, v = np.nonzero(edges)
    n = len(u)
    if n * n <= EXCHANGES:
        first, second = (each.ravel() for each in np.indices((n, n)))
    else:
        first, second = np.random.default_rng(0).integers(n, size=(2, EXCHANGES))
    g, h, other_g, other_h = u[first], v[first], u[second], v[second]
    apart = (g != other_g) & (h != other_h) & (g != other_h) & (other_g != h)
    free = apart & ~edges[g, other_h] & ~edges[other_g, h]
    return g[free], h[free], other_g[free], other_h[free]


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
