"""Weight-sharing auto-encoder of edges."""

from collections.abc import Mapping
from typing import Any, ClassVar

from torch import Tensor, nn

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.decoder import edge_loss, similarity_decoders
from genearena.methods._nn.encoders import profile_encoders
from genearena.methods._nn.neural_method import NeuralMethod, Precision
from genearena.methods.settings import Count, Positive, with_settings


@with_settings
class WSMAE(NeuralMethod):
    """Encode expression profiles alone and reconstruct the edges from their similarities.

    The script published with MuSe-GNN does not run, so that this follows the text: the encoder of
    MAE with its shared layers, and MuSe-GNN's decoder and cross-entropy.

    Parameters
    ----------
    dim, seed, epochs, lr_encoder, lr_decoder, patience, precision
        As in `NeuralMethod`.

    References
    ----------
    Yang et al., Multi-domain translation between single-cell imaging and sequencing data using
    autoencoders, Nature Communications 2021, as adapted by Liu et al. (MuSe-GNN), NeurIPS 2023.
    """

    name = "wsmae"
    fast: ClassVar[Mapping[str, Any]] = {"epochs": 150, "lr_encoder": 1e-3, "lr_decoder": 1e-3}
    search: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "epochs": ("log", 20, 3000),
        "lr_encoder": ("log", 1e-4, 1e-2),
        "lr_decoder": ("log", 1e-4, 1e-2),
    }

    epochs: Count = 2000
    lr_encoder: Positive = 1e-4
    lr_decoder: Positive = 5e-4
    patience: Count | None = None
    precision: Precision = "float32"

    def _encoders(self, graphs: GraphCollection) -> nn.ModuleList:
        return profile_encoders(graphs, self.dim)

    def _decoders(self, graphs: GraphCollection) -> nn.ModuleList:
        return similarity_decoders(graphs)

    def _encode(self, position: int) -> Tensor:
        z: Tensor = self.encoders[position](self.tensors[position].x)
        return z

    def _loss(self, position: int) -> Tensor:
        logits = self._decode(position, self._encode(position))
        return edge_loss(logits, self.tensors[position].adjacency)
