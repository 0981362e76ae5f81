"""The compiled loop of neighbours overlap, apart from what is read without numba."""

import numpy as np
import numpy.typing as npt

from genearena.data.common.compiled import compiled
from genearena.data.graphs import IntArray

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
