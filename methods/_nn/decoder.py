"""Reconstruct the edges of a graph from gene vectors."""

from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from genearena.methods._nn.affine import Affine


class SimilarityDecoder(nn.Module):
    """Three linear maps over the rows of z zᵀ, with Mish between them.

    Parameters
    ----------
    n_genes
        Number of genes n; every layer is n × n.
    """

    def __init__(self, n_genes: int) -> None:
        super().__init__()
        self.first = Affine(n_genes, n_genes)
        self.second = Affine(n_genes, n_genes)
        self.third = Affine(n_genes, n_genes)

    def forward(self, z: Tensor) -> Tensor:
        """Return (seeds, n, n) edge logits for (seeds, n, dim) vectors.

        The first layer is evaluated as z (W z)ᵀ + b: n² dim instead of n³ operations.
        """
        weight, bias = self.first.weight, self.first.bias.unsqueeze(-2)
        hidden = torch.baddbmm(bias.expand(len(z), 1, -1), z, (weight @ z).mT)
        hidden = self.second(functional.mish(hidden))
        logits: Tensor = self.third(functional.mish(hidden))
        return logits


def inner_product_logits(z: Tensor) -> Tensor:
    """Return the (..., n, n) edge logits z zᵀ of the graph auto-encoders."""
    return z @ z.mT


def edge_loss(logits: Tensor, adjacency: Tensor) -> Tensor:
    """Return the binary cross-entropy of edge logits, averaged over all n² entries.

    Parameters
    ----------
    logits
        (seeds, n, n).
    adjacency
        (n, n) 0/1, or (seeds, n, n) where every seed has edges of its own.

    Returns
    -------
    (seeds,).
    """
    return cast(Tensor, _edge_loss(logits, adjacency))


class _EdgeLoss(torch.autograd.Function):
    """mean(softplus(l) - a l), whose gradient is (sigmoid(l) - a) / n².

    Written out because autograd's way through the general formula passes over the n² entries
    about three times as often.
    """

    @staticmethod
    def forward(ctx: Any, logits: Tensor, adjacency: Tensor) -> Tensor:
        ctx.save_for_backward(logits, adjacency)
        found = (logits * adjacency).mean(dim=(-2, -1))
        return functional.softplus(logits).mean(dim=(-2, -1)) - found

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        logits, adjacency = ctx.saved_tensors
        scale = gradients[0] / (logits.shape[-2] * logits.shape[-1])
        return torch.sigmoid(logits).sub_(adjacency).mul_(scale[..., None, None]), None


_edge_loss: Any = _EdgeLoss.apply
