"""Train a model graph by graph."""

import math
from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn

from genearena.data.errors import MethodError
from genearena.methods.progress import report


class GraphModel(nn.Module, ABC):
    """A model over the graphs of one task, which it holds as buffers."""

    n_graphs: int

    @abstractmethod
    def encode(self, position: int) -> Tensor:
        """Return the (n, dim) gene vectors of one graph."""

    @abstractmethod
    def loss(self, position: int) -> Tensor:
        """Return the scalar training loss of a step for one graph."""

    @abstractmethod
    def decoders(self) -> list[nn.Parameter]:
        """Return the parameters trained with the learning rate of the decoder."""


def adam(model: GraphModel, lr_encoder: float, lr_decoder: float) -> torch.optim.Optimizer:
    """Return Adam over a model with its own learning rate for the decoder."""
    decoders = model.decoders()
    known = {id(parameter) for parameter in decoders}
    encoders = [parameter for parameter in model.parameters() if id(parameter) not in known]
    groups = [{"params": encoders, "lr": lr_encoder}]
    if decoders:
        groups.append({"params": decoders, "lr": lr_decoder})
    return torch.optim.Adam(groups, fused=True)


def train(model: GraphModel, optimizer: torch.optim.Optimizer, epochs: int) -> tuple[float, ...]:
    """Take one step per graph, in order, in every epoch.

    Parameters
    ----------
    model, optimizer
        What is trained; parameters that a step does not touch are not stepped.
    epochs
        Number of passes over the graphs.

    Returns
    -------
    Mean loss over the graphs, per epoch.

    Raises
    ------
    MethodError
        If the loss stops being finite.
    """
    losses: list[float] = []
    for epoch in range(1, epochs + 1):
        losses.append(_epoch(model, optimizer))
        if not math.isfinite(losses[-1]):
            raise MethodError(_divergence(optimizer, epoch, losses[-1]))
        report(epoch, epochs, losses[-1])
    return tuple(losses)


def _epoch(model: GraphModel, optimizer: torch.optim.Optimizer) -> float:
    total = torch.zeros(())
    for position in range(model.n_graphs):
        optimizer.zero_grad(set_to_none=True)
        loss = model.loss(position)
        torch.autograd.backward(loss)
        optimizer.step()
        total += loss.detach()
    return float(total) / model.n_graphs


def _divergence(optimizer: torch.optim.Optimizer, epoch: int, loss: float) -> str:
    rates = " and ".join(str(group["lr"]) for group in optimizer.param_groups)
    return f"the training loss became {loss} in epoch {epoch}; lower the learning rates ({rates})"
