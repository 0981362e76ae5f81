"""The compiled loops over pairs of rows and of edges, apart from what is read without numba."""

import numpy as np
import numpy.typing as npt

from genearena.data.common.compiled import compiled
from genearena.data.graphs import IntArray
from genearena.metrics._shared.nearest_rows import DoubleArray
from genearena.metrics._shared.precision import Mask

IndexArray = npt.NDArray[np.int32]


@compiled
def sum_over_pairs(
    starts: IndexArray,
    members: IndexArray,
    holder_starts: IndexArray,
    holders: IndexArray,
    dataset: IntArray,
) -> float:
    """Add up the Jaccard indices of every two rows of different data sets, each pair once.

    A row counts the genes it shares with all later rows in one go, along the lists of rows that
    hold a gene (`holders`, ascending). A sparse product of the sets takes five times as long: it
    counts every pair twice and allocates an entry for it, as almost all pairs share something.
    """
    n = dataset.size
    later = holder_starts[:-1].copy()
    shared = np.zeros(n, dtype=np.int64)
    total = 0.0
    for row in range(n):
        for place in range(starts[row], starts[row + 1]):
            gene = members[place]
            later[gene] += 1
            for held in range(later[gene], holder_starts[gene + 1]):
                shared[holders[held]] += 1
        size = starts[row + 1] - starts[row]
        for other in range(row + 1, n):
            if shared[other] and dataset[other] != dataset[row]:
                union = size + starts[other + 1] - starts[other] - shared[other]
                total += shared[other] / union
            shared[other] = 0
    return total


@compiled
def sum_over_exchanges(
    ends: IntArray,
    drawn: IntArray,
    edges: Mask,
    cosine: DoubleArray,
    asking: Mask,
    answering: Mask,
) -> tuple[int, int]:
    """Return the sum of the signs that pairs of edges count, and how many may exchange partners.

    `ends` (2, m) are the genes of every edge in either way, `drawn` (2, pairs) which edges are
    looked at; `edges` and `cosine` are (n, n), `asking` and `answering` (n,) who has a vector.
    """
    total, free = 0, 0
    for pair in range(drawn.shape[1]):
        first, second = drawn[0, pair], drawn[1, pair]
        g, h, other_g, other_h = ends[0, first], ends[1, first], ends[0, second], ends[1, second]
        if g in (other_g, other_h) or h in (other_g, other_h):
            continue
        if edges[g, other_h] or edges[other_g, h]:
            continue
        free += 1
        if asking[g] and asking[other_g] and answering[h] and answering[other_h]:
            true = cosine[g, h] + cosine[other_g, other_h]
            gain = true - (cosine[g, other_h] + cosine[other_g, h])
            # sums of rounded cosines that are equal differ by the order of adding
            total += np.sign(np.rint(gain * 1e10))
    return int(total), free
