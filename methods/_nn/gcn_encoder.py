"""The graph-convolutional encoder of GAE and VGAE."""

from torch import Tensor, nn
from torch.nn import functional

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.gcn import GraphConvolution
from genearena.methods._nn.sharing import shared_by_group


class SharedConvolutions(nn.Module):
    """Layers 2 and 3: 4 dim -> 2 dim, Mish, -> width.

    Parameters
    ----------
    dim
        Length of a gene vector.
    width
        Number of outputs, `dim` per head.
    """

    def __init__(self, dim: int, width: int) -> None:
        super().__init__()
        self.second = GraphConvolution(4 * dim, 2 * dim)
        self.third = GraphConvolution(2 * dim, width)

    def forward(self, hidden: Tensor, propagation: Tensor) -> Tensor:
        """Return (seeds, n, width) outputs under a normalised adjacency."""
        hidden = functional.mish(self.second(hidden, propagation))
        out: Tensor = self.third(hidden, propagation)
        return out


class ConvolutionalEncoder(nn.Module):
    """A first convolution of one graph, the others of its technique-tissue group.

    Parameters
    ----------
    first
        The graph's own convolution.
    shared
        The group's convolutions.
    """

    def __init__(self, first: GraphConvolution, shared: nn.Module) -> None:
        super().__init__()
        self.first = first
        self.shared = shared

    def forward(self, propagated: Tensor, propagation: Tensor) -> Tensor:
        """Return (seeds, n, outputs).

        Parameters
        ----------
        propagated
            (seeds or 1, n, cells) profiles, already multiplied by the normalised adjacency.
        propagation
            (n, n) normalised adjacency, or one per seed.
        """
        out: Tensor = self.shared(functional.mish(self.first(propagated)), propagation)
        return out


def convolutional_encoders(
    graphs: GraphCollection,
    dim: int,
    heads: int = 1,
    encoder: type[ConvolutionalEncoder] = ConvolutionalEncoder,
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
    encoder
        What joins the layers.
    """
    own = [GraphConvolution(graph.n_cells, 4 * dim) for graph in graphs]
    shared = shared_by_group(graphs, lambda: SharedConvolutions(dim, heads * dim))
    return nn.ModuleList(map(encoder, own, shared))
