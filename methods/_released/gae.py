"""GAE as published beside MuSe-GNN."""

from collections.abc import Sequence
from typing import ClassVar

from torch import Tensor

from genearena.methods._nn.decoder import edge_loss, inner_product_logits
from genearena.methods._nn.draws import Draws
from genearena.methods._nn.graph_tensors import GraphTensors, of_members
from genearena.methods._nn.seed_batch import Network, SeedBatch
from genearena.methods.base import Variant
from genearena.methods.gae import GAE, GAEBatch


class ReleasedGAE(GAE):
    """GAE as the scripts published with MuSe-GNN run it.

    Departure from `GAE`: a sigmoid turns the inner products into probabilities, which a
    cross-entropy that expects logits then passes through a second sigmoid. An edge can at best be
    given probability 0.73 and a pair without one 0.5, so that at a density of 10 % the loss
    cannot fall below 0.655.

    Parameters
    ----------
    dim, seed, epochs, lr, patience
        As in `GAE`.

    References
    ----------
    Scripts published with Liu et al. (MuSe-GNN), NeurIPS 2023.
    """

    name = "gae:released"
    variant: ClassVar[Variant] = "released"

    @classmethod
    def _batch(
        cls,
        methods: Sequence[GAE],  # noqa: ARG003 - nothing is drawn while training
        networks: Sequence[Network],
        tensors: Sequence[GraphTensors],
    ) -> SeedBatch:
        return ReleasedGAEBatch(networks, tensors)


class ReleasedGAEBatch(GAEBatch):
    """The training of released GAE for several seeds."""

    def loss_given(
        self,
        position: int,
        members: Sequence[int],
        draws: Draws,  # noqa: ARG002 - nothing is drawn while training
    ) -> Tensor:
        """Return the (members,) cross-entropies with probabilities in the place of logits."""
        probabilities = inner_product_logits(self.encode(position, members)).sigmoid()
        return edge_loss(probabilities, of_members(self.tensors[position].adjacency, members))
