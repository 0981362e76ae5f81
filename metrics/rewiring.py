"""Rewiring: whether a gene whose partners differ between donors lies apart, degrees aside."""

from collections.abc import Sequence
from itertools import combinations, combinations_with_replacement
from typing import Any

import numpy as np
import numpy.typing as npt

from genearena.metrics._shared.nearest_rows import DoubleArray
from genearena.metrics._shared.precision import Mask
from genearena.metrics._shared.preconditions import mean_over_pairs, need_several_datasets
from genearena.metrics._shared.shared_genes import edges_among, shared_rows
from genearena.metrics.base import Metric, Score
from genearena.metrics.embedding_space import EmbeddingSpace

FEWEST = 24
"""Genes that two donors must share: up to sixteen numbers are fitted to them."""
NOTHING = 1e-9
"""Standard deviation of ranks, as a share of their number, that is rounding."""


def rewiring(space: EmbeddingSpace) -> Score:
    """Return the rank correlation of a gene's cosine between donors with its shared partners.

    Partners are those in the cells that both donors keep back. Shared ones are counted beyond what
    the gene's numbers of partners give by chance, as a share of the most there can be. Of a gene
    with few partners, or with others in each half of a donor's cells, they are told less well and
    seem to differ more. So the correlation is partial: from both ranks the part is taken that a
    quadratic function of the two donors' ranks explains, of the gene's degrees in either half of
    the cells and of the share of its partners that both halves of a donor's cells show. It is
    multiplied by the share of genes that have vectors, and averaged over pairs of donors. One
    vector per gene name gives 0.

    Raises
    ------
    NotDefined
        If there is one data set, or no two of them share genes and both keep back cells.

    References
    ----------
    Kendall (1942), Partial rank correlation, Biometrika 32.
    """
    need_several_datasets(space)
    pairs = combinations(range(len(space.graphs)), 2)
    values = {(i, j): _of_pair(space, i, j) for i, j in pairs}
    return mean_over_pairs(values, "no two data sets that share genes both keep back cells")


def _of_pair(space: EmbeddingSpace, i: int, j: int) -> float | None:
    first, second = space.graphs[i], space.graphs[j]
    a, b = shared_rows(first, second)
    if first.replicate is None or second.replicate is None or len(a) < FEWEST:
        return None
    kept = edges_among(first.replicate, a), edges_among(second.replicate, b)
    shared = shared_beyond_chance(*kept)
    told = ~np.isnan(shared)
    if told.sum() < FEWEST or np.ptp(shared[told]) == 0:
        return None
    known = told & space.covered_in(i)[a] & space.covered_in(j)[b]
    if known.sum() < FEWEST:
        return 0.0
    seen = edges_among(first.adjacency, a), edges_among(second.adjacency, b)
    replicated = [shared_beyond_chance(*halves) for halves in zip(kept, seen, strict=True)]
    found = partial_rank_correlation(
        space.cosine_of(i, a, j, b)[known],
        shared[known],
        [
            [network.sum(axis=1)[known] for network in kept],
            [network.sum(axis=1)[known] for network in seen],
            # what could not be shared by more than chance tells nothing
            [np.nan_to_num(share[known]) for share in replicated],
        ],
    )
    return found * float(known.sum() / told.sum())


def shared_beyond_chance(first: Mask, second: Mask) -> DoubleArray:
    """Return how far genes share their partners in two networks.

    Parameters
    ----------
    first, second
        (n, n) symmetric, of the same genes in the same order.

    Returns
    -------
    (n,) shares, 0 where as many partners are shared as by chance and 1 where all are; NaN for genes
    that could share no more than by chance.
    """
    degrees = first.sum(axis=1), second.sum(axis=1)
    chance = degrees[0] * degrees[1] / (len(first) - 1)
    most = np.minimum(*degrees)
    shared = (first & second).sum(axis=1)
    nothing = np.full(len(first), np.nan)
    share: DoubleArray = np.divide(shared - chance, most - chance, out=nothing, where=most > chance)
    return share


def partial_rank_correlation(
    x: DoubleArray, y: DoubleArray, given: Sequence[Sequence[npt.NDArray[Any]]]
) -> float:
    """Return Spearman's correlation of what other ranks leave of two.

    `x`, `y` and all that is `given` are (n,). The ranks of both are set free of a sum of quadratic
    functions, one of each group's ranks. 0 where nothing is left of either, as of a constant.
    """
    terms = [np.ones(len(x))]
    for group in given:
        ranks = [_ranks(values) for values in group]
        terms += [*ranks, *(a * b for a, b in combinations_with_replacement(ranks, 2))]
    explaining = np.stack(terms, axis=1)
    both = np.stack([_ranks(x), _ranks(y)], axis=1)
    left = both - explaining @ np.linalg.lstsq(explaining, both, rcond=None)[0]
    length = np.linalg.norm(left, axis=0)
    if length.min() <= NOTHING * np.sqrt(len(left)):
        return 0.0
    return float(np.clip(left[:, 0] @ left[:, 1] / length.prod(), -1.0, 1.0))


def _ranks(values: npt.NDArray[Any]) -> DoubleArray:
    # two seconds, which tables of stored runs would wait for
    from scipy.stats import rankdata

    ranks: DoubleArray = rankdata(values) / len(values) - 0.5
    return ranks


METRIC = Metric(
    name="rewiring",
    label="Rewiring",
    function=rewiring,
    low=-1.0,
    headline=True,
    cites="GeneArena",
    equation="rank correlation of cos(zᵢ, zᵢ') with the share of i's partners in both donors",
    remark="In the cells they keep back, beyond chance; partial, given i's degrees and how its "
    "partners replicate. In the headline where functions are unknown.",
    group="Headline",
    changes_with=frozenset({"shift"}),
)
