"""Programme recovery: whether genes of one simulated programme lie close."""

import numpy as np

from genearena.metrics._shared.preconditions import mean_over_graphs, need_programmes
from genearena.metrics._shared.roc import roc_auc
from genearena.metrics.base import Metric, Score
from genearena.metrics.embedding_space import EmbeddingSpace


def programme_recovery(space: EmbeddingSpace) -> Score:
    """Average over data sets the ROC AUC of cosine similarity for pairs of one programme.

    Pairs are those of genes that belong to a programme; genes without one have no right place.

    Raises
    ------
    NotDefined
        If the programmes are unknown, as in real data, or no graph has two.
    """
    need_programmes(space)
    values = [_of_graph(space, position) for position in range(len(space.graphs))]
    return mean_over_graphs(values, "no two programmes with a pair of genes")


def _of_graph(space: EmbeddingSpace, position: int) -> float | None:
    truth = space.graphs[position].truth
    if truth is None:
        return None
    members = np.flatnonzero(truth >= 0)
    above = np.triu_indices(len(members), k=1)
    same = (truth[members][:, None] == truth[members])[above]
    if same.all() or not same.any():
        return None
    similarity = space.cosine(position, position)[np.ix_(members, members)][above]
    return roc_auc(similarity[same], similarity[~same])


METRIC = Metric(
    name="programme_recovery",
    label="Programme AUC",
    function=programme_recovery,
    cites="GeneArena",
    equation="AUC = P( cos(zᵢ, zⱼ) > cos(zₖ, zₗ) )   for ij of one programme and kl of two",
    remark="The programmes are those the simulator drew; real data have none.",
    needs=frozenset({"truth"}),
    changes_with=frozenset({"shift"}),
)
