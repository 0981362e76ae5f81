"""New edges: replicated edges among the pairs that the method was not shown as edges."""

from genearena.metrics._shared.edge_precision import LACKING, replicated
from genearena.metrics._shared.preconditions import mean_over_graphs
from genearena.metrics.base import Metric, Score
from genearena.metrics.embedding_space import EmbeddingSpace


def new_edges(space: EmbeddingSpace) -> Score:
    """Average over donors as `replicated_edges` does, over the pairs that are no edge of the graph.

    What memorises the graph is at chance here.

    Raises
    ------
    NotDefined
        If no donor's cells were split.
    """
    values = [
        replicated(space, position, graph.adjacency.toarray() == 0)
        for position, graph in enumerate(space.graphs)
    ]
    return mean_over_graphs(values, LACKING)


METRIC = Metric(
    name="new_edges",
    label="New edges",
    function=new_edges,
    low=-1.0,
    cites="GeneArena",
    equation="( AP - π ) / ( 1 - π )   as Edges, over the pairs that are no edge of the graph",
    remark="Whoever only remembers the edges it was shown is at 0.",
    changes_with=frozenset({"shift"}),
)
