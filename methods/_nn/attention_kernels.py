"""Compiled loops of attention over neighbours and of its gradient.

All arrays are flat. `maps` and its gradient hold per gene the queries, keys, values and root
terms, each with the heads one after the other; `weights` and `scores` hold per edge one number per
head. Genes, or a fixed number of parts of them, are shared out between threads and write only what
they own, so that the bits do not depend on how many there are.

The number of heads and that of vectors in a head are the lengths of two tuples, `heads` and
`vectors`: lengths are part of a type, so that a kernel is compiled for each and runs almost twice
as fast as with numbers known only when it runs.
"""

# mypy: disable-error-code="no-untyped-def"

import math
from typing import Any

import numpy as np
from numba import njit, prange

from genearena.methods._nn.vector_loops import LANES, add_scaled, dot_product

_F = np.float32
# fastmath promises LLVM that no number is infinite
_LOWEST = np.finfo(_F).min
_LOG2_E = _F(math.log2(math.e))
# Taylor series of 2**r; for |r| <= 1/2 it is exact to 2e-7
_C1, _C2, _C3, _C4, _C5, _C6 = (_F(math.log(2) ** k / math.factorial(k)) for k in range(1, 7))

_compiled: Any = njit(fastmath=True, error_model="numpy", parallel=True, cache=True)
_inlined: Any = njit(fastmath=True, error_model="numpy", inline="always")


@_compiled
def attend_neighbours(maps, starts, genes, heads, vectors, weights, out):
    """Fill `weights` with the softmax of the scores and `out` with attention plus root term."""
    n, n_heads, width = starts.size - 1, len(heads), LANES * len(vectors)
    total = n_heads * width
    for row in prange(n):
        begin, end = starts[row], starts[row + 1]
        neighbours, w = genes[begin:end], begin * n_heads
        mine = row * 4 * total
        for e in range(neighbours.size):
            key = neighbours[e] * 4 * total + total
            for h in range(n_heads):
                c = h * width
                weights[w + e * n_heads + h] = dot_product(maps, mine + c, maps, key + c, width)
        _softmax(weights[w : w + neighbours.size * n_heads], n_heads, _F(1 / math.sqrt(width)))
        for c in range(total):
            out[row * total + c] = maps[mine + 3 * total + c]
        for e in range(neighbours.size):
            value = neighbours[e] * 4 * total + 2 * total
            for h in range(n_heads):
                c = h * width
                add_scaled(
                    out, row * total + c, weights[w + e * n_heads + h], maps, value + c, width
                )


@_inlined
def _softmax(scores, heads, scale):
    """Replace the scores of one gene's edges by their softmax per head."""
    edges = scores.size // heads
    top = np.full(heads, _LOWEST, np.float32)
    for e in range(edges):
        for h in range(heads):
            top[h] = max(top[h], scores[e * heads + h])
    for e in range(edges):
        for h in range(heads):
            scores[e * heads + h] = scale * (scores[e * heads + h] - top[h])
    exponential(scores)
    norm = np.zeros(heads, np.float32)
    for e in range(edges):
        for h in range(heads):
            norm[h] += scores[e * heads + h]
    for h in range(heads):
        norm[h] = 1 / norm[h]
    for e in range(edges):
        for h in range(heads):
            scores[e * heads + h] *= norm[h]


@_inlined
def exponential(x):
    """Replace every x <= 0 by exp(x) = 2**k · 2**r, k whole, |r| <= 1/2."""
    bits = np.empty(x.size, np.int32)
    for t in range(x.size):
        y = max(x[t] * _LOG2_E, _F(-126))
        k = np.floor(y + _F(0.5))
        r = y - k
        # the exponent field of a float32 that is 2**k
        bits[t] = (np.int32(k) + np.int32(127)) << np.int32(23)
        x[t] = _F(1) + r * (_C1 + r * (_C2 + r * (_C3 + r * (_C4 + r * (_C5 + r * _C6)))))
    powers = bits.view(np.float32)
    for t in range(x.size):
        x[t] *= powers[t]


@_compiled
def differentiate(maps, starts, genes, heads, vectors, weights, upstream, shares, gradient):
    """Fill `gradient`, given the gradient `upstream` of what `attend_neighbours` gave.

    A gene's gradient of keys and values is the sum over the genes that attend to it. The genes are
    dealt to as many parts as `shares` has, each with a share of those sums of its own, so that
    parts need not wait for each other.
    """
    n, n_heads, width = starts.size - 1, len(heads), LANES * len(vectors)
    total = n_heads * width
    for part in prange(len(shares)):
        share = shares[part]
        share[:] = 0
        longest = 0
        for gene in range(n):
            longest = max(longest, starts[gene + 1] - starts[gene])
        scores = np.empty(longest * n_heads, np.float32)
        for row in range(part * n // len(shares), (part + 1) * n // len(shares)):
            begin, end = starts[row], starts[row + 1]
            _differentiate_row(
                row, genes[begin:end], maps, n_heads, width,
                weights[begin * n_heads : end * n_heads], upstream, scores, share, gradient,
            )  # fmt: skip
    for row in prange(n):
        for c in range(2 * total):
            summed = _F(0)
            for part in range(len(shares)):
                summed += shares[part, row * 2 * total + c]
            gradient[row * 4 * total + total + c] = summed


@_inlined
def _differentiate_row(
    row, neighbours, maps, n_heads, width, weights, upstream, scores, share, gradient
):
    """Fill the gradient of a gene's query and root, and add to that of its neighbours."""
    total, scale = n_heads * width, _F(1 / math.sqrt(width))
    mine = row * 4 * total
    mean = np.zeros(n_heads, np.float32)
    for e in range(neighbours.size):
        other = neighbours[e]
        for h in range(n_heads):
            at, c = e * n_heads + h, h * width
            value = other * 4 * total + 2 * total + c
            scores[at] = dot_product(upstream, row * total + c, maps, value, width)
            mean[h] += scores[at] * weights[at]
            given = other * 2 * total + total + c
            add_scaled(share, given, weights[at], upstream, row * total + c, width)
    for c in range(total):
        gradient[mine + c] = 0
        gradient[mine + 3 * total + c] = upstream[row * total + c]
    for e in range(neighbours.size):
        other = neighbours[e]
        for h in range(n_heads):
            at, c = e * n_heads + h, h * width
            score = scale * weights[at] * (scores[at] - mean[h])
            add_scaled(gradient, mine + c, score, maps, other * 4 * total + total + c, width)
            add_scaled(share, other * 2 * total + c, score, maps, mine + c, width)
