"""Compiled loops of attention over neighbours and of its gradient.

All arrays are flat. `maps` and its gradient hold per row (a gene of a seed) the queries, keys,
values and root terms, each with the heads one after the other; `weights` and `scores` hold per
seed and edge one number per head. Every row writes only what it owns, so that rows may be shared
out between threads and the bits do not depend on how many there are.

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
def attend(maps, starts, genes, heads, vectors, weights, out):
    """Fill `weights` with the softmax of the scores and `out` with attention plus root term."""
    n, n_heads, width = starts.size - 1, len(heads), LANES * len(vectors)
    total = n_heads * width
    for row in prange(maps.size // (4 * total)):
        seed = row // n
        begin, end = starts[row - seed * n], starts[row - seed * n + 1]
        neighbours, base = genes[begin:end], seed * n
        w = (seed * genes.size + begin) * n_heads
        mine = row * 4 * total
        for e in range(neighbours.size):
            key = (base + neighbours[e]) * 4 * total + total
            for h in range(n_heads):
                c = h * width
                weights[w + e * n_heads + h] = dot_product(maps, mine + c, maps, key + c, width)
        _softmax(weights[w : w + neighbours.size * n_heads], n_heads, _F(1 / math.sqrt(width)))
        for c in range(total):
            out[row * total + c] = maps[mine + 3 * total + c]
        for e in range(neighbours.size):
            value = (base + neighbours[e]) * 4 * total + 2 * total
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
    _exponential(scores)
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
def _exponential(x):
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
def differentiate_queries(maps, starts, genes, heads, vectors, weights, upstream, scores, gradient):
    """Fill `scores` with the gradient of the scores, and the queries' and roots' in `gradient`."""
    n, n_heads, width = starts.size - 1, len(heads), LANES * len(vectors)
    total, scale = n_heads * width, _F(1 / math.sqrt(width))
    for row in prange(maps.size // (4 * total)):
        seed = row // n
        begin, end = starts[row - seed * n], starts[row - seed * n + 1]
        neighbours, base = genes[begin:end], seed * n
        w = (seed * genes.size + begin) * n_heads
        mine = row * 4 * total
        mean = np.zeros(n_heads, np.float32)
        for e in range(neighbours.size):
            value = (base + neighbours[e]) * 4 * total + 2 * total
            for h in range(n_heads):
                at, c = w + e * n_heads + h, h * width
                scores[at] = dot_product(upstream, row * total + c, maps, value + c, width)
                mean[h] += scores[at] * weights[at]
        for c in range(total):
            gradient[mine + c] = 0
            gradient[mine + 3 * total + c] = upstream[row * total + c]
        for e in range(neighbours.size):
            key = (base + neighbours[e]) * 4 * total + total
            for h in range(n_heads):
                at, c = w + e * n_heads + h, h * width
                scores[at] = scale * weights[at] * (scores[at] - mean[h])
                add_scaled(gradient, mine + c, scores[at], maps, key + c, width)


@_compiled
def differentiate_keys_and_values(
    maps, starts, genes, reverse, heads, vectors, weights, upstream, scores, gradient
):
    """Fill the keys' and values' part of `gradient` from the gradient of the scores."""
    n, n_heads, width = starts.size - 1, len(heads), LANES * len(vectors)
    total = n_heads * width
    for row in prange(maps.size // (4 * total)):
        seed = row // n
        key = row * 4 * total + total
        gradient[key : key + 2 * total] = 0
        for e in range(starts[row - seed * n], starts[row - seed * n + 1]):
            other = seed * n + genes[e]
            # the edge seen from its other end, whose query met this gene's key
            at = (seed * genes.size + reverse[e]) * n_heads
            for h in range(n_heads):
                c = h * width
                add_scaled(gradient, key + c, scores[at + h], maps, other * 4 * total + c, width)
                value = key + total + c
                add_scaled(gradient, value, weights[at + h], upstream, other * total + c, width)
