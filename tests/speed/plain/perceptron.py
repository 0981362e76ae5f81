"""The encoder of MAE and WSMAE."""

from torch import Tensor, nn
from torch.nn import functional

from genearena.data.graphs import GraphCollection
from speed.plain.shared import Shared


class PlainPerceptron(nn.Module):
    """A linear layer per graph, two more per group."""

    def __init__(self, graphs: GraphCollection, dim: int) -> None:
        super().__init__()
        self.first = nn.ModuleList(nn.Linear(graph.n_cells, 4 * dim) for graph in graphs)
        self.shared = Shared(graphs, lambda: _shared(dim))

    def forward(self, x: Tensor, position: int) -> Tensor:
        """Return (n, dim) vectors of (n, cells) profiles."""
        z: Tensor = self.shared.of(position)(functional.mish(self.first[position](x)))
        return z


def _shared(dim: int) -> nn.Module:
    return nn.Sequential(nn.Linear(4 * dim, 2 * dim), nn.Mish(), nn.Linear(2 * dim, dim))
