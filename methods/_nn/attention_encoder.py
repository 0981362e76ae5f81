"""The graph-transformer encoder of MuSe-GNN."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.attention import GraphAttention
from genearena.methods._nn.edges import Edges
from genearena.methods._nn.graph_norm import GraphNorm
from genearena.methods._nn.sharing import shared_by_group


class FirstAttention(nn.Module):
    """L1: cells -> heads * dim, GraphNorm, Mish."""

    def __init__(self, n_cells: int, dim: int, heads: int) -> None:
        super().__init__()
        self.attention = GraphAttention(n_cells, dim, heads)
        self.norm = GraphNorm(heads * dim)

    def forward(self, x: Tensor, edges: Edges) -> Tensor:
        """Return (seeds, n, heads * dim) features."""
        return functional.mish(self.norm(self.attention(x, edges)))


class SharedAttention(nn.Module):
    """L2 -> GraphNorm -> Mish -> L3, plus L4 from the output of L1.

    L2 and L4 read the same input with heads of the same width, so that they are evaluated as one
    layer whose last head is L4.

    Parameters
    ----------
    width_in
        Number of features L1 gives.
    dim
        Width of every head, length of a gene vector.
    heads
        Number of heads of L2.
    """

    def __init__(self, width_in: int, dim: int, heads: int) -> None:
        super().__init__()
        self.second_and_fourth = GraphAttention(width_in, dim, heads + 1)
        self.norm = GraphNorm(heads * dim)
        self.third = GraphAttention(heads * dim, dim)

    def forward(self, hidden: Tensor, edges: Edges) -> Tensor:
        """Return (seeds, n, dim) gene vectors."""
        width, dim = self.third.maps.in_features, self.third.width
        both = self.second_and_fourth(hidden, edges)
        second, fourth = torch.split(both, [width, dim], dim=-1)
        third: Tensor = self.third(functional.mish(self.norm(second)), edges)
        return third + fourth


class AttentionEncoder(nn.Module):
    """L1 of one graph, the other layers of its technique-tissue group.

    Parameters
    ----------
    first
        The graph's own layer.
    shared
        The group's layers.
    """

    def __init__(self, first: FirstAttention, shared: nn.Module) -> None:
        super().__init__()
        self.first = first
        self.shared = shared

    def forward(self, x: Tensor, edges: Edges) -> Tensor:
        """Return (seeds, n, dim) vectors for (1, n, cells) profiles."""
        out: Tensor = self.shared(self.first(x, edges), edges)
        return out


def attention_encoders(graphs: GraphCollection, dim: int, heads: tuple[int, int]) -> nn.ModuleList:
    """Return one encoder per graph.

    Parameters
    ----------
    graphs
        The task.
    dim
        Length of a gene vector.
    heads
        Numbers of heads of L1 and L2.
    """
    one, two = heads
    own = [FirstAttention(graph.n_cells, dim, one) for graph in graphs]
    shared = shared_by_group(graphs, lambda: SharedAttention(one * dim, dim, two))
    return nn.ModuleList(map(AttentionEncoder, own, shared))
