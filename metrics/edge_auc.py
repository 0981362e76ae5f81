"""Edge AUC: whether co-expressed genes have similar vectors."""

import numpy as np

from genearena.metrics._shared.preconditions import mean_over_graphs
from genearena.metrics._shared.roc import roc_auc
from genearena.metrics.base import Metric, Score
from genearena.metrics.embedding_space import EmbeddingSpace


def edge_auc(space: EmbeddingSpace) -> Score:
    """Average over data sets the ROC AUC of cosine similarity for the graph's edges.

    Every pair of different genes counts once; in the authors' script all n² entries do, where
    every gene is an edge to itself of similarity 1, which inflates. The paper's sigmoid keeps the
    order of the similarities and so the AUC.

    Raises
    ------
    NotDefined
        If no graph has both edges and pairs that are none.
    """
    values = [_of_graph(space, position) for position in range(len(space.graphs))]
    return mean_over_graphs(values, "no edges or no other pairs")


def _of_graph(space: EmbeddingSpace, position: int) -> float | None:
    graph = space.graphs[position]
    if graph.density in (0, 1):
        return None
    similarity = space.cosine(position, position)
    edge = graph.adjacency.toarray() != 0
    above = np.triu(np.ones_like(edge), k=1)
    return roc_auc(similarity[edge & above], similarity[~edge & above])


METRIC = Metric(
    name="edge_auc",
    label="AUC",
    function=edge_auc,
    cites="MuSe-GNN, appendix H",
    equation="AUC = P( cos(zᵢ, zⱼ) > cos(zₖ, zₗ) )   for an edge ij and a pair kl that is none",
    remark="Every pair of different genes of a graph counts once; mean over the graphs.",
    group="Graph",
    scored=True,
    changes_with=frozenset({"shift"}),
)
