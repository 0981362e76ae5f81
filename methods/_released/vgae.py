"""VGAE as published beside MuSe-GNN."""

from typing import ClassVar

from torch import Tensor, nn
from torch.nn import functional

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.decoder import edge_loss
from genearena.methods._nn.gcn_encoder import FirstConvolution, convolutional_encoders
from genearena.methods.base import Variant
from genearena.methods.vgae import VGAE, normal_divergence


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
    dim, seed, epochs, learning_rate, patience
        As in `VGAE`.

    References
    ----------
    Scripts published with Liu et al. (MuSe-GNN), NeurIPS 2023.
    """

    name = "vgae:released"
    variant: ClassVar[Variant] = "released"

    def _encoders(self, graphs: GraphCollection) -> nn.ModuleList:
        return convolutional_encoders(graphs, self.dim, heads=2, first=TwiceActivated)

    def _loss(self, position: int) -> Tensor:
        mean, log_std = self._posterior(position)
        sample = self._sample(mean, log_std)
        probabilities = (sample @ sample.mT).sigmoid()
        reconstruction = edge_loss(probabilities, self.tensors[position].adjacency)
        return reconstruction + normal_divergence(mean, log_std)


class TwiceActivated(FirstConvolution):
    """The first layer of VGAE with a second Mish."""

    def forward(self, propagated: Tensor, _propagation: Tensor | None = None) -> Tensor:
        """Return (n, width) features of (n, cells) propagated profiles."""
        return functional.mish(super().forward(propagated))
