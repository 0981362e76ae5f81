"""The graph-transformer encoder of MuSe-GNN."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.attention import GraphAttention
from genearena.methods._nn.graph_norm import GraphNorm
from genearena.methods._nn.inputs import Tensors, attention_mask, looped_adjacency, profile_tensor
from genearena.methods._nn.sharing import PerGroup


class FirstAttention(nn.Module):
    """L1: cells -> heads * dim, GraphNorm, Mish."""

    def __init__(self, n_cells: int, dim: int, heads: int) -> None:
        super().__init__()
        self.attention = GraphAttention(n_cells, dim, heads)
        self.norm = GraphNorm(heads * dim)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return (n, heads * dim) features."""
        return functional.mish(self.norm(self.attention(x, mask)))


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

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """Return (n, dim) gene vectors."""
        width, dim = self.third.maps.in_features, self.third.width
        both = self.second_and_fourth(hidden, mask)
        second, fourth = torch.split(both, [width, dim], dim=-1)
        third: Tensor = self.third(functional.mish(self.norm(second)), mask)
        return third + fourth


class AttentionEncoder(nn.Module):
    """L1 per graph, the other layers per technique-tissue group.

    Parameters
    ----------
    graphs
        The task.
    dim
        Length of a gene vector.
    heads
        Numbers of heads of L1 and L2.
    """

    def __init__(self, graphs: GraphCollection, dim: int, heads: tuple[int, int]) -> None:
        super().__init__()
        one, two = heads
        self.first = nn.ModuleList(FirstAttention(graph.n_cells, dim, one) for graph in graphs)
        self.shared = PerGroup(graphs, lambda: SharedAttention(one * dim, dim, two))
        self.x = Tensors(profile_tensor(graph) for graph in graphs)
        self.adjacency = Tensors(looped_adjacency(graph) for graph in graphs)
        self.mask = Tensors(attention_mask(self.adjacency[i]) for i in range(len(graphs)))

    def forward(self, position: int) -> Tensor:
        """Return the (n, dim) vectors of the graph at `position`."""
        mask = self.mask[position]
        hidden = self.first[position](self.x[position], mask)
        out: Tensor = self.shared.of(position)(hidden, mask)
        return out
