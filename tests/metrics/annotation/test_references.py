"""Every number equals that of an independent tool, or of a plain loop."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

from genearena.metrics._annotation.evidence import Evidence
from genearena.metrics._annotation.folds import stratified_folds
from genearena.metrics._annotation.logistic import logistic_scores, standardised
from genearena.metrics._annotation.nearest import nearest_scores, squared_distances
from genearena.metrics._annotation.placement import placements
from genearena.metrics._annotation.prediction import GeneTable, Splits, predicted
from genearena.metrics._annotation.voting import levels, ranked, voted, votes
from genearena.metrics._shared.precision import average_precision


@pytest.fixture
def rng():
    """Return a generator."""
    return np.random.default_rng(3)


def some_sets(rng, n=120, n_sets=7):
    """Draw sets that overlap."""
    return rng.uniform(size=(n, n_sets)) < rng.uniform(0.1, 0.4, size=n_sets)


def test_area_equals_scikit_learn_s_with_ties(rng):
    """Whichever class placements are averaged over."""
    members = some_sets(rng)
    scores = np.round(rng.normal(size=members.shape) + members, 1)
    found, _ = placements(scores, members, np.ones(len(members), bool))
    for t in range(members.shape[1]):
        area = roc_auc_score(members[:, t], scores[:, t])
        assert found[members[:, t], t].mean() == pytest.approx(area, abs=1e-12)
        assert found[~members[:, t], t].mean() == pytest.approx(area, abs=1e-12)


def test_a_gene_without_a_score_is_a_guess(rng):
    """The area is the mean of those with it at the top and at the bottom."""
    members = some_sets(rng, 40, 3)
    scores = rng.normal(size=members.shape)
    known = np.ones(40, bool)
    known[:1] = False
    found, _ = placements(scores, members, known)
    for t in range(3):
        areas = []
        for extreme in (-9, 9):
            tried = scores.copy()
            tried[0, t] = extreme
            areas.append(roc_auc_score(members[:, t], tried[:, t]))
        assert found[members[:, t], t].mean() == pytest.approx(np.mean(areas), abs=1e-12)


def test_precision_by_the_same_order(rng):
    """Average precision as metrics have it, with ties and with genes that have no score."""
    members = some_sets(rng, 60, 5)
    scores = np.round(rng.normal(size=members.shape) + members, 1)
    for share in (1, 0.7, 0):
        known = rng.uniform(size=60) < share
        _, found = placements(scores, members, known)
        want = average_precision(scores.T, members.T, known=np.broadcast_to(known, (5, 60)))
        assert found == pytest.approx(want, abs=1e-12)


def test_one_class_has_no_area(rng):
    """It is NaN, and no others are."""
    members = some_sets(rng, 30, 3)
    members[:, 1] = True
    found, _ = placements(rng.normal(size=members.shape), members, np.ones(30, bool))
    assert np.isnan(found[:, 1]).all()
    assert np.isfinite(found[:, [0, 2]]).all()


def test_nearest_equals_scikit_learn_s(rng):
    """The shares of members among five neighbours."""
    members, vectors = some_sets(rng), rng.normal(size=(120, 6))
    distance = squared_distances(vectors)
    got = nearest_scores(distance[80:, :80], members[:80], 5)
    for t in range(members.shape[1]):
        model = KNeighborsClassifier(5).fit(vectors[:80], members[:80, t])
        assert np.allclose(got[:, t], model.predict_proba(vectors[80:])[:, 1], atol=1e-12)


def test_of_equally_far_genes_the_first_are_taken():
    """So that their order, which is drawn, decides, and no name."""
    labels = np.array([[True], [False], [False], [True]])
    assert nearest_scores(np.zeros((1, 4)), labels, 2)[0, 0] == 0.5
    assert nearest_scores(np.array([[1.0, 1, 1, 0]]), labels, 2)[0, 0] == 1.0


@pytest.mark.parametrize("width", [4, 200])
def test_logistic_equals_scikit_learn_s(rng, width):
    """To 1e-5 in log odds, by Hessians and by conjugate gradients, rare and separable sets too."""
    n = 150
    vectors = rng.normal(size=(n, width)) * rng.uniform(0.1, 9, size=width)
    scaled = StandardScaler().fit_transform(vectors)
    truth = scaled @ rng.normal(size=(width, 6)) + rng.normal(size=(n, 6))
    members = truth > np.quantile(truth, [0.5, 0.7, 0.8, 0.9, 0.95, 0.97], axis=0).diagonal()
    turned = standardised(vectors)
    assert turned.shape[1] <= min(n, width)
    got = logistic_scores(turned[:100], members[:100], turned[100:], tolerance=1e-10)
    rough = logistic_scores(turned[:100], members[:100], turned[100:])
    for t in range(6):
        model = LogisticRegression(C=1, tol=1e-12, max_iter=9999, solver="newton-cg")
        want = model.fit(scaled[:100], members[:100, t]).decision_function(scaled[100:])
        assert np.abs(got[:, t] - want).max() < 1e-5
        assert np.abs(rough[:, t] - want).max() < 1e-2


def test_columns_that_say_nothing_are_left_out():
    """One value for all genes teaches the share of members alone."""
    members = np.array([[True], [False], [False], [False]])
    same = standardised(np.full((4, 3), 7.0))
    assert np.allclose(logistic_scores(same, members, same), np.log(1 / 3))


def test_votes_equal_a_loop(rng):
    """The sum of the weights of members over that of all."""
    weight, labels = rng.uniform(size=(5, 8)), some_sets(rng, 8, 3)
    got = votes(weight, labels)
    for i in range(5):
        for t in range(3):
            own = sum(weight[i, j] for j in range(8) if labels[j, t])
            assert got[i, t] == pytest.approx(own / sum(weight[i]), abs=1e-12)


def test_voting_equals_a_loop_over_donors_folds_and_sets(rng):
    """Voters are of another donor and other names; areas are scikit-learn's."""
    n, sizes = 40, (30, 25, 35)
    members = some_sets(rng, n, 4)
    rows = [rng.permutation(n)[:size] for size in sizes]
    rows[0][3] = -1
    z = [rng.normal(size=(size, 5)) for size in sizes]
    z = [each / np.linalg.norm(each, axis=1, keepdims=True) for each in z]
    z[1][4] = 0
    folds = Splits(3, 2, seed=1).of(members)
    got = voted(z, rows, members, folds).auroc
    areas = [[] for _ in range(4)]
    for fold in folds:
        for i in range(3):
            for j in range(3):
                for number in range(3) if i != j else ():
                    _loop(areas, z, rows, members, fold, i, j, number)
    assert np.allclose(got, [np.mean(each) for each in areas], atol=1e-10)


def _loop(areas, z, rows, members, fold, i, j, number):
    own = [g for g in range(len(rows[i])) if rows[i][g] >= 0]
    voters = [h for h in range(len(rows[j])) if rows[j][h] >= 0 and z[j][h].any()]
    cosine = {(g, h): round(float(z[i][g] @ z[j][h]), 12) for g in own for h in voters}
    order = np.sort(list(cosine.values()))
    weight = {
        pair: (np.searchsorted(order, c) + np.searchsorted(order, c, side="right") + 1) / 2
        for pair, c in cosine.items()
    }
    test = [g for g in own if fold[rows[i][g]] == number]
    vote = [h for h in voters if fold[rows[j][h]] != number]
    for t in range(members.shape[1]):
        truth = [members[rows[i][g], t] for g in test]
        if len(set(truth)) < 2:
            continue
        score = [
            sum(weight[g, h] for h in vote if members[rows[j][h], t])
            / sum(weight[g, h] for h in vote)
            for g in test
        ]
        known = [g for g in range(len(test)) if z[i][test[g]].any()]
        wins = [
            0.5 if {p, q} - set(known) else (score[p] > score[q]) + (score[p] == score[q]) / 2
            for p in range(len(test))
            for q in range(len(test))
            if truth[p] and not truth[q]
        ]
        areas[t].append(np.mean(wins))


def test_ranks_give_no_vote_to_genes_without_a_vector(rng):
    """And weights between 0 and 1 to all others."""
    weight = ranked(rng.normal(size=(3, 4)), np.array([True, False, True, True]))
    assert (weight[:, 1] == 0).all()
    assert np.sort(weight[:, [0, 2, 3]].ravel()) == pytest.approx(np.arange(1, 10) / 9)


def test_levels_are_the_areas_of_a_number(rng):
    """Of every fold and donor."""
    members = some_sets(rng, 60, 2)
    value, folds = rng.normal(size=60), Splits(2, 1).of(members)
    got = levels([value], [np.arange(60)], members, folds).auroc
    for t in range(2):
        want = [roc_auc_score(members[f, t], value[f]) for f in (folds[0] == 0, folds[0] == 1)]
        assert got[t] == pytest.approx(np.mean(want), abs=1e-12)


def test_evidence_adds_up(rng):
    """Area, precision, accuracy and balanced accuracy of one fold, as scikit-learn has them."""
    from sklearn.metrics import accuracy_score, balanced_accuracy_score

    members = some_sets(rng, 80, 3)
    scores = np.clip(members * 0.4 + rng.uniform(size=members.shape) * 0.6, 0, 1)
    evidence = Evidence(members)
    evidence.begin_repeat()
    prior = members.mean(axis=0)
    evidence.add(np.arange(80), scores, np.ones(80, bool), even=0.5, prior=prior)
    got = evidence.scores()
    for t in range(3):
        y, s = members[:, t], scores[:, t]
        assert got.auroc[t] == pytest.approx(roc_auc_score(y, s))
        assert got.precision[t] == pytest.approx(average_precision_score(y, s))
        assert got.gain[t] == pytest.approx(np.log2(average_precision_score(y, s) / y.mean()))
        assert got.accuracy[t] == pytest.approx(accuracy_score(y, s > 0.5))
        assert got.balanced[t] == pytest.approx(balanced_accuracy_score(y, s > prior[t]))
        assert got.majority[t] == pytest.approx(max(y.mean(), 1 - y.mean()))


def test_the_error_of_one_area_is_delong_s(rng):
    """Of a number that nobody was taught."""
    y, s = np.arange(50) < 15, rng.normal(size=50)
    evidence = Evidence(y[:, None], taught=False)
    evidence.begin_repeat()
    evidence.add(np.arange(50), s[:, None], np.ones(50, bool))
    own = np.array([[(a > b) for b in s[~y]] for a in s[y]], dtype=float)
    delong = own.mean(axis=1).var(ddof=1) / 15 + own.mean(axis=0).var(ddof=1) / 35
    assert evidence.scores().mean().error == pytest.approx(np.sqrt(delong))


def test_folds_hold_like_shares_of_every_set(rng):
    """Far more alike than if genes were dealt at random; of one set as alike as can be."""
    members = some_sets(rng, 200, 12)
    fold = stratified_folds(members, 5, rng)

    def spread(fold):
        return np.ptp([members[fold == f].sum(axis=0) for f in range(5)], axis=0).mean()

    assert spread(fold) < spread(rng.permutation(200) % 5) / 2
    assert np.ptp(np.bincount(fold)) <= 10
    one = stratified_folds(members[:, :1], 5, rng)
    assert np.ptp([members[one == f, 0].sum() for f in range(5)]) <= 1


def test_seeds_repeat_and_differ(rng):
    """The same seed gives the same folds and scores."""
    members, vectors = some_sets(rng), rng.normal(size=(120, 4))
    table = GeneTable(np.arange(120), ((vectors, np.ones(7, bool)),))

    def mean(seed):
        folds = Splits(5, 2, seed).of(members)
        return predicted([table], members, folds, "knn", seed=seed).mean().value

    assert mean(0) == mean(0) != mean(1)
