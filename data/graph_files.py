"""Write a gene graph to an npz file and read it back; nothing in it is pickled."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from genearena.data.cards.stored_card import GraphCard
from genearena.data.common.errors import StoreError
from genearena.data.common.foreign_files import read_npz
from genearena.data.graph_digest import graph_digest
from genearena.data.graphs import GeneGraph, upper_pairs

if TYPE_CHECKING:
    import scipy.sparse

ARRAYS = ("x", "edges", "data", "indices", "indptr", "truth", "replicate", "latent")


def write_graph(path: Path, graph: GeneGraph) -> None:
    """Write the arrays of `graph`; names and counts of things are the card's."""
    arrays: dict[str, np.ndarray] = {"x": graph.x, "edges": graph.edges.astype(np.int32)}
    if graph.counts is not None:
        counts = graph.counts
        arrays |= {"data": counts.data, "indices": counts.indices, "indptr": counts.indptr}
    if graph.truth is not None:
        arrays["truth"] = graph.truth
    if graph.replicate is not None:
        arrays["replicate"] = upper_pairs(graph.replicate).astype(np.int32)
    if graph.latent is not None:
        arrays["latent"] = graph.latent
    np.savez(path, allow_pickle=False, **arrays)


def read_graph(path: Path, card: GraphCard, tissue: str, *, exact: bool = False) -> GeneGraph:
    """Read the graph described by `card`; one missing, damaged or changed raises StoreError.

    `exact` says that the card's digest is one of all digits, see `graph_digest`.
    """
    try:
        graph = _assemble(read_npz(path, ARRAYS), card, tissue)
    except Exception as error:  # parsers raise anything over a file that was cut short or changed
        raise StoreError(f"'{path}' is missing or damaged; add its data again") from error
    digest = graph_digest(graph, exact=True) if exact else graph.digest
    if digest != card.digest:
        raise StoreError(f"'{path}' is not what was stored; add its data again")
    return graph


def _assemble(arrays: dict[str, npt.NDArray[Any]], card: GraphCard, tissue: str) -> GeneGraph:
    from scipy import sparse

    n = card.n_genes
    replicate = arrays.get("replicate")
    counts = None
    if "data" in arrays:
        parts = (arrays["data"], arrays["indices"], arrays["indptr"])
        counts = sparse.csr_array(parts, shape=arrays["x"].shape)
        counts.check_format(full_check=True)  # else compiled code follows whatever it finds
    return GeneGraph(
        name=card.name,
        tissue=tissue,
        modality=card.modality,
        species=card.species,
        genes=card.genes,
        x=arrays["x"],
        adjacency=_joined(arrays["edges"], n),
        counts=counts,
        truth=arrays.get("truth"),
        simulated=card.simulated,
        genes_by=card.genes_by,
        replicate=None if replicate is None else _joined(replicate, n),
        latent=arrays.get("latent"),
        condition=card.condition,
        donor=card.donor,
    )


def _joined(pairs: npt.NDArray[Any], n: int) -> "scipy.sparse.csr_array":
    from scipy import sparse

    half = sparse.coo_array((np.ones(pairs.shape[1], np.int8), tuple(pairs)), (n, n))
    return sparse.csr_array(half + half.T)
