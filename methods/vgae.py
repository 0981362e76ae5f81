"""Variational graph auto-encoder."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import torch
from torch import Tensor

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.decoder import edge_loss, inner_product_logits
from genearena.methods._nn.draws import Draws
from genearena.methods._nn.gcn_encoder import convolutional_encoders
from genearena.methods._nn.graph_tensors import GraphTensors, of_members
from genearena.methods._nn.neural_method import NeuralMethod
from genearena.methods._nn.seed_batch import Network, SeedBatch
from genearena.methods._nn.seeding import generator
from genearena.methods.settings import Count, Positive, Seed

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
    patience
        Stop after so many epochs without a lower loss; None to train all epochs.

    References
    ----------
    Kipf & Welling, Variational graph auto-encoders, 2016, Eq. 3: cross-entropy averaged over the
    n² pairs, divergence averaged over the n genes and divided by n.
    """

    name = "vgae"
    fast: ClassVar[Mapping[str, Any]] = {"epochs": 200, "lr": 2e-3}

    def __init__(
        self,
        *,
        dim: Count = 32,
        seed: Seed = 0,
        epochs: Count = 3000,
        lr: Positive = 1e-3,
        patience: Count | None = None,
    ) -> None:
        super().__init__(dim=dim, seed=seed)
        self.epochs = epochs
        self.lr = lr
        self.patience = patience

    def _network(self, graphs: GraphCollection) -> Network:
        return Network(convolutional_encoders(graphs, self.dim, heads=2))

    @classmethod
    def _batch(
        cls, methods: Sequence[Self], networks: Sequence[Network], tensors: Sequence[GraphTensors]
    ) -> SeedBatch:
        return VGAEBatch(methods, networks, tensors)

    def _rates(self) -> tuple[float, float]:
        return self.lr, self.lr


class VGAEBatch(SeedBatch):
    """The training of variational graph auto-encoders for several seeds.

    Parameters
    ----------
    methods
        Settings, equal but for the seeds.
    networks, tensors
        One per seed; one per graph.
    """

    def __init__(
        self, methods: Sequence[VGAE], networks: Sequence[Network], tensors: Sequence[GraphTensors]
    ) -> None:
        super().__init__(networks, tensors)
        self.dim = methods[0].dim
        self.noise = [generator(method.seed, "posterior samples") for method in methods]

    def encode(self, position: int, members: Sequence[int]) -> Tensor:
        """Return the (members, n, dim) posterior means of one graph."""
        return self._posterior(position, members)[0]

    def draw(self, position: int, members: Sequence[int]) -> Draws:
        """Draw (members, n, dim) standard normal noise."""
        # drawn on the CPU, so that a seed means the same on every device
        shape = (self.tensors[position].n_genes, self.dim)
        drawn = [torch.randn(shape, generator=self.noise[member]) for member in members]
        return Draws(tensors=(torch.stack(drawn),))

    def loss_given(self, position: int, members: Sequence[int], draws: Draws) -> Tensor:
        """Return the (members,) negative evidence lower bounds."""
        mean, log_std = self._posterior(position, members)
        (noise,) = draws.tensors
        logits = inner_product_logits(mean + noise * log_std.exp())
        adjacency = of_members(self.tensors[position].adjacency, members)
        divergence = normal_divergence(mean, log_std) / mean.shape[-2]
        return edge_loss(logits, adjacency) + divergence

    def _posterior(self, position: int, members: Sequence[int]) -> tuple[Tensor, Tensor]:
        graph = self.tensors[position]
        propagated, propagation = (
            of_members(tensor, members) for tensor in (graph.propagated, graph.propagation)
        )
        both = self.run_encoder(position, members, propagated, propagation)
        mean, log_std = both.chunk(2, dim=-1)
        return mean, log_std.clamp(max=_LARGEST_LOG_STD)


def normal_divergence(mean: Tensor, log_std: Tensor) -> Tensor:
    """Return KL(N(mean, std²) || N(0, 1)), summed over dimensions and averaged over genes.

    Parameters
    ----------
    mean, log_std
        (..., n, dim) parameters of independent normal distributions.
    """
    per_entry = 0.5 * (mean.square() + (2 * log_std).exp() - 1) - log_std
    return per_entry.sum(dim=-1).mean(dim=-1)
