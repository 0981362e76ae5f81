"""Co-expression graphs as matrices over gene names, and their leading directions."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse

from genearena.data.graphs import FloatArray, GraphCollection

Array = npt.NDArray[np.float64]
NOTHING = 1e-8
"""Length below which a projection is rounding errors: they are below 1e-15, the rest above 1e-3."""


def names_of(graphs: GraphCollection) -> dict[str, int]:
    """Return the number of every gene name of the graphs, in alphabetical order."""
    return {name: number for number, name in enumerate(graphs.all_genes)}


def columns_of(genes: Iterable[str], names: dict[str, int]) -> npt.NDArray[np.int64]:
    """Return the numbers of some genes."""
    return np.array([names[gene] for gene in genes], dtype=np.int64)


def normalised(adjacency: Array) -> Array:
    """Return D^-½ (A + I) D^-½ of an (n, n) adjacency, D the row sums of A + I."""
    joined = adjacency + np.eye(len(adjacency))
    scale = 1 / np.sqrt(joined.sum(axis=1))
    return np.asarray(joined * scale[:, None] * scale)


def unit_rows(graphs: GraphCollection) -> sparse.csr_array:
    """Return the normalised neighbourhoods of all rows, of length 1, over all gene names.

    (rows, names), graphs one after another: row g of a graph is g's row of its `normalised`
    adjacency, each entry in the column of its name.
    """
    names = names_of(graphs)
    blocks = []
    for graph in graphs:
        rows = sparse.coo_array(normalised(graph.adjacency.toarray().astype(np.float64)))
        columns = columns_of(graph.genes, names)[rows.col]
        shape = (graph.n_genes, len(names))
        blocks.append(sparse.csr_array((rows.data, (rows.row, columns)), shape=shape))
    stacked = sparse.vstack(blocks, format="csr")
    length = np.sqrt(stacked.multiply(stacked).sum(axis=1))
    return sparse.csr_array(sparse.diags_array(1 / length) @ stacked)


def per_graph(rows: Array, graphs: GraphCollection) -> list[FloatArray]:
    """Split (rows, dim) vectors of all graphs, one after another, in float32."""
    ends = np.cumsum([graph.n_genes for graph in graphs])[:-1]
    return [np.ascontiguousarray(part, dtype=np.float32) for part in np.split(rows, ends)]


def leading(gram: Array, count: int) -> tuple[Array, Array]:
    """Return the largest eigenvalues of a symmetric matrix, descending, and their eigenvectors.

    There are as many as the matrix has at most; the largest entry of each vector is positive.
    """
    n = len(gram)
    values, vectors = linalg.eigh(gram, subset_by_index=(max(n - count, 0), n - 1))
    values, vectors = values[::-1], vectors[:, ::-1]
    largest = np.abs(vectors).argmax(axis=0)
    sign = np.where(vectors[largest, np.arange(vectors.shape[1])] < 0, -1.0, 1.0)
    return values, vectors * sign


def projected(rows: Any, dim: int) -> Array:
    """Return (m, dim) projections of (m, n) rows of length 1 on their right singular vectors.

    The rows are dense or sparse. Where there are fewer than `dim` singular vectors, zeros fill up.
    """
    gram = rows.T @ rows
    _, directions = leading(gram.toarray() if sparse.issparse(gram) else gram, dim)
    vectors = rows @ directions
    # a row at right angles to all of them, as a gene's without edges is, comes out as rounding
    # errors, whose direction would be another on every machine
    vectors[np.linalg.norm(vectors, axis=1) < NOTHING] = 0
    return padded(vectors, dim)


def padded(vectors: Array, dim: int) -> Array:
    """Return (n, dim) vectors, with zeros where there are fewer columns."""
    return np.pad(vectors, ((0, 0), (0, dim - vectors.shape[1])))
