"""Train the networks of a batch of seeds graph by graph."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from genearena.data.errors import MethodError
from genearena.methods._nn.seed_batch import SeedBatch
from genearena.methods.progress import report


@dataclass(frozen=True)
class Schedule:
    """How long and how fast to train.

    Parameters
    ----------
    epochs
        Passes over the graphs.
    lr_encoder, lr_decoder
        Learning rates of Adam.
    patience
        Stop a seed after so many epochs without a lower loss; None to train to the end.
    """

    epochs: int
    lr_encoder: float
    lr_decoder: float
    patience: int | None = None


def adam(batch: SeedBatch, schedule: Schedule) -> torch.optim.Optimizer:
    """Return Adam over all networks with rates of their own for encoders and decoders."""
    encoders = [p for network in batch.networks for p in network.encoders.parameters()]
    decoders = [p for network in batch.networks for p in network.decoders.parameters()]
    groups = [{"params": encoders, "lr": schedule.lr_encoder}]
    if decoders:
        groups.append({"params": decoders, "lr": schedule.lr_decoder})
    return torch.optim.Adam(groups, fused=True)


def train(batch: SeedBatch, schedule: Schedule) -> list[tuple[float, ...]]:
    """Take one step per graph, in order, in every epoch.

    Parameters that a step does not touch are not stepped.

    Returns
    -------
    For every seed its mean loss over the graphs, per epoch.

    Raises
    ------
    MethodError
        If the loss of a seed stops being finite.
    """
    optimizer = adam(batch, schedule)
    curves: list[list[float]] = [[] for _ in batch.networks]
    training = list(range(len(curves)))
    for epoch in range(1, schedule.epochs + 1):
        losses = _epoch(batch, optimizer, training)
        for member, loss in zip(training, losses, strict=True):
            curves[member].append(loss)
        _check(losses, epoch, schedule)
        report(epoch, schedule.epochs, sum(losses) / len(losses))
        training = [m for m in training if not _is_over(curves[m], schedule.patience)]
        if not training:
            break
    return [tuple(curve) for curve in curves]


def _epoch(
    batch: SeedBatch, optimizer: torch.optim.Optimizer, members: Sequence[int]
) -> list[float]:
    total: torch.Tensor | float = 0.0
    for position in range(batch.n_graphs):
        optimizer.zero_grad(set_to_none=True)
        losses = batch.loss(position, members)
        torch.autograd.backward(losses.sum())
        optimizer.step()
        total = total + losses.detach()
    assert isinstance(total, torch.Tensor)  # noqa: S101 - a task has at least one graph
    found: list[float] = (total / batch.n_graphs).tolist()
    return found


def _check(losses: Sequence[float], epoch: int, schedule: Schedule) -> None:
    rates = " and ".join(map(str, dict.fromkeys((schedule.lr_encoder, schedule.lr_decoder))))
    for loss in losses:
        if not math.isfinite(loss):
            raise MethodError(
                f"the training loss became {loss} in epoch {epoch}; lower the "
                f"learning rates ({rates})"
            )


def _is_over(curve: Sequence[float], patience: int | None) -> bool:
    return (
        patience is not None
        and len(curve) > patience
        and min(curve[-patience:]) >= min(curve[:-patience])
    )
