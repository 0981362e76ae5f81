"""Encoders of which graphs of one technique-tissue group share all but the first layer."""

from collections.abc import Callable
from typing import Literal

from torch import Tensor, nn

from genearena.data.graphs import GraphCollection

Sharing = Literal["graph", "group"]
"""Whether layers of a size that does not depend on the cells are a graph's own or its group's."""


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


def shared_by_group(graphs: GraphCollection, build: Callable[[], nn.Module]) -> list[nn.Module]:
    """Return a module per graph, the same object for graphs of one technique-tissue group.

    Parameters
    ----------
    graphs
        The task; its groups in order of first appearance decide the order of initialisation.
    build
        Makes the module of one group.
    """
    copies = {group: build() for group in graphs.groups}
    return [copies[graph.group] for graph in graphs]


def shared_as(
    graphs: GraphCollection, sharing: Sharing, build: Callable[[], nn.Module]
) -> list[nn.Module]:
    """Return a module per graph: each its own, or as `shared_by_group`."""
    if sharing == "group":
        return shared_by_group(graphs, build)
    return [build() for _ in graphs]


def profile_encoders(graphs: GraphCollection, dim: int) -> nn.ModuleList:
    """Return the encoders of MAE and WSMAE: perceptrons on (n, cells) profiles, (n, dim) out.

    The layer cells -> 4 dim is the graph's own; its group's are 4 dim -> 2 dim -> dim.
    """
    own = [nn.Linear(graph.n_cells, 4 * dim) for graph in graphs]
    shared = shared_by_group(graphs, lambda: _shared(dim))
    pairs = zip(own, shared, strict=True)
    return nn.ModuleList(nn.Sequential(first, nn.Mish(), others) for first, others in pairs)


def _shared(dim: int) -> nn.Module:
    return nn.Sequential(nn.Linear(4 * dim, 2 * dim), nn.Mish(), nn.Linear(2 * dim, dim))
