"""One step of the optimiser."""

from collections.abc import Callable, Sequence
from typing import Protocol

import torch
from torch import Tensor

from genearena.methods._nn.seed_batch import SeedBatch


class Steps(Protocol):
    """Takes the steps of a training."""

    def __call__(self, position: int, members: Sequence[int]) -> Tensor:
        """Take a step for one graph and return its (members,) losses."""


class EagerSteps:
    """Steps done as they come.

    Parameters
    ----------
    batch
        Networks and losses.
    optimizer
        Steps their parameters.
    """

    def __init__(self, batch: SeedBatch, optimizer: torch.optim.Optimizer) -> None:
        self.batch = batch
        self.optimizer = optimizer

    def __call__(self, position: int, members: Sequence[int]) -> Tensor:
        """Take a step for one graph and return its (members,) losses."""
        return take_step(self.optimizer, lambda: self.batch.loss(position, members))


def take_step(optimizer: torch.optim.Optimizer, losses_of: Callable[[], Tensor]) -> Tensor:
    """Step the parameters that the losses depend on, and return the (seeds,) losses."""
    optimizer.zero_grad(set_to_none=True)
    losses = losses_of()
    torch.autograd.backward(losses.sum())
    optimizer.step()
    return losses.detach()
