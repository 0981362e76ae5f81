"""The graph-convolutional encoder of GAE and VGAE."""

import torch
from torch import Tensor, nn

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.encoders import GroupEncoder, shared_copies
from genearena.methods._nn.kernels.mish import mish


class GraphConvolution(nn.Module):
    """The map P ↦ P W + b with the initialisation usual for graph convolutions.

    References
    ----------
    Kipf & Welling, Semi-supervised classification with graph convolutional networks, ICLR 2017.
    """

    def __init__(self, width_in: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(width_in, width))
        self.bias = nn.Parameter(torch.zeros(width))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, x: Tensor, propagation: Tensor | None = None) -> Tensor:
        """Return (n, width) features of (n, width_in) ones under an (n, n) normalised adjacency.

        The adjacency is None if `x` has already been multiplied by it, which a first layer with
        constant input does once and for all.
        """
        projected = x @ self.weight
        if propagation is not None:
            projected = propagation @ projected
        return projected + self.bias


class FirstConvolution(GraphConvolution):
    """Layer 1, with Mish: it reads profiles already multiplied by the normalised adjacency."""

    def forward(self, propagated: Tensor, _propagation: Tensor | None = None) -> Tensor:
        """Return (n, width) features of (n, cells) propagated profiles."""
        return mish(super().forward(propagated))


class _SharedConvolutions(nn.Module):
    """Layers 2 and 3: 4 dim -> 2 dim, Mish, -> width."""

    def __init__(self, dim: int, width: int) -> None:
        super().__init__()
        self.second = GraphConvolution(4 * dim, 2 * dim)
        self.third = GraphConvolution(2 * dim, width)

    def forward(self, hidden: Tensor, propagation: Tensor) -> Tensor:
        hidden = mish(self.second(hidden, propagation))
        out: Tensor = self.third(hidden, propagation)
        return out


def convolutional_encoders(
    graphs: GraphCollection,
    dim: int,
    heads: int = 1,
    first: type[FirstConvolution] = FirstConvolution,
) -> nn.ModuleList:
    """Return one encoder per graph.

    Parameters
    ----------
    graphs
        The task.
    dim
        Length of a gene vector.
    heads
        Number of outputs of length `dim`: 1, or 2 for a mean and a log standard deviation.
    first
        What the first layer is.
    """
    own = [first(graph.n_cells, 4 * dim) for graph in graphs]
    shared = shared_copies(graphs, lambda: _SharedConvolutions(dim, heads * dim))
    return nn.ModuleList(map(GroupEncoder, own, shared))
