"""PCA of the expression profiles, as in GSS."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from scipy import linalg

from genearena.data.common.errors import DataError
from genearena.data.graphs import FloatArray, GraphCollection
from genearena.methods.base import Method


class PCA(Method):
    """Take the principal components of each graph's genes (the part of GSS that embeds).

    Genes are the observations: each cell's column of the residuals is z-scored over genes, and a
    gene's vector holds its scores on the first `dim` components. The sign of a component is such
    that its largest loading is positive.

    Parameters
    ----------
    dim
        Number of components, below the genes and the cells of every graph.
    seed
        Not used: nothing is random.
    """

    name = "pca"
    seeded = False
    equivariant = True
    needs = frozenset({"expression"})
    search: ClassVar[Mapping[str, tuple[Any, ...]]] = {"dim": (32, 64, 128)}

    def skip(self, graphs: GraphCollection) -> str | None:
        """Return a reason if a graph is too small for `dim` components."""
        for graph in graphs:
            if min(graph.n_genes, graph.n_cells) - 1 < self.dim:
                return (
                    f"graph '{graph.name}' has {graph.n_genes} genes and {graph.n_cells} cells, "
                    f"want more than {self.dim} of both for {self.dim} components; lower dim"
                )
        return None

    def fit(self, graphs: GraphCollection) -> Self:
        """Decompose every graph's profiles.

        Raises
        ------
        DataError
            If a graph is too small for `dim` components.
        """
        self._check_settings()
        reason = self.skip(graphs)
        if reason:
            raise DataError(f"pca: {reason}")
        self.vectors_ = [principal_scores(graph.x, self.dim) for graph in graphs]
        self.n_parameters_ = self.dim * sum(graph.n_cells for graph in graphs)
        return self


def principal_scores(x: FloatArray, dim: int) -> FloatArray:
    """Return the (n, dim) scores of the rows of `x` (n, cells) on their principal components.

    Columns are z-scored first; a constant column counts for nothing.
    """
    z = _standardised(x.astype(np.float64))
    loadings = _loadings(z, dim)
    largest = np.abs(loadings).argmax(axis=0)
    loadings *= np.where(loadings[largest, np.arange(dim)] < 0, -1.0, 1.0)
    return (z @ loadings).astype(np.float32)


def _standardised(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    centred = x - x.mean(axis=0)
    spread = centred.std(axis=0)
    result: npt.NDArray[np.float64] = centred / np.where(spread > 0, spread, np.inf)
    return result


def _loadings(z: npt.NDArray[np.float64], dim: int) -> npt.NDArray[np.float64]:
    # the eigenvectors of the smaller of the two Gram matrices say all
    n, cells = z.shape
    gram = z @ z.T if n < cells else z.T @ z
    last = gram.shape[0] - 1
    vectors = linalg.eigh(gram, subset_by_index=(last - dim + 1, last))[1][:, ::-1]
    if n < cells:
        vectors = z.T @ vectors
        vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=0), np.finfo(float).tiny)
    return np.array(vectors)
