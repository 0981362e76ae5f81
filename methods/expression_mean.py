"""Control: the mean expression of a gene and nothing else."""

from typing import Self

import numpy as np
import numpy.typing as npt

from genearena.data.graphs import FloatArray, GeneGraph, GraphCollection
from genearena.methods.base import Method


class ExpressionMean(Method):
    """Put the standardised expression level in the first column and zeros in the others.

    The level of a gene is its mean of log(1 + count) over the cells of the graph. The residuals
    are centred and have no level left; for graphs without counts their standard deviation takes
    its place. The level is standardised within each graph.

    Parameters
    ----------
    dim
        Length of the gene vectors; only the first entry carries information.
    seed
        Not used: nothing is random.
    """

    name = "expression_mean"
    needs = frozenset({"expression", "counts"})
    control = True
    seeded = False
    equivariant = True

    def fit(self, graphs: GraphCollection) -> Self:
        """Measure the level of each gene of each graph."""
        self._check_settings()
        self.vectors_ = [_one_column(_level(graph), self.dim) for graph in graphs]
        return self


def _level(graph: GeneGraph) -> npt.NDArray[np.float64]:
    if graph.counts is None:
        return np.asarray(graph.x.std(axis=1, dtype=np.float64))
    logged = graph.counts.astype(np.float64).log1p()
    return np.asarray(logged.mean(axis=1)).ravel()


def _one_column(level: npt.NDArray[np.float64], dim: int) -> FloatArray:
    vectors = np.zeros((level.size, dim), dtype=np.float32)
    spread = level.std()
    if spread > 0:
        vectors[:, 0] = (level - level.mean()) / spread
    return vectors
