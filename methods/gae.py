"""Graph auto-encoder."""

from collections.abc import Mapping
from typing import Any, ClassVar

from torch import Tensor, nn

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.decoder import edge_loss, inner_product_logits
from genearena.methods._nn.gcn_encoder import ConvolutionalEncoder
from genearena.methods._nn.neural_method import NeuralMethod
from genearena.methods._nn.training import GraphModel


class GAE(NeuralMethod):
    """Graph convolutions whose vectors' inner products reconstruct the edges.

    Parameters
    ----------
    dim, seed
        Length of the vectors; source of randomness.
    epochs
        Passes over the graphs, one step per graph.
    lr
        Learning rate of Adam.

    References
    ----------
    Kipf & Welling, Variational graph auto-encoders, 2016, Eq. 4 (without the variational part).
    """

    name = "gae"
    fast: ClassVar[Mapping[str, Any]] = {"epochs": 120, "lr": 2e-3}

    def __init__(
        self, *, dim: int = 32, seed: int = 0, epochs: int = 2000, lr: float = 1e-4
    ) -> None:
        super().__init__(dim=dim, seed=seed)
        self.epochs = epochs
        self.lr = lr

    def _model(self, graphs: GraphCollection) -> GraphModel:
        return _Model(graphs, self.dim)

    def _rates(self) -> tuple[float, float]:
        return self.lr, self.lr


class _Model(GraphModel):
    def __init__(self, graphs: GraphCollection, dim: int) -> None:
        super().__init__()
        self.n_graphs = len(graphs)
        self.encoder = ConvolutionalEncoder(graphs, dim)

    def encode(self, position: int) -> Tensor:
        z: Tensor = self.encoder(position)
        return z

    def loss(self, position: int) -> Tensor:
        logits = inner_product_logits(self.encode(position))
        return edge_loss(logits, self.encoder.adjacency[position])

    def decoders(self) -> list[nn.Parameter]:
        return []
