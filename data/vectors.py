"""What gene vectors have to be to belong to graphs, whoever made them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from genearena.data.graphs import GraphCollection


def vectors_fault(
    graphs: GraphCollection, vectors: Sequence[npt.NDArray[Any]], dtype: npt.DTypeLike | None = None
) -> str:
    """Return what there is in the place of usable gene vectors, nothing if they are usable.

    Usable are one finite two-dimensional array per graph with a row per gene, all of one width,
    of a `dtype` if one is given, and not all of their rows the same.
    """
    if len(vectors) != len(graphs):
        return f"{len(vectors)} arrays, want one per graph ({len(graphs)})"
    width = vectors[0].shape[1] if vectors[0].ndim == 2 else 0
    for graph, z in zip(graphs, vectors, strict=True):
        where = f"graph '{graph.name}'"
        if z.shape != (graph.n_genes, width) or not width:
            return f"shape {z.shape}, want ({graph.n_genes}, {width or 'dim'}), for {where}"
        if dtype is not None and z.dtype != dtype:
            return f"{z.dtype}, want {np.dtype(dtype)}, for {where}"
        bad = np.flatnonzero(~np.isfinite(z).all(axis=1))
        if bad.size:
            return f"values that are not finite for gene '{graph.genes[bad[0]]}' of {where}"
    if all((z == vectors[0][0]).all() for z in vectors):
        return "the same vector for every gene"
    return ""
