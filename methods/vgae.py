"""Variational graph auto-encoder."""

from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.decoder import edge_loss
from genearena.methods._nn.gcn_encoder import convolutional_encoders
from genearena.methods._nn.seeding import generator
from genearena.methods.gae import GAE
from genearena.methods.settings import Count, Positive, with_settings

# exp(10) is a standard deviation no embedding needs; beyond it exp overflows
_LARGEST_LOG_STD = 10.0


@with_settings
class VGAE(GAE):
    """A graph auto-encoder with a normal posterior per gene; the vectors are its means.

    The divergence is weighted as Kipf and Welling's; the scripts published with MuSe-GNN weight it
    n times as much. Sizes and epochs are those scripts'.

    Parameters
    ----------
    dim, seed, epochs, learning_rate, patience
        As in `GAE`.

    References
    ----------
    Kipf & Welling, Variational graph auto-encoders, 2016, Eq. 3: cross-entropy averaged over the
    n² pairs, divergence averaged over the n genes and divided by n.
    """

    name = "vgae"
    fast: ClassVar[Mapping[str, Any]] = {"epochs": 200, "learning_rate": 2e-3}

    epochs: Count = 3000
    learning_rate: Positive = 1e-3

    def _encoders(self, graphs: GraphCollection) -> nn.ModuleList:
        return convolutional_encoders(graphs, self.dim, heads=2)

    def _prepare(self, graphs: GraphCollection) -> None:
        super()._prepare(graphs)
        self.noise = generator(self.seed, "posterior samples")

    def _encode(self, position: int) -> Tensor:
        return self._posterior(position)[0]

    def _loss(self, position: int) -> Tensor:
        mean, log_std = self._posterior(position)
        sample = self._sample(mean, log_std)
        reconstruction = edge_loss(sample @ sample.mT, self.tensors[position].adjacency)
        return reconstruction + normal_divergence(mean, log_std) / len(mean)

    def _posterior(self, position: int) -> tuple[Tensor, Tensor]:
        mean, log_std = super()._encode(position).chunk(2, dim=-1)
        return mean, log_std.clamp(max=_LARGEST_LOG_STD)

    def _sample(self, mean: Tensor, log_std: Tensor) -> Tensor:
        # drawn on the CPU, so that a seed means the same on every device
        noise = torch.randn(mean.shape, generator=self.noise).to(mean.device)
        return mean + noise * log_std.exp()


def normal_divergence(mean: Tensor, log_std: Tensor) -> Tensor:
    """Return KL(N(mean, std²) || N(0, 1)), summed over dimensions and averaged over genes.

    Parameters
    ----------
    mean, log_std
        (n, dim) parameters of independent normal distributions.
    """
    per_entry = 0.5 * (mean.square() + (2 * log_std).exp() - 1) - log_std
    return per_entry.sum(dim=-1).mean(dim=-1)
