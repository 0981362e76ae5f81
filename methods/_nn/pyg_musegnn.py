"""The network of MuSe-GNN as one would write it on torch_geometric.

Slower than ours (see `make speed`) and easier to read: the same layers with the same first weights,
one after the other, by message passing along the edges and with z zᵀ written out.
``MuSeGNN(engine="pyg")`` trains it, and gets the same vectors up to rounding.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch_geometric.nn import GraphNorm, TransformerConv
from torch_geometric.utils import add_self_loops

from genearena.data.graphs import GeneGraph
from genearena.methods._nn import attention_encoder as ours
from genearena.methods._nn.decoder import SimilarityDecoder
from genearena.methods._nn.encoders import GroupEncoder


class FirstLayer(nn.Module):
    """L1: cells -> heads * dim, GraphNorm, Mish."""

    def __init__(self, layer: ours.FirstAttention) -> None:
        super().__init__()
        self.attention = _convolution(layer.attention.maps, layer.attention.heads)
        self.norm = _norm(layer.norm)

    def forward(self, x: Tensor, edges: Tensor) -> Tensor:
        """Return (n, heads * dim) features of (n, cells) profiles under (2, E) edges."""
        return functional.mish(self.norm(self.attention(x, edges)))


class OtherLayers(nn.Module):
    """L2 -> GraphNorm -> Mish -> L3, plus L4 from the output of L1."""

    def __init__(self, layers: ours.SharedAttention) -> None:
        super().__init__()
        joint, width = layers.second_and_fourth, layers.third.maps.in_features
        self.second = _convolution(joint.maps, joint.heads - 1, slice(width))
        self.norm = _norm(layers.norm)
        self.third = _convolution(layers.third.maps, 1)
        self.fourth = _convolution(joint.maps, 1, slice(width, None))

    def forward(self, hidden: Tensor, edges: Tensor) -> Tensor:
        """Return (n, dim) gene vectors."""
        second = functional.mish(self.norm(self.second(hidden, edges)))
        z: Tensor = self.third(second, edges) + self.fourth(hidden, edges)
        return z


class ExplicitDecoder(SimilarityDecoder):
    """Three n × n linear layers over the rows of z zᵀ, Mish between them."""

    def forward(self, z: Tensor) -> Tensor:
        """Return (n, n) edge logits for (n, dim) vectors."""
        hidden = functional.mish(self.first(z @ z.T))
        hidden = functional.mish(self.second(hidden))
        logits: Tensor = self.third(hidden)
        return logits


def pyg_encoders(encoders: nn.ModuleList) -> nn.ModuleList:
    """Return encoders with the weights of ours, shared as theirs are."""
    each: list[Any] = list(encoders)
    # the layers draw weights of their own first, which must not move the generator
    with torch.random.fork_rng(devices=[]):
        shared = {encoder.shared: OtherLayers(encoder.shared) for encoder in each}
        return nn.ModuleList(
            GroupEncoder(FirstLayer(encoder.first), shared[encoder.shared]) for encoder in each
        )


def pyg_edges(graph: GeneGraph, device: torch.device) -> Tensor:
    """Return (2, 2E + n) both directions of every edge, and a self-loop on every gene."""
    edges: Tensor = add_self_loops(graph.to_pyg().edge_index, num_nodes=graph.n_genes)[0]
    return edges.to(device)


def _convolution(maps: nn.Linear, heads: int, columns: slice = slice(None)) -> TransformerConv:
    """Return attention with some columns of each of the joint maps of our layer."""
    weights, biases = (
        [part[columns] for part in p.detach().chunk(4)] for p in (maps.weight, maps.bias)
    )
    layer = TransformerConv(maps.in_features, len(biases[0]) // heads, heads=heads)
    parts = (layer.lin_query, layer.lin_key, layer.lin_value, layer.lin_skip)
    for part, weight, bias in zip(parts, weights, biases, strict=True):
        part.load_state_dict({"weight": weight, "bias": bias})
    return layer


def _norm(norm: ours.GraphNorm) -> GraphNorm:
    layer = GraphNorm(len(norm.bias))
    layer.load_state_dict(norm.state_dict())
    return layer
