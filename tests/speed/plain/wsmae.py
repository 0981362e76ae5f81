"""WSMAE in plain torch."""

from torch import Tensor, nn
from torch.nn import functional

from genearena.data.graphs import GraphCollection
from speed.plain.decoder import PlainDecoder
from speed.plain.model import PlainModel, plain_graph
from speed.plain.perceptron import PlainPerceptron


class PlainWSMAE(PlainModel):
    """Perceptron and three dense decoder layers per graph."""

    def __init__(self, graphs: GraphCollection, dim: int = 32) -> None:
        super().__init__()
        self.tensors = [plain_graph(graph) for graph in graphs]
        self.encoder = PlainPerceptron(graphs, dim)
        self.decoder = nn.ModuleList(PlainDecoder(graph.n_genes) for graph in graphs)

    def encode(self, position: int) -> Tensor:
        """Return the (n, dim) gene vectors of one graph."""
        z: Tensor = self.encoder(self.tensors[position].x, position)
        return z

    def loss(self, position: int, drawn: None) -> Tensor:
        """Return the cross-entropy of the edges."""
        logits = self.decoder[position](self.encode(position))
        return functional.binary_cross_entropy_with_logits(logits, self.tensors[position].target)

    def decoders(self) -> list[nn.Parameter]:
        """Return the parameters trained with the learning rate of the decoder."""
        return list(self.decoder.parameters())
