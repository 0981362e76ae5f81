"""The network of MuSe-GNN around the layers of an encoder."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from genearena.data.graphs import GeneGraph, GraphCollection
from genearena.methods._nn.attention_encoder import GraphNorm
from genearena.methods._nn.encoders import GroupEncoder, Sharing, shared_copies
from genearena.methods._nn.kernels.mish import mish

Layer = Callable[[int, int, int], nn.Module]
"""Makes a layer of width_in, width and heads; see `genearena.methods.encoders`."""


class _First(nn.Module):
    """L1, GraphNorm, Mish."""

    def __init__(self, layer: nn.Module, width: int) -> None:
        super().__init__()
        self.layer = layer
        self.norm = GraphNorm(width)

    def forward(self, x: Tensor, edges: object) -> Tensor:
        return mish(self.norm(self.layer(x, edges)))


class _Shared(nn.Module):
    """L2 -> GraphNorm -> Mish -> L3, plus L4 from the output of L1."""

    def __init__(self, layer: Layer, width_in: int, dim: int, heads: int) -> None:
        super().__init__()
        self.second = layer(width_in, dim, heads)
        self.norm = GraphNorm(heads * dim)
        self.third = layer(heads * dim, dim, 1)
        self.fourth = layer(width_in, dim, 1)

    def forward(self, hidden: Tensor, edges: object) -> Tensor:
        second = mish(self.norm(self.second(hidden, edges)))
        z: Tensor = self.third(second, edges) + self.fourth(hidden, edges)
        return z


def layered_encoders(
    layer: Layer,
    graphs: GraphCollection,
    widths: Sequence[int],
    dim: int,
    heads: tuple[int, int],
    sharing: Sharing = "group",
) -> nn.ModuleList:
    """Return one encoder per graph, of these layers.

    Parameters
    ----------
    layer
        Makes them.
    graphs, widths
        The task, and how many features each graph's genes have.
    dim
        Length of a gene vector.
    heads
        Of the first and of the second layer, whose widths are so many times `dim`.
    sharing
        Which graphs share all layers but the first.
    """
    one, two = heads
    first = first_layer(layer)
    own = [_First(first(width, dim, one), one * dim) for width in widths]
    shared = shared_copies(graphs, lambda: _Shared(layer, one * dim, dim, two), sharing)
    return nn.ModuleList(map(GroupEncoder, own, shared))


def first_layer(layer: Layer) -> Layer:
    """Return what makes L1."""
    found: Layer = getattr(layer, "first", layer)
    return found


def edges_for(layer: Layer, graph: GeneGraph, width: int, device: torch.device) -> object:
    """Return what the forward of these layers takes as edges."""
    make = getattr(layer, "edges", None)
    if make is not None:
        return make(graph, width, device)
    from genearena.methods._nn.pyg_musegnn import pyg_edges

    return pyg_edges(graph, device)
