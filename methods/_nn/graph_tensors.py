"""What networks read of a graph."""

import math
import warnings
from functools import cached_property

import torch
from torch import Tensor

from genearena.data.graphs import GeneGraph


class GraphTensors:
    """Constant tensors of one graph on a device, made when first asked for."""

    def __init__(self, graph: GeneGraph, device: torch.device) -> None:
        self.graph = graph
        self.device = device

    @cached_property
    def x(self) -> Tensor:
        """(n, cells) expression profiles; on a CPU the graph's own, never to be written to."""
        return self._profiles()

    @cached_property
    def standardised(self) -> Tensor:
        """(n, cells) profiles, each cell's column z-scored over genes; a constant one is 0."""
        x = self._profiles()
        spread, mean = torch.std_mean(x, dim=0, correction=0)
        return (x - mean) / torch.where(spread > 0, spread, math.inf)

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

    def _profiles(self) -> Tensor:
        with warnings.catch_warnings():
            # torch warns of arrays that cannot be written to, as profiles are
            warnings.simplefilter("ignore", UserWarning)
            return torch.as_tensor(self.graph.x, device=self.device)


def looped_adjacency(graph: GeneGraph) -> Tensor:
    """Return A + I of a graph as a dense (n, n) float32 tensor."""
    return torch.tensor(graph.adjacency.toarray(), dtype=torch.float32).fill_diagonal_(1.0)


def normalised(adjacency: Tensor) -> Tensor:
    """Return D^-1/2 Â D^-1/2 of an (n, n) adjacency Â with self-loops, D its degrees."""
    scale = adjacency.sum(dim=-1).rsqrt()
    return adjacency * scale[:, None] * scale
