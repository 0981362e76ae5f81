"""Second-order (p, q) random walks by rejection sampling, compiled."""

import numpy as np
import numpy.typing as npt
from scipy import sparse

from genearena.data.common.compiled import compiled
from genearena.data.graphs import IntArray


def second_order_walks(
    adjacency: sparse.csr_array,
    *,
    walks_per_gene: int,
    length: int,
    p: float,
    q: float,
    seed: int,
) -> IntArray:
    """Walk from every gene that has an edge, preferring or avoiding the way back.

    From v, reached from t, the next gene x is drawn among the neighbours of v with a weight of
    1/p if x = t, 1 if x is a neighbour of t, and 1/q otherwise (Grover & Leskovec 2016, section
    3.2.2). Each walk has its own random stream, so its course does not depend on the others.

    Parameters
    ----------
    adjacency
        (n, n) symmetric 0/1 matrix with an empty diagonal.
    walks_per_gene
        Walks that start in each gene.
    length
        Genes per walk, the first included.
    p, q
        Return and in-out parameter, positive.
    seed
        Seed of the order of the starts and of every walk.

    Returns
    -------
    (walks, length) gene indices. Each round of walks starts in every gene once, in random order.
    """
    adjacency = sparse.csr_array(adjacency)
    adjacency.sort_indices()
    indptr = adjacency.indptr.astype(np.int64)
    indices = adjacency.indices.astype(np.int64)
    rng = np.random.default_rng(seed)
    connected = np.flatnonzero(np.diff(indptr))
    starts = np.concatenate([rng.permutation(connected) for _ in range(walks_per_gene)])
    streams = rng.integers(0, 2**63, starts.size, dtype=np.uint64)
    walks: IntArray = _walk_all(indptr, indices, starts, streams, length, 1.0 / p, 1.0 / q)
    return walks


@compiled
def _uniform(state: npt.NDArray[np.uint64]) -> float:
    # SplitMix64: one word of state, so that a walk's stream starts at no cost
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return float(z >> np.uint64(11)) * 2.0**-53


@compiled
def _is_edge(indptr: IntArray, indices: IntArray, a: int, b: int) -> bool:
    low, high = indptr[a], indptr[a + 1]
    while low < high:
        middle = (low + high) // 2
        if indices[middle] < b:
            low = middle + 1
        else:
            high = middle
    return bool(low < indptr[a + 1] and indices[low] == b)


@compiled
def _walk_all(
    indptr: IntArray,
    indices: IntArray,
    starts: IntArray,
    streams: npt.NDArray[np.uint64],
    length: int,
    back: float,
    out: float,
) -> IntArray:
    walks = np.empty((starts.size, length), dtype=np.int64)
    state = np.empty(1, dtype=np.uint64)
    for row in range(starts.size):
        state[0] = streams[row]
        before, here = -1, starts[row]
        walks[row, 0] = here
        for step in range(1, length):
            before, here = here, _next_gene(indptr, indices, before, here, back, out, state)
            walks[row, step] = here
    return walks


@compiled
def _next_gene(
    indptr: IntArray,
    indices: IntArray,
    before: int,
    here: int,
    back: float,
    out: float,
    state: npt.NDArray[np.uint64],
) -> int:
    """Draw the step after `before`, `here`, proposing neighbours uniformly under a ceiling.

    Only one neighbour has the weight of the way back. What of it exceeds the ceiling of the others
    is proposed apart, or a small p would have nearly every other proposal refused; and a proposal
    below the smaller of the others' two weights is accepted without looking for the edge.
    """
    first = indptr[here]
    degree = indptr[here + 1] - first
    if before < 0:
        return int(indices[first + int(_uniform(state) * degree)])
    ceiling, floor = max(1.0, out), min(1.0, out)
    excess = max(0.0, back - ceiling) / ceiling
    there = before
    accepted = False
    while not accepted:
        place = _uniform(state) * (degree + excess)
        # places past the neighbours are the excess of the way back
        if place >= degree:
            there, accepted = before, True
        else:
            there = indices[first + int(place)]
            height = _uniform(state) * ceiling
            if there == before:
                accepted = height < back
            elif height < floor:
                accepted = True
            else:
                near = _is_edge(indptr, indices, before, there)
                accepted = height < (1.0 if near else out)
    return int(there)
