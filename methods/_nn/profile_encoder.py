"""The encoder of MAE and WSMAE: a perceptron on expression profiles."""

from torch import nn

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.graph_tensors import shared_by_group


def profile_encoders(graphs: GraphCollection, dim: int) -> nn.ModuleList:
    """Return one encoder per graph, of its (n, cells) profiles into (n, dim) vectors.

    The layer cells -> 4 dim is the graph's own; its group's are 4 dim -> 2 dim -> dim.
    """
    own = [nn.Linear(graph.n_cells, 4 * dim) for graph in graphs]
    shared = shared_by_group(graphs, lambda: _shared(dim))
    pairs = zip(own, shared, strict=True)
    return nn.ModuleList(nn.Sequential(first, nn.Mish(), others) for first, others in pairs)


def _shared(dim: int) -> nn.Module:
    return nn.Sequential(nn.Linear(4 * dim, 2 * dim), nn.Mish(), nn.Linear(2 * dim, dim))
