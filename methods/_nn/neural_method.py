"""What the torch methods have in common: build, train, embed."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Self

import numpy as np
import torch

from genearena.data.graphs import FloatArray, GraphCollection
from genearena.methods._nn.graph_tensors import GraphTensors, task_tensors
from genearena.methods._nn.seed_batch import Network, SeedBatch
from genearena.methods._nn.seeding import fresh_weights
from genearena.methods._nn.training import Schedule, train
from genearena.methods.base import Method
from genearena.methods.device import current_device


class NeuralMethod(Method):
    """A method that trains one network over all graphs and embeds with its encoders."""

    batchable = True
    epochs: int
    patience: int | None
    vectors_: list[FloatArray]

    @abstractmethod
    def _network(self, graphs: GraphCollection) -> Network:
        """Return the untrained weights of this seed."""

    @classmethod
    @abstractmethod
    def _batch(
        cls, methods: Sequence[Self], networks: Sequence[Network], tensors: Sequence[GraphTensors]
    ) -> SeedBatch:
        """Return the batch that trains `methods`, equal but for their seeds."""

    @abstractmethod
    def _rates(self) -> tuple[float, float]:
        """Return the learning rates of encoder and decoder."""

    def fit(self, graphs: GraphCollection) -> Self:
        """Train on the graphs of one task and return self.

        Raises
        ------
        UsageError
            If a setting is out of range.
        MethodError
            If the training diverges.
        """
        self.fit_seeds([self], [graphs])
        return self

    @classmethod
    def fit_seeds(cls, methods: Sequence[Self], collections: Sequence[GraphCollection]) -> None:
        """Train several seeds as one batch; see `Method.fit_seeds`."""
        methods[0]._check_settings()
        device = torch.device(current_device())
        networks = [
            method._seeded_network(graphs).to(device)
            for method, graphs in zip(methods, collections, strict=True)
        ]
        batch = cls._batch(methods, networks, task_tensors(collections, device))
        curves = train(batch, methods[0]._schedule())
        for member, method in enumerate(methods):
            method.n_parameters_ = sum(p.numel() for p in networks[member].parameters())
            method.losses_ = curves[member]
            method.vectors_ = _vectors(batch, member)

    def embed(self) -> list[FloatArray]:
        """Return the (n_genes, dim) output of the encoder per fitted graph."""
        return [vectors.copy() for vectors in self._fitted("vectors_")]

    def _seeded_network(self, graphs: GraphCollection) -> Network:
        with fresh_weights(self.seed):
            return self._network(graphs)

    def _schedule(self) -> Schedule:
        return Schedule(self.epochs, *self._rates(), self.patience)


def _vectors(batch: SeedBatch, member: int) -> list[FloatArray]:
    with torch.no_grad():
        encoded = [batch.encode(position, [member])[0] for position in range(batch.n_graphs)]
    return [np.ascontiguousarray(z.float().cpu().numpy()) for z in encoded]
