"""Dense tensors of one gene graph."""

import math
from collections.abc import Iterable

import torch
from torch import Tensor, nn

from genearena.data.graphs import GeneGraph


def profile_tensor(graph: GeneGraph) -> Tensor:
    """Return the (n, cells) expression profiles as a float32 tensor."""
    return torch.tensor(graph.x)


def looped_adjacency(graph: GeneGraph) -> Tensor:
    """Return A + I of a graph as a dense (n, n) float32 tensor.

    The published graphs carry a self-loop on every gene; it is both seen by the encoders and
    asked of the decoders.
    """
    return torch.tensor(graph.adjacency.toarray(), dtype=torch.float32).fill_diagonal_(1.0)


def attention_mask(adjacency: Tensor) -> Tensor:
    """Return the additive mask that confines attention to edges: 0 on edges, -inf elsewhere.

    Parameters
    ----------
    adjacency
        (n, n) 0/1 matrix with self-loops, so that no row is empty.
    """
    return torch.zeros_like(adjacency).masked_fill_(adjacency == 0, -math.inf)


class Tensors(nn.Module):
    """Constant tensors, one per graph, that move between devices with the model.

    Parameters
    ----------
    tensors
        One tensor per graph, in order.
    """

    def __init__(self, tensors: Iterable[Tensor]) -> None:
        super().__init__()
        for position, tensor in enumerate(tensors):
            self.register_buffer(str(position), tensor, persistent=False)

    def __getitem__(self, position: int) -> Tensor:
        return self.get_buffer(str(position))
