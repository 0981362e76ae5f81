"""Reconstruct the edges of a graph from gene vectors."""

from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.kernels.mish import mish


class SimilarityDecoder(nn.Module):
    """Three n × n linear maps over the rows of z zᵀ of n genes, with Mish between them."""

    def __init__(self, n_genes: int) -> None:
        super().__init__()
        self.first = nn.Linear(n_genes, n_genes)
        self.second = nn.Linear(n_genes, n_genes)
        self.third = nn.Linear(n_genes, n_genes)

    def forward(self, z: Tensor) -> Tensor:
        """Return (n, n) edge logits for (n, dim) vectors.

        The first layer is evaluated as z (W z)ᵀ + b: n² dim instead of n³ operations.
        """
        hidden = torch.addmm(self.first.bias, z, (self.first.weight @ z).mT)
        hidden = self.second(mish(hidden))
        logits: Tensor = self.third(mish(hidden))
        return logits


def similarity_decoders(
    graphs: GraphCollection, decoder: type[SimilarityDecoder] = SimilarityDecoder
) -> nn.ModuleList:
    """Return one decoder per graph."""
    return nn.ModuleList(decoder(graph.n_genes) for graph in graphs)


def edge_loss(logits: Tensor, adjacency: Tensor) -> Tensor:
    """Return the binary cross-entropy of (n, n) edge logits, averaged over all n² entries."""
    return cast(Tensor, _edge_loss(logits, adjacency))


class _EdgeLoss(torch.autograd.Function):
    """mean(softplus(l) - a l), whose gradient is (sigmoid(l) - a) / n².

    Written out because autograd's way through the general formula passes over the n² entries
    about three times as often.
    """

    @staticmethod
    def forward(ctx: Any, logits: Tensor, adjacency: Tensor) -> Tensor:
        ctx.save_for_backward(logits, adjacency)
        return functional.softplus(logits).mean() - (logits * adjacency).mean()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        logits, adjacency = ctx.saved_tensors
        return torch.sigmoid(logits).sub_(adjacency).mul_(gradients[0] / logits.numel()), None


_edge_loss: Any = _EdgeLoss.apply
