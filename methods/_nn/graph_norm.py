"""Normalisation of node features over one graph."""

import torch
from torch import Tensor, nn


class GraphNorm(nn.Module):
    """Normalise each feature over the nodes, subtracting a learned share of its mean.

    Parameters
    ----------
    width
        Number of features.
    eps
        Added to the variance.

    References
    ----------
    Cai et al., GraphNorm: a principled approach to accelerating graph neural network training,
    ICML 2021, Eq. 6.
    """

    def __init__(self, width: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))
        self.mean_scale = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        """Normalise (seeds, n, width) features over the nodes."""
        # the parameters are (width,), or (seeds, width) where several seeds run as one
        weight, bias, mean_scale = (
            p.unsqueeze(-2) for p in (self.weight, self.bias, self.mean_scale)
        )
        centred = x - mean_scale * x.mean(dim=-2, keepdim=True)
        variance = centred.square().mean(dim=-2, keepdim=True)
        return centred * (weight * (variance + self.eps).rsqrt()) + bias
