"""Genes to compare with: as like another as can be in two numbers, with as many above as below."""

from itertools import product

import numpy as np
from scipy.stats import rankdata

from genearena.data.genesets.gene_sets import BoolArray
from genearena.data.graphs import IntArray
from genearena.metrics._shared.nearest_rows import DoubleArray

PER_CORNER = 5
OPPOSITES = ((0, 3), (1, 2))


def shares(values: DoubleArray) -> DoubleArray:
    """Return the mean ranks of (c, n) numbers of genes, each row's between 0 and 1."""
    return np.asarray(rankdata(values, axis=1) / values.shape[1])


def balanced(
    ranks: DoubleArray, gene: int, free: BoolArray, k: int = PER_CORNER
) -> tuple[IntArray, DoubleArray]:
    """Return genes like another, so chosen that neither number tells it from them.

    Of the genes with more and with less of the one number and of the other, four corners, the
    nearest of each weigh alike. The nearest alone would not do: where a gene has much of
    something, most of those near to it have less. Of two opposite corners both are used or none.

    Parameters
    ----------
    ranks
        (2, n) `shares` of two numbers of n genes.
    gene
        Which gene.
    free
        (n,) which genes may be taken, itself among them or not.
    k
        Genes of a corner, at most.

    Returns
    -------
    (m,) genes and (m,) weights that sum to 1; none where no two opposite corners have genes.
    """
    apart = ranks - ranks[:, [gene]]
    far = np.abs(apart).sum(axis=0)
    others = free.copy()
    others[gene] = False
    corners = []
    for first, second in product((1, -1), repeat=2):
        places = np.flatnonzero(others & (first * apart[0] >= 0) & (second * apart[1] >= 0))
        corners.append(places[np.argsort(far[places], kind="stable")[:k]])
    used = [corners[c] for pair in OPPOSITES if all(corners[c].size for c in pair) for c in pair]
    if not used:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    weights = [np.full(len(corner), 1 / len(corner) / len(used)) for corner in used]
    return np.concatenate(used), np.concatenate(weights)
