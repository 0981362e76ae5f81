"""Constant tensors of the graphs of a task, on the device that trains."""

from collections.abc import Sequence
from functools import cached_property

import torch
from torch import Tensor

from genearena.data.graphs import GeneGraph, GraphCollection
from genearena.methods._nn.edges import Edges, edges
from genearena.methods._nn.gcn import normalised


class GraphTensors:
    """What networks read of one graph, made when first asked for.

    The seeds of a batch share the genes and profiles of a graph. They share its edges too, unless
    each has some of its own hidden; then tensors of edges have a leading seed dimension.

    Parameters
    ----------
    graphs
        The graph as each seed sees it.
    device
        Where the tensors live.
    """

    def __init__(self, graphs: Sequence[GeneGraph], device: torch.device) -> None:
        same = all(graph is graphs[0] for graph in graphs)
        self.graphs = graphs[:1] if same else graphs
        self.device = device

    @cached_property
    def x(self) -> Tensor:
        """(1, n, cells) expression profiles."""
        return torch.tensor(self.graphs[0].x, device=self.device)[None]

    @cached_property
    def adjacency(self) -> Tensor:
        """(n, n) or (seeds, n, n) A + I.

        The published graphs carry a self-loop on every gene; it is both seen by the encoders and
        asked of the decoders.
        """
        looped = [looped_adjacency(graph) for graph in self.graphs]
        return _one_or_stack(looped).to(self.device)

    @cached_property
    def propagation(self) -> Tensor:
        """(n, n) or (seeds, n, n) normalised adjacency."""
        return normalised(self.adjacency)

    @cached_property
    def propagated(self) -> Tensor:
        """(1 or seeds, n, cells) propagation × profiles, the constant input of a first layer."""
        return self.propagation @ self.x

    def edges(self, width: int) -> Edges:
        """Return the edges for attention with heads of `width` features."""
        return edges(self.graphs, width, self.device)


def task_tensors(
    collections: Sequence[GraphCollection], device: torch.device
) -> list[GraphTensors]:
    """Return the tensors of every graph.

    Parameters
    ----------
    collections
        The task as each seed sees it.
    device
        Where the tensors live.
    """
    return [GraphTensors(views, device) for views in zip(*collections, strict=True)]


def looped_adjacency(graph: GeneGraph) -> Tensor:
    """Return A + I of a graph as a dense (n, n) float32 tensor."""
    return torch.tensor(graph.adjacency.toarray(), dtype=torch.float32).fill_diagonal_(1.0)


def of_members(tensor: Tensor, members: Sequence[int]) -> Tensor:
    """Return the part of some seeds of a tensor of edges, all of it where seeds share it."""
    if tensor.ndim == 2 or len(tensor) in (1, len(members)):
        return tensor
    return tensor[list(members)]


def _one_or_stack(tensors: Sequence[Tensor]) -> Tensor:
    return tensors[0] if len(tensors) == 1 else torch.stack(list(tensors))
