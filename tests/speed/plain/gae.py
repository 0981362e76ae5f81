"""GAE on torch_geometric."""

from torch import Tensor
from torch.nn import functional

from genearena.data.graphs import GraphCollection
from speed.plain.gcn import PlainConvolutions
from speed.plain.model import PlainModel, plain_graph


class PlainGAE(PlainModel):
    """Convolutions and inner products."""

    def __init__(self, graphs: GraphCollection, dim: int = 32) -> None:
        super().__init__()
        self.encoder = PlainConvolutions(graphs, dim, heads=1)
        self.tensors = [plain_graph(graph) for graph in graphs]

    def encode(self, position: int) -> Tensor:
        """Return the (n, dim) gene vectors of one graph."""
        z: Tensor = self.encoder(self.tensors[position], position)[0]
        return z

    def loss(self, position: int, drawn: None) -> Tensor:
        """Return the cross-entropy of the edges."""
        z = self.encode(position)
        target = self.tensors[position].target
        return functional.binary_cross_entropy_with_logits(z @ z.T, target)
