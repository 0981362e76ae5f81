"""What CS-CORE finds in simulated counts: nothing at its level, and the more the truer."""

import numpy as np
import pytest
from scipy import stats
from simulated import simulated

from genearena.data.common.errors import UsageError
from genearena.data.options import ALPHA
from genearena.data.simulation.validation import FEWEST, PairCalls, validate_simulator


@pytest.fixture(scope="module")
def calls():
    """All pairs of the liver's donors, enough cells for a normal statistic."""
    return list(validate_simulator("liver", [0], genes=100, cells=1500))


def chosen(calls, *, programmes, depth):
    return [call for call in calls if (call.programmes, call.depth) == (programmes, depth)]


def made_up(true, edge):
    return PairCalls("liver", "d", "scrna", 0, True, "true", np.array(true), np.array(edge))


@pytest.mark.parametrize("depth", ["true", "total"])
def test_independent_genes_are_joined_at_the_level_of_the_test(calls, depth):
    """Without programmes the number of edges lies within the 99.9 % limits of the binomial."""
    null = chosen(calls, programmes=False, depth=depth)
    assert len(null) == 3
    assert all(call.independent.all() for call in null)
    pairs, edges = sum(len(call.edge) for call in null), sum(call.edge.sum() for call in null)
    assert pairs == 3 * 4950
    low, high = stats.binom.interval(0.999, pairs, ALPHA)
    assert low <= edges <= high


def test_power_grows_with_the_true_correlation(calls):
    """The share of pairs found rises from near the level of the test to nearly all."""
    bins = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4)
    found = chosen(calls, programmes=True, depth="true")
    power = np.mean([call.power(bins) for call in found], axis=0)
    assert (np.diff(power) > -0.01).all()
    assert power[0] < 0.1
    assert power[-1] > 0.95


def test_total_counts_make_independent_genes_look_related(calls):
    """Where programmes drive totals, genes outside them get more edges than with the true depth."""
    true, total = (
        np.mean([c.false_edge_rate for c in chosen(calls, programmes=True, depth=depth)])
        for depth in ("true", "total")
    )
    assert total > 1.5 * true
    assert true < 3 * ALPHA


def test_rates_count_pairs():
    """False edges are counted among pairs of true correlation 0, power by bin of |r|."""
    true = [0.0, 1e-12, 0.0, 0.0] + [0.1] * FEWEST + [-0.3] * FEWEST + [0.6] * (FEWEST - 1)
    edge = [True, False, False, False] + [False] * FEWEST
    edge += [True] * (FEWEST // 2) + [False] * (FEWEST // 2) + [True] * (FEWEST - 1)
    got = made_up(true, edge)
    assert got.false_edge_rate == 0.25
    np.testing.assert_array_equal(got.power((0.0, 0.2, 0.5, 1.0)), [0.0, 0.5, np.nan])
    assert np.isnan(made_up([0.5], [True]).false_edge_rate)


def test_genes_without_programmes_keep_their_names_and_are_independent():
    """Without programmes all true correlations are 0 and no gene has a label."""
    options = {"genes": 60, "cells": 60, "donors": 1}
    sample = simulated("heart", programmes=False, **options)[0]
    with_programmes = simulated("heart", **options)[0]
    assert sample.counts.genes == with_programmes.counts.genes
    assert (sample.counts.truth == -1).all()
    correlation = sample.latent_correlation(sample.counts.genes[:200])
    np.testing.assert_allclose(correlation, np.eye(200), atol=1e-9)


def test_unknown_tissues_are_refused():
    """A misspelt tissue is answered with the nearest."""
    with pytest.raises(UsageError, match="did you mean 'liver'"):
        next(validate_simulator("livr", [0]))
