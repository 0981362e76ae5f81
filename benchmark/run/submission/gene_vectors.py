"""Put the rows of a table of gene vectors made elsewhere in the order of a task."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from genearena.data.common.errors import DataError, did_you_mean
from genearena.data.graphs import FloatArray, GraphCollection
from genearena.data.reading.gene_vectors import GeneVectors
from genearena.metrics.embedding_space import unit_length

SHOWN = 3


def per_graph(
    table: GeneVectors, graphs: GraphCollection
) -> tuple[tuple[FloatArray, ...], tuple[FloatArray, ...] | None]:
    """Return the vectors of a table, and of its second training if any, in the order of a task.

    Parameters
    ----------
    table
        Rows in any order; a gene without a row gets a zero vector, which counts as none.
    graphs
        The task.

    Returns
    -------
    One (n_genes, dim) array per graph, twice.

    Raises
    ------
    DataError
        If a data set or gene is not the task's, a row is there twice, or a data set has no row.
    """
    _check_datasets(table, graphs)
    _check_genes(table, graphs)
    _check_unique(table)
    keys = ((graph.name, gene) for graph in graphs for gene in graph.genes)
    row = {key: number for number, key in enumerate(keys)}
    rows = [row[pair] for pair in zip(table.dataset, table.gene, strict=True)]

    def placed(vectors: FloatArray) -> tuple[FloatArray, ...]:
        whole = np.zeros((graphs.n_rows, vectors.shape[1]), dtype=np.float32)
        whole[rows] = vectors
        return tuple(graphs.split(whole))

    return placed(table.vectors), None if table.new_donor is None else placed(table.new_donor)


def are_the_same(vectors: Sequence[FloatArray], second: Sequence[FloatArray]) -> bool:
    """Return whether vectors of a second training are the first's but for lengths, sign, rounding.

    A method that learns from all graphs gives others without one.
    """
    pairs = zip(unit_length(vectors), unit_length(second), strict=True)
    return all(
        a.shape == b.shape and (np.allclose(a, b, atol=1e-5) or np.allclose(a, -b, atol=1e-5))
        for a, b in pairs
    )


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
