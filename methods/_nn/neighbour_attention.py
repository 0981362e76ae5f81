"""Attention along the edges of a graph: by visiting neighbours, or by masking all pairs of genes.

The kernels that visit neighbours copy the queries, keys and values out of the joint output of the
maps, head by head: at 1000 genes a head's then fit a cache, as rows of all heads do not.
"""

import math
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.attention import SDPBackend, sdpa_kernel

from genearena.data.graphs import GeneGraph, IntArray
from genearena.methods._nn.kernels.attention import attend_neighbours, differentiate
from genearena.methods._nn.kernels.features import LANES
from genearena.methods._nn.kernels.threads import flat, share_threads

# Share of linked pairs up to which visiting the neighbours alone is faster on a CPU. Forward and
# backward of the three layers at 1000 genes, one thread: 15, 28, 64 ms at 5, 10, 30 % against
# 68 ms for dense matrices; with two threads 11, 12, 39 against 44 ms. Of a whole step of MuSe-GNN
# dense matrices make 1.30 times as much at 1000 genes and 5 % (CPU time of one thread, 11 pairs,
# quartiles 1.26-1.34), 1.22 at 10 % (1.21-1.22), 1.24 on lung (300 genes, 10 %; 1.14-1.26). All
# of this before kernels held features in registers, by which visiting became faster.
SPARSE_UP_TO = 0.32
# so many threads can share the work of a gradient; more cost memory, and another number other
# roundings, so that it is not the number of threads
SHARES = 4


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


Edges = Neighbours | Tensor
"""Whom genes attend to: lists, or an (n, n) additive mask."""


def edges(graph: GeneGraph, width: int, device: torch.device) -> Edges:
    """Return neighbours for a thin graph on a CPU, a mask for a thick one and for GPUs.

    A head has `width` features; lists of neighbours are only for multiples of 16.
    """
    density = (2 * graph.n_edges + graph.n_genes) / graph.n_genes**2
    if device.type == "cpu" and width % LANES == 0 and density <= SPARSE_UP_TO:
        return Neighbours.of(graph)
    return attention_mask(graph).to(device)


def attention_mask(graph: GeneGraph) -> Tensor:
    """Return the (n, n) additive mask: 0 on edges and self-loops, -inf elsewhere."""
    linked = torch.tensor(graph.adjacency.toarray(), dtype=torch.bool).fill_diagonal_(True)
    return torch.zeros(linked.shape).masked_fill_(~linked, -math.inf)


def attend(maps: Tensor, edges: Edges, heads: int) -> Tensor:
    """Return attention along the edges plus the root term.

    Parameters
    ----------
    maps
        (n, 4 · heads · width) queries, keys, values and root terms, each with the heads one after
        the other; float32 on the CPU with a width that is a multiple of 16 for `Neighbours`.
    edges
        Whom each gene attends to.
    heads
        Number of heads.

    Returns
    -------
    (n, heads · width).
    """
    if isinstance(edges, Neighbours):
        return cast(Tensor, _attend(maps, edges, heads))
    total = maps.shape[-1] // 4
    qkv, root = torch.split(maps, [3 * total, total], dim=-1)
    query, key, value = qkv.view(-1, 3, heads, total // heads).permute(1, 2, 0, 3)[:, None]
    # torch takes a mask of another floating type without a word and gives wrong numbers
    mask = edges.to(maps.dtype)
    with _repeatable(maps.device):
        attended = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
    return attended[0].transpose(0, 1).flatten(-2) + root


def _repeatable(device: torch.device) -> AbstractContextManager[None]:
    """Return the context in which dense attention repeats its bits where that is asked for.

    On CUDA the kernel torch prefers for masked attention may add up gradients in any order, and
    where deterministic algorithms are asked for with warnings only it does no more than warn.
    Plain matrix products do not have that trouble.
    """
    if device.type == "cuda" and torch.are_deterministic_algorithms_enabled():
        return sdpa_kernel(SDPBackend.MATH)
    return nullcontext()


class _NeighbourAttention(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, joint: Tensor, edges: Neighbours, heads: int) -> Tensor:
        joint = joint.detach().contiguous()
        n, total = len(joint), joint.shape[-1] // 4
        maps = _by_head(joint[:, : 3 * total], 3 * heads)
        weights = torch.empty(len(edges.genes) * heads)
        out = torch.empty(n, total)
        size = ((0,) * heads, (0,) * (total // heads // LANES))
        share_threads()
        attend_neighbours(
            flat(maps), flat(joint), edges.starts, edges.genes, *size, flat(weights), flat(out)
        )
        ctx.save_for_backward(maps, weights)
        ctx.edges, ctx.size = edges, size
        return out

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        maps, weights = ctx.saved_tensors
        edges: Neighbours = ctx.edges
        upstream = _by_head(gradients[0].contiguous(), len(ctx.size[0]))
        gradient = torch.empty(len(gradients[0]), 4 * gradients[0].shape[-1])
        parts = -(-SHARES // len(ctx.size[0]))
        share_threads()
        differentiate(
            flat(maps), edges.starts, edges.genes, *ctx.size, flat(weights), flat(upstream), parts,
            flat(gradient),
        )  # fmt: skip
        return gradient, None, None


def _by_head(features: Tensor, heads: int) -> Tensor:
    """Return the (heads, n, width) features of (n, heads * width) ones."""
    return features.view(len(features), heads, -1).transpose(0, 1).contiguous()


_attend: Any = _NeighbourAttention.apply
