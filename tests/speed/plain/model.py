"""What the plain models have in common, and their training step."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from genearena.data.graphs import GeneGraph


@dataclass(frozen=True, eq=False)
class PlainGraph:
    """Tensors of one gene graph.

    Parameters
    ----------
    x
        (n, cells) profiles.
    edges
        (2, 2E) both directions of every edge, without self-loops.
    target
        (n, n) 0/1 matrix of the edges with self-loops.
    """

    x: Tensor
    edges: Tensor
    target: Tensor


def plain_graph(graph: GeneGraph) -> PlainGraph:
    """Return the tensors of a gene graph."""
    dense = torch.tensor(graph.adjacency.toarray()).float()
    return PlainGraph(
        torch.tensor(graph.x), dense.nonzero().T.contiguous(), dense + torch.eye(graph.n_genes)
    )


class PlainModel(nn.Module, ABC):
    """A model whose random draws of a step can be given from outside."""

    @abstractmethod
    def encode(self, position: int) -> Tensor:
        """Return the (n, dim) gene vectors of one graph."""

    def draw(self, position: int) -> Any:
        """Return the random part of a step, None if there is none."""
        return None

    @abstractmethod
    def loss(self, position: int, drawn: Any) -> Tensor:
        """Return the scalar loss of a step for one graph."""

    def decoders(self) -> list[nn.Parameter]:
        """Return the parameters trained with the learning rate of the decoder."""
        return []


def plain_adam(model: PlainModel, lr_encoder: float, lr_decoder: float) -> torch.optim.Adam:
    """Return torch's Adam as it comes, with a learning rate each for encoder and decoder."""
    decoders = model.decoders()
    known = {id(parameter) for parameter in decoders}
    encoders = [parameter for parameter in model.parameters() if id(parameter) not in known]
    groups = [{"params": encoders, "lr": lr_encoder}]
    if decoders:
        groups.append({"params": decoders, "lr": lr_decoder})
    return torch.optim.Adam(groups)


def plain_step(model: PlainModel, optimizer: torch.optim.Optimizer, position: int) -> None:
    """Take one training step on one graph."""
    optimizer.zero_grad()
    torch.autograd.backward(model.loss(position, model.draw(position)))
    optimizer.step()
