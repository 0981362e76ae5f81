"""How many of the other class every gene beats: what areas under ROC curves are means of."""

import numpy as np

from genearena.data.genesets.gene_sets import BoolArray
from genearena.metrics._shared.nearest_rows import DoubleArray

CHANCE = 0.5


def placements(scores: DoubleArray, members: BoolArray, known: BoolArray) -> DoubleArray:
    """Return the share of the other class that every gene is on the right side of, for every set.

    A member is right above a gene that is none, which is right below a member; equal scores count
    half, and so does every pair with a gene that has no score. The mean over members, as that over
    the others, is the area under the ROC curve: these are DeLong's components.

    Parameters
    ----------
    scores, members
        (n, T) a score, and whether it is in the set, of every gene for every set.
    known
        (n,) which genes have scores.

    Returns
    -------
    (n, T), NaN where a set has all of the genes or none.

    References
    ----------
    DeLong, DeLong & Clarke-Pearson (1988).
    """
    n_members = members.sum(axis=0)
    n_others = len(members) - n_members
    right = np.full(members.shape, CHANCE)
    rows = np.flatnonzero(known)
    if rows.size:
        # a row for each set: what is sorted lies side by side in memory
        values, own = scores[rows].T, members[rows].T
        order = np.argsort(values, axis=1)
        ordered = np.take_along_axis(values, order, axis=1)
        found = np.take_along_axis(own, order, axis=1)
        place = np.arange(rows.size)
        new = np.ones(found.shape, dtype=bool)
        new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
        first = np.maximum.accumulate(np.where(new, place, 0), axis=1)
        ends = np.ones(found.shape, dtype=bool)
        ends[:, :-1] = new[:, 1:]
        last = np.where(ends, place, rows.size - 1)
        last = np.minimum.accumulate(last[:, ::-1], axis=1)[:, ::-1]
        # members, and genes of either class, before every place; half of those of the same score
        before = np.concatenate([np.zeros((len(found), 1), int), np.cumsum(found, axis=1)], axis=1)
        low = np.take_along_axis(before, first, axis=1)
        high = np.take_along_axis(before, last + 1, axis=1)
        beaten = (low + high) / 2
        others = (first + last + 1) / 2 - beaten
        n_own = own.sum(axis=1, keepdims=True)
        right_of = np.where(found, others, n_own - beaten)
        # the pairs with genes without a score
        absent = np.where(
            found, n_others[:, None] - (rows.size - n_own), n_members[:, None] - n_own
        )
        right_of += CHANCE * absent
        back = np.empty_like(right_of)
        np.put_along_axis(back, order, right_of, axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            right[rows] = back.T / np.where(members[rows], n_others, n_members)
    right[:, (n_members == 0) | (n_others == 0)] = np.nan
    return right
