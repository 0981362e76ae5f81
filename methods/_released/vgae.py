"""VGAE as published beside MuSe-GNN."""

from collections.abc import Sequence
from typing import ClassVar

from torch import Tensor
from torch.nn import functional

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.decoder import edge_loss, inner_product_logits
from genearena.methods._nn.draws import Draws
from genearena.methods._nn.gcn_encoder import ConvolutionalEncoder, convolutional_encoders
from genearena.methods._nn.graph_tensors import GraphTensors, of_members
from genearena.methods._nn.seed_batch import Network, SeedBatch
from genearena.methods.base import Variant
from genearena.methods.vgae import VGAE, VGAEBatch, normal_divergence


class ReleasedVGAE(VGAE):
    """VGAE as the scripts published with MuSe-GNN run it.

    Departures from `VGAE`: as in released GAE, probabilities stand where the cross-entropy
    expects logits; the divergence is averaged over genes but not divided by their number; and
    the output of the first layer passes through Mish twice. The divergence, n times too heavy,
    collapses the posterior onto the prior: the means, which are the vectors, shrink to about
    2e-3, and their inner products hardly tell edges from other pairs. Cosines, which forget
    length, hide much of this.

    Parameters
    ----------
    dim, seed, epochs, lr, patience
        As in `VGAE`.

    References
    ----------
    Scripts published with Liu et al. (MuSe-GNN), NeurIPS 2023.
    """

    name = "vgae:released"
    variant: ClassVar[Variant] = "released"

    def _network(self, graphs: GraphCollection) -> Network:
        encoders = convolutional_encoders(graphs, self.dim, heads=2, encoder=TwiceActivatedEncoder)
        return Network(encoders)

    @classmethod
    def _batch(
        cls, methods: Sequence[VGAE], networks: Sequence[Network], tensors: Sequence[GraphTensors]
    ) -> SeedBatch:
        return ReleasedVGAEBatch(methods, networks, tensors)


class TwiceActivatedEncoder(ConvolutionalEncoder):
    """The encoder of VGAE with a second Mish after its first layer."""

    def forward(self, propagated: Tensor, propagation: Tensor) -> Tensor:
        """Return (seeds, n, outputs)."""
        hidden = functional.mish(functional.mish(self.first(propagated)))
        out: Tensor = self.shared(hidden, propagation)
        return out


class ReleasedVGAEBatch(VGAEBatch):
    """The training of released VGAE for several seeds."""

    def loss_given(self, position: int, members: Sequence[int], draws: Draws) -> Tensor:
        """Return the (members,) sums of reconstruction and undivided divergence."""
        mean, log_std = self._posterior(position, members)
        (noise,) = draws.tensors
        sample = mean + noise * log_std.exp()
        adjacency = of_members(self.tensors[position].adjacency, members)
        reconstruction = edge_loss(inner_product_logits(sample).sigmoid(), adjacency)
        return reconstruction + normal_divergence(mean, log_std)
