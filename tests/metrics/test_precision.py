"""Average precision against scikit-learn, and its mean over all orders against all orders."""

from itertools import permutations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from genearena.metrics._shared.precision import average_precision, chance_precision


def test_equals_sklearn_with_ties_and_items_left_out():
    """Row by row, whatever is tied; what is not ranked does not count."""
    rng = np.random.default_rng(0)
    scores = rng.integers(0, 6, size=(40, 50)).astype(float)
    relevant = rng.random((40, 50)) < 0.2
    relevant[:, 0] = True
    out = rng.random((40, 50)) < 0.1
    out[:, 0] = False
    got = average_precision(scores, relevant, ranked=~out)
    want = [
        average_precision_score(r[~o], s[~o]) for s, r, o in zip(scores, relevant, out, strict=True)
    ]
    np.testing.assert_allclose(got, want, atol=1e-12)


@pytest.mark.parametrize(("items", "relevant"), [(1, 1), (2, 1), (5, 2), (6, 5), (6, 6), (7, 1)])
def test_chance_is_the_mean_over_all_orders(items, relevant):
    """The closed form equals the average of every order's precision."""
    marks = np.arange(items) < relevant
    orders = np.array(list(permutations(range(items))))
    scores = -np.arange(items, dtype=float)
    every = average_precision(np.tile(scores, (len(orders), 1)), marks[orders])
    assert chance_precision(items, relevant) == pytest.approx(every.mean(), abs=1e-12)


def test_unknown_items_are_guessed():
    """The mean over random scores for them, drawn from the scores of the others."""
    rng = np.random.default_rng(0)
    relevant = rng.random(4000) < 0.2
    scores = relevant + rng.normal(size=4000)
    known = rng.random(4000) < 0.6
    got = average_precision(scores[None], relevant[None], known=known[None])[0]
    guesses = []
    for _ in range(60):
        guessed = scores.copy()
        near = 1e-9 * rng.normal(size=(~known).sum())
        guessed[~known] = rng.choice(scores[known], (~known).sum()) + near
        guesses.append(average_precision_score(relevant, guessed))
    assert got == pytest.approx(np.mean(guesses), abs=0.003)
    blind = average_precision(scores[None], relevant[None], known=np.zeros((1, 4000), dtype=bool))
    assert blind[0] == relevant.mean()
