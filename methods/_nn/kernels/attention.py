"""Compiled loops of attention over neighbours and of its gradient.

All arrays are flat. `maps` holds queries, keys and values, each head after head, and of every head
gene after gene: what a head reads again and again lies close together, and fits a cache. `weights`
holds, head after head, a number per edge. `joint`, of which maps are a copy, its gradient and `out`
are gene after gene. Threads share out heads and genes, or a fixed number of parts of them, and
write only what they own, so that the bits do not depend on how many there are.

The number of heads and that of vectors in a head are the lengths of two tuples, `heads` and
`vectors`: lengths are part of a type, so that a kernel is compiled for each.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import math

import numpy as np
from numba import prange

from genearena.data.common.compiled import compiled_parallel
from genearena.methods._nn.kernels.exponential import exponential
from genearena.methods._nn.kernels.features import LANES, added, dot, load, store, zeros

_F = np.float32


@compiled_parallel
def attend_neighbours(maps, joint, starts, genes, heads, vectors, weights, out):
    """Fill `weights` with the softmax of the scores and `out` with attention plus root term."""
    n, width, total = starts.size - 1, LANES * len(vectors), LANES * len(vectors) * len(heads)
    scale = _F(1 / math.sqrt(width))
    for at in prange(n * len(heads)):
        head, row = at // n, at % n
        neighbours = genes[starts[row] : starts[row + 1]]
        w = weights[head * genes.size + starts[row] : head * genes.size + starts[row + 1]]
        keys, values = (len(heads) + head) * n, (2 * len(heads) + head) * n
        query, top = load(maps, at * width, vectors), _F(-np.inf)
        for e in range(neighbours.size):
            w[e] = scale * dot(query, load(maps, (keys + neighbours[e]) * width, vectors))
            top = max(top, w[e])
        norm = _F(0)
        for e in range(neighbours.size):
            w[e] = exponential(w[e] - top)
            norm += w[e]
        attended, share = zeros(vectors), _F(1) / norm
        for e in range(neighbours.size):
            w[e] *= share
            value = load(maps, (values + neighbours[e]) * width, vectors)
            attended = added(attended, w[e], value)
        root = load(joint, (4 * row + 3) * total + head * width, vectors)
        store(out, row * total + head * width, added(attended, _F(1), root))


@compiled_parallel
def differentiate(maps, starts, genes, heads, vectors, weights, upstream, parts, gradient):
    """Fill `gradient`, given the gradient `upstream` of what `attend_neighbours` gave.

    A gene's gradient of keys and values is the sum over the genes that attend to it. For every
    head the genes are dealt to so many parts, each with a share of those sums of its own.
    """
    n, width, total = starts.size - 1, LANES * len(vectors), LANES * len(vectors) * len(heads)
    scale = _F(1 / math.sqrt(width))
    of_keys, of_values = np.empty((2, len(heads) * parts, n * width), np.float32)
    for share in prange(len(heads) * parts):
        head, part = share // parts, share % parts
        keys, values = (len(heads) + head) * n, (2 * len(heads) + head) * n
        to_key, to_value = of_keys[share], of_values[share]
        to_key[:] = 0
        to_value[:] = 0
        slopes = np.empty(n, np.float32)
        for row in range(part * n // parts, (part + 1) * n // parts):
            neighbours = genes[starts[row] : starts[row + 1]]
            w = weights[head * genes.size + starts[row] : head * genes.size + starts[row + 1]]
            at = (head * n + row) * width
            query, given = load(maps, at, vectors), load(upstream, at, vectors)
            mean, of_query = _F(0), zeros(vectors)
            for e in range(neighbours.size):
                other = neighbours[e] * width
                slopes[e] = dot(given, load(maps, values * width + other, vectors))
                mean += slopes[e] * w[e]
                store(to_value, other, added(load(to_value, other, vectors), w[e], given))
            for e in range(neighbours.size):
                other, slope = neighbours[e] * width, scale * w[e] * (slopes[e] - mean)
                of_query = added(of_query, slope, load(maps, keys * width + other, vectors))
                store(to_key, other, added(load(to_key, other, vectors), slope, query))
            store(gradient, 4 * row * total + head * width, of_query)
            store(gradient, (4 * row + 3) * total + head * width, given)
    for at in prange(n * len(heads)):
        head, row = at // n, at % n
        of_key, of_value = zeros(vectors), zeros(vectors)
        for share in range(head * parts, (head + 1) * parts):
            of_key = added(of_key, _F(1), load(of_keys[share], row * width, vectors))
            of_value = added(of_value, _F(1), load(of_values[share], row * width, vectors))
        store(gradient, (4 * row + 1) * total + head * width, of_key)
        store(gradient, (4 * row + 2) * total + head * width, of_value)
