"""Methods that do nothing, so that only the suite's own time is left to measure."""

import numpy as np

from genearena.data.graphs import FloatArray, GraphCollection
from genearena.methods.base import Method

METHODS_IN_A_SIMULATION = 20


class Idle(Method):
    """Random vectors, drawn without looking at the graphs."""

    name = "idle"
    needs = frozenset({"expression"})

    def fit(self, graphs: GraphCollection) -> "Idle":
        """Draw the vectors."""
        rng = np.random.default_rng(self.seed)
        self.vectors_ = [
            rng.standard_normal((graph.n_genes, self.dim)).astype(np.float32) for graph in graphs
        ]
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


for _number in range(METHODS_IN_A_SIMULATION):
    globals()[f"Idle{_number}"] = type(f"Idle{_number}", (Idle,), {"name": f"idle{_number}"})
