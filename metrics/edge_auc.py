"""Edge AUC: whether co-expressed genes have similar vectors."""

from typing import Literal

import numpy as np

from genearena.metrics._shared.preconditions import mean_over_graphs
from genearena.metrics._shared.roc import roc_auc
from genearena.metrics.base import Metric, Score
from genearena.metrics.embedding_space import EmbeddingSpace

Convention = Literal["pairs", "released"]


def edge_auc(space: EmbeddingSpace, *, convention: Convention = "pairs") -> Score:
    """Average over data sets the ROC AUC of cosine similarity for the graph's edges.

    The paper's sigmoid keeps the order of the similarities and so the AUC.

    Parameters
    ----------
    space
        The embedding space.
    convention
        ``pairs``: every pair of different genes once. ``released``: all n² entries as in the
        authors' script, where every gene is an edge to itself of similarity 1, which inflates.

    Raises
    ------
    NotDefined
        If no graph has both edges and pairs that are none.
    """
    values = [_of_graph(space, position, convention) for position in range(len(space.graphs))]
    return mean_over_graphs(values, "no edges or no other pairs")


def _of_graph(space: EmbeddingSpace, position: int, convention: Convention) -> float | None:
    graph = space.graphs[position]
    if graph.density in (0, 1):
        return None
    similarity = space.cosine(position, position)
    edge = graph.adjacency.toarray() != 0
    if convention == "released":
        np.fill_diagonal(edge, val=True)
        return roc_auc(similarity[edge], similarity[~edge])
    above = np.triu(np.ones_like(edge), k=1)
    return roc_auc(similarity[edge & above], similarity[~edge & above])


METRIC = Metric(
    name="edge_auc",
    label="AUC",
    function=edge_auc,
    higher_is_better=True,
    low=0.0,
    high=1.0,
    cites="MuSe-GNN, appendix H",
    scored=True,
    changes_with=frozenset({"shift"}),
)
