"""Held-out edge AUC: whether the vectors predict edges the method never saw."""

import numpy as np

from genearena.data.graphs import IntArray
from genearena.data.holdout import HiddenPairs
from genearena.metrics._shared.nearest_rows import DoubleArray
from genearena.metrics._shared.preconditions import mean_over_graphs
from genearena.metrics._shared.roc import roc_auc
from genearena.metrics.base import Metric, NotDefined, Score
from genearena.metrics.embedding_space import EmbeddingSpace, rounded, unit_length


def heldout_auc(space: EmbeddingSpace) -> Score:
    """Average over data sets the ROC AUC of cosine similarity for hidden edges and non-edges.

    Raises
    ------
    NotDefined
        If there was no training without edges, or no graph had edges to hide.
    """
    if space.heldout is None:
        raise NotDefined("there was no training with hidden edges")
    directions = unit_length(space.heldout.vectors)
    values = [_of_graph(z, p) for z, p in zip(directions, space.heldout.pairs, strict=True)]
    return mean_over_graphs(values, "no hidden edges")


def _of_graph(directions: DoubleArray, pairs: HiddenPairs) -> float | None:
    if not pairs.edges.size or not pairs.non_edges.size:
        return None
    return roc_auc(_cosine(directions, pairs.edges), _cosine(directions, pairs.non_edges))


def _cosine(directions: DoubleArray, pairs: IntArray) -> DoubleArray:
    first, second = pairs
    return rounded(np.einsum("ij,ij->i", directions[first], directions[second]))


METRIC = Metric(
    name="heldout_auc",
    label="Held-out AUC",
    function=heldout_auc,
    cites="GeneArena",
    equation="AUC = P( cos(zᵢ, zⱼ) > cos(zₖ, zₗ) )   for a hidden edge ij and a hidden non-edge kl",
    remark="The method is trained once more on graphs without the hidden edges.",
    needs=frozenset({"heldout"}),
    changes_with=frozenset({"shift"}),
)
