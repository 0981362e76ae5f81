"""Encoders of which graphs, as a rule those of a technique-tissue group, share all but L1."""

from collections.abc import Callable, Sequence
from typing import Literal

from torch import Tensor, nn

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.kernels.mish import Mish

Sharing = Literal["group", "dataset", "all"]


class GroupEncoder(nn.Module):
    """The first layer of one graph, then those of its group, which both see the graph's edges."""

    def __init__(self, first: nn.Module, shared: nn.Module) -> None:
        super().__init__()
        self.first = first
        self.shared = shared

    def forward(self, x: Tensor, edges: object) -> Tensor:
        """Return (n, dim) vectors for (n, cells) profiles."""
        out: Tensor = self.shared(self.first(x, edges), edges)
        return out


def shared_copies(
    graphs: GraphCollection, build: Callable[[], nn.Module], sharing: Sharing = "group"
) -> list[nn.Module]:
    """Return a module per graph, the same object for graphs that share one.

    Parameters
    ----------
    graphs
        The task; the order of its graphs decides that of initialisation.
    build
        Makes one module.
    sharing
        Who shares one: graphs of a technique-tissue group, none, or all.
    """
    owners: dict[Sharing, Sequence[object]] = {
        "group": [graph.group for graph in graphs],
        "dataset": graphs.names,
        "all": [None] * len(graphs),
    }
    copies = {owner: build() for owner in dict.fromkeys(owners[sharing])}
    return [copies[owner] for owner in owners[sharing]]


def profile_encoders(graphs: GraphCollection, dim: int) -> nn.ModuleList:
    """Return the encoders of MAE and WSMAE: perceptrons on (n, cells) profiles, (n, dim) out.

    The layer cells -> 4 dim is the graph's own; its group's are 4 dim -> 2 dim -> dim.
    """
    own = [nn.Linear(graph.n_cells, 4 * dim) for graph in graphs]
    shared = shared_copies(graphs, lambda: _shared(dim))
    pairs = zip(own, shared, strict=True)
    return nn.ModuleList(nn.Sequential(first, Mish(), others) for first, others in pairs)


def _shared(dim: int) -> nn.Module:
    return nn.Sequential(nn.Linear(4 * dim, 2 * dim), Mish(), nn.Linear(2 * dim, dim))
