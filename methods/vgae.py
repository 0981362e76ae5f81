"""Variational graph auto-encoder."""

from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.decoder import edge_loss, inner_product_logits
from genearena.methods._nn.gcn_encoder import ConvolutionalEncoder
from genearena.methods._nn.neural_method import NeuralMethod
from genearena.methods._nn.seeding import generator
from genearena.methods._nn.training import GraphModel

# exp(10) is a standard deviation no embedding needs; beyond it exp overflows
_LARGEST_LOG_STD = 10.0


class VGAE(NeuralMethod):
    """A graph auto-encoder with a normal posterior per gene; the vectors are its means.

    Parameters
    ----------
    dim, seed
        Length of the vectors; source of randomness.
    epochs
        Passes over the graphs, one step per graph.
    lr
        Learning rate of Adam.

    References
    ----------
    Kipf & Welling, Variational graph auto-encoders, 2016, Eq. 3: cross-entropy averaged over the
    n² pairs, divergence averaged over the n genes and divided by n.
    """

    name = "vgae"
    fast: ClassVar[Mapping[str, Any]] = {"epochs": 100, "lr": 2e-3}

    def __init__(
        self, *, dim: int = 32, seed: int = 0, epochs: int = 3000, lr: float = 1e-3
    ) -> None:
        super().__init__(dim=dim, seed=seed)
        self.epochs = epochs
        self.lr = lr

    def _model(self, graphs: GraphCollection) -> GraphModel:
        return _Model(graphs, self.dim, generator(self.seed, "posterior samples"))

    def _rates(self) -> tuple[float, float]:
        return self.lr, self.lr


class _Model(GraphModel):
    def __init__(self, graphs: GraphCollection, dim: int, noise: torch.Generator) -> None:
        super().__init__()
        self.n_graphs = len(graphs)
        self.noise = noise
        self.encoder = ConvolutionalEncoder(graphs, dim, heads=2)

    def encode(self, position: int) -> Tensor:
        return self._posterior(position)[0]

    def loss(self, position: int) -> Tensor:
        mean, log_std = self._posterior(position)
        noise = torch.randn(mean.shape, generator=self.noise).to(mean)
        logits = inner_product_logits(mean + noise * log_std.exp())
        divergence = normal_divergence(mean, log_std) / mean.shape[-2]
        return edge_loss(logits, self.encoder.adjacency[position]) + divergence

    def decoders(self) -> list[nn.Parameter]:
        return []

    def _posterior(self, position: int) -> tuple[Tensor, Tensor]:
        mean, log_std = self.encoder(position).chunk(2, dim=-1)
        return mean, log_std.clamp(max=_LARGEST_LOG_STD)


def normal_divergence(mean: Tensor, log_std: Tensor) -> Tensor:
    """Return KL(N(mean, std²) || N(0, 1)), summed over dimensions and averaged over genes.

    Parameters
    ----------
    mean, log_std
        (n, dim) parameters of independent normal distributions.
    """
    per_entry = 0.5 * (mean.square() + (2 * log_std).exp() - 1) - log_std
    return per_entry.sum(dim=-1).mean()
