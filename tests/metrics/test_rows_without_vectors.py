"""Leaving genes without a vector must never pay."""

from dataclasses import replace

import numpy as np
import pytest

from genearena.metrics.base import Score
from genearena.metrics.example import example_graphs, ideal_space, poor_space
from genearena.metrics.registry import METRICS

MIXING = ("asw", "ilisi", "cgr", "neighbour_overlap")


def without(space, genes):
    """Return the space with the vectors of `genes` set to zero in every data set."""
    vectors = []
    for graph, z in zip(space.graphs, space.vectors, strict=True):
        kept = z.copy()
        kept[[graph.index[gene] for gene in genes if gene in graph.index]] = 0
        vectors.append(kept)
    return replace(space, vectors=tuple(vectors))


def test_coinciding_zero_rows_are_no_mixed_cluster():
    """Data sets that lie apart stay unmixed however many genes are left out of all of them."""
    space = poor_space(example_graphs(n_common=40))
    gaps = without(space, space.graphs.common_genes[:12])
    for name in ("asw", "cgr", "neighbour_overlap"):
        score = METRICS.load(name)(gaps)
        assert isinstance(score, Score)
        assert score.value == 0, name
        assert score.flag.startswith("degenerate"), name


@pytest.mark.parametrize("name", MIXING)
def test_leaving_out_genes_of_an_ideal_embedding_does_not_raise_it(name):
    """The best space does not get better by shrinking."""
    space = ideal_space(example_graphs(n_common=40))
    gaps = without(space, space.graphs.common_genes[:12])
    metric = METRICS.load(name)
    assert metric(gaps).value <= metric(space).value + 0.02


def test_only_common_rows_with_vectors_are_judged():
    """The rows of the integration metrics are the common ones that are not all zero."""
    space = ideal_space(example_graphs(n_common=40))
    gone = space.graphs.common_genes[0]
    gaps = without(space, [gone])
    number = gaps.vocabulary[gone]
    assert set(gaps.common) - set(gaps.judged) == set(np.flatnonzero(gaps.gene == number))
