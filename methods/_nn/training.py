"""Train the networks of a batch of seeds graph by graph."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from genearena.data.common.errors import MethodError
from genearena.methods._nn.captured import CapturedSteps, CudaRecorder, own_stream
from genearena.methods._nn.seed_batch import SeedBatch
from genearena.methods._nn.step import EagerSteps, Steps
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
    return torch.optim.Adam(groups, fused=True, capturable=batch.device.type == "cuda")


def steps_of(batch: SeedBatch, optimizer: torch.optim.Optimizer) -> Steps:
    """Return what takes the steps: recorded ones on CUDA, where the batch allows it."""
    # a batch with a `loss` of its own may draw inside it
    if batch.device.type == "cuda" and type(batch).loss is SeedBatch.loss:
        return CapturedSteps(batch, optimizer, CudaRecorder())
    return EagerSteps(batch, optimizer)


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
    with own_stream(batch.device):
        return _train(batch, schedule, steps_of(batch, adam(batch, schedule)))


def _train(batch: SeedBatch, schedule: Schedule, steps: Steps) -> list[tuple[float, ...]]:
    curves: list[list[float]] = [[] for _ in batch.networks]
    training = list(range(len(curves)))
    for epoch in range(1, schedule.epochs + 1):
        losses = _epoch(steps, batch.n_graphs, training)
        for member, loss in zip(training, losses, strict=True):
            curves[member].append(loss)
        _check(losses, epoch, schedule)
        report(epoch, schedule.epochs, sum(losses) / len(losses))
        training = [m for m in training if not _is_over(curves[m], schedule.patience)]
        if not training:
            break
    return [tuple(curve) for curve in curves]


def _epoch(steps: Steps, n_graphs: int, members: Sequence[int]) -> list[float]:
    total = steps(0, members).clone()
    for position in range(1, n_graphs):
        total += steps(position, members)
    # the only moment of an epoch when the host waits for the device
    found: list[float] = (total / n_graphs).tolist()
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
