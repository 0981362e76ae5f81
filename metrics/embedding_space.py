"""The gene vectors of one run, with the neighbour graph and clusters all metrics share."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from genearena.data.common.errors import DataError
from genearena.data.graphs import FloatArray, GraphCollection, IntArray
from genearena.data.vectors import vectors_fault
from genearena.metrics._shared.fuzzy_graph import fuzzy_graph
from genearena.metrics._shared.leiden import leiden
from genearena.metrics._shared.nearest_rows import DoubleArray

if TYPE_CHECKING:
    import scipy.sparse


@dataclass(frozen=True, eq=False)
class NewDonor:
    """Vectors of a second training without one graph, to be judged by its edges.

    Parameters
    ----------
    position
        Which graph of the task was left out.
    vectors
        One (n_genes, dim) array per graph; that of the graph left out is not looked at.
    """

    position: int
    vectors: tuple[FloatArray, ...]


@dataclass(frozen=True, eq=False)
class EmbeddingSpace:
    """Vectors of all (data set, gene) rows.

    Everything derived is computed once, when first asked for.

    Parameters
    ----------
    graphs
        The task the vectors belong to.
    vectors
        One (n_genes, dim) array per graph, rows in gene order.
    new_donor
        Vectors of a second training without one graph, if there was one.
    seed
        Seed of the clustering.

    Raises
    ------
    DataError
        If the vectors do not fit the graphs, are not finite, or are all the same.
    """

    graphs: GraphCollection
    vectors: tuple[FloatArray, ...]
    new_donor: NewDonor | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "vectors", tuple(self.vectors))
        _check_vectors(self.graphs, self.vectors, "embedding")
        if self.new_donor is not None:
            position, vectors = self.new_donor.position, self.new_donor.vectors
            kept = [z for place, z in enumerate(vectors) if place != position]
            _check_vectors(self.graphs.without(position), kept, "embedding of a new donor")

    @cached_property
    def rows(self) -> DoubleArray:
        """(n, dim) vectors of all graphs, one after the other."""
        return np.concatenate(self.vectors).astype(np.float64)

    @cached_property
    def offsets(self) -> IntArray:
        """(B + 1,) where each graph's rows begin; the last entry is n."""
        sizes = [graph.n_genes for graph in self.graphs]
        return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)

    @cached_property
    def dataset(self) -> IntArray:
        """(n,) position of each row's graph in the task."""
        return np.repeat(np.arange(len(self.graphs)), np.diff(self.offsets))

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """Number of every gene that is in any graph, in alphabetical order."""
        return {gene: number for number, gene in enumerate(self.graphs.all_genes)}

    @cached_property
    def gene(self) -> IntArray:
        """(n,) vocabulary number of each row's gene."""
        numbers = [self.vocabulary[gene] for graph in self.graphs for gene in graph.genes]
        return np.array(numbers, dtype=np.int64)

    @cached_property
    def common(self) -> IntArray:
        """Rows of the genes that are in every graph, ascending."""
        numbers = [self.vocabulary[gene] for gene in self.graphs.common_genes]
        return np.flatnonzero(np.isin(self.gene, numbers))

    @cached_property
    def covered(self) -> npt.NDArray[np.bool_]:
        """(n,) whether a row has a vector; all zeros is how a method says it has none."""
        return np.asarray(np.any(self.rows != 0, axis=1))

    @cached_property
    def judged(self) -> IntArray:
        """Common rows that have a vector, ascending.

        Rows without one coincide, whatever their data set: counted as a cluster they would be
        the best-mixed of all, and a method would gain by leaving genes out.
        """
        return self.common[self.covered[self.common]]

    @cached_property
    def connectivities(self) -> "scipy.sparse.csr_array":
        """(n, n) weights of the 15-nearest-neighbour graph over all rows, as scanpy's."""
        return fuzzy_graph(self.rows)

    @cached_property
    def clusters(self) -> IntArray:
        """(n,) Leiden cluster of each row at resolution 1, numbered from 0."""
        return leiden(self.connectivities, seed=self.seed)

    @cached_property
    def cluster_sizes(self) -> IntArray:
        """(C,) number of rows per cluster."""
        return np.bincount(self.clusters)

    @cached_property
    def mixed(self) -> bool:
        """Whether any cluster holds vectors of two data sets or more."""
        placed = np.stack([self.clusters, self.dataset])[:, self.covered]
        return bool(np.unique(placed, axis=1).shape[1] > len(np.unique(placed[0])))

    @cached_property
    def directions(self) -> tuple[DoubleArray, ...]:
        """Vectors of each graph scaled to length 1; zero vectors stay zero."""
        return unit_length(self.vectors)

    def covered_in(self, position: int) -> npt.NDArray[np.bool_]:
        """Return (n_genes,) whether the genes of one graph have a vector."""
        return self.covered[self.offsets[position] : self.offsets[position + 1]]

    def cosine(self, first: int, second: int) -> DoubleArray:
        """Return the (n_first, n_second) cosine similarities between the rows of two graphs."""
        return rounded(self.directions[first] @ self.directions[second].T)

    def cosine_of(self, first: int, a: IntArray, second: int, b: IntArray) -> DoubleArray:
        """Return the (k,) cosines between rows `a` of one graph and `b` of another, in turn."""
        return rounded(np.einsum("ij,ij->i", self.directions[first][a], self.directions[second][b]))


def unit_length(vectors: Sequence[FloatArray]) -> tuple[DoubleArray, ...]:
    """Scale the rows of every array to length 1, leaving zero rows as they are."""
    return tuple(_unit(v.astype(np.float64)) for v in vectors)


def rounded(similarity: DoubleArray) -> DoubleArray:
    """Round cosines to 12 decimals.

    Float32 vectors that point the same way differ in their cosine by about 1e-15; without this
    the order of such ties, and so the score of a rank-one embedding, would be rounding noise.
    """
    return np.round(similarity, 12)


def _unit(z: DoubleArray) -> DoubleArray:
    # the largest entry comes out first: squares of extreme floats would overflow or vanish
    largest = np.abs(z).max(axis=1, keepdims=True)
    scaled = z / np.where(largest > 0, largest, 1)
    length = np.linalg.norm(scaled, axis=1, keepdims=True)
    return np.asarray(scaled / np.where(length > 0, length, 1))


def _check_vectors(graphs: GraphCollection, vectors: Sequence[FloatArray], what: str) -> None:
    fault = vectors_fault(graphs, vectors)
    if fault:
        raise DataError(f"{what} has {fault}; nothing can be scored")
