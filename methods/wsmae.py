"""Weight-sharing auto-encoder of edges."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from torch import Tensor, nn

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.decoder import SimilarityDecoder, edge_loss
from genearena.methods._nn.graph_tensors import GraphTensors, of_members
from genearena.methods._nn.neural_method import NeuralMethod
from genearena.methods._nn.profile_encoder import profile_encoders
from genearena.methods._nn.seed_batch import Network, SeedBatch


class WSMAE(NeuralMethod):
    """Encode expression profiles alone and reconstruct the edges from their similarities.

    Parameters
    ----------
    dim, seed
        Length of the vectors; source of randomness.
    epochs
        Passes over the graphs, one step per graph.
    lr_encoder, lr_decoder
        Learning rates of Adam.
    patience
        Stop after so many epochs without a lower loss; None to train all epochs.

    References
    ----------
    Yang et al., Multi-domain translation between single-cell imaging and sequencing data using
    autoencoders, Nature Communications 2021, as adapted by Liu et al. (MuSe-GNN), NeurIPS 2023.
    """

    name = "wsmae"
    fast: ClassVar[Mapping[str, Any]] = {"epochs": 75, "lr_encoder": 1e-3, "lr_decoder": 1e-3}

    def __init__(
        self,
        *,
        dim: int = 32,
        seed: int = 0,
        epochs: int = 2000,
        lr_encoder: float = 1e-4,
        lr_decoder: float = 5e-4,
        patience: int | None = None,
    ) -> None:
        super().__init__(dim=dim, seed=seed)
        self.epochs = epochs
        self.lr_encoder = lr_encoder
        self.lr_decoder = lr_decoder
        self.patience = patience

    def _network(self, graphs: GraphCollection) -> Network:
        encoders = profile_encoders(graphs, self.dim)
        return Network(
            encoders, nn.ModuleList(SimilarityDecoder(graph.n_genes) for graph in graphs)
        )

    @classmethod
    def _batch(
        cls,
        methods: Sequence[Self],  # noqa: ARG003 - nothing is drawn while training
        networks: Sequence[Network],
        tensors: Sequence[GraphTensors],
    ) -> SeedBatch:
        return WSMAEBatch(networks, tensors)

    def _rates(self) -> tuple[float, float]:
        return self.lr_encoder, self.lr_decoder


class WSMAEBatch(SeedBatch):
    """The training of weight-sharing auto-encoders for several seeds."""

    def encode(self, position: int, members: Sequence[int]) -> Tensor:
        """Return the (members, n, dim) gene vectors of one graph."""
        return self.run_encoder(position, members, self.tensors[position].x)

    def loss(self, position: int, members: Sequence[int]) -> Tensor:
        """Return the (members,) cross-entropies of the decoded edges."""
        logits = self.run_decoder(position, members, self.encode(position, members))
        return edge_loss(logits, of_members(self.tensors[position].adjacency, members))
