"""Control: a random vector per row."""

from typing import Self

import numpy as np

from genearena.data.graphs import GraphCollection
from genearena.methods.base import Method


class Random(Method):
    """Give every row an independent standard normal vector: what a metric says of noise.

    Parameters
    ----------
    dim
        Length of the gene vectors.
    seed
        Seed of the draw.
    """

    name = "random"
    needs = frozenset()
    control = True

    def fit(self, graphs: GraphCollection) -> Self:
        """Draw a vector for each gene of each graph, reading nothing but their number."""
        self._check_settings()
        rng = np.random.default_rng(self.seed)
        self.vectors_ = [
            rng.standard_normal((graph.n_genes, self.dim), dtype=np.float32) for graph in graphs
        ]
        return self
