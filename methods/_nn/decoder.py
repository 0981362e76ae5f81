"""Reconstruct the edges of a graph from gene vectors."""

from torch import Tensor, nn
from torch.nn import functional


class SimilarityDecoder(nn.Module):
    """Three linear maps over the rows of z zᵀ, with Mish between them.

    Parameters
    ----------
    n_genes
        Number of genes n; every layer is n × n.
    """

    def __init__(self, n_genes: int) -> None:
        super().__init__()
        self.first = nn.Linear(n_genes, n_genes)
        self.second = nn.Linear(n_genes, n_genes)
        self.third = nn.Linear(n_genes, n_genes)

    def forward(self, z: Tensor) -> Tensor:
        """Return (..., n, n) edge logits for (..., n, dim) vectors.

        The first layer is evaluated as z (W z)ᵀ + b: n² dim instead of n³ operations.
        """
        hidden = z @ (self.first.weight @ z).mT + self.first.bias
        hidden = self.second(functional.mish(hidden))
        logits: Tensor = self.third(functional.mish(hidden))
        return logits


def inner_product_logits(z: Tensor) -> Tensor:
    """Return the (..., n, n) edge logits z zᵀ of the graph auto-encoders."""
    return z @ z.mT


def edge_loss(logits: Tensor, adjacency: Tensor) -> Tensor:
    """Return the binary cross-entropy of edge logits, averaged over all n² entries."""
    return functional.binary_cross_entropy_with_logits(logits, adjacency)
