"""Weights that graphs of one technique and tissue share."""

from collections.abc import Callable

from torch import nn

from genearena.data.graphs import GraphCollection


class PerGroup(nn.Module):
    """One copy of a module per technique-tissue group.

    Parameters
    ----------
    graphs
        The task; its groups in order of first appearance decide the order of initialisation.
    build
        Makes one copy.
    """

    def __init__(self, graphs: GraphCollection, build: Callable[[], nn.Module]) -> None:
        super().__init__()
        self.copies = nn.ModuleList(build() for _ in graphs.groups)
        self._copy_of = [graphs.groups.index(graph.group) for graph in graphs]

    def of(self, position: int) -> nn.Module:
        """Return the copy used by the graph at `position`."""
        return self.copies[self._copy_of[position]]
