"""The encoder of MAE and WSMAE: a perceptron on expression profiles."""

from torch import Tensor, nn
from torch.nn import functional

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.sharing import PerGroup


class ProfileEncoder(nn.Module):
    """cells -> 4 dim per graph, then 4 dim -> 2 dim -> dim per technique-tissue group.

    Parameters
    ----------
    graphs
        The task.
    dim
        Length of a gene vector.
    """

    def __init__(self, graphs: GraphCollection, dim: int) -> None:
        super().__init__()
        self.first = nn.ModuleList(nn.Linear(graph.n_cells, 4 * dim) for graph in graphs)
        self.shared = PerGroup(graphs, lambda: _shared(dim))

    def forward(self, x: Tensor, position: int) -> Tensor:
        """Return (n, dim) vectors for the (n, cells) profiles of the graph at `position`."""
        hidden = functional.mish(self.first[position](x))
        out: Tensor = self.shared.of(position)(hidden)
        return out


def _shared(dim: int) -> nn.Module:
    return nn.Sequential(nn.Linear(4 * dim, 2 * dim), nn.Mish(), nn.Linear(2 * dim, dim))
