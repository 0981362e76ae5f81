"""Whom the genes of a graph attend to, and the faster of two ways to compute it."""

import math
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.attention import SDPBackend, sdpa_kernel

from genearena.data.graphs import GeneGraph
from genearena.methods._nn.members import entries_of
from genearena.methods._nn.neighbour_attention import Neighbours, neighbour_attention
from genearena.methods._nn.vector_loops import LANES

# Share of linked pairs up to which visiting the neighbours alone is faster on a CPU. Forward and
# backward of the three layers at 1000 genes, one thread: 15, 28, 64 ms at 5, 10, 30 % against
# 68 ms for dense matrices; with two threads 11, 12, 39 against 44 ms.
SPARSE_UP_TO = 0.32


class Edges(Protocol):
    """Attention along the edges of one graph, or of one graph per seed."""

    def attend(self, maps: Tensor, heads: int) -> Tensor:
        """Return attention plus root term.

        Parameters
        ----------
        maps
            (seeds, n, 4 · heads · width) queries, keys, values and root terms, each with the
            heads one after the other.
        heads
            Number of heads.

        Returns
        -------
        (seeds, n, heads · width).
        """

    def of(self, members: Sequence[int]) -> "Edges":
        """Return the edges of some of the seeds."""


def edges(graphs: Sequence[GeneGraph], width: int, device: torch.device) -> Edges:
    """Return the edges of one graph for all seeds, or of a graph per seed.

    Parameters
    ----------
    graphs
        One graph, or as many as seeds.
    width
        Features per head.
    device
        Where attention is computed.
    """
    density = max((2 * graph.n_edges + graph.n_genes) / graph.n_genes**2 for graph in graphs)
    if device.type == "cpu" and width % LANES == 0 and density <= SPARSE_UP_TO:
        return SparseEdges([Neighbours.of(graph) for graph in graphs])
    return DenseEdges(torch.stack([attention_mask(graph) for graph in graphs]).to(device))


class SparseEdges:
    """Neighbour lists, for thin graphs on a CPU.

    Parameters
    ----------
    neighbours
        Those of the graph, or of each seed's graph.
    """

    def __init__(self, neighbours: Sequence[Neighbours]) -> None:
        self.neighbours = neighbours

    def attend(self, maps: Tensor, heads: int) -> Tensor:
        """Return (seeds, n, heads · width) attention plus root term."""
        maps = maps.float()
        if len(self.neighbours) == 1:
            return neighbour_attention(maps, self.neighbours[0], heads)
        pairs = zip(torch.split(maps, 1), self.neighbours, strict=True)
        return torch.cat([neighbour_attention(one, mine, heads) for one, mine in pairs])

    def of(self, members: Sequence[int]) -> Edges:
        """Return the edges of some of the seeds."""
        if len(self.neighbours) == 1:
            return self
        return SparseEdges([self.neighbours[member] for member in members])


class DenseEdges:
    """Masks over all pairs of genes, for thick graphs and for GPUs.

    Parameters
    ----------
    mask
        (1 or seeds, n, n) additive mask.
    """

    def __init__(self, mask: Tensor) -> None:
        self.mask = mask

    def attend(self, maps: Tensor, heads: int) -> Tensor:
        """Return (seeds, n, heads · width) attention plus root term."""
        total = maps.shape[-1] // 4
        qkv, root = torch.split(maps, [3 * total, total], dim=-1)
        by_head = torch.unflatten(qkv, -1, (3, heads, total // heads)).transpose(-4, -2)
        query, key, value = by_head.unbind(dim=-3)
        # torch takes a mask of another floating type without a word and gives wrong numbers
        mask = self.mask.to(maps.dtype)[:, None]
        with attention_kernel(maps.device):
            attended: Tensor = functional.scaled_dot_product_attention(
                query, key, value, attn_mask=mask
            )
        return attended.transpose(-3, -2).flatten(-2) + root

    def of(self, members: Sequence[int]) -> Edges:
        """Return the edges of some of the seeds."""
        return self if len(self.mask) == 1 else DenseEdges(entries_of(self.mask, members))


def attention_kernel(device: torch.device) -> AbstractContextManager[None]:
    """Return the context in which dense attention repeats its bits where that is asked for.

    On CUDA the kernel torch prefers for masked attention may add up gradients in any order, and
    where deterministic algorithms are asked for with warnings only it does no more than warn.
    Plain matrix products do not have that trouble.
    """
    if device.type == "cuda" and torch.are_deterministic_algorithms_enabled():
        return sdpa_kernel(SDPBackend.MATH)
    return nullcontext()


def attention_mask(graph: GeneGraph) -> Tensor:
    """Return the (n, n) additive mask: 0 on edges and self-loops, -inf elsewhere."""
    linked = torch.tensor(graph.adjacency.toarray(), dtype=torch.bool).fill_diagonal_(True)
    return torch.zeros(linked.shape).masked_fill_(~linked, -math.inf)
