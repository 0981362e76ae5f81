"""Weights that graphs of one technique and tissue share."""

from collections.abc import Callable

from torch import nn

from genearena.data.graphs import GraphCollection


class Shared(nn.Module):
    """One copy of a module per group."""

    def __init__(self, graphs: GraphCollection, build: Callable[[], nn.Module]) -> None:
        super().__init__()
        self.copies = nn.ModuleList(build() for _ in graphs.groups)
        self.groups = [graphs.groups.index(graph.group) for graph in graphs]

    def of(self, position: int) -> nn.Module:
        """Return the copy that the graph at `position` uses."""
        return self.copies[self.groups[position]]
