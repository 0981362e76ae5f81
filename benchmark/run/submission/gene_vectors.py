"""A table of gene vectors made elsewhere, and its rows put in the order of a task."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from genearena.data.common.errors import DataError, did_you_mean
from genearena.data.graphs import FloatArray, GraphCollection, IntArray

MOST_DIMENSIONS = 16_384
SHOWN = 3


@dataclass(frozen=True, eq=False)
class GeneVectors:
    """One vector per (data set, gene), in any order.

    Parameters
    ----------
    dataset, gene
        Names of the n rows.
    vectors
        (n, dim) finite float32.
    fingerprint
        Data the vectors were made from, empty if the file does not say.
    heldout
        (n, dim) vectors of a second training without the hidden edges, if there was one.
    """

    dataset: tuple[str, ...]
    gene: tuple[str, ...]
    vectors: FloatArray
    fingerprint: str = ""
    heldout: FloatArray | None = None


def gene_vectors(
    dataset: Sequence[str],
    gene: Sequence[str],
    vectors: Any,
    *,
    fingerprint: str = "",
    heldout: Any = None,
) -> GeneVectors:
    """Check what was read from a file.

    Raises
    ------
    DataError
        If lengths differ or the vectors are not finite numbers of one usable width.
    """
    if len(dataset) != len(gene):
        raise DataError(f"{len(dataset)} data set names for {len(gene)} genes, want one a row each")
    second = None if heldout is None else _numbers(heldout, len(gene), "heldout")
    first = _numbers(vectors, len(gene), "vectors")
    return GeneVectors(tuple(dataset), tuple(gene), first, fingerprint, second)


def _numbers(values: Any, rows: int, what: str) -> FloatArray:
    array = np.asarray(values)
    if array.ndim != 2 or len(array) != rows or not rows:
        raise DataError(f"{what} have shape {array.shape}, want one row for each of {rows} genes")
    if not 1 <= array.shape[1] <= MOST_DIMENSIONS:
        raise DataError(f"{what} have {array.shape[1]} dimensions, want 1 to {MOST_DIMENSIONS}")
    if array.dtype.kind not in "fiu":
        raise DataError(f"{what} are of type {array.dtype}, want numbers (float32)")
    with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite, and is refused
        narrow = array.astype(np.float32)
    bad = np.flatnonzero(~np.isfinite(narrow).all(axis=1))
    if bad.size:
        raise DataError(f"{what} are not finite in row {bad[0] + 1} ({bad.size} such rows)")
    return narrow


class Placement:
    """Where the rows of a table belong in a task.

    Parameters
    ----------
    table
        Rows in any order; a gene without a row gets a zero vector, which counts as none.
    graphs
        The task.

    Raises
    ------
    DataError
        If a data set or gene is not the task's, a row is there twice, or a data set has no row.
    """

    def __init__(self, table: GeneVectors, graphs: GraphCollection) -> None:
        self.table = table
        self.graphs = graphs
        _check_datasets(table, graphs)
        _check_genes(table, graphs)
        _check_unique(table)

    @cached_property
    def _rows(self) -> IntArray:
        keys = [(graph.name, gene) for graph in self.graphs for gene in graph.genes]
        row = {key: number for number, key in enumerate(keys)}
        pairs = zip(self.table.dataset, self.table.gene, strict=True)
        return np.array([row[pair] for pair in pairs], dtype=np.int64)

    def per_graph(self, vectors: FloatArray) -> tuple[FloatArray, ...]:
        """Return one (n_genes, dim) array per graph from (n, dim) rows of the table."""
        whole = np.zeros((self.graphs.n_rows, vectors.shape[1]), dtype=np.float32)
        whole[self._rows] = vectors
        ends = np.cumsum([graph.n_genes for graph in self.graphs])[:-1]
        return tuple(np.split(whole, ends))


def _check_datasets(table: GeneVectors, graphs: GraphCollection) -> None:
    unknown = dict.fromkeys(name for name in table.dataset if name not in graphs.names)
    if unknown:
        first = next(iter(unknown))
        hint = did_you_mean(first, graphs.names, f"it has {_few(graphs.names)}")
        raise DataError(f"data set {first!r} is not in the task; {hint}")
    present = set(table.dataset)
    absent = [name for name in graphs.names if name not in present]
    if absent:
        raise DataError(f"no vectors for data set {_few(absent)}; every data set needs some")


def _check_genes(table: GeneVectors, graphs: GraphCollection) -> None:
    known = {graph.name: graph.index for graph in graphs}
    pairs = zip(table.dataset, table.gene, strict=True)
    unknown = dict.fromkeys(f"{g} in {d}" for d, g in pairs if g not in known[d])
    if unknown:
        raise DataError(
            f"{len(unknown)} genes are not in the data set they are given for: {_few(unknown)}; "
            "name genes as the task does and leave out those it lacks"
        )


def _check_unique(table: GeneVectors) -> None:
    counts = Counter(zip(table.dataset, table.gene, strict=True))
    (dataset, gene), times = counts.most_common(1)[0]
    if times > 1:
        raise DataError(f"gene {gene!r} of data set {dataset!r} has {times} rows, want one")


def _few(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - SHOWN} more" if len(listed) > SHOWN else ""
    return ", ".join(repr(name) for name in listed[:SHOWN]) + more
