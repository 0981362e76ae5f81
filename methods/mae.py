"""Masked auto-encoder of expression profiles."""

from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from genearena.data.errors import UsageError
from genearena.data.graphs import GraphCollection
from genearena.methods._nn.inputs import Tensors, profile_tensor
from genearena.methods._nn.neural_method import NeuralMethod
from genearena.methods._nn.profile_encoder import ProfileEncoder
from genearena.methods._nn.seeding import generator
from genearena.methods._nn.sharing import PerGroup
from genearena.methods._nn.training import GraphModel

LOSS_ON = ("all", "masked")


class MAE(NeuralMethod):
    """Hide a quarter of the expression entries and reconstruct the profiles; edges are unused.

    The decoder mirrors the encoder: dim -> 2 dim -> 4 dim per technique-tissue group, then
    4 dim -> cells per graph. The vectors come from the unmasked profiles.

    Parameters
    ----------
    dim, seed
        Length of the vectors; source of randomness.
    epochs
        Passes over the graphs, one step per graph.
    lr_encoder, lr_decoder
        Learning rates of Adam.
    masked_share
        Share of the entries set to zero, drawn afresh in every epoch.
    loss_on
        ``all`` entries or only the ``masked`` ones.

    References
    ----------
    He et al., Masked autoencoders are scalable vision learners, CVPR 2022.
    """

    name = "mae"
    needs = frozenset({"expression"})
    fast: ClassVar[Mapping[str, Any]] = {"epochs": 60, "lr_encoder": 2e-3, "lr_decoder": 2e-3}

    def __init__(
        self,
        *,
        dim: int = 32,
        seed: int = 0,
        epochs: int = 1000,
        lr_encoder: float = 5e-4,
        lr_decoder: float = 1e-3,
        masked_share: float = 0.25,
        loss_on: str = "all",
    ) -> None:
        super().__init__(dim=dim, seed=seed)
        self.epochs = epochs
        self.lr_encoder = lr_encoder
        self.lr_decoder = lr_decoder
        self.masked_share = masked_share
        self.loss_on = loss_on

    def _model(self, graphs: GraphCollection) -> GraphModel:
        if not 0 < self.masked_share < 1:
            raise UsageError(f"mae: masked_share is {self.masked_share}, want between 0 and 1")
        if self.loss_on not in LOSS_ON:
            raise UsageError(f"mae: loss_on is '{self.loss_on}', want {' or '.join(LOSS_ON)}")
        masks = generator(self.seed, "masks")
        return _Model(graphs, self.dim, self.masked_share, self.loss_on == "masked", masks)

    def _rates(self) -> tuple[float, float]:
        return self.lr_encoder, self.lr_decoder


class _Model(GraphModel):
    def __init__(
        self,
        graphs: GraphCollection,
        dim: int,
        share: float,
        masked_only: bool,
        masks: torch.Generator,
    ) -> None:
        super().__init__()
        self.n_graphs = len(graphs)
        self.share = share
        self.masked_only = masked_only
        self.masks = masks
        self.x = Tensors(profile_tensor(graph) for graph in graphs)
        self.encoder = ProfileEncoder(graphs, dim)
        self.widen = PerGroup(graphs, lambda: _widening(dim))
        self.last = nn.ModuleList(nn.Linear(4 * dim, graph.n_cells) for graph in graphs)

    def encode(self, position: int) -> Tensor:
        z: Tensor = self.encoder(self.x[position], position)
        return z

    def loss(self, position: int) -> Tensor:
        x = self.x[position]
        hidden = random_entries(x.shape, self.share, self.masks).to(x.device)
        z = self.encoder(x.masked_fill(hidden, 0.0), position)
        output = self.last[position](self.widen.of(position)(z))
        if self.masked_only:
            return functional.mse_loss(output[hidden], x[hidden])
        return functional.mse_loss(output, x)

    def decoders(self) -> list[nn.Parameter]:
        return [*self.widen.parameters(), *self.last.parameters()]


def _widening(dim: int) -> nn.Module:
    return nn.Sequential(nn.Linear(dim, 2 * dim), nn.Mish(), nn.Linear(2 * dim, 4 * dim), nn.Mish())


def random_entries(shape: torch.Size, share: float, source: torch.Generator) -> Tensor:
    """Return a boolean tensor with exactly round(share · size) true entries, drawn uniformly.

    Independent draws are corrected to the exact number by flipping entries chosen at random,
    which keeps all outcomes equally likely and is much cheaper than a permutation.
    """
    chosen = torch.rand(shape, generator=source) < share
    flat = chosen.view(-1)
    missing = round(share * flat.numel()) - int(flat.sum())
    wanted = missing > 0
    while missing:
        tried = torch.unique(torch.randint(flat.numel(), (abs(missing),), generator=source))
        flipped = tried[flat[tried] != wanted]
        flat[flipped] = wanted
        missing -= len(flipped) if wanted else -len(flipped)
    return chosen
