"""Shared function (H3): whether genes of like function lie close across donors, names aside."""

from itertools import permutations

import numpy as np

from genearena.metrics._shared.precision import average_precision, chance_precision
from genearena.metrics._shared.preconditions import (
    mean_over_pairs,
    need_programmes,
    need_several_datasets,
)
from genearena.metrics.base import Metric, Score
from genearena.metrics.embedding_space import EmbeddingSpace


def shared_function(space: EmbeddingSpace) -> Score:
    """Average how early the genes of a gene's programme come among another donor's other genes.

    For every gene of a programme in donor i all genes of donor j but itself are ranked by cosine;
    the precision of those in the same programme is set against its mean over all orders. A gene
    without a vector counts 0 where it asks, and lies anywhere where it answers. The mean runs over
    the genes of a pair of donors, then over the ordered pairs.

    Raises
    ------
    NotDefined
        If functions are unknown, there is one data set, or no two donors share a programme.
    """
    need_several_datasets(space)
    need_programmes(space)
    pairs = permutations(range(len(space.graphs)), 2)
    values = {(i, j): _of_pair(space, i, j) for i, j in pairs}
    return mean_over_pairs(values, "no two data sets have genes of one programme")


def _of_pair(space: EmbeddingSpace, i: int, j: int) -> float | None:
    asking, answering = space.graphs[i], space.graphs[j]
    if asking.truth is None or answering.truth is None:
        return None
    other = np.array(asking.genes)[:, None] != np.array(answering.genes)
    same = (asking.truth[:, None] == answering.truth) & (asking.truth >= 0)[:, None] & other
    relevant = same.sum(axis=1)
    items = other.sum(axis=1)
    used = (relevant > 0) & (relevant < items)
    if not used.any():
        return None
    known = np.broadcast_to(space.covered_in(j), other.shape)
    precision = average_precision(
        space.cosine(i, j)[used], same[used], ranked=other[used], known=known[used]
    )
    chance = chance_precision(items[used], relevant[used])
    gain = np.where(space.covered_in(i)[used], (precision - chance) / (1 - chance), 0.0)
    return max(float(gain.mean()), -1.0)


METRIC = Metric(
    name="shared_function",
    label="Function",
    function=shared_function,
    low=-1.0,
    headline=True,
    cites="GeneArena",
    equation="( AP - E₀ AP ) / ( 1 - E₀ AP )   of cos(zᵢ, zⱼ) for other genes of i's programme",
    remark="Between donors, the gene itself left out; E₀ is the mean over all orders.",
    needs=frozenset({"truth"}),
    group="Headline",
    changes_with=frozenset({"shift"}),
)
