"""Weights that graphs of one technique and tissue share."""

from collections.abc import Callable

from torch import nn

from genearena.data.graphs import GraphCollection


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
