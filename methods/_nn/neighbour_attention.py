"""Attention along edges, visiting only the neighbours of a gene.

The kernels read the joint output of the query, key, value and root maps as it lies in memory and
write its gradient in the same layout, so that nothing is split, copied or transposed.
"""

from dataclasses import dataclass
from typing import Any, cast

import numba
import numpy as np
import torch
from torch import Tensor

from genearena.data.graphs import FloatArray, GeneGraph, IntArray
from genearena.methods._nn.attention_kernels import (
    attend,
    differentiate_keys_and_values,
    differentiate_queries,
)
from genearena.methods._nn.vector_loops import LANES

_launched: Any = numba.config


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The neighbours of every gene, itself among them, in compressed rows.

    Parameters
    ----------
    starts
        (n + 1,) where the neighbours of each gene begin in `genes`.
    genes
        (edges,) rows of the neighbours.
    reverse
        (edges,) for the entry of edge (i, j) the place of (j, i).
    """

    starts: IntArray
    genes: IntArray
    reverse: IntArray

    @classmethod
    def of(cls, graph: GeneGraph) -> "Neighbours":
        """Return the neighbours in a graph with a self-loop on every gene."""
        looped = graph.adjacency.astype(np.int64).tolil()
        looped.setdiag(1)
        rows = looped.tocsr()
        rows.sort_indices()
        rows.data = np.arange(rows.nnz)
        reverse = rows.T.tocsr()
        reverse.sort_indices()
        kept = (rows.indptr, rows.indices, reverse.data)
        return cls(*(array.astype(np.int64) for array in kept))


def neighbour_attention(maps: Tensor, edges: Neighbours, heads: int) -> Tensor:
    """Return attention over the neighbours plus the root term.

    Parameters
    ----------
    maps
        (seeds, n, 4 · heads · width) float32 on the CPU: queries, keys, values and root terms,
        each with the heads one after the other; width a multiple of 16.
    edges
        Whom each gene attends to.
    heads
        Number of heads.

    Returns
    -------
    (seeds, n, heads · width).
    """
    return cast(Tensor, _attend(maps, edges, heads))


class _NeighbourAttention(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, maps: Tensor, edges: Neighbours, heads: int) -> Tensor:
        seeds, n, columns = maps.shape
        maps = maps.detach().contiguous()
        weights = torch.empty(seeds * len(edges.genes) * heads)
        out = torch.empty(seeds, n, columns // 4)
        size = ((0,) * heads, (0,) * (columns // 4 // heads // LANES))
        _share_threads()
        attend(_flat(maps), edges.starts, edges.genes, *size, _flat(weights), _flat(out))
        ctx.save_for_backward(maps, weights)
        ctx.edges, ctx.size = edges, size
        return out

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        maps, weights = ctx.saved_tensors
        edges: Neighbours = ctx.edges
        gradient, scores = torch.empty_like(maps), torch.empty_like(weights)
        upstream = gradients[0].contiguous()
        where = (_flat(maps), edges.starts, edges.genes)
        what = (*ctx.size, *map(_flat, (weights, upstream, scores, gradient)))
        _share_threads()
        differentiate_queries(*where, *what)
        differentiate_keys_and_values(*where, edges.reverse, *what)
        return gradient, None, None


_attend: Any = _NeighbourAttention.apply


def _flat(tensor: Tensor) -> FloatArray:
    array: FloatArray = tensor.numpy().reshape(-1)
    return array


def _share_threads() -> None:
    """Let the kernels use as many threads as torch."""
    threads = torch.get_num_threads()
    numba.set_num_threads(min(threads, _launched.NUMBA_NUM_THREADS))
    # starting numba's threads may have changed the number of those of torch
    torch.set_num_threads(threads)
