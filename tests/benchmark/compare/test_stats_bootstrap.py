"""Intervals by resampling tasks and seeds."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from genearena.benchmark.compare.aggregate import standings
from genearena.benchmark.compare.bootstrap import average_standings, bootstrap
from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.compare.scores import HEADLINE, Block, Scores


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
    one, two, three = (found.resampled["score"] for found in (first, again, other))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, three)


def headline_scores(parts: np.ndarray, methods: str = "abcdef") -> Scores:
    """Return scores of the headline from values (tasks, methods, questions, seeds, donors)."""
    metrics = tuple(MetricColumn(f"q{j}", f"Q{j}", True, False) for j in range(parts.shape[2]))
    blocks = tuple(
        Block(f"t{i}", False, metrics, m := np.nanmean(task, axis=(2, 3)), m[:, :, None], task)
        for i, task in enumerate(parts)
    )
    return Scores(tuple(methods[: parts.shape[1]]), blocks, "average", HEADLINE)


@pytest.mark.parametrize("n_tasks", [1, 3])
def test_headlines_are_resampled_as_a_naive_loop_does(n_tasks: int):
    """Tasks, then donors and seeds, the same for all methods; all that is drawn is averaged."""
    rng = np.random.default_rng(5)
    parts = rng.normal(size=(n_tasks, 3, 2, 3, 4))
    # as of a new donor: each seed has one
    parts[:, :, 1][..., ~np.eye(3, 4, dtype=bool)] = np.nan
    n_resamples = 50
    found = bootstrap(headline_scores(parts), n_resamples=n_resamples)
    again = np.random.RandomState(0)

    def drawn(n, size):
        return [[int(n * again.random_sample()) for _ in range(n)] for _ in range(size)]

    times = np.array([np.bincount(own, minlength=n_tasks) for own in drawn(n_tasks, n_resamples)])
    want = [[0.0] * 3 for _ in range(n_resamples)]
    for task in range(n_tasks):
        n_draws = times[:, task].sum()
        draws = [drawn(n, n_draws) for n in (4, 3)]
        for b in range(n_resamples):
            for _ in range(times[b, task]):
                donors, seeds = (own.pop(0) for own in draws)
                for method in range(3):
                    questions = []
                    for values in parts[task, method]:
                        of_donors = []
                        for d in donors:
                            known = [values[s, d] for s in seeds if not np.isnan(values[s, d])]
                            of_donors += [sum(known) / len(known)] if known else []
                        # a question of which nothing was drawn keeps its mean
                        mean = sum(of_donors) / len(of_donors) if of_donors else np.nanmean(values)
                        questions.append(mean)
                    want[b][method] += sum(questions) / len(questions) / n_tasks
    np.testing.assert_allclose(found.resampled["headline"], want)
    low, high = np.quantile([row[0] - row[2] for row in want], [0.025, 0.975])
    assert found.difference("headline", "a", "c")[1:] == pytest.approx((low, high))


def test_intervals_hold_the_share_of_all_resamples():
    """Of three donors all 27 resamples can be listed; the interval's ends are among their means."""
    values = np.array([0.1, 0.4, 0.9])
    found = bootstrap(
        headline_scores(values[None, None, None, None]), n_resamples=20_000, level=0.8
    )
    everything = [np.mean(drawn) for drawn in itertools.product(values, repeat=3)]
    want = np.quantile(everything, [0.1, 0.9], method="inverted_cdf")
    np.testing.assert_allclose(found.interval("headline")[:, 0], want)


def test_methods_that_differ_by_the_luck_of_seeds_are_not_told_apart():
    """Alike on every donor, each best with some seeds: donors alone would tell them apart."""
    luck = np.random.default_rng(0).permuted(np.tile(np.linspace(-0.1, 0.1, 6), (2, 1)), axis=1)
    luck[0] += 0.01
    found = bootstrap(headline_scores(np.tile(luck[None, :, None, :, None], (1, 1, 1, 1, 5))))
    observed, low, high = found.difference("headline", "a", "b")
    assert observed == pytest.approx(0.01)
    assert low < 0 < high


def test_records_without_donors_give_no_interval_of_one_task():
    """Of several the tasks can be resampled all the same."""
    parts = np.random.default_rng(1).normal(size=(2, 3, 2, 1, 4))
    scores = headline_scores(parts)
    parts[:, 1, 0] = np.nan
    assert bootstrap(scores, n_resamples=20).methods == ("a", "b", "c")
    alone = replace(scores, blocks=scores.blocks[:1])
    assert bootstrap(alone, n_resamples=20).methods == ("a", "c")
    parts[:] = np.nan
    assert bootstrap(alone, n_resamples=20) is None


def test_incomplete_method_has_no_interval():
    """A method without a task is left out, but runs without a value are only passed over."""
    runs = np.random.default_rng(0).random((2, 3, 2, 4))
    runs[0, 1] = np.nan
    runs[1, 2, :, 3] = np.nan
    with np.errstate(all="ignore"), pytest.warns(RuntimeWarning, match="empty slice"):
        scores = make_scores(runs)
    found = bootstrap(scores, n_resamples=20)
    assert found.methods == ("a", "c")
    assert np.isfinite(found.resampled["score"]).all()


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
