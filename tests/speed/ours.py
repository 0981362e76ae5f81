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
from genearena.methods._nn.graph_tensors import task_tensors
from genearena.methods._nn.neural_method import NeuralMethod
from genearena.methods._nn.seed_batch import SeedBatch
from genearena.methods._nn.training import adam
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
    batch, optimizer
        What is trained: networks of one seed or of several.
    rates
        Learning rates of encoder and decoder.
    """

    method: str
    graphs: GraphCollection
    batch: SeedBatch
    optimizer: torch.optim.Optimizer
    rates: tuple[float, float]

    @property
    def members(self) -> Sequence[int]:
        """All seeds of the batch."""
        return range(len(self.batch.networks))

    def step(self, position: int) -> None:
        """Take one training step on one graph."""
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(self.batch.loss(position, self.members).sum())
        self.optimizer.step()

    def encode(self, position: int) -> Tensor:
        """Return the (n, dim) gene vectors of one graph, of the first seed."""
        return self.batch.encode(position, [0])[0]

    def loss(self, position: int) -> Tensor:
        """Return the scalar loss of a step on one graph, of the first seed."""
        return self.batch.loss(position, [0])[0]

    def weights(self) -> dict[str, Tensor]:
        """Return the trained parameters of the first seed by role."""
        return {name: weight.detach() for name, weight in self._parameters()}

    def gradients(self) -> dict[str, Tensor]:
        """Return the gradients that a loss has left, by the role of the parameter."""
        named = self._parameters()
        return {name: weight.grad for name, weight in named if weight.grad is not None}

    def neighbours(self) -> list[Tensor]:
        """Return MuSe-GNN's fixed neighbour of every gene, per graph, of the first seed."""
        batch: Any = self.batch
        return [drawn[0] for drawn in batch.neighbours]

    def coming_draw(self, position: int) -> Any:
        """Return the random part of the next step, which is left undrawn."""
        peek = _PEEKS.get(self.method)
        return peek(self.batch, position) if peek else None

    def _parameters(self) -> list[tuple[str, torch.nn.Parameter]]:
        groups = [self.graphs.groups.index(graph.group) for graph in self.graphs]
        named = self.batch.networks[0].named_parameters()
        return [(_role(self.method, name, groups), parameter) for name, parameter in named]


def build(method: str, graphs: GraphCollection, seed: int = 0) -> Ours:
    """Return our untrained model of a task."""
    return _build(method, graphs, [seed])


def batched_step(
    method: str, graphs: GraphCollection, seeds: Sequence[int]
) -> Callable[[int], object]:
    """Return a step that trains all seeds at once."""
    return _build(method, graphs, seeds).step


def _build(method: str, graphs: GraphCollection, seeds: Sequence[int]) -> Ours:
    methods = [METHODS.load(method)(seed=seed) for seed in seeds]
    if not all(isinstance(made, NeuralMethod) for made in methods):
        raise TypeError(f"'{method}' is no neural method")
    made: Any = methods[0]
    networks = [one._seeded_network(graphs) for one in methods]  # type: ignore[attr-defined]
    tensors = task_tensors([graphs] * len(methods), torch.device("cpu"))
    batch: SeedBatch = made._batch(methods, networks, tensors)
    return Ours(method, graphs, batch, adam(batch, made._schedule()), made._rates())


def _role(method: str, name: str, groups: Sequence[int]) -> str:
    """Return what a parameter is for: of which part, and of which graph or group of graphs."""
    side, position, rest = name.split(".", 2)
    part, _, rest_of_part = rest.partition(".")
    group = groups[int(position)]
    if side == "encoders" and part == "first":
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


def _ahead(batch: SeedBatch, position: int) -> Any:
    """Draw what the first seed's next step will draw, from copies of its generators."""
    peeking = copy(batch)
    for name, value in vars(batch).items():
        if isinstance(value, list) and isinstance(value[0], torch.Generator):
            setattr(peeking, name, [_copy(source) for source in value])
    return peeking.draw(position, [0])


def _contrast(batch: SeedBatch, position: int) -> tuple[int, Tensor, Tensor]:
    draws = _ahead(batch, position)
    _, rows, others = draws.tensors
    return draws.choices[0][0], rows[0], others[0]


def _only_tensor(batch: SeedBatch, position: int) -> Tensor:
    drawn: Tensor = _ahead(batch, position).tensors[0][0]
    return drawn


def _copy(source: torch.Generator) -> torch.Generator:
    return torch.Generator().set_state(source.get_state())


_PEEKS: Mapping[str, Callable[[SeedBatch, int], Any]] = {
    "musegnn": _contrast,
    "vgae": _only_tensor,
    "mae": _only_tensor,
}
