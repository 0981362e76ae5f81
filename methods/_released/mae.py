"""MAE as published beside MuSe-GNN."""

from typing import ClassVar

import torch
from torch import Tensor, nn

from genearena.data.common.errors import UsageError
from genearena.data.graphs import GraphCollection
from genearena.methods._nn.seeding import generator
from genearena.methods.base import Variant
from genearena.methods.mae import MAE


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

    def _decoders(self, graphs: GraphCollection) -> nn.ModuleList:
        return super()._decoders(graphs).requires_grad_(False)

    def _prepare(self, graphs: GraphCollection) -> None:
        if self.loss_on != "all":
            raise UsageError(f"mae:released: loss_on is '{self.loss_on}', the script only has all")
        super()._prepare(graphs)
        # not the seed of the method: the mask is the same for all
        source = generator(0, "the released mask")
        for graph in self.tensors:
            hidden = entries_with_repeats(graph.x.shape, self.masked_share, source)
            graph.x = graph.x.masked_fill(hidden.to(self.device), 0.0)

    def _loss(self, position: int) -> Tensor:
        """Return the mean squared error of the masked profiles, reconstructed."""
        output = self._decode(position, self._encode(position))
        return (output - self.tensors[position].x).square().mean()


def entries_with_repeats(shape: torch.Size, share: float, source: torch.Generator) -> Tensor:
    """Return a boolean tensor, true at round(share · size) entries drawn with replacement."""
    chosen = torch.zeros(shape, dtype=torch.bool)
    flat = chosen.view(-1)
    flat[torch.randint(flat.numel(), (round(share * flat.numel()),), generator=source)] = True
    return chosen
