"""Intervals by resampling tasks and seeds."""

import numpy as np
import pytest

from genearena.benchmark.compare.aggregate import standings
from genearena.benchmark.compare.bootstrap import average_standings, bootstrap
from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.compare.scores import Block, Scores


def make_scores(runs: np.ndarray, methods: str = "abcdef") -> Scores:
    """Return scores from runs (tasks, methods, metrics, seeds)."""
    metrics = tuple(MetricColumn(f"m{j}", f"M{j}", True, True) for j in range(runs.shape[2]))
    blocks = tuple(
        Block(f"t{i}", False, metrics, np.nanmean(task, axis=2), task)
        for i, task in enumerate(runs)
    )
    return Scores(tuple(methods[: runs.shape[1]]), blocks, "average")


@pytest.mark.parametrize("ties", ["average", "min"])
def test_many_tables_at_once_are_each_as_one(ties: str):
    """The vectorised averages equal `standings` on every table: ties, gaps, constant columns."""
    rng = np.random.default_rng(0)
    means = np.round(rng.normal(size=(40, 5, 4)), 1)
    means[rng.random(means.shape) < 0.05] = np.nan
    means[3, :, 1] = 0.5
    means[4, :, 2] = np.nan
    higher = np.array([True, False, True, False])
    score, rank = average_standings(means, higher, ties)
    yes = {n: np.ones(k, dtype=bool) for n, k in (("scored", 4), ("competes", 5))}
    for i, one in enumerate(means):
        want = standings(one, higher=higher, ties=ties, **yes)
        np.testing.assert_allclose(score[i], want.avg_score)
        np.testing.assert_allclose(rank[i], want.avg_rank)


def test_no_spread_no_width():
    """Equal seeds and equal tasks give intervals of no width around the observed values."""
    runs = np.tile(np.array([0.9, 0.5, 0.1])[None, :, None, None], (4, 1, 2, 3))
    found = bootstrap(make_scores(runs), n_resamples=50)
    for which, values in (("score", [1, 0.5, 0]), ("rank", [1, 2, 3])):
        np.testing.assert_allclose(found.interval(which), [values, values])
        assert list(found.first(which)) == [1, 0, 0]
    assert found.difference("score", "a", "b") == pytest.approx((0.5, 0.5, 0.5))


def test_one_task_keeps_the_spread_of_seeds():
    """With one task the interval is that of a bootstrap of the seeds' mean."""
    rng = np.random.default_rng(1)
    middle = rng.uniform(0.3, 0.7, size=20)
    runs = np.stack([np.ones(20), middle, np.zeros(20)])[None, :, None, :]
    found = bootstrap(make_scores(runs), n_resamples=4000)
    low, high = found.interval("score")[:, 1]
    draws = rng.choice(middle, size=(4000, 20)).mean(axis=1)
    assert (low, high) == pytest.approx(tuple(np.quantile(draws, [0.025, 0.975])), abs=0.01)


def test_same_seed_same_numbers():
    """The resamples depend on the seed alone."""
    scores = make_scores(np.random.default_rng(0).random((3, 4, 2, 5)))
    first, again, other = (bootstrap(scores, n_resamples=20, seed=s) for s in (0, 0, 1))
    assert np.array_equal(first.scores, again.scores)
    assert not np.array_equal(first.scores, other.scores)


def test_incomplete_method_has_no_interval():
    """A method without a task is left out, but runs without a value are only passed over."""
    runs = np.random.default_rng(0).random((2, 3, 2, 4))
    runs[0, 1] = np.nan
    runs[1, 2, :, 3] = np.nan
    with np.errstate(all="ignore"), pytest.warns(RuntimeWarning, match="empty slice"):
        scores = make_scores(runs)
    found = bootstrap(scores, n_resamples=20)
    assert found.methods == ("a", "c")
    assert np.isfinite(found.scores).all()


def test_coverage_of_the_true_mean():
    """Nominal 90 % intervals over tasks and seeds hold the true mean about as often.

    With one method fixed at 1 and one at 0, the Avg Score of the third is its own mean: 0.5.
    """
    rng = np.random.default_rng(7)
    n_tasks, n_seeds, inside, trials = 15, 4, 0, 150
    for trial in range(trials):
        values = (
            0.5 + 0.08 * rng.normal(size=(n_tasks, 1)) + 0.05 * rng.normal(size=(n_tasks, n_seeds))
        )
        runs = np.stack([np.ones_like(values), values, np.zeros_like(values)], axis=1)[:, :, None]
        found = bootstrap(make_scores(runs), n_resamples=200, level=0.9, seed=trial)
        low, high = found.interval("score")[:, 1]
        inside += low <= 0.5 <= high
    # four standard errors of a share of 0.9 over 150 trials are 0.1
    assert 0.8 <= inside / trials < 1
