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
from genearena.methods._nn.attention_kernels import attend, differentiate
from genearena.methods._nn.vector_loops import LANES

_launched: Any = numba.config


# so many threads can share the work of a gradient; more parts cost memory, and another number
# of parts other roundings, so that it is not the number of threads
PARTS = 4


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The neighbours of every gene, itself among them, in compressed rows.

    Parameters
    ----------
    starts
        (n + 1,) where the neighbours of each gene begin in `genes`.
    genes
        (edges,) rows of the neighbours.
    """

    starts: IntArray
    genes: IntArray

    @classmethod
    def of(cls, graph: GeneGraph) -> "Neighbours":
        """Return the neighbours in a graph with a self-loop on every gene."""
        looped = graph.adjacency.astype(np.int64).tolil()
        looped.setdiag(1)
        rows = looped.tocsr()
        rows.sort_indices()
        return cls(rows.indptr.astype(np.int64), rows.indices.astype(np.int64))


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
        gradient = torch.empty_like(maps)
        shares = np.empty((PARTS, maps.numel() // 2), np.float32)
        upstream = _flat(gradients[0].contiguous())
        _share_threads()
        differentiate(
            _flat(maps), edges.starts, edges.genes, *ctx.size, _flat(weights), upstream, shares,
            _flat(gradient),
        )  # fmt: skip
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
