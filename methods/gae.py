"""Graph auto-encoder."""

from collections.abc import Mapping
from typing import Any, ClassVar

from torch import Tensor, nn

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.decoder import edge_loss
from genearena.methods._nn.gcn_encoder import convolutional_encoders
from genearena.methods._nn.neural_method import NeuralMethod
from genearena.methods.settings import Count, Positive, with_settings


@with_settings
class GAE(NeuralMethod):
    """Graph convolutions whose vectors' inner products reconstruct the edges.

    The cross-entropy takes logits, as Kipf and Welling's; the scripts published with MuSe-GNN pass
    them through a sigmoid first. Sizes, epochs and the first layer per graph are those scripts'.

    Parameters
    ----------
    dim, seed, epochs, patience
        As in `NeuralMethod`.
    learning_rate
        Learning rate of Adam.

    References
    ----------
    Kipf & Welling, Variational graph auto-encoders, 2016, Eq. 4 (without the variational part).
    """

    name = "gae"
    fast: ClassVar[Mapping[str, Any]] = {"epochs": 200, "learning_rate": 1e-3}
    search: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "epochs": ("log", 20, 3000),
        "learning_rate": ("log", 1e-4, 1e-2),
    }

    epochs: Count = 2000
    learning_rate: Positive = 1e-4
    patience: Count | None = None

    def _encoders(self, graphs: GraphCollection) -> nn.ModuleList:
        return convolutional_encoders(graphs, self.dim)

    def _encode(self, position: int) -> Tensor:
        graph = self.tensors[position]
        z: Tensor = self.encoders[position](graph.propagated, graph.propagation)
        return z

    def _loss(self, position: int) -> Tensor:
        z = self._encode(position)
        return edge_loss(z @ z.mT, self.tensors[position].adjacency)

    def _rates(self) -> tuple[float, float]:
        return self.learning_rate, self.learning_rate
