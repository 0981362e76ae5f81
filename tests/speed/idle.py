"""Methods that do nothing, so that only the suite's own time is left to measure."""

from typing import Self

import numpy as np

from genearena.data.graphs import FloatArray, GraphCollection
from genearena.methods.base import Method


class Idle(Method):
    """Random vectors, drawn without looking at the graphs."""

    name = "idle"
    needs = frozenset({"expression"})

    def fit(self, graphs: GraphCollection) -> Self:
        """Draw the vectors."""
        rng = np.random.default_rng(self.seed)
        sizes = [(graph.n_genes, self.dim) for graph in graphs]
        self.vectors_ = [rng.standard_normal(size).astype(np.float32) for size in sizes]
        return self

    def embed(self) -> list[FloatArray]:
        """Return them."""
        return self.vectors_


class Declining(Idle):
    """Can run on no graphs: its run is a record and nothing else."""

    name = "declining"

    def skip(self, graphs: GraphCollection) -> str | None:
        """Say so."""
        return "declines everything"
