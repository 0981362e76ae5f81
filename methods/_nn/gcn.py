"""Graph convolution on dense co-expression graphs."""

import torch
from torch import Tensor, nn


def normalised(adjacency: Tensor) -> Tensor:
    """Return D^-1/2 Â D^-1/2 of a (..., n, n) adjacency Â with self-loops, D its degrees."""
    scale = adjacency.sum(dim=-1).rsqrt()
    return adjacency * scale[..., :, None] * scale[..., None, :]


class GraphConvolution(nn.Module):
    """The map P ↦ P W + b with the initialisation usual for graph convolutions.

    Parameters
    ----------
    width_in, width
        Numbers of input and output features.

    References
    ----------
    Kipf & Welling, Semi-supervised classification with graph convolutional networks, ICLR 2017.
    """

    def __init__(self, width_in: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(width_in, width))
        self.bias = nn.Parameter(torch.zeros(width))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, x: Tensor, propagation: Tensor | None = None) -> Tensor:
        """Convolve.

        Parameters
        ----------
        x
            (seeds or 1, n, width_in) features.
        propagation
            (n, n) normalised adjacency, or one per seed; None if `x` has already been multiplied
            by it, which a first layer with constant input does once and for all.

        Returns
        -------
        (seeds, n, width) features.
        """
        projected = x @ self.weight
        if propagation is not None:
            projected = propagation @ projected
        return projected + self.bias.unsqueeze(-2)
