"""Masked auto-encoder of expression profiles."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import torch
from torch import Tensor, nn

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.encoders import profile_encoders
from genearena.methods._nn.kernels.mish import Mish
from genearena.methods._nn.neural_method import NeuralMethod
from genearena.methods._nn.seeding import generator
from genearena.methods.settings import Count, InnerShare, Positive, with_settings


@with_settings
class MAE(NeuralMethod):
    """Hide a quarter of the expression entries and reconstruct the profiles; edges are unused.

    The decoder mirrors the encoder, dim -> 2 dim -> 4 dim -> cells, and each graph has one of its
    own, as in the scripts published with MuSe-GNN. Those mask target and input alike, once for all
    epochs, never train the decoder and embed masked profiles; here, as He et al. have it, the
    target and what is embedded are the unmasked profiles.

    A GPU draws the entries itself, which takes the CPU longer than the rest of a step takes the
    GPU: there a seed means other masks.

    Parameters
    ----------
    dim, seed, epochs, lr_encoder, lr_decoder, patience
        As in `NeuralMethod`.
    masked_share
        Share of the entries set to zero, drawn afresh in every epoch.
    loss_on
        ``all`` entries or only the ``masked`` ones.

    References
    ----------
    He et al., Masked autoencoders are scalable vision learners, CVPR 2022.
    """

    name = "mae"
    version = "2"
    needs = frozenset({"expression"})
    fast: ClassVar[Mapping[str, Any]] = {"epochs": 60, "lr_encoder": 5e-3, "lr_decoder": 5e-3}
    search: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "epochs": ("log", 20, 3000),
        "lr_encoder": ("log", 1e-4, 1e-2),
        "lr_decoder": ("log", 1e-4, 1e-2),
        "masked_share": ("linear", 0.1, 0.75),
        "loss_on": ("all", "masked"),
    }

    epochs: Count = 1000
    lr_encoder: Positive = 5e-4
    lr_decoder: Positive = 1e-3
    masked_share: InnerShare = 0.25
    loss_on: Literal["all", "masked"] = "all"
    patience: Count | None = None

    def _encoders(self, graphs: GraphCollection) -> nn.ModuleList:
        return profile_encoders(graphs, self.dim)

    def _decoders(self, graphs: GraphCollection) -> nn.ModuleList:
        return nn.ModuleList(
            nn.Sequential(_widening(self.dim), nn.Linear(4 * self.dim, graph.n_cells))
            for graph in graphs
        )

    def _prepare(self, graphs: GraphCollection) -> None:
        super()._prepare(graphs)
        self.masks = generator(self.seed, "masks", self.device)

    def _encode(self, position: int) -> Tensor:
        z: Tensor = self.encoders[position](self.tensors[position].x)
        return z

    def _loss(self, position: int) -> Tensor:
        x = self.tensors[position].x
        draw = random_entries if self.device.type == "cpu" else lowest_entries
        hidden = draw(x.shape, self.masked_share, self.masks)
        z = self.encoders[position](x.masked_fill(hidden, 0.0))
        error = (self._decode(position, z) - x).square()
        if self.loss_on == "masked":
            return error.masked_fill(~hidden, 0.0).sum() / hidden.sum()
        return error.mean()


def _widening(dim: int) -> nn.Module:
    return nn.Sequential(nn.Linear(dim, 2 * dim), Mish(), nn.Linear(2 * dim, 4 * dim), Mish())


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


def lowest_entries(shape: torch.Size, share: float, source: torch.Generator) -> Tensor:
    """Return the same with operations that suit a GPU.

    Every entry gets a random number, and the round(share · size) lowest are taken: no loop whose
    length depends on what was drawn, so that the host waits for nothing.
    """
    size = shape.numel()
    order = torch.rand(size, generator=source, device=source.device).argsort()
    chosen = torch.zeros(size, dtype=torch.bool, device=source.device)
    return chosen.index_fill_(0, order[: round(share * size)], True).view(shape)
