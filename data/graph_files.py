"""Write a gene graph to an npz file and read it back; nothing in it is pickled."""

import zipfile
import zlib
from pathlib import Path

import numpy as np
from scipy import sparse

from genearena.data.cards import GraphCard
from genearena.data.errors import GeneArenaError, StoreError
from genearena.data.graphs import GeneGraph

DAMAGED = (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile, zlib.error)
"""What numpy raises over an npz file that is cut short or changed."""


def write_graph(path: Path, graph: GeneGraph) -> None:
    """Write the arrays of `graph`; names and counts of things are the card's."""
    arrays: dict[str, np.ndarray] = {"x": graph.x, "edges": graph.edges.astype(np.int32)}
    if graph.counts is not None:
        counts = graph.counts
        arrays |= {"data": counts.data, "indices": counts.indices, "indptr": counts.indptr}
    if graph.truth is not None:
        arrays["truth"] = graph.truth
    np.savez(path, allow_pickle=False, **arrays)


def read_graph(path: Path, card: GraphCard, tissue: str) -> GeneGraph:
    """Read the graph described by `card` and verify that it is the one that was written.

    Raises
    ------
    StoreError
        If the file is missing, damaged or changed.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            graph = _assemble(dict(arrays), card, tissue)
    except (*DAMAGED, GeneArenaError) as error:
        raise StoreError(f"'{path}' is missing or damaged; add its data again") from error
    if graph.digest != card.digest:
        raise StoreError(f"'{path}' is not what was stored; add its data again")
    return graph


def _assemble(arrays: dict[str, np.ndarray], card: GraphCard, tissue: str) -> GeneGraph:
    n = card.n_genes
    row, col = arrays["edges"]
    half = sparse.coo_array((np.ones(len(row), np.int8), (row, col)), (n, n))
    counts = None
    if "data" in arrays:
        parts = (arrays["data"], arrays["indices"], arrays["indptr"])
        counts = sparse.csr_array(parts, shape=arrays["x"].shape)
    return GeneGraph(
        name=card.name,
        tissue=tissue,
        modality=card.modality,
        species=card.species,
        genes=card.genes,
        x=arrays["x"],
        adjacency=sparse.csr_array(half + half.T),
        counts=counts,
        truth=arrays.get("truth"),
        simulated=card.simulated,
        genes_by=card.genes_by,
    )
