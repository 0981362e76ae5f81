"""Edges over degree: replicated edges beyond what the degrees of the genes tell."""

from genearena.metrics._shared.edge_precision import (
    LACKING,
    degree_product,
    edge_precision,
    replicated,
)
from genearena.metrics._shared.preconditions import mean_over_graphs
from genearena.metrics.base import Metric, Score
from genearena.metrics.embedding_space import EmbeddingSpace


def edges_over_degree(space: EmbeddingSpace) -> Score:
    """Average over donors `replicated_edges` minus the same of the product of degrees.

    Raises
    ------
    NotDefined
        If no donor's cells were split.
    """
    values = []
    for position, graph in enumerate(space.graphs):
        own = replicated(space, position)
        null = None
        if own is not None and graph.replicate is not None:
            null = edge_precision(degree_product(graph.adjacency), graph.replicate)
        values.append(None if own is None or null is None else own - null)
    return mean_over_graphs(values, LACKING)


METRIC = Metric(
    name="edges_over_degree",
    label="Edges over degree",
    function=edges_over_degree,
    low=-2.0,
    high=2.0,
    cites="Gillis & Pavlidis 2012",
    equation="Edges of cos(zᵢ, zⱼ) - Edges of dᵢ dⱼ   with d the degree in the graph shown",
    remark="Genes of high degree are joined more often whoever their partner is.",
    changes_with=frozenset({"shift"}),
)
