"""What networks read of a graph, and weights that graphs share."""

from collections.abc import Callable
from functools import cached_property

import torch
from torch import Tensor, nn

from genearena.data.graphs import GeneGraph, GraphCollection


class GraphTensors:
    """Constant tensors of one graph, made when first asked for.

    Parameters
    ----------
    graph
        The graph.
    device
        Where the tensors live.
    """

    def __init__(self, graph: GeneGraph, device: torch.device) -> None:
        self.graph = graph
        self.device = device

    @cached_property
    def x(self) -> Tensor:
        """(n, cells) expression profiles."""
        return torch.tensor(self.graph.x, device=self.device)

    @cached_property
    def adjacency(self) -> Tensor:
        """(n, n) A + I.

        The published graphs carry a self-loop on every gene; it is both seen by the encoders and
        asked of the decoders.
        """
        return looped_adjacency(self.graph).to(self.device)

    @cached_property
    def propagation(self) -> Tensor:
        """(n, n) normalised adjacency D^-1/2 (A + I) D^-1/2, D its degrees."""
        return normalised(self.adjacency)

    @cached_property
    def propagated(self) -> Tensor:
        """(n, cells) propagation × profiles, the constant input of a first layer."""
        return self.propagation @ self.x


def looped_adjacency(graph: GeneGraph) -> Tensor:
    """Return A + I of a graph as a dense (n, n) float32 tensor."""
    return torch.tensor(graph.adjacency.toarray(), dtype=torch.float32).fill_diagonal_(1.0)


def normalised(adjacency: Tensor) -> Tensor:
    """Return D^-1/2 Â D^-1/2 of an (n, n) adjacency Â with self-loops, D its degrees."""
    scale = adjacency.sum(dim=-1).rsqrt()
    return adjacency * scale[:, None] * scale


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
