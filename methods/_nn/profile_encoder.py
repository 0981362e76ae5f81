"""The encoder of MAE and WSMAE: a perceptron on expression profiles."""

from torch import Tensor, nn
from torch.nn import functional

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.affine import Affine
from genearena.methods._nn.sharing import shared_by_group


class ProfileEncoder(nn.Module):
    """cells -> 4 dim of one graph, then 4 dim -> 2 dim -> dim of its group.

    Parameters
    ----------
    first
        The graph's own layer.
    shared
        The layers shared within a technique-tissue group.
    """

    def __init__(self, first: Affine, shared: nn.Module) -> None:
        super().__init__()
        self.first = first
        self.shared = shared

    def forward(self, x: Tensor) -> Tensor:
        """Return (seeds, n, dim) vectors for (seeds or 1, n, cells) profiles."""
        out: Tensor = self.shared(functional.mish(self.first(x)))
        return out


def profile_encoders(graphs: GraphCollection, dim: int) -> nn.ModuleList:
    """Return one encoder per graph."""
    own = [Affine(graph.n_cells, 4 * dim) for graph in graphs]
    shared = shared_by_group(graphs, lambda: _shared(dim))
    return nn.ModuleList(map(ProfileEncoder, own, shared))


def _shared(dim: int) -> nn.Module:
    return nn.Sequential(Affine(4 * dim, 2 * dim), nn.Mish(), Affine(2 * dim, dim))
