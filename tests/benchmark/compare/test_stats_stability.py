"""The order of methods with one metric, tissue or method left out."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.compare.scores import HEADLINE, Block, Scores
from genearena.benchmark.compare.sentences import stability_sentence
from genearena.benchmark.compare.stability import stability


def make_scores(means: np.ndarray, methods: str = "abcdef") -> Scores:
    """Return scores from means (tasks, methods, metrics) of one seed."""
    metrics = tuple(MetricColumn(f"m{j}", f"M{j}", True, True) for j in range(means.shape[2]))
    blocks = (Block(f"t{i}", False, metrics, m, m[:, :, None]) for i, m in enumerate(means))
    return Scores(tuple(methods[: means.shape[1]]), tuple(blocks), "average")


def test_one_method_always_best():
    """A method best at everything stays first in every removal but its own."""
    means = np.tile([[0.9], [0.5], [0.1]], (2, 1, 2))
    found = stability(make_scores(means), "rank")
    assert found.methods == ("a", "b", "c")
    assert found.leaders == ("a",)
    assert found.first("a") == (6, 6)
    assert [found.first("a", kind) for kind in ("metric", "tissue", "method")] == [(2, 2)] * 3
    # nobody moves up because the first is absent
    assert found.first("b") == (0, 6)
    assert "a stays first by Avg Rank in 6 of 6 removals" in stability_sentence(found)


def test_the_metric_that_decides():
    """Where one metric makes the leader, the sentence names it and who leads without it."""
    means = np.array([[[0.9, 0.4, 0.5], [0.1, 0.5, 0.46], [0.0, 0.3, 0.4]]])
    found = stability(make_scores(means), by="score")
    assert found.leaders == ("a",)
    assert stability_sentence(found) == (
        "a stays first by Avg Score in 4 of 5 removals (2 of 3 single metrics, 2 of 2 single "
        "methods); b leads without M0"
    )


def test_a_question_left_out_of_the_headline():
    """The order is that of the mean of the others, on their own scale, whatever is left out."""
    means = np.array([[[0.9, 0.1, 0.1], [0.3, 0.3, 0.3], [0.0, 0.2, np.nan]]])
    found = stability(replace(make_scores(means), kinds=HEADLINE), "headline")
    assert found.methods == ("a", "b")
    assert {r.removed: list(r.places) for r in found.removals} == {
        "M0": [2, 1],
        "M1": [1, 2],
        "M2": [1, 2],
    }
    assert stability_sentence(found) == (
        "a stays first by Headline in 2 of 3 removals (2 of 3 single questions); b leads without M0"
    )


def test_all_tied():
    """Equal methods share the first place, whatever tissue or method is left out."""
    # each of three metrics ranks three methods another way round
    turns = np.array([[0.0, 0.5, 1.0], [0.5, 1.0, 0.0], [1.0, 0.0, 0.5]])
    found = stability(make_scores(np.stack([turns, turns])), "rank")
    assert found.leaders == ("a", "b", "c")
    tissues = [r for r in found.removals if r.kind == "tissue"]
    assert all(set(r.places) == {1.0} for r in tissues)
    assert stability_sentence(found) == "a, b and c share the first place by Avg Rank"


def test_metric_all_agree_on_orders_nothing():
    """Alone it gives no order; beside another it changes none, and is not all that is left."""
    assert stability(make_scores(np.full((2, 3, 2), 0.5)), "rank") is None
    means = np.random.default_rng(4).random((2, 3, 2))
    means[:, :, 1] = 0.5
    both, alone = (
        stability(make_scores(means), "rank"),
        stability(make_scores(means[:, :, :1]), "rank"),
    )
    np.testing.assert_array_equal(both.places, alone.places)
    assert not any(r.removed == "M0" for r in both.removals)


def test_places_are_those_of_a_naive_count():
    """Places without a task or metric are those of averaging what is left by hand."""
    means = np.random.default_rng(3).random((3, 4, 3))
    found = stability(make_scores(means), "rank")
    ranks = (-means).argsort(axis=1).argsort(axis=1) + 1.0
    for removal in found.removals:
        if removal.kind == "method":
            continue
        axis = 0 if removal.kind == "tissue" else 2
        left = np.delete(ranks, int(removal.removed[1:]), axis=axis).mean(axis=(0, 2))
        for (m, place), (other, rival) in itertools.combinations(
            zip(found.methods, removal.places, strict=True), 2
        ):
            gap = left["abcd".index(m)] - left["abcd".index(other)]
            # equal ranks are told apart by score, which this count leaves open
            assert gap == pytest.approx(0) or (gap < 0) == (place < rival)


def test_method_that_lacks_a_task_stays_out():
    """A method missing one task is in no order, not even where that task is left out."""
    means = np.random.default_rng(3).random((3, 4, 2))
    means[1, 2] = np.nan
    found = stability(make_scores(means), "rank")
    assert set(found.methods) == {"a", "b", "d"}
    assert all(np.nanmax(r.places) <= 3 for r in found.removals)


def test_nothing_to_leave_out():
    """One task, one metric and two methods leave nothing to remove."""
    found = stability(make_scores(np.array([[[0.2], [0.1]]])), "rank")
    assert found.removals == ()
    assert stability_sentence(found).startswith("Nothing can be left out")
