"""MAE as published beside MuSe-GNN."""

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor

from genearena.data.common.errors import UsageError
from genearena.data.graphs import GraphCollection
from genearena.methods._nn.draws import Draws
from genearena.methods._nn.graph_tensors import GraphTensors
from genearena.methods._nn.seed_batch import Network, SeedBatch
from genearena.methods._nn.seeding import generator
from genearena.methods.base import Variant
from genearena.methods.mae import MAE, MAEBatch


class ReleasedMAE(MAE):
    """MAE as the scripts published with MuSe-GNN run it.

    Departures from `MAE`: the profiles are masked in place before the target is copied from
    them, so that the target is the masked input and the hidden values are nowhere; the mask is
    drawn once, the same for all epochs and seeds, and with replacement, so that a quarter hides
    22 % of the entries; the decoder is never trained; the vectors come from the masked profiles.

    Parameters
    ----------
    dim, seed, epochs, lr_encoder, patience
        As in `MAE`.
    lr_decoder
        Without effect: the decoder is never stepped.
    masked_share
        Entries drawn for the mask, with replacement, as a share of all.
    loss_on
        Only ``all``.

    References
    ----------
    Scripts published with Liu et al. (MuSe-GNN), NeurIPS 2023.
    """

    name = "mae:released"
    variant: ClassVar[Variant] = "released"

    def _network(self, graphs: GraphCollection) -> Network:
        if self.loss_on != "all":
            raise UsageError(f"mae:released: loss_on is '{self.loss_on}', the script only has all")
        network = super()._network(graphs)
        network.decoders.requires_grad_(False)
        return network

    @classmethod
    def _batch(
        cls, methods: Sequence[MAE], networks: Sequence[Network], tensors: Sequence[GraphTensors]
    ) -> SeedBatch:
        return ReleasedMAEBatch(methods, networks, tensors)


class ReleasedMAEBatch(MAEBatch):
    """The training of released MAE for several seeds."""

    def __init__(
        self, methods: Sequence[MAE], networks: Sequence[Network], tensors: Sequence[GraphTensors]
    ) -> None:
        super().__init__(methods, networks, tensors)
        # not the seed of a method: the mask is the same for all
        source = generator(0, "the released mask")
        share = self.settings.masked_share
        self.masked = [
            graph.x.masked_fill(
                entries_with_repeats(graph.x.shape, share, source).to(graph.device), 0.0
            )
            for graph in tensors
        ]

    def encode(self, position: int, members: Sequence[int]) -> Tensor:
        """Return the (members, n, dim) gene vectors of the masked profiles of one graph."""
        return self.run_encoder(position, members, self.masked[position])

    def draw(self, position: int, members: Sequence[int]) -> Draws:  # noqa: ARG002 - as all batches
        """Draw nothing: the one mask was drawn before the training."""
        return Draws()

    def loss_given(
        self,
        position: int,
        members: Sequence[int],
        draws: Draws,  # noqa: ARG002 - as all batches
    ) -> Tensor:
        """Return the (members,) mean squared errors of the masked profiles, reconstructed."""
        output = self.run_decoder(position, members, self.encode(position, members))
        return (output - self.masked[position]).square().mean(dim=(-2, -1))


def entries_with_repeats(shape: torch.Size, share: float, source: torch.Generator) -> Tensor:
    """Return a boolean tensor, true at round(share · size) entries drawn with replacement."""
    chosen = torch.zeros(shape, dtype=torch.bool)
    flat = chosen.view(-1)
    flat[torch.randint(flat.numel(), (round(share * flat.numel()),), generator=source)] = True
    return chosen
