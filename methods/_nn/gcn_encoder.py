"""The graph-convolutional encoder of GAE and VGAE."""

from torch import Tensor, nn
from torch.nn import functional

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.gcn import GraphConvolution, normalised
from genearena.methods._nn.inputs import Tensors, looped_adjacency, profile_tensor
from genearena.methods._nn.sharing import PerGroup


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
        """Return (n, width) outputs for (n, 4 dim) inputs under a normalised adjacency."""
        hidden = functional.mish(self.second(hidden, propagation))
        out: Tensor = self.third(hidden, propagation)
        return out


class ConvolutionalEncoder(nn.Module):
    """A first convolution per graph, the others per technique-tissue group.

    Parameters
    ----------
    graphs
        The task.
    dim
        Length of a gene vector.
    heads
        Number of outputs of length `dim`: 1, or 2 for a mean and a log standard deviation.
    """

    def __init__(self, graphs: GraphCollection, dim: int, heads: int = 1) -> None:
        super().__init__()
        self.first = nn.ModuleList(GraphConvolution(g.n_cells, 4 * dim) for g in graphs)
        self.shared = PerGroup(graphs, lambda: SharedConvolutions(dim, heads * dim))
        self.adjacency = Tensors(looped_adjacency(graph) for graph in graphs)
        self.propagation = Tensors(normalised(self.adjacency[i]) for i in range(len(graphs)))
        # the input never changes, so the first layer's propagation is done once
        self.propagated = Tensors(
            self.propagation[i] @ profile_tensor(graph) for i, graph in enumerate(graphs)
        )

    def forward(self, position: int) -> Tensor:
        """Return the (n, heads * dim) outputs for the graph at `position`."""
        hidden = functional.mish(self.first[position](self.propagated[position]))
        out: Tensor = self.shared.of(position)(hidden, self.propagation[position])
        return out
