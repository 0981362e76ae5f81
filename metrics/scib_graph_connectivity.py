"""Graph connectivity of scib-metrics: whether labels hang together across data sets."""

from genearena.metrics._shared.scib import (
    NEEDS_LABELS,
    labelled_rows,
    neighbours_of,
    scib_package,
)
from genearena.metrics.base import Metric, Score
from genearena.metrics.embedding_space import EmbeddingSpace

_SIZE = 15


def labels_connected(space: EmbeddingSpace) -> Score:
    """Average over labels the share of rows in the largest strongly connected component.

    ``scib_metrics.graph_connectivity`` on the directed graph from each row with a label to its 14
    nearest. GC asks the same of Leiden clusters, which are made to hang together.

    Raises
    ------
    NotDefined
        If there are too few labels.
    """
    found = labelled_rows(space)
    with scib_package() as package:
        value = package.graph_connectivity(neighbours_of(found.rows, _SIZE), found.label)
    return found.score(value)


METRIC = Metric(
    name="scib_graph_connectivity",
    label="Label GC",
    function=labels_connected,
    cites="scIB (Luecken et al. 2022); scib-metrics",
    equation="mean over labels l of |largest strong component of l| / |l|",
    remark="In the directed graph from every row with a label to its 14 nearest.",
    needs=NEEDS_LABELS,
    group="scib",
)
