"""Split genes into folds that hold like shares of every set."""

import numpy as np
import numpy.typing as npt

from genearena.data.genesets.gene_sets import BoolArray


def stratified_folds(
    members: BoolArray, n_folds: int, rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    """Return the (n,) fold of every gene, members of every set spread evenly over them.

    Sets are dealt with from the rarest on: each of its genes goes to the fold that lacks most of
    the set, and of several such to one with most room. Of one set this is a stratified split.

    Parameters
    ----------
    members
        (n, T) whether a gene is in a set.
    n_folds
        Number of folds.
    rng
        Decides what is left open: the order of genes and of equal folds.

    References
    ----------
    Sechidis, Tsoumakas & Vlahavas (2011), On the stratification of multi-label data.
    """
    n, n_sets = members.shape
    fold = np.full(n, -1, dtype=np.int64)
    lacking = np.tile(members.sum(axis=0) / n_folds, (n_folds, 1))
    room = np.full(n_folds, n / n_folds)
    order = rng.permutation(n)
    # a little of chance decides between equals
    chance = rng.uniform(0, 1e-6, size=(n, n_folds))
    left = members.sum(axis=0)
    while n_sets and left.any():
        rarest = int(np.argmin(np.where(left > 0, left, n + 1)))
        for gene in order[members[order, rarest] & (fold[order] < 0)]:
            wanting = lacking[:, rarest]
            most = np.flatnonzero(wanting >= wanting.max() - 1e-9)
            to = most[np.argmax(room[most] + chance[gene, most])]
            fold[gene] = to
            lacking[to, members[gene]] -= 1
            room[to] -= 1
            left -= members[gene]
    for gene in order[fold[order] < 0]:
        to = np.argmax(room + chance[gene])
        fold[gene] = to
        room[to] -= 1
    return fold
