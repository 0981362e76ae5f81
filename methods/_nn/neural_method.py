"""What the torch methods have in common: build, train, embed."""

from abc import abstractmethod
from typing import Self

import numpy as np
import torch

from genearena.data.errors import UsageError
from genearena.data.graphs import FloatArray, GraphCollection
from genearena.methods._nn.seeding import fresh_weights
from genearena.methods._nn.training import GraphModel, adam, train
from genearena.methods.base import Method


class NeuralMethod(Method):
    """A method that trains one model over all graphs and embeds with its encoder."""

    epochs: int
    _vectors: list[FloatArray]

    @abstractmethod
    def _model(self, graphs: GraphCollection) -> GraphModel:
        """Return an untrained model of the task."""

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
        self._check()
        with fresh_weights(self.seed):
            model = self._model(graphs)
        self.n_parameters_ = sum(parameter.numel() for parameter in model.parameters())
        self.losses_ = train(model, adam(model, *self._rates()), self.epochs)
        self.vectors_ = _vectors(model)
        return self

    def embed(self) -> list[FloatArray]:
        """Return the (n_genes, dim) output of the encoder per fitted graph."""
        return [vectors.copy() for vectors in self._fitted("vectors_")]

    def _check(self) -> None:
        for name, value in (("dim", self.dim), ("epochs", self.epochs)):
            if value < 1:
                raise UsageError(f"{self.name}: {name} is {value}, want at least 1")
        if min(self._rates()) <= 0:
            raise UsageError(f"{self.name}: learning rates are {self._rates()}, want positive ones")


def _vectors(model: GraphModel) -> list[FloatArray]:
    model.eval()
    with torch.no_grad():
        encoded = [model.encode(position) for position in range(model.n_graphs)]
    return [np.ascontiguousarray(z.cpu().numpy(), dtype=np.float32) for z in encoded]
