"""What runs will take is told from what runs took, on the nearest size of task."""

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from genearena.benchmark.records.record import Cost
from genearena.benchmark.run.estimate import Estimate
from genearena.benchmark.run.evaluation.job import Outcome
from genearena.benchmark.run.timings import REFERENCE, scoring_seconds, shipped, size_of
from genearena.benchmark.run.workers.events import Finished, Progress, Stage
from genearena.methods.base import PRESETS
from genearena.methods.registry import METHODS
from genearena.metrics.registry import METRICS

GB = 10**9


@dataclass(frozen=True)
class StandIn:
    """A job as far as the estimate looks at it."""

    method: SimpleNamespace
    run_id: str
    preset: str
    stored: object
    task: SimpleNamespace
    metrics: tuple[str, ...]


def jobs(rows=4000, graphs=5, preset="fast", stored=None, metrics=(), params=None, **counts):
    """Make jobs: so many of each method, on a task of so many rows."""
    params = params or {}
    card = SimpleNamespace(n_rows=rows, n_graphs=graphs, graphs=(), folder=None)
    return [
        StandIn(
            SimpleNamespace(name=name, needs=("graph",), params=params), f"{name}-{i}-{rows}",
            preset, stored, card, metrics,
        )
        for name, n in counts.items()
        for i in range(n)
    ]  # fmt: skip


def ended(job, worker=0, seconds=0.0, **cost):
    """Make the event of a job's end."""
    return Finished(worker, job, Outcome("ok", cost=Cost(**cost)), seconds=seconds)


@pytest.fixture
def record(make_record):
    """Return a maker of records with their cost, on a task of so many rows."""

    def make(method, fit, heldout=0.0, score=0.0, rows=4000, run_id=None, preset="fast", **more):
        graphs = more.pop("graphs", 5)
        status = more.pop("status", "ok")
        params = more.pop("params", {})
        cost = Cost(fit_seconds=fit, heldout_seconds=heldout, score_seconds=score, **more)
        made = make_record(method, {}, cost=cost, preset=preset, status=status)
        made = made.model_copy(update={"method": made.method.model_copy(update={"params": params})})
        task = made.task.model_copy(update={"n_rows": rows, "n_graphs": graphs})
        return made.model_copy(update={"task": task, "run_id": run_id or made.run_id})

    return make


def test_time_left_is_the_mean_of_each_method_over_the_workers(record):
    """Two slow runs and three fast ones on two workers."""
    stored = [record("gae", 8, 4), record("gae", 12, 4), record("pca", 1, 0, 1)]
    estimate = Estimate(jobs(gae=2, pca=3), stored, workers=2)
    assert estimate.left().seconds == (2 * 14 + 3 * 2) / 2


def test_more_workers_than_runs_do_not_help(record):
    """No run ends before its own time is over."""
    estimate = Estimate(jobs(gae=2), [record("gae", 10)], workers=8)
    assert estimate.left().seconds == 10


def test_nothing_is_told_before_every_method_was_seen(record):
    """A guess that leaves out the slowest method would be worse than none; it is named."""
    estimate = Estimate(jobs(gae=1, mine=1), [record("gae", 1)], workers=1)
    assert estimate.left() is None
    assert estimate.unknown() == ("mine",)
    estimate.finished(record("mine", 30, run_id="mine-0-4000"))
    assert estimate.unknown() == ()
    assert estimate.left().seconds == 1


def test_when_all_is_done_nothing_is_left(record):
    """The estimate ends at zero."""
    estimate = Estimate(jobs(pca=1), [], workers=4)
    estimate.finished(record("pca", 2, run_id="pca-0-4000"))
    assert estimate.left() == (0, 0, 0)


@pytest.mark.parametrize(
    ("rows", "seconds"), [(1000, 1), (2000, 2), (500, 0.5), (8000, 60), (16000, 120)]
)
def test_time_grows_with_the_rows_from_the_nearest_size(record, rows, seconds):
    """Between and beyond the sizes that were seen, in proportion to the nearer one."""
    stored = [record("mine", 1, rows=1000), record("mine", 60, rows=8000)]
    assert Estimate(jobs(rows=rows, mine=1), stored, 1).left().seconds == pytest.approx(seconds)


def test_a_method_that_was_timed_grows_as_it_was_seen_to(record):
    """Larger graphs cost more than more graphs do, and of each method otherwise."""
    powers = shipped()["wsmae", "fast"].powers
    stored = [record("wsmae", 10, rows=1500)]
    larger = Estimate(jobs(rows=3000, wsmae=1), stored, 1).left().seconds
    more = Estimate(jobs(rows=3000, graphs=10, wsmae=1), stored, 1).left().seconds
    assert larger == pytest.approx(10 * 2 ** (powers.genes + 2 * powers.edges))
    assert more == pytest.approx(10 * 2**powers.graphs)
    assert larger > more


def test_shipped_timings_stand_in_where_nothing_was_run(record):
    """They are told apart from what was seen, and give way to it."""
    (job,) = jobs(gae=1, metrics=("cgr",))
    (with_second,) = jobs(gae=1, metrics=("cgr", "new_donor"))
    timing = shipped()["gae", "fast"]
    training = timing.on(size_of(job.task)) / timing.epochs
    cgr, both = (scoring_seconds(one.metrics, size_of(job.task)) for one in (job, with_second))
    estimate = Estimate([job], [], 1)
    assert estimate.left().seconds == pytest.approx(training + cgr)
    assert estimate.guessed() == ("gae",)
    (longer,) = jobs(gae=1, metrics=("cgr",), params={"epochs": 7})
    assert Estimate([longer], [], 1).left().seconds == pytest.approx(7 * training + cgr)
    assert Estimate([with_second], [], 1).left().seconds == pytest.approx(2 * training + both)
    seen = Estimate(jobs(gae=1, metrics=("cgr",)), [record("gae", 7)], 1)
    assert (seen.left().seconds, seen.guessed()) == (7, ())


def test_shipped_timings_are_of_methods_and_metrics_that_there_are():
    """Under both presets; `make timings` adds what is new."""
    methods = {(name, preset) for name in METHODS.builtin for preset in PRESETS}
    metrics = {(name, "") for name in METRICS.builtin}
    assert ("musegnn", "paper") in shipped()
    assert shipped().keys() <= methods | metrics
    assert all(timing.on(REFERENCE) == timing.seconds > 0 for timing in shipped().values())


def test_presets_are_told_apart(record):
    """A published setting takes many times a fast one."""
    stored = [record("gae", 1), record("gae", 40, preset="paper")]
    assert Estimate(jobs(gae=1), stored, 1).left().seconds == 1
    assert Estimate(jobs(gae=1, preset="paper"), stored, 1).left().seconds == 40


def test_scoring_again_takes_what_its_metrics_take(record):
    """Neither the training nor the metrics that the run has; plus a training without edges."""
    before = [record("gae", 100, 50, 3, run_id="gae-0-4000")]
    (job,) = jobs(gae=1, stored="file", metrics=("cgr",))
    scoring = scoring_seconds(("cgr",), size_of(job.task))
    assert Estimate([job], before, 1).left().seconds == pytest.approx(scoring)
    asked = jobs(gae=1, stored="file", metrics=("new_donor",))
    scoring = scoring_seconds(("new_donor",), size_of(job.task))
    assert Estimate(asked, before, 1).left().seconds == pytest.approx(scoring)
    never_twice = [record("gae", 100, 0, 3, run_id="gae-0-4000")]
    assert Estimate(asked, never_twice, 1).left().seconds == pytest.approx(100 + scoring)
    plugin = jobs(gae=1, stored="file", metrics=("odd_metrics:RAISES",))
    assert Estimate(plugin, before, 1).left().seconds == 3


def test_scoring_again_corrects_itself(record):
    """After the first the others are expected to take what it took."""
    todo = jobs(gae=5, stored="file", metrics=("cgr",))
    before = [record("gae", 100, 50, 3, run_id=job.run_id) for job in todo]
    estimate = Estimate(todo, before, workers=2)
    estimate.finished(before[0], ended(todo[0], score_seconds=10))
    assert estimate.left().seconds == 4 * 10 / 2


def test_what_workers_spend_beside_their_runs_is_added(record):
    """Not what the first run of each bears, but what comes back with every run."""
    todo = jobs(mine=6)
    estimate = Estimate(todo, [record("mine", 1)], workers=2)
    for job, worker, busy in zip(todo, (0, 1, 0, 1), (21, 21, 1, 5), strict=False):
        told = record("mine", 1, run_id=job.run_id)
        estimate.finished(told, ended(job, worker, busy, fit_seconds=1))
    assert estimate.left().seconds == 2 * (1 + 2) / 2


def test_runs_that_were_killed_count_as_long_as_they_lasted(record):
    """A method that always runs into its limit takes that long; a shorter limit caps it."""
    stored = [record("gae", 90, status="timeout"), record("gae", 30)]
    assert Estimate(jobs(gae=1), stored, 1).left().seconds == 60
    assert Estimate(jobs(gae=1), stored, 1, timeout=20).left().seconds == 20


def test_runs_that_failed_tell_of_methods_that_never_did_anything_else(record):
    """One that stopped at once says nothing of those that will not; where all fail, each does."""
    at_once = record("gae", 0, status="failed", run_id="at once")
    shipped_alone = Estimate(jobs(gae=1), [], 1).left().seconds
    assert Estimate(jobs(gae=1), [at_once, record("gae", 30)], 1).left().seconds == 30
    assert Estimate(jobs(gae=1), [at_once], 1).left().seconds == shipped_alone > 0
    assert Estimate(jobs(mine=2), [record("mine", 3, status="failed")], 1).left().seconds == 6


def test_cpu_time_is_its_own_sum_over_all_runs(record):
    """It is not shared among workers; runs that do not tell count their wall time."""
    stored = [record("gae", 10, cpu_seconds=35.0), record("pca", 2)]
    assert Estimate(jobs(gae=2, pca=3), stored, workers=4).left().cpu_seconds == 2 * 35 + 3 * 2


def test_memory_grows_by_what_the_run_itself_added(record):
    """Twice the rows, twice the part above what the worker held before."""
    stored = [record("gae", 1, peak_rss_bytes=3 * GB, base_rss_bytes=1 * GB)]
    assert Estimate(jobs(gae=1), stored, 1).left().peak_bytes == 3 * GB
    assert Estimate(jobs(rows=8000, gae=1), stored, 1).left().peak_bytes == 5 * GB


def test_runs_made_elsewhere_teach_nothing(record):
    """Vectors that were handed in took no time here."""
    from genearena.benchmark.records.record import Origin

    theirs = record("mine", 0).model_copy(update={"origin": Origin(kind="submitted", by="them")})
    assert Estimate(jobs(mine=1), [theirs], 1).left() is None


def test_time_grows_with_the_epochs_and_scoring_does_not(record):
    """Ten times the epochs: ten times both trainings, the same metrics."""
    stored = [record("gae", 4, 2, 3, params={"epochs": 40, "lr": 0.1}, cpu_seconds=18.0)]
    left = Estimate(jobs(gae=1, params={"epochs": 400, "lr": 0.1}), stored, 1).left()
    assert (left.seconds, left.cpu_seconds) == pytest.approx((63, 126))


def test_runs_with_the_same_settings_tell_more_than_others(record):
    """Another encoder may take ten times as long; a run of it is believed, even at another size."""
    stored = [
        record("musegnn", 10, params={"encoder": "gcn"}),
        record("musegnn", 99, params={"encoder": "gps"}, rows=2000),
    ]
    gps, gat = ({"encoder": name} for name in ("gps", "gat"))
    assert Estimate(jobs(musegnn=1, params=gps), stored, 1).left().seconds > 99
    assert Estimate(jobs(musegnn=1, params=gat), stored, 1).left().seconds == 10


def steps(job, *done, total=100, stage="training"):
    """Make the events of a training at one epoch a second."""
    return [(Progress(0, job, Stage(stage, n, total, 1.0)), float(n)) for n in done]


def test_the_first_epochs_of_a_training_tell_the_rest(record):
    """Ten of a hundred at a second each, and as much again for the second training."""
    todo = jobs(mine=2, metrics=("new_donor",), params={"epochs": 100})
    estimate = Estimate(todo, [], workers=1)
    assert estimate.unmeasured() == (todo[0],)
    told = [estimate.progress(*step) for step in steps(todo[0], 0, 1, 5, 10, 11, 12)]
    assert told == [False, False, False, False, True, False]
    scoring = scoring_seconds(("new_donor",), size_of(todo[0].task))
    assert estimate.left().seconds == pytest.approx(2 * (2 * 100 + scoring))
    assert (estimate.unmeasured(), estimate.sources()) == ((), ("first epochs",))


def test_stored_runs_are_believed_before_first_epochs(record):
    """Of the same settings alone: others say less than the training that is under way."""
    (job,) = jobs(gae=1, params={"epochs": 100, "lr": 0.1})
    same, other = (record("gae", 7, params={"epochs": 100, "lr": lr}) for lr in (0.1, 0.2))
    seen, unseen = (Estimate([job], [one], 1) for one in (same, other))
    for step in steps(job, 1, 20):
        seen.progress(*step)
        unseen.progress(*step)
    assert (seen.left().seconds, seen.sources()) == (7, ("stored runs",))
    assert unseen.left().seconds == pytest.approx(100)


def test_short_trainings_tell_at_half():
    """Three epochs in all: two of them are enough."""
    (job,) = jobs(mine=1, params={"epochs": 3})
    estimate = Estimate([job], [], 1)
    assert [estimate.progress(*step) for step in steps(job, 1, 2, total=3)] == [False, True]
    assert estimate.left().seconds == 3


def test_a_training_of_one_step_tells_nothing():
    """There is no step to time between its first and its last report; it once stopped the run."""
    (job,) = jobs(mine=1, params={"epochs": 1})
    estimate = Estimate([job], [], 1)
    assert [estimate.progress(*step) for step in steps(job, 1, 1, total=1)] == [False, False]
    assert estimate.unmeasured() == (job,)
