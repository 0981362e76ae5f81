"""GAE as published beside MuSe-GNN."""

from typing import ClassVar

from torch import Tensor

from genearena.methods._nn.decoder import edge_loss
from genearena.methods.base import Variant
from genearena.methods.gae import GAE


class ReleasedGAE(GAE):
    """GAE as the scripts published with MuSe-GNN run it.

    Departure from `GAE`: a sigmoid turns the inner products into probabilities, which a
    cross-entropy that expects logits then passes through a second sigmoid. An edge can at best be
    given probability 0.73 and a pair without one 0.5, so that at a density of 10 % the loss
    cannot fall below 0.655.

    Parameters
    ----------
    dim, seed, epochs, learning_rate, patience
        As in `GAE`.

    References
    ----------
    Scripts published with Liu et al. (MuSe-GNN), NeurIPS 2023.
    """

    name = "gae:released"
    variant: ClassVar[Variant] = "released"

    def _loss(self, position: int) -> Tensor:
        z = self._encode(position)
        return edge_loss((z @ z.mT).sigmoid(), self.tensors[position].adjacency)
