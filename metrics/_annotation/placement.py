"""How many of the other class every gene beats: what areas under ROC curves are means of."""

# mypy: disable-error-code="no-untyped-def"

import numpy as np
from numba import prange

from genearena.data.common.compiled import compiled_parallel
from genearena.data.genesets.gene_sets import BoolArray
from genearena.metrics._shared.nearest_rows import DoubleArray

CHANCE = 0.5


def placements(
    scores: DoubleArray, members: BoolArray, known: BoolArray
) -> tuple[DoubleArray, DoubleArray]:
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
    (n, T) these shares and (T,) the average precision by the same order, as `average_precision` has
    it; NaN where a set has all of the genes or none.

    References
    ----------
    DeLong, DeLong & Clarke-Pearson (1988).
    """
    n, n_sets = members.shape
    right, precision = np.full((n_sets, n), CHANCE), np.full(n_sets, np.nan)
    rows = np.flatnonzero(known)
    # a row for each set: what is sorted lies side by side in memory
    values = np.ascontiguousarray(scores[rows].T, dtype=np.float64)
    _place(values, np.ascontiguousarray(members.T), rows, right, precision)
    return right.T, precision


@compiled_parallel
def _place(values, members, rows, right, precision):
    n_sets, n = members.shape
    k = len(rows)
    for t in prange(n_sets):
        n_members = members[t].sum()
        if n_members == 0 or n_members == n:
            right[t] = np.nan
            continue
        if k == 0:
            precision[t] = n_members / n
            continue
        value, own = values[t], members[t][rows]
        order = np.argsort(value)
        n_own = own.sum()
        # the pairs with genes without a score, and where those may lie
        absent, wanted = n - k, n_members - n_own
        first, low, found, guessed = 0, 0, 0.0, 0.0
        while first < k:  # genes of one score, from the lowest up
            last, high = first, low
            while last < k and value[order[last]] == value[order[first]]:
                high += own[order[last]]
                last += 1
            beaten = (low + high) / 2
            others = (first + last) / 2 - beaten
            for place in range(first, last):
                gene = order[place]
                if own[gene]:
                    above = others + CHANCE * (absent - wanted)
                    right[t, rows[gene]] = above / (n - n_members)
                else:
                    right[t, rows[gene]] = (n_own - beaten + CHANCE * wanted) / n_members
            hits, above = n_own - low, k - first
            share = above / k
            found += (high - low) * (hits + wanted * share) / (above + absent * share)
            # a gene without a score, wherever it lies, has itself before it
            one = (hits + 1 + (wanted - 1) * share) / (above + 1 + (absent - 1) * share)
            guessed += (last - first) * one
            first, low = last, high
        precision[t] = (found + wanted * guessed / k) / n_members
