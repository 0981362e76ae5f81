"""Our neural methods as the benchmark sees them.

All that the benchmark knows of the inside of the suite's models is in this file.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.contrastive import draw
from genearena.methods._nn.neural_method import NeuralMethod
from genearena.methods._nn.seeding import fresh_weights
from genearena.methods._nn.training import GraphModel, adam
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
    model, optimizer
        What is trained.
    rates
        Learning rates of encoder and decoder.
    """

    method: str
    model: GraphModel
    optimizer: torch.optim.Optimizer
    rates: tuple[float, float]

    def step(self, position: int) -> None:
        """Take one training step on one graph."""
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(self.model.loss(position))
        self.optimizer.step()

    def encode(self, position: int) -> Tensor:
        """Return the (n, dim) gene vectors of one graph."""
        return self.model.encode(position)

    def loss(self, position: int) -> Tensor:
        """Return the scalar loss of a step on one graph."""
        return self.model.loss(position)

    def weights(self) -> dict[str, Tensor]:
        """Return the trained parameters by name."""
        return {name: weight.detach() for name, weight in self.model.named_parameters()}

    def gradients(self) -> dict[str, Tensor]:
        """Return the gradients that a loss has left, by the name of the parameter."""
        named = self.model.named_parameters()
        return {name: weight.grad for name, weight in named if weight.grad is not None}

    def neighbours(self) -> list[Tensor]:
        """Return MuSe-GNN's fixed neighbour of every gene, per graph."""
        model: Any = self.model
        return [model.neighbours[position] for position in range(model.n_graphs)]

    def coming_draw(self, position: int) -> Any:
        """Return the random part of the next step, which is left undrawn."""
        peek = _PEEKS.get(self.method)
        return peek(self.model, position) if peek else None


def build(method: str, graphs: GraphCollection, seed: int = 0) -> Ours:
    """Return our untrained model of a task."""
    made = METHODS.load(method)(seed=seed)
    if not isinstance(made, NeuralMethod):
        raise TypeError(f"'{method}' is no neural method")
    with fresh_weights(seed):
        model = made._model(graphs)
    rates = made._rates()
    return Ours(method, model, adam(model, *rates), rates)


def batched_step(
    method: str,  # noqa: ARG001 - see below
    graphs: GraphCollection,  # noqa: ARG001
    seeds: Sequence[int],  # noqa: ARG001
) -> Callable[[int], object] | None:
    """Return a step that trains all seeds at once, None where the suite has no such thing."""
    return None


def _contrast(model: Any, position: int) -> tuple[int, Tensor, Tensor]:
    source, model.draws = model.draws, _copy(model.draws)
    other = model._partner(position)
    pairs = model.pairs[position, other]
    chosen = [
        draw(rows, model.contrast.size, model.draws) for rows in (pairs.private_i, pairs.private_j)
    ]
    model.draws = source
    return other, chosen[0], chosen[1]


def _noise(model: Any, position: int) -> Tensor:
    mean = model.encode(position)
    return torch.randn(mean.shape, generator=_copy(model.noise))


def _mask(model: Any, position: int) -> Tensor:
    return random_entries(model.x[position].shape, model.share, _copy(model.masks))


def _copy(source: torch.Generator) -> torch.Generator:
    return torch.Generator().set_state(source.get_state())


_PEEKS: Mapping[str, Callable[[Any, int], Any]] = {
    "musegnn": _contrast,
    "vgae": _noise,
    "mae": _mask,
}
