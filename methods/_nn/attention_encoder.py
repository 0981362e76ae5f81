"""The graph-transformer encoder of MuSe-GNN."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.encoders import GroupEncoder, Sharing, shared_copies
from genearena.methods._nn.kernels.mish import mish
from genearena.methods._nn.neighbour_attention import Edges, attend, edges


class GraphAttention(nn.Module):
    """Multi-head attention of every gene over its neighbours, plus a linear root term.

    The heads, of `width` features each, are concatenated. Query, key, value and root maps are one
    linear layer whose output columns are ordered so, each with the heads one after the other.

    References
    ----------
    Shi et al., Masked label prediction: unified message passing model for semi-supervised
    classification, IJCAI 2021, Eq. 3-4, without edge features, gating and dropout.
    """

    edges = staticmethod(edges)

    def __init__(self, width_in: int, width: int, heads: int = 1) -> None:
        super().__init__()
        self.width = width
        self.heads = heads
        self.maps = nn.Linear(width_in, 4 * heads * width)

    def forward(self, x: Tensor, edges: Edges) -> Tensor:
        """Return (n, heads * width) features for (n, width_in) ones."""
        return attend(self.maps(x), edges, self.heads)


class GraphNorm(nn.Module):
    """Normalise each feature over the nodes, subtracting a learned share of its mean.

    References
    ----------
    Cai et al., GraphNorm: a principled approach to accelerating graph neural network training,
    ICML 2021, Eq. 6.
    """

    def __init__(self, width: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))
        self.mean_scale = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        """Normalise (n, width) features over the nodes."""
        centred = x - self.mean_scale * x.mean(dim=-2, keepdim=True)
        variance = centred.square().mean(dim=-2, keepdim=True)
        return centred * (self.weight * (variance + self.eps).rsqrt()) + self.bias


class FirstAttention(nn.Module):
    """L1: cells -> heads * dim, GraphNorm, Mish."""

    def __init__(self, width_in: int, dim: int, heads: int) -> None:
        super().__init__()
        self.attention = GraphAttention(width_in, dim, heads)
        self.norm = GraphNorm(heads * dim)

    def forward(self, x: Tensor, edges: Edges) -> Tensor:
        """Return (n, heads * dim) features."""
        return mish(self.norm(self.attention(x, edges)))


class SharedAttention(nn.Module):
    """L2 -> GraphNorm -> Mish -> L3, plus L4 from the output of L1.

    L2 and L4 read the same input with heads of the same width, so that they are evaluated as one
    layer whose last head is L4. Every head is as wide as a gene vector.
    """

    def __init__(self, width_in: int, dim: int, heads: int) -> None:
        super().__init__()
        self.second_and_fourth = GraphAttention(width_in, dim, heads + 1)
        self.norm = GraphNorm(heads * dim)
        self.third = GraphAttention(heads * dim, dim)

    def forward(self, hidden: Tensor, edges: Edges) -> Tensor:
        """Return (n, dim) gene vectors."""
        width, dim = self.third.maps.in_features, self.third.width
        both = self.second_and_fourth(hidden, edges)
        second, fourth = torch.split(both, [width, dim], dim=-1)
        third: Tensor = self.third(mish(self.norm(second)), edges)
        return third + fourth


def attention_encoders(
    graphs: GraphCollection,
    widths: Sequence[int],
    dim: int,
    heads: tuple[int, int],
    sharing: Sharing = "group",
) -> nn.ModuleList:
    """Return one encoder per graph.

    Parameters
    ----------
    graphs, widths
        The task, and how many features each graph's genes have.
    dim
        Length of a gene vector.
    heads
        Attention heads of the first and of the second layer.
    sharing
        Which graphs share all layers but the first.
    """
    one, two = heads
    own = [FirstAttention(width, dim, one) for width in widths]
    shared = shared_copies(graphs, lambda: SharedAttention(one * dim, dim, two), sharing)
    return nn.ModuleList(map(GroupEncoder, own, shared))
