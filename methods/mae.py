"""Masked auto-encoder of expression profiles."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, Self

import torch
from torch import Tensor, nn

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.affine import Affine
from genearena.methods._nn.draws import Draws
from genearena.methods._nn.graph_tensors import GraphTensors
from genearena.methods._nn.neural_method import NeuralMethod
from genearena.methods._nn.profile_encoder import profile_encoders
from genearena.methods._nn.seed_batch import Network, SeedBatch
from genearena.methods._nn.seeding import generator
from genearena.methods._nn.sharing import shared_by_group
from genearena.methods.settings import Count, InnerShare, Positive, Seed


class MAE(NeuralMethod):
    """Hide a quarter of the expression entries and reconstruct the profiles; edges are unused.

    The decoder mirrors the encoder: dim -> 2 dim -> 4 dim per technique-tissue group, then
    4 dim -> cells per graph. The vectors come from the unmasked profiles.

    A GPU draws the entries itself, which takes the CPU longer than the rest of a step takes the
    GPU: there a seed means other masks.

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
    patience
        Stop after so many epochs without a lower loss; None to train all epochs.

    References
    ----------
    He et al., Masked autoencoders are scalable vision learners, CVPR 2022.
    """

    name = "mae"
    needs = frozenset({"expression"})
    fast: ClassVar[Mapping[str, Any]] = {"epochs": 60, "lr_encoder": 5e-3, "lr_decoder": 5e-3}

    def __init__(
        self,
        *,
        dim: Count = 32,
        seed: Seed = 0,
        epochs: Count = 1000,
        lr_encoder: Positive = 5e-4,
        lr_decoder: Positive = 1e-3,
        masked_share: InnerShare = 0.25,
        loss_on: Literal["all", "masked"] = "all",
        patience: Count | None = None,
    ) -> None:
        super().__init__(dim=dim, seed=seed)
        self.epochs = epochs
        self.lr_encoder = lr_encoder
        self.lr_decoder = lr_decoder
        self.masked_share = masked_share
        self.loss_on = loss_on
        self.patience = patience

    def _network(self, graphs: GraphCollection) -> Network:
        encoders = profile_encoders(graphs, self.dim)
        widen = shared_by_group(graphs, lambda: _widening(self.dim))
        last = [Affine(4 * self.dim, graph.n_cells) for graph in graphs]
        return Network(encoders, nn.ModuleList(map(nn.Sequential, widen, last)))

    @classmethod
    def _batch(
        cls, methods: Sequence[Self], networks: Sequence[Network], tensors: Sequence[GraphTensors]
    ) -> SeedBatch:
        return MAEBatch(methods, networks, tensors)

    def _rates(self) -> tuple[float, float]:
        return self.lr_encoder, self.lr_decoder


class MAEBatch(SeedBatch):
    """The training of masked auto-encoders for several seeds.

    Parameters
    ----------
    methods
        Settings, equal but for the seeds.
    networks, tensors
        One per seed; one per graph.
    """

    def __init__(
        self, methods: Sequence[MAE], networks: Sequence[Network], tensors: Sequence[GraphTensors]
    ) -> None:
        super().__init__(networks, tensors)
        self.settings = methods[0]
        self.masks = [generator(method.seed, "masks", self.device) for method in methods]

    def encode(self, position: int, members: Sequence[int]) -> Tensor:
        """Return the (members, n, dim) gene vectors of the unmasked profiles of one graph."""
        return self.run_encoder(position, members, self.tensors[position].x)

    def draw(self, position: int, members: Sequence[int]) -> Draws:
        """Draw the (members, n, cells) entries to hide."""
        shape, share = self.tensors[position].x.shape[1:], self.settings.masked_share
        sources = [self.masks[member] for member in members]
        if self.device.type == "cpu":
            drawn = [random_entries(shape, share, source) for source in sources]
            return Draws(tensors=(torch.stack(drawn),))
        return Draws(tensors=(lowest_entries(shape, share, sources),))

    def loss_given(self, position: int, members: Sequence[int], draws: Draws) -> Tensor:
        """Return the (members,) mean squared errors of the reconstructed profiles."""
        x = self.tensors[position].x
        (hidden,) = draws.tensors
        z = self.run_encoder(position, members, x.masked_fill(hidden, 0.0))
        error = (self.run_decoder(position, members, z) - x).square()
        if self.settings.loss_on == "masked":
            n_hidden = hidden.sum(dim=(-2, -1))
            return error.masked_fill(~hidden, 0.0).sum(dim=(-2, -1)) / n_hidden
        return error.mean(dim=(-2, -1))


def _widening(dim: int) -> nn.Module:
    return nn.Sequential(Affine(dim, 2 * dim), nn.Mish(), Affine(2 * dim, 4 * dim), nn.Mish())


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


def lowest_entries(shape: torch.Size, share: float, sources: Sequence[torch.Generator]) -> Tensor:
    """Return the same for several seeds, with operations that suit a GPU.

    Every entry gets a random number, and the round(share · size) lowest are taken: no loop whose
    length depends on what was drawn, so that the host waits for nothing.

    Parameters
    ----------
    shape, share
        As for `random_entries`.
    sources
        One per seed, all on one device.

    Returns
    -------
    (seeds, …shape) booleans.
    """
    size, device = shape.numel(), sources[0].device
    numbers = [torch.rand(size, generator=source, device=device) for source in sources]
    order = torch.stack(numbers).argsort(dim=-1)[:, : round(share * size)]
    chosen = torch.zeros(len(sources), size, dtype=torch.bool, device=device)
    return chosen.scatter_(1, order, True).view(len(sources), *shape)
