"""Genes held out for one set each: as by scikit-learn, and noise gets nothing."""

import itertools

import numpy as np
import pytest
from scipy.stats import binom, rankdata
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from genearena.metrics._annotation.held_out import (
    Trial,
    held_out,
    later_trials,
    single_gene_trials,
)
from genearena.metrics._annotation.prediction import GeneTable
from genearena.metrics._annotation.voting import levels_later, voted_later

COSTS = [0.1, 1.0, 10.0, 100.0, 1000.0]


@pytest.fixture
def rng():
    """Return a generator."""
    return np.random.default_rng(5)


def drawn(rng, n=150, n_sets=5, dim=8, strength=1.0):
    """Draw sets, and vectors that tell them as well as the strength says."""
    value = rng.normal(size=(n, n_sets))
    members = value > np.quantile(value, rng.uniform(0.8, 0.9, n_sets), axis=0).diagonal()
    vectors = strength * members @ rng.normal(size=(n_sets, dim)) + rng.normal(size=(n, dim))
    return members, vectors


def table(vectors, n_sets):
    """Return vectors of all genes for all sets."""
    return GeneTable(np.arange(len(vectors)), ((vectors, np.ones(n_sets, bool)),))


def test_the_protocol_equals_a_loop_over_scikit_learn(rng):
    """Machines, costs, folds, areas and precisions, of vectors as they are."""
    members, vectors = drawn(rng)
    vectors[:, 0] *= 5
    trials = single_gene_trials(members, rng)
    got = held_out([table(vectors, 5)], members, [trials], "svm")
    for trial in trials:
        area, precision = _by_scikit_learn(vectors, members[:, trial.set_], trial)
        assert got.auroc[trial.set_] == pytest.approx(area, abs=1e-9)
        assert got.precision[trial.set_] == pytest.approx(precision, abs=1e-9)
    assert got.auroc.mean() > 0.6


def _by_scikit_learn(vectors, own, trial):
    parts = [
        [
            *np.array_split(trial.train[trial.labels], 3)[fold],
            *np.array_split(trial.train[~trial.labels], 3)[fold],
        ]
        for fold in range(3)
    ]
    means = []
    for cost in COSTS:
        areas = []
        for fold in range(3):
            rest = np.concatenate([part for number, part in enumerate(parts) if number != fold])
            model = SVC(C=cost, class_weight="balanced").fit(vectors[rest], own[rest])
            scores = model.decision_function(vectors[parts[fold]])
            areas.append(roc_auc_score(own[parts[fold]], scores))
        means.append(np.mean(areas))
    best = COSTS[means.index(max(means))]
    model = SVC(C=best, class_weight="balanced").fit(vectors[trial.train], own[trial.train])
    scores = model.decision_function(vectors[trial.test])
    truth = own[trial.test]
    return roc_auc_score(truth, scores), average_precision_score(truth, scores)


def test_what_is_held_out_is_a_fifth_of_each_class(rng):
    """Of ten others for a gene of the set; no gene is on both sides."""
    members = np.zeros((300, 2), bool)
    members[:21, 0] = members[:60, 1] = True
    for trial, n_test in zip(single_gene_trials(members, rng), [(4, 42), (12, 48)], strict=True):
        own = members[:, trial.set_]
        assert (own[trial.test].sum(), (~own[trial.test]).sum()) == n_test
        assert not set(trial.train) & set(trial.test)
        assert (trial.labels == own[trial.train]).all()
        n_others = min(10 * own.sum(), 300 - own.sum())
        assert len(trial.train) + len(trial.test) == own.sum() + n_others


def test_nothing_is_learned_from_genes_added_later(rng):
    """They are asked about beside every fold of the genes that never join, which are told apart."""
    before, _ = drawn(rng)
    after = before | (rng.uniform(size=before.shape) < 0.1)
    asked = [[] for _ in range(5)]
    for trial in later_trials(before, after, 3, rng):
        old, new = before[:, trial.set_], after[:, trial.set_]
        added, never = set(np.flatnonzero(new & ~old)), set(np.flatnonzero(~new & ~old))
        assert set(trial.train[trial.labels]) == set(np.flatnonzero(old))
        assert set(trial.train[~trial.labels]) <= never
        assert set(trial.test) - never == added
        assert set(trial.train) | set(trial.test) == set(range(150))
        assert not set(trial.train) & set(trial.test)
        asked[trial.set_] += sorted(set(trial.test) & never)
    for term, own in enumerate(asked):
        assert sorted(own) == np.flatnonzero(~before[:, term] & ~after[:, term]).tolist()


def test_later_genes_are_scored_as_by_scikit_learn(rng):
    """By logistic regression, the mean area over folds."""
    before, vectors = drawn(rng, strength=2.0)
    after = before | (rng.uniform(size=before.shape) < 0.1)
    trials = later_trials(before, after, 3, rng)
    got = held_out([table(vectors, 5)], after & ~before, [trials], "logistic")
    scaled = StandardScaler().fit_transform(vectors)
    areas = [[] for _ in range(5)]
    for trial in trials:
        model = LogisticRegression(tol=1e-10, max_iter=9999)
        model.fit(scaled[trial.train], before[trial.train, trial.set_])
        truth = after[trial.test, trial.set_]
        scores = model.decision_function(scaled[trial.test])
        areas[trial.set_].append(roc_auc_score(truth, scores))
    assert got.auroc == pytest.approx(np.mean(areas, axis=1), abs=1e-3)


def test_later_votes_equal_a_loop(rng):
    """Voters are of another donor and name; members of before are not asked about."""
    n, sizes = 40, (30, 25, 35)
    before = rng.uniform(size=(n, 3)) < 0.3
    added = ~before & (rng.uniform(size=(n, 3)) < 0.2)
    rows = [rng.permutation(n)[:size] for size in sizes]
    rows[0][3] = -1
    z = [rng.normal(size=(size, 5)) for size in sizes]
    z = [each / np.linalg.norm(each, axis=1, keepdims=True) for each in z]
    got = voted_later(z, rows, before, added)
    areas = [[] for _ in range(3)]
    for i, j in itertools.permutations(range(3), 2):
        own = [g for g in range(sizes[i]) if rows[i][g] >= 0]
        voters = [h for h in range(sizes[j]) if rows[j][h] >= 0]
        cosine = np.round([[z[i][g] @ z[j][h] for h in voters] for g in own], 12)
        weight = rankdata(cosine.ravel()).reshape(cosine.shape)
        for t in range(3):
            truth, score = [], []
            for g, vote in zip(own, weight, strict=True):
                if before[rows[i][g], t]:
                    continue
                names = [rows[j][h] != rows[i][g] for h in voters]
                members = [before[rows[j][h], t] for h in voters]
                score.append(sum(vote[np.logical_and(names, members)]) / sum(vote[names]))
                truth.append(added[rows[i][g], t])
            areas[t].append(roc_auc_score(truth, score))
    assert got.auroc == pytest.approx(np.mean(areas, axis=1), abs=1e-10)
    value = [rng.normal(size=size) for size in sizes]
    one = levels_later(value, rows, before, added)
    for t in range(3):
        want = []
        for v, of in zip(value, rows, strict=True):
            asked = (of >= 0) & ~before[of, t]
            want.append(roc_auc_score(added[of[asked], t], v[asked]))
        assert one.auroc[t] == pytest.approx(np.mean(want), abs=1e-12)


@pytest.mark.parametrize("way", ["knn", "logistic", "svm"])
def test_planted_truth_is_found_and_genes_without_vectors_are_not_asked_about(rng, way):
    """Genes that join a group resemble it; a table of some genes learns from and tells those."""
    group = np.arange(120) % 3 == 0
    before, after = group & (np.arange(120) < 60), group
    vectors = group[:, None] + 0.1 * rng.normal(size=(120, 4))
    rows = np.flatnonzero(rng.uniform(size=120) < 0.8)
    part = GeneTable(rows, ((vectors[rows], np.ones(1, bool)),))
    trials = later_trials(before[:, None], after[:, None], 3, rng)
    got = held_out([part], (after & ~before)[:, None], [trials], way)
    assert got.auroc[0] == pytest.approx(1, abs=0.01)
    assert got.n_genes == len(set(rows) - set(np.flatnonzero(before)))
    worst = held_out([part], (~after)[:, None], [trials], way)
    assert worst.auroc[0] == pytest.approx(0, abs=0.01)


def test_a_set_that_nobody_can_be_told_in_has_no_area():
    """Of whose genes the table has none to learn from, or none to ask about."""
    trials = [
        Trial(0, np.arange(4), np.array([True, True, False, False]), np.array([6, 7])),
        Trial(1, np.arange(4), np.array([True, True, False, False]), np.array([4, 5])),
    ]
    members = np.zeros((8, 2), bool)
    members[6] = True
    few = GeneTable(np.arange(2, 8), ((np.eye(6), np.ones(2, bool)),))
    every = table(np.eye(8), 2)
    assert np.isnan(held_out([few], members, [trials], "svm").auroc).all()
    assert np.isfinite(held_out([every], members, [trials], "svm").auroc).tolist() == [True, False]


def _null(way, later, seed):
    rng = np.random.default_rng(seed)
    members, vectors = drawn(rng, n=120, strength=0.0)
    vectors = vectors[rng.permutation(120)]
    after = members | (rng.uniform(size=members.shape) < 0.1)
    if way == "voting":
        unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        scores = voted_later([unit, unit], [np.arange(120)] * 2, members, after & ~members)
    elif later:
        repeats = [later_trials(members, after, 3, rng)]
        scores = held_out([table(vectors, 5)], after & ~members, repeats, way)
    else:
        repeats = [single_gene_trials(members, rng) for _ in range(2)]
        scores = held_out([table(vectors, 5)], members, repeats, way)
    estimate = scores.mean()
    return not estimate.low <= 0.5 <= estimate.high, estimate.value


@pytest.mark.slow
@pytest.mark.parametrize(
    ("way", "later"), [("svm", False), ("logistic", True), ("knn", True), ("voting", True)]
)
def test_intervals_are_wrong_as_rarely_as_they_say(way, later):
    """Under permuted names one half is outside in no more than the upper binomial limit of 5 %."""
    n = 100
    found = [_null(way, later, seed) for seed in range(n)]
    assert sum(wrong for wrong, _ in found) <= binom.ppf(0.995, n, 0.05)
    values = [value for _, value in found]
    assert abs(np.mean(values) - 0.5) < 4 * np.std(values) / np.sqrt(n)
