"""Graph auto-encoder."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from torch import Tensor

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.decoder import edge_loss, inner_product_logits
from genearena.methods._nn.draws import Draws
from genearena.methods._nn.gcn_encoder import convolutional_encoders
from genearena.methods._nn.graph_tensors import GraphTensors, of_members
from genearena.methods._nn.neural_method import NeuralMethod
from genearena.methods._nn.seed_batch import Network, SeedBatch
from genearena.methods.settings import Count, Positive, Seed


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
    patience
        Stop after so many epochs without a lower loss; None to train all epochs.

    References
    ----------
    Kipf & Welling, Variational graph auto-encoders, 2016, Eq. 4 (without the variational part).
    """

    name = "gae"
    fast: ClassVar[Mapping[str, Any]] = {"epochs": 100, "lr": 1e-3}

    def __init__(
        self,
        *,
        dim: Count = 32,
        seed: Seed = 0,
        epochs: Count = 2000,
        lr: Positive = 1e-4,
        patience: Count | None = None,
    ) -> None:
        super().__init__(dim=dim, seed=seed)
        self.epochs = epochs
        self.lr = lr
        self.patience = patience

    def _network(self, graphs: GraphCollection) -> Network:
        return Network(convolutional_encoders(graphs, self.dim))

    @classmethod
    def _batch(
        cls,
        methods: Sequence[Self],  # noqa: ARG003 - nothing is drawn while training
        networks: Sequence[Network],
        tensors: Sequence[GraphTensors],
    ) -> SeedBatch:
        return GAEBatch(networks, tensors)

    def _rates(self) -> tuple[float, float]:
        return self.lr, self.lr


class GAEBatch(SeedBatch):
    """The training of graph auto-encoders for several seeds."""

    def encode(self, position: int, members: Sequence[int]) -> Tensor:
        """Return the (members, n, dim) gene vectors of one graph."""
        graph = self.tensors[position]
        propagated, propagation = (
            of_members(tensor, members) for tensor in (graph.propagated, graph.propagation)
        )
        return self.run_encoder(position, members, propagated, propagation)

    def loss_given(
        self,
        position: int,
        members: Sequence[int],
        draws: Draws,  # noqa: ARG002 - nothing is drawn
    ) -> Tensor:
        """Return the (members,) cross-entropies of the edges under z zᵀ."""
        logits = inner_product_logits(self.encode(position, members))
        return edge_loss(logits, of_members(self.tensors[position].adjacency, members))
