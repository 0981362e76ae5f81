"""Our neural methods as the benchmark sees them.

All that the benchmark knows of the inside of the suite's models is in this file.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.neural_method import NeuralMethod
from genearena.methods.mae import random_entries
from genearena.methods.registry import METHODS

NEURAL = ("musegnn", "gae", "vgae", "mae", "wsmae")


@dataclass(frozen=True, eq=False)
class Ours:
    """An untrained model of ours with its optimiser, under the ``paper`` settings.

    Parameters
    ----------
    method
        Name in the registry.
    graphs
        The task.
    training, optimizer
        The method while it trains, and what steps its parameters.
    """

    method: str
    graphs: GraphCollection
    training: Any
    optimizer: torch.optim.Optimizer

    @property
    def rates(self) -> tuple[float, float]:
        """Learning rates of encoder and decoder."""
        rates: tuple[float, float] = self.training._rates()
        return rates

    def step(self, position: int) -> None:
        """Take one training step on one graph."""
        self.training._step(self.optimizer, position)

    def encode(self, position: int) -> Tensor:
        """Return the (n, dim) gene vectors of one graph."""
        z: Tensor = self.training._encode(position)
        return z

    def loss(self, position: int) -> Tensor:
        """Return the scalar loss of a step on one graph."""
        loss: Tensor = self.training._loss(position)
        return loss

    def weights(self) -> dict[str, Tensor]:
        """Return the trained parameters by role."""
        return {name: weight.detach() for name, weight in self._parameters()}

    def gradients(self) -> dict[str, Tensor]:
        """Return the gradients that a loss has left, by the role of the parameter."""
        named = self._parameters()
        return {name: weight.grad for name, weight in named if weight.grad is not None}

    def neighbours(self) -> list[Tensor]:
        """Return MuSe-GNN's fixed neighbour of every gene, per graph."""
        return list(self.training.neighbours)

    def coming_draw(self, position: int) -> Any:
        """Return the random part of the next step, which is left undrawn."""
        peek = _PEEKS.get(self.method)
        return peek(_peeking(self.training), position) if peek else None

    def _parameters(self) -> list[tuple[str, torch.nn.Parameter]]:
        groups = [self.graphs.groups.index(graph.group) for graph in self.graphs]
        return [
            (_role(self.method, side, name, groups), parameter)
            for side in ("encoders", "decoders")
            for name, parameter in getattr(self.training, side).named_parameters()
        ]


def build(method: str, graphs: GraphCollection, seed: int = 0) -> Ours:
    """Return our untrained model of a task."""
    training: Any = METHODS.load(method)(seed=seed)
    if not isinstance(training, NeuralMethod):
        raise TypeError(f"'{method}' is no neural method")
    training._prepare(graphs)
    return Ours(method, graphs, training, training._optimizer())


def _role(method: str, side: str, name: str, groups: Sequence[int]) -> str:
    """Return what a parameter is for: of which part, and of which graph or group of graphs."""
    position, rest = name.split(".", 1)
    part, _, rest_of_part = rest.partition(".")
    group = groups[int(position)]
    # encoders of profiles are a sequence: the first layer, Mish, the group's layers
    if side == "encoders" and part in ("first", "0"):
        return f"encoder.first.{position}.{rest_of_part}"
    if side == "encoders":
        return f"encoder.shared.copies.{group}.{rest_of_part}"
    if method == "mae":
        # a decoder is the group's widening layers, then the graph's own layer
        shared = part == "0"
        return (
            f"widen.copies.{group}.{rest_of_part}" if shared else f"last.{position}.{rest_of_part}"
        )
    return f"decoder.{position}.{rest}"


def _peeking(training: Any) -> Any:
    """Return a training that draws what the next step will draw, from copies of generators."""
    peeking = copy(training)
    for name, value in vars(training).items():
        if isinstance(value, torch.Generator):
            setattr(peeking, name, torch.Generator().set_state(value.get_state()))
    return peeking


def _contrast(training: Any, position: int) -> tuple[int, Tensor, Tensor]:
    partner = training._partner(position)
    return partner, *training._private(position, partner)


def _noise(training: Any, position: int) -> Tensor:
    zeros = torch.zeros(training.tensors[position].graph.n_genes, training.dim)
    noise: Tensor = training._sample(zeros, zeros)
    return noise


def _mask(training: Any, position: int) -> Tensor:
    return random_entries(training.tensors[position].x.shape, training.masked_share, training.masks)


_PEEKS: Mapping[str, Callable[[Any, int], Any]] = {
    "musegnn": _contrast,
    "vgae": _noise,
    "mae": _mask,
}
