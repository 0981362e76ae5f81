"""Weight-sharing auto-encoder of edges."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from torch import Tensor, nn

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.decoder import SimilarityDecoder, edge_loss
from genearena.methods._nn.draws import Draws
from genearena.methods._nn.graph_tensors import GraphTensors, of_members
from genearena.methods._nn.neural_method import NeuralMethod
from genearena.methods._nn.precision import Precision
from genearena.methods._nn.profile_encoder import profile_encoders
from genearena.methods._nn.seed_batch import Network, SeedBatch
from genearena.methods.settings import Count, Positive, Seed


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
    precision
        ``float32``, or ``bfloat16`` for the matrix products of the decoders while training, most
        of a step's work; encoders, losses, weights and vectors stay float32.

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
        dim: Count = 32,
        seed: Seed = 0,
        epochs: Count = 2000,
        lr_encoder: Positive = 1e-4,
        lr_decoder: Positive = 5e-4,
        patience: Count | None = None,
        precision: Precision = "float32",
    ) -> None:
        super().__init__(dim=dim, seed=seed)
        self.epochs = epochs
        self.lr_encoder = lr_encoder
        self.lr_decoder = lr_decoder
        self.patience = patience
        self.precision = precision

    def _network(self, graphs: GraphCollection) -> Network:
        encoders = profile_encoders(graphs, self.dim)
        return Network(
            encoders, nn.ModuleList(SimilarityDecoder(graph.n_genes) for graph in graphs)
        )

    @classmethod
    def _batch(
        cls, methods: Sequence[Self], networks: Sequence[Network], tensors: Sequence[GraphTensors]
    ) -> SeedBatch:
        return WSMAEBatch(networks, tensors, methods[0].precision)

    def _rates(self) -> tuple[float, float]:
        return self.lr_encoder, self.lr_decoder


class WSMAEBatch(SeedBatch):
    """The training of weight-sharing auto-encoders for several seeds."""

    def encode(self, position: int, members: Sequence[int]) -> Tensor:
        """Return the (members, n, dim) gene vectors of one graph."""
        return self.run_encoder(position, members, self.tensors[position].x)

    def loss_given(
        self,
        position: int,
        members: Sequence[int],
        draws: Draws,  # noqa: ARG002 - nothing is drawn
    ) -> Tensor:
        """Return the (members,) cross-entropies of the decoded edges."""
        logits = self.run_decoder(position, members, self.encode(position, members))
        return edge_loss(logits, of_members(self.tensors[position].adjacency, members))
