"""Replicated edges (H1): whether what was learnt from half of a donor's cells holds in the rest."""

from genearena.metrics._shared.edge_precision import LACKING, replicated
from genearena.metrics._shared.preconditions import mean_over_graphs
from genearena.metrics.base import Metric, Score
from genearena.metrics.embedding_space import EmbeddingSpace


def replicated_edges(space: EmbeddingSpace) -> Score:
    """Average over donors the adjusted precision of cosine similarity for the other half's edges.

    Raises
    ------
    NotDefined
        If no donor's cells were split.
    """
    return mean_over_graphs([replicated(space, p) for p in range(len(space.graphs))], LACKING)


METRIC = Metric(
    name="replicated_edges",
    label="Edges",
    function=replicated_edges,
    low=-1.0,
    headline=True,
    cites="GeneArena",
    equation="( AP - π ) / ( 1 - π )   of cos(zᵢ, zⱼ) for the edges in the other half of the cells",
    remark="π is the share of pairs that are edges; mean over donors. 0 is chance.",
    group="Headline",
    changes_with=frozenset({"shift"}),
)
