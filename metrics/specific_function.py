"""Specific function (H4): whether a gene whose function differs between donors lies apart."""

from itertools import combinations

from genearena.metrics._shared.preconditions import (
    mean_over_pairs,
    need_programmes,
    need_several_datasets,
)
from genearena.metrics._shared.roc import roc_auc
from genearena.metrics._shared.shared_genes import shared_rows
from genearena.metrics.base import Metric, Score
from genearena.metrics.embedding_space import EmbeddingSpace


def specific_function(space: EmbeddingSpace) -> Score:
    """Return 2 AUC - 1 of a gene's cosine distance between donors for a change of programme.

    Of each pair of donors the genes count that both have in some programme; pairs without a change,
    or with nothing else, are left out, and the others averaged. A gene without a vector counts as a
    guess.

    Raises
    ------
    NotDefined
        If functions are unknown, there is one data set, or no pair of donors can be scored.
    """
    need_several_datasets(space)
    need_programmes(space)
    pairs = combinations(range(len(space.graphs)), 2)
    values = {(i, j): _of_pair(space, i, j) for i, j in pairs}
    return mean_over_pairs(
        values, "no pair of data sets has genes that change programme beside others"
    )


def _of_pair(space: EmbeddingSpace, i: int, j: int) -> float | None:
    first, second = space.graphs[i], space.graphs[j]
    if first.truth is None or second.truth is None:
        return None
    a, b = shared_rows(first, second)
    placed = (first.truth[a] >= 0) & (second.truth[b] >= 0)
    a, b = a[placed], b[placed]
    differs = first.truth[a] != second.truth[b]
    if differs.all() or not differs.any():
        return None
    distance = 1 - space.cosine_of(i, a, j, b)
    known = space.covered_in(i)[a] & space.covered_in(j)[b]
    moved, stayed = differs & known, ~differs & known
    if not moved.any() or not stayed.any():
        return 0.0
    # of a pair of genes without both vectors either may be the farther one
    share = moved.sum() * stayed.sum() / (differs.sum() * (~differs).sum())
    return float(share * (2 * roc_auc(distance[moved], distance[stayed]) - 1))


METRIC = Metric(
    name="specific_function",
    label="Specific",
    function=specific_function,
    low=-1.0,
    headline=True,
    cites="GeneArena",
    equation="2 P( cos(zᵢ, zᵢ') < cos(zⱼ, zⱼ') ) - 1   for i whose function changes, and j not",
    remark="One vector per gene name for all donors is at 0, whatever the vector.",
    needs=frozenset({"truth"}),
    group="Headline",
    changes_with=frozenset({"shift"}),
)
