"""The time left is told from what runs took."""

import pytest

from genearena.benchmark.display import Estimate, clock
from genearena.benchmark.records import Cost


class StandIn:
    """A job as far as the estimate looks at it."""

    def __init__(self, method):
        self.method = method


@pytest.fixture
def record(make_record):
    """Return a record of a method with its cost."""

    def make(method, fit, heldout=0.0, score=0.0):
        cost = Cost(fit_seconds=fit, heldout_seconds=heldout, score_seconds=score)
        return make_record(method, {}, cost=cost)

    return make


def jobs(record, **counts):
    """Make jobs: so many of each method."""
    return [StandIn(record(name, 0).method) for name, n in counts.items() for _ in range(n)]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "…"), (0.4, "0 s"), (59.4, "59 s"), (185, "3 min 05 s"), (7800, "2 h 10 min")],
)
def test_durations_read_as_people_say_them(seconds, text):
    """Seconds, minutes and hours, and an ellipsis for the unknown."""
    assert clock(seconds) == text


def test_time_left_is_the_mean_of_each_method_over_the_workers(record):
    """Two slow runs and three fast ones on two workers."""
    stored = [record("gae", 8, 4), record("gae", 12, 4), record("pca", 1, 0, 1)]
    estimate = Estimate(jobs(record, gae=2, pca=3), stored, workers=2)
    assert estimate.seconds() == (2 * 14 + 3 * 2) / 2


def test_nothing_is_told_before_every_method_was_seen(record):
    """A guess that leaves out the slowest method would be worse than none."""
    estimate = Estimate(jobs(record, gae=1, musegnn=1), [record("gae", 1)], workers=1)
    assert estimate.seconds() is None
    estimate.finished(record("musegnn", 30))
    assert estimate.seconds() == 1


def test_when_all_is_done_no_time_is_left(record):
    """The estimate ends at zero."""
    estimate = Estimate(jobs(record, pca=1), [], workers=4)
    estimate.finished(record("pca", 2))
    assert estimate.seconds() == 0
