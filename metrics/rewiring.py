"""Rewiring: whether a gene whose partners differ between donors lies apart, degrees aside."""

from collections.abc import Sequence
from itertools import combinations, combinations_with_replacement

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from genearena.metrics._shared.nearest_rows import DoubleArray
from genearena.metrics._shared.precision import Mask
from genearena.metrics._shared.preconditions import mean_over_pairs, need_several_datasets
from genearena.metrics._shared.shared_genes import edges_among, shared_rows
from genearena.metrics.base import Metric, Score
from genearena.metrics.embedding_space import EmbeddingSpace

FEWEST = 20
"""Genes that two donors must share: up to fifteen numbers are fitted to their degrees."""
NOTHING = 1e-9
"""Standard deviation of ranks, as a share of their number, that is rounding."""


def rewiring(space: EmbeddingSpace) -> Score:
    """Return the rank correlation of a gene's cosine between donors with its shared partners.

    Partners are those in the cells that both donors keep back. Shared ones are counted beyond what
    the gene's numbers of partners give by chance, as a share of the most there can be. The
    correlation is partial: from the ranks of both the part is taken that a quadratic function of
    the ranks of four degrees explains, those of the gene in either half of either donor's cells,
    since few partners are told less well and seem to differ more. It is multiplied by the share of
    genes that have vectors, and averaged over pairs of donors. One vector per gene name gives 0.

    Raises
    ------
    NotDefined
        If there is one data set, or no two of them share genes and both keep back cells.

    References
    ----------
    Kendall (1942), Partial rank correlation, Biometrika 32; Skinnider, Squair & Foster (2019),
    Evaluating measures of association for single-cell transcriptomics, Nature Methods 16, on how
    networks of single cells replicate.
    """
    need_several_datasets(space)
    pairs = combinations(range(len(space.graphs)), 2)
    values = {(i, j): _of_pair(space, i, j) for i, j in pairs}
    return mean_over_pairs(values, "no two data sets that share genes both keep back cells")


def _of_pair(space: EmbeddingSpace, i: int, j: int) -> float | None:
    rows, first, second = shared_rows(space, i, j), space.graphs[i], space.graphs[j]
    if rows is None or first.replicate is None or second.replicate is None:
        return None
    a, b = rows
    kept = edges_among(first.replicate, a), edges_among(second.replicate, b)
    shared = shared_beyond_chance(*kept)
    told = ~np.isnan(shared)
    if told.sum() < FEWEST or np.ptp(shared[told]) == 0:
        return None
    known = told & space.covered_in(i)[a] & space.covered_in(j)[b]
    if known.sum() < FEWEST:
        return 0.0
    networks = *kept, edges_among(first.adjacency, a), edges_among(second.adjacency, b)
    found = partial_rank_correlation(
        space.cosine_of(i, a, j, b)[known],
        shared[known],
        [network.sum(axis=1)[known] for network in networks],
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
    x: npt.ArrayLike, y: npt.ArrayLike, given: Sequence[npt.ArrayLike]
) -> float:
    """Return Spearman's correlation of what a quadratic function of other ranks leaves of two.

    All are (n,). 0 where nothing is left of either, as of a constant.
    """
    ranks = [rankdata(values) / len(values) - 0.5 for values in map(np.asarray, (x, y, *given))]
    terms = combinations_with_replacement([np.ones_like(ranks[0]), *ranks[2:]], 2)
    explaining = np.stack([first * second for first, second in terms], axis=1)
    both = np.stack(ranks[:2], axis=1)
    left = both - explaining @ np.linalg.lstsq(explaining, both, rcond=None)[0]
    length = np.linalg.norm(left, axis=0)
    if length.min() <= NOTHING * np.sqrt(len(left)):
        return 0.0
    return float(np.clip(left[:, 0] @ left[:, 1] / length.prod(), -1.0, 1.0))


METRIC = Metric(
    name="rewiring",
    label="Rewiring",
    function=rewiring,
    low=-1.0,
    headline=True,
    cites="GeneArena",
    equation="rank correlation of cos(zᵢ, zᵢ') with the share of i's partners in both donors",
    remark="In the cells they keep back, beyond chance; partial, given i's degrees. One vector per "
    "gene name is at 0. In the headline where functions are unknown.",
    group="Headline",
    changes_with=frozenset({"shift"}),
)
