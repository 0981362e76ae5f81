"""Common-gene graph connectivity: whether clusters of common genes hang together."""

from typing import TYPE_CHECKING

import numpy as np

from genearena.data.graphs import IntArray
from genearena.metrics._shared.preconditions import need_judged_rows
from genearena.metrics.base import Metric
from genearena.metrics.embedding_space import EmbeddingSpace

if TYPE_CHECKING:
    import scipy.sparse


def graph_connectivity(space: EmbeddingSpace) -> float:
    """Average over clusters the share of common rows in the largest connected component.

    The graph is the symmetric neighbour graph of *all* rows cut down to the common ones that
    have a vector, as scIB does. (scib-metrics takes strong components of the directed distance
    graph, which is another number.)

    Raises
    ------
    NotDefined
        If too few rows of common genes have a vector.
    """
    need_judged_rows(space)
    graph = space.connectivities[space.judged][:, space.judged]
    return float(np.mean(largest_shares(graph, space.clusters[space.judged])))


def largest_shares(graph: "scipy.sparse.csr_array", cluster: IntArray) -> list[float]:
    """Return per cluster the size of its largest connected component over its own size."""
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    edges = graph.tocoo()
    within = cluster[edges.row] == cluster[edges.col]
    kept = (edges.data[within], (edges.row[within], edges.col[within]))
    _, component = connected_components(sparse.coo_array(kept, shape=graph.shape), directed=False)
    sizes = np.bincount(component)
    return [
        float(sizes[component[cluster == c]].max() / (cluster == c).sum())
        for c in np.unique(cluster)
    ]


METRIC = Metric(
    name="graph_connectivity",
    label="GC",
    function=graph_connectivity,
    cites="MuSe-GNN, appendix H; scIB (Luecken et al. 2022)",
    equation="GC = mean over clusters c of |largest connected component of c| / |c|",
    remark="In the neighbour graph of all rows, cut down to the common genes.",
    group="Integration",
    scored=True,
)
