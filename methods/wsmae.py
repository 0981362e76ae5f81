"""Weight-sharing auto-encoder of edges."""

from collections.abc import Mapping
from typing import Any, ClassVar

from torch import Tensor, nn

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.decoder import SimilarityDecoder, edge_loss
from genearena.methods._nn.inputs import Tensors, looped_adjacency, profile_tensor
from genearena.methods._nn.neural_method import NeuralMethod
from genearena.methods._nn.profile_encoder import ProfileEncoder
from genearena.methods._nn.training import GraphModel


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

    References
    ----------
    Yang et al., Multi-domain translation between single-cell imaging and sequencing data using
    autoencoders, Nature Communications 2021, as adapted by Liu et al. (MuSe-GNN), NeurIPS 2023.
    """

    name = "wsmae"
    fast: ClassVar[Mapping[str, Any]] = {"epochs": 80, "lr_encoder": 1e-3, "lr_decoder": 1e-3}

    def __init__(
        self,
        *,
        dim: int = 32,
        seed: int = 0,
        epochs: int = 2000,
        lr_encoder: float = 1e-4,
        lr_decoder: float = 5e-4,
    ) -> None:
        super().__init__(dim=dim, seed=seed)
        self.epochs = epochs
        self.lr_encoder = lr_encoder
        self.lr_decoder = lr_decoder

    def _model(self, graphs: GraphCollection) -> GraphModel:
        return _Model(graphs, self.dim)

    def _rates(self) -> tuple[float, float]:
        return self.lr_encoder, self.lr_decoder


class _Model(GraphModel):
    def __init__(self, graphs: GraphCollection, dim: int) -> None:
        super().__init__()
        self.n_graphs = len(graphs)
        self.x = Tensors(profile_tensor(graph) for graph in graphs)
        self.adjacency = Tensors(looped_adjacency(graph) for graph in graphs)
        self.encoder = ProfileEncoder(graphs, dim)
        self.decoder = nn.ModuleList(SimilarityDecoder(graph.n_genes) for graph in graphs)

    def encode(self, position: int) -> Tensor:
        z: Tensor = self.encoder(self.x[position], position)
        return z

    def loss(self, position: int) -> Tensor:
        logits = self.decoder[position](self.encode(position))
        return edge_loss(logits, self.adjacency[position])

    def decoders(self) -> list[nn.Parameter]:
        return list(self.decoder.parameters())
