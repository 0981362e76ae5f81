"""What runs will take is told from what runs took, on the nearest size of task."""

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from genearena.benchmark.running.estimate import Estimate
from genearena.benchmark.store.records import Cost

GB = 10**9


@dataclass(frozen=True)
class StandIn:
    """A job as far as the estimate looks at it."""

    method: SimpleNamespace
    run_id: str
    preset: str
    stored: object
    task: SimpleNamespace


def jobs(rows=4000, preset="fast", stored=None, **counts):
    """Make jobs: so many of each method, on a task of so many rows."""
    task = SimpleNamespace(card=SimpleNamespace(n_rows=rows))
    return [
        StandIn(SimpleNamespace(name=name), f"{name}-{i}-{rows}", preset, stored, task)
        for name, n in counts.items()
        for i in range(n)
    ]


@pytest.fixture
def record(make_record):
    """Return a maker of records with their cost, on a task of so many rows."""

    def make(method, fit, heldout=0.0, score=0.0, rows=4000, run_id=None, preset="fast", **more):
        status = more.pop("status", "ok")
        cost = Cost(fit_seconds=fit, heldout_seconds=heldout, score_seconds=score, **more)
        made = make_record(method, {}, cost=cost, preset=preset, status=status)
        task = made.task.model_copy(update={"n_rows": rows})
        return made.model_copy(update={"task": task, "run_id": run_id or made.run_id})

    return make


def test_time_left_is_the_mean_of_each_method_over_the_workers(record):
    """Two slow runs and three fast ones on two workers."""
    stored = [record("gae", 8, 4), record("gae", 12, 4), record("pca", 1, 0, 1)]
    estimate = Estimate(jobs(gae=2, pca=3), stored, workers=2)
    assert estimate.seconds() == (2 * 14 + 3 * 2) / 2


def test_more_workers_than_runs_do_not_help(record):
    """No run ends before its own time is over."""
    estimate = Estimate(jobs(gae=2), [record("gae", 10)], workers=8)
    assert estimate.seconds() == 10


def test_nothing_is_told_before_every_method_was_seen(record):
    """A guess that leaves out the slowest method would be worse than none; it is named."""
    estimate = Estimate(jobs(gae=1, musegnn=1), [record("gae", 1)], workers=1)
    assert estimate.seconds() is None
    assert estimate.cpu_seconds() is None
    assert estimate.peak_bytes() is None
    assert estimate.unknown() == ("musegnn",)
    estimate.finished(record("musegnn", 30, run_id="musegnn-0-4000"))
    assert estimate.unknown() == ()
    assert estimate.seconds() == 1


def test_when_all_is_done_nothing_is_left(record):
    """The estimate ends at zero."""
    estimate = Estimate(jobs(pca=1), [], workers=4)
    estimate.finished(record("pca", 2, run_id="pca-0-4000"))
    assert estimate.seconds() == estimate.cpu_seconds() == estimate.peak_bytes() == 0


@pytest.mark.parametrize(
    ("rows", "seconds"), [(1000, 1), (2000, 2), (500, 0.5), (8000, 60), (16000, 120)]
)
def test_time_grows_with_the_rows_from_the_nearest_size(record, rows, seconds):
    """Between and beyond the sizes that were seen, in proportion to the nearer one."""
    stored = [record("gae", 1, rows=1000), record("gae", 60, rows=8000)]
    assert Estimate(jobs(rows=rows, gae=1), stored, 1).seconds() == pytest.approx(seconds)


def test_presets_are_told_apart(record):
    """A published setting takes many times a fast one."""
    stored = [record("gae", 1), record("gae", 40, preset="paper")]
    assert Estimate(jobs(gae=1), stored, 1).seconds() == 1
    assert Estimate(jobs(gae=1, preset="paper"), stored, 1).seconds() == 40


def test_scoring_again_takes_the_scoring_only(record):
    """Stored vectors are not trained again."""
    estimate = Estimate(jobs(gae=2, stored="file"), [record("gae", 100, 50, 3)], 1)
    assert estimate.seconds() == 6


def test_runs_that_were_killed_count_as_long_as_they_lasted(record):
    """A method that always runs into its limit takes that long; a shorter limit caps it."""
    stored = [record("gae", 90, status="timeout"), record("gae", 30)]
    assert Estimate(jobs(gae=1), stored, 1).seconds() == 60
    assert Estimate(jobs(gae=1), stored, 1, timeout=20).seconds() == 20


def test_cpu_time_is_its_own_sum_over_all_runs(record):
    """It is not shared among workers; runs that do not tell count their wall time."""
    stored = [record("gae", 10, cpu_seconds=35.0), record("pca", 2)]
    assert Estimate(jobs(gae=2, pca=3), stored, workers=4).cpu_seconds() == 2 * 35 + 3 * 2


def test_memory_grows_by_what_the_run_itself_added(record):
    """Twice the rows, twice the part above what the worker held before."""
    stored = [record("gae", 1, peak_rss_bytes=3 * GB, base_rss_bytes=1 * GB)]
    assert Estimate(jobs(gae=1), stored, 1).peak_bytes() == 3 * GB
    assert Estimate(jobs(rows=8000, gae=1), stored, 1).peak_bytes() == 5 * GB


def test_runs_made_elsewhere_teach_nothing(record):
    """Vectors that were handed in took no time here."""
    from genearena.benchmark.store.records import Origin

    theirs = record("gae", 0).model_copy(update={"origin": Origin(kind="submitted", by="them")})
    assert Estimate(jobs(gae=1), [theirs], 1).seconds() is None
