"""What knows nothing gets nothing: no name, no order, no chance wins."""

import numpy as np
import pytest
from scipy.stats import binom

from genearena.metrics._annotation.nearest import nearest_scores, squared_distances
from genearena.metrics._annotation.placement import placements
from genearena.metrics._annotation.prediction import GeneTable, Splits, predicted
from genearena.metrics._annotation.voting import levels, voted


def sets_of(rng, n, n_sets, least=10, most=30):
    """Draw sets that overlap as those of annotations do."""
    shared = rng.normal(size=(n, 3)) @ rng.normal(size=(3, n_sets))
    value = shared + rng.normal(size=(n, n_sets))
    sizes = rng.integers(least, most, n_sets)
    rank = np.argsort(np.argsort(-value, axis=0), axis=0)
    return rank < sizes


def test_a_hash_of_names_wins_if_rows_are_split_and_not_if_names_are():
    """A gene's vector in another donor names the gene, whose sets are known then."""
    rng = np.random.default_rng(0)
    n, donors = 150, 4
    members = sets_of(rng, n, 5)
    hashed = rng.normal(size=(n, 16))
    rows = np.tile(np.arange(n), donors)
    vectors = np.tile(hashed, (donors, 1)) + 1e-3 * rng.normal(size=(n * donors, 16))
    test = rng.permutation(n * donors) % 5 == 0
    distance = squared_distances(vectors)[np.ix_(test, ~test)]
    naive = nearest_scores(distance, members[rows[~test]], 1)
    by_row, _ = placements(naive, members[rows[test]], np.ones(int(test.sum()), bool))
    assert np.where(members[rows[test]], by_row, np.nan)[members[rows[test]]].mean() > 0.98
    every = np.ones(5, bool)
    tables = [
        GeneTable(np.arange(n), ((vectors[d * n : (d + 1) * n], every),)) for d in range(donors)
    ]
    folds = Splits(5, 2).of(members)
    for way in ("knn", "logistic"):
        estimate = predicted(tables, members, folds, way).mean()
        assert estimate.low < 0.5 < estimate.high or abs(estimate.value - 0.5) < 0.06


def test_genes_that_all_coincide_get_one_half():
    """Whatever their order is: neighbours among equals are drawn, not next in the alphabet."""
    n = 120
    members = np.zeros((n, 2), bool)
    members[:30, 0] = members[60:90, 1] = True
    table = GeneTable(np.arange(n), ((np.ones((n, 3)), np.ones(2, bool)),))
    folds = Splits(5, 3).of(members)
    for way in ("knn", "logistic"):
        assert predicted([table], members, folds, way).auroc == pytest.approx([0.5, 0.5])


def test_perfect_vectors_get_one():
    """By every way of asking."""
    rng = np.random.default_rng(1)
    members = np.arange(90)[:, None] // 30 == np.arange(3)
    vectors = members + 0.01 * rng.normal(size=(90, 3))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    folds = Splits(3, 1).of(members)
    table = GeneTable(np.arange(90), ((vectors, np.ones(3, bool)),))
    for way in ("knn", "logistic"):
        assert predicted([table], members, folds, way).auroc == pytest.approx(1)
    assert voted([unit, unit], [np.arange(90)] * 2, members, folds).auroc == pytest.approx(1)


def _null(way, seed):
    """Return whether the interval of the mean area lies off one half though nothing is known."""
    rng = np.random.default_rng(seed)
    n = 100
    members = sets_of(rng, n, 8)
    if seed % 2:  # permuted labels on one half of the draws, permuted names on the other
        members = members[rng.permutation(n)]
    folds = Splits(3, 2, seed).of(members)
    names, every = rng.permutation(n), np.ones(8, bool)
    vectors = rng.normal(size=(n, 6))[names]
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    if way == "voting":
        scores = voted([unit, unit], [np.arange(n)] * 2, members, folds)
    elif way == "level":
        scores = levels([vectors[:, 0]], [np.arange(n)], members, folds)
    else:
        scores = predicted([GeneTable(np.arange(n), ((vectors, every),))], members, folds, way)
    estimate = scores.mean()
    return not estimate.low <= 0.5 <= estimate.high


@pytest.mark.slow
@pytest.mark.parametrize("way", ["voting", "level", "knn", "logistic"])
def test_intervals_are_wrong_as_rarely_as_they_say(way):
    """Under permuted names and labels, in no more than the upper binomial limit of 5 %.

    Those of votes and of numbers are wrong as often as they say; those of predictions more rarely.
    """
    n = 200
    wrong = sum(_null(way, seed) for seed in range(n))
    assert wrong <= binom.ppf(0.995, n, 0.05)
    if way in ("voting", "level"):
        assert wrong >= binom.ppf(0.005, n, 0.05)
