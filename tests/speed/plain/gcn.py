"""The encoder of GAE and VGAE on torch_geometric's graph convolution."""

from torch import Tensor, nn
from torch.nn import functional
from torch_geometric.nn import GCNConv

from genearena.data.graphs import GraphCollection
from speed.plain.model import PlainGraph
from speed.plain.shared import Shared


class PlainConvolutions(nn.Module):
    """GCNConv per graph, two more per group; each output head has a last layer of its own.

    Parameters
    ----------
    graphs
        The task.
    dim
        Length of a gene vector.
    heads
        Number of outputs: one for GAE, mean and log of the deviation for VGAE.
    """

    def __init__(self, graphs: GraphCollection, dim: int, heads: int) -> None:
        super().__init__()
        self.first = nn.ModuleList(GCNConv(graph.n_cells, 4 * dim) for graph in graphs)
        self.shared = Shared(graphs, lambda: _Shared(dim, heads))

    def forward(self, graph: PlainGraph, position: int) -> list[Tensor]:
        """Return one (n, dim) tensor per head."""
        hidden = functional.mish(self.first[position](graph.x, graph.edges))
        outputs: list[Tensor] = self.shared.of(position)(hidden, graph.edges)
        return outputs


class _Shared(nn.Module):
    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.second = GCNConv(4 * dim, 2 * dim)
        self.third = nn.ModuleList(GCNConv(2 * dim, dim) for _ in range(heads))

    def forward(self, hidden: Tensor, edges: Tensor) -> list[Tensor]:
        hidden = functional.mish(self.second(hidden, edges))
        return [last(hidden, edges) for last in self.third]
