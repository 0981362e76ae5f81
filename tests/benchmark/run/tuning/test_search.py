"""What is tried, on what budget, and that it is the same again; trainings are imagined."""

import math

import pytest

from genearena.benchmark.records.record import Cost, MetricResult
from genearena.benchmark.run.evaluation.job import Outcome
from genearena.benchmark.run.evaluation.validation import CRITERION
from genearena.benchmark.run.experiment import read_experiment
from genearena.benchmark.run.tuning.search import FRUITLESS, Search
from genearena.benchmark.run.tuning.terms import Terms
from genearena.benchmark.run.tuning.tune import experiment_text, summary, tune
from genearena.benchmark.run.workers.events import Finished
from genearena.data.common.errors import StoreError, UsageError
from genearena.data.tasks import TaskCard

TASK = TaskCard("lung", "tiny", "0" * 64, ())


class Imagined:
    """Trains nothing: every job scores and costs what a function of it says.

    After so many jobs, if given, it is killed.
    """

    def __init__(self, outcome, killed_after=math.inf):
        self.outcome = outcome
        self.killed_after = killed_after
        self.jobs = []

    def run(self, jobs):
        for job in jobs:
            assert job is not None
            if len(self.jobs) == self.killed_after:
                raise KeyboardInterrupt
            self.jobs.append(job)
            yield Finished(0, job, self.outcome(job))


def scored(value, seconds=1.0):
    result = MetricResult(label="Hidden pairs", value=value)
    return Outcome("ok", metrics={CRITERION: result}, cost=Cost(fit_seconds=seconds))


def by_rate(job):
    """Score best at a learning rate of 3e-3; the second hidden set is a little harder."""
    off = abs(math.log10(job.method.params["learning_rate"]) - math.log10(3e-3))
    return scored(0.5 - off / 4 - 0.01 * (job.seed % 2))


def search(folder, outcome, *methods, executor=None, **terms):
    """Return what was found, the jobs done, and what was told."""
    terms = Terms(TASK, **terms)
    executor = executor or Imagined(outcome)
    told = []
    found = tune([Search(name, terms) for name in methods], executor, folder, told.append)
    return found, executor.jobs, told


def test_the_first_trial_is_the_method_as_it_is_and_the_best_is_chosen(tmp_path):
    """The score is the mean over hidden sets."""
    (gae,), jobs, told = search(tmp_path, by_rate, "gae", trials=12)
    assert [job.seed for job in jobs[:2]] == [0, 1]
    assert jobs[0].method.params == {"dim": 32, "epochs": 200, "learning_rate": 1e-3} | (
        jobs[0].method.params
    )
    assert all(job.validation and not job.metrics for job in jobs)
    assert told[0].settings == {}
    assert gae.default == pytest.approx(
        sum(by_rate(job).metrics[CRITERION].value for job in jobs[:2]) / 2
    )
    best = max((each for each in told if each.value is not None), key=lambda each: each.value)
    assert (gae.settings, gae.best) == (best.settings, best.value)
    assert gae.best > gae.default
    assert gae.trials == len(told) == 12
    assert all(20 <= each.settings["epochs"] <= 3000 for each in told[1:])
    assert all(1e-4 <= each.settings["learning_rate"] <= 1e-2 for each in told[1:])


def test_a_seed_gives_the_same_trials_and_another_gives_others(tmp_path):
    """Whatever other methods are tuned beside it; another seed hides other pairs, too."""
    once, jobs, _ = search(tmp_path / "a", by_rate, "gae", trials=14, seed=3)
    again, _, _ = search(tmp_path / "b", by_rate, "vgae", "gae", trials=14, seed=3)
    other, others, _ = search(tmp_path / "c", by_rate, "gae", trials=14, seed=4)
    assert once[0] == again[1]
    assert once[0].settings != other[0].settings
    assert not {job.seed for job in jobs} & {job.seed for job in others}


@pytest.mark.parametrize("killed_after", [0, 1, 7, 20])
def test_a_search_that_was_broken_off_goes_on_as_it_would_have(tmp_path, killed_after):
    """In the middle of a trial too; what was tried is not tried again."""
    whole, _, _ = search(tmp_path / "a", by_rate, "gae", trials=14)
    killed = Imagined(by_rate, killed_after)
    with pytest.raises(KeyboardInterrupt):
        search(tmp_path / "b", by_rate, "gae", executor=killed, trials=14)
    found, jobs, _ = search(tmp_path / "b", by_rate, "gae", trials=14)
    assert (found[0].settings, found[0].best) == (whole[0].settings, whole[0].best)
    assert found[0].trials == 14
    both = [job.run_id + str(job.seed) for job in (*killed.jobs, *jobs)]
    assert len(both) - len(set(both)) <= 1
    nothing, jobs, _ = search(tmp_path / "b", by_rate, "gae", trials=14)
    assert (nothing, jobs) == (found, [])


def test_a_journal_cut_in_the_middle_of_a_line_is_mended(tmp_path):
    """As after a full disk; one that is no journal is told by name."""
    search(tmp_path, by_rate, "gae", trials=3)
    (path,) = tmp_path.glob("*.journal")
    with path.open("a") as file:
        file.write('{"op_code": 5, "trial')
    (path.parent / f"{path.name}.lock").symlink_to(path)
    assert search(tmp_path, by_rate, "gae", trials=5)[0][0].trials == 5
    path.write_text("nothing\nof the kind\n")
    with pytest.raises(StoreError, match=r"cannot use .*journal: .*; remove it to begin anew"):
        search(tmp_path, by_rate, "gae", trials=5)


def test_every_method_has_the_same_seconds_of_training(tmp_path):
    """A fast one tries more; a training may take what is left, and what that ends is told."""

    def outcome(job):
        seconds = 1.0 if job.method.name == "gae" else 7.0
        if job.timeout is not None and seconds > job.timeout:
            return Outcome("timeout", "no end", cost=Cost(fit_seconds=job.timeout))
        return scored(0.1, seconds)

    (gae, vgae), jobs, told = search(tmp_path, outcome, "gae", "vgae", budget=40.0)
    assert gae.seconds == vgae.seconds == 40.0
    assert gae.trials > vgae.trials
    assert sum(job.method.name == "vgae" for job in jobs) == 6
    assert [each.reason for each in told if each.method == "vgae"][-1] == "the budget ended"
    # neither runs far ahead of the other
    first = [job.method.name for job in jobs[:16]]
    assert first.count("vgae") == 2


def test_a_longer_budget_goes_on(tmp_path):
    """And a finished one does nothing."""
    (short,), _, _ = search(tmp_path, by_rate, "gae", budget=10.0)
    (long,), jobs, _ = search(tmp_path, by_rate, "gae", budget=15.0)
    assert (short.seconds, long.seconds, len(jobs)) == (10.0, 15.0, 5)


def test_a_trial_worse_than_half_of_the_others_ends_after_its_first_hidden_set(tmp_path):
    """It is no candidate, and what is saved goes to others."""
    (gae,), jobs, told = search(tmp_path, by_rate, "gae", trials=30)
    stopped = [each for each in told if each.reason.startswith("stopped early")]
    assert gae.stopped == len(stopped) > 3
    assert len(jobs) == 60 - len(stopped)
    assert "on 1 of 2 hidden sets" in stopped[0].reason
    assert all(each.value is None for each in stopped)


def test_a_trial_that_fails_has_its_reason_and_the_search_goes_on(tmp_path):
    """A default that fails is told, and what did not fail is chosen."""

    def outcome(job):
        if job.method.params["epochs"] < 400:
            return Outcome("failed", "too few epochs", cost=Cost(fit_seconds=1.0))
        return scored(0.2)

    (gae,), _, told = search(tmp_path, outcome, "gae", trials=12)
    assert told[0].reason == "failed: too few epochs"
    assert (gae.default, gae.best, gae.reason) == (None, 0.2, "failed: too few epochs")
    assert gae.failed > 1
    assert gae.settings["epochs"] >= 400


def test_a_method_that_only_fails_is_given_up(tmp_path):
    """However long its budget."""
    failed = Outcome("skipped", "not on these data")
    (gae,), jobs, _ = search(tmp_path, lambda job: failed, "gae", budget=3600.0)
    assert len(jobs) == FRUITLESS
    assert (gae.best, gae.settings) == (None, {})
    assert "nothing found" in summary(gae)


def test_few_settings_are_tried_once_each(tmp_path):
    """A search without anything left ends before its budget."""
    (pca,), jobs, _ = search(
        tmp_path, lambda job: scored(job.method.params["dim"] / 100), "pca", budget=3600.0
    )
    assert sorted(job.method.params["dim"] for job in jobs) == [32, 32, 64, 64, 128, 128]
    assert pca.settings == {"dim": 128}
    assert pca.trials == 3


def test_the_file_puts_tuned_and_default_side_by_side(tmp_path):
    """It is an experiment; where the default is best there is no second row of it."""

    def outcome(job):
        return by_rate(job) if job.method.name == "gae" else scored(1.0 / job.method.params["dim"])

    terms = Terms(TASK, trials=12)
    found = tune(
        [Search(name, terms) for name in ("gae", "pca")], Imagined(outcome), tmp_path, print
    )
    path = tmp_path / "tuned.toml"
    path.write_text(experiment_text(found, terms))
    experiment, faults = read_experiment(path)
    assert faults == []
    assert experiment.options == {
        "tissues": ("lung",), "sources": ("tiny",), "methods": ("gae", "pca"), "preset": "fast",
        "dim": 32,
    }  # fmt: skip
    (variants,) = experiment.variants
    assert (variants.label, variants.method) == ("gae tuned", "gae")
    assert variants.fixed == found[0].settings
    text = path.read_text()
    for part in (
        "Each method had 12 trials",
        "optuna 5",
        "seed 0",
        "no trial beat it",
        f"{found[0].default:.3f} by default, {found[0].best:.3f} tuned",
    ):
        assert part in text


@pytest.mark.parametrize("name", ["random", "consensus", "gae:released"])
def test_a_method_that_declares_no_search_cannot_be_tuned(name):
    """Nor can one that does what a script does."""
    with pytest.raises(UsageError, match=f"'{name}' has nothing to tune"):
        Search(name, Terms(TASK))


def test_two_processes_do_not_search_the_same(tmp_path):
    """The second is told where the first is."""

    def outcome(job):
        with pytest.raises(StoreError, match=r"another 'bench tune' on .* is at gae"):
            search(tmp_path, by_rate, "gae", trials=2)
        return by_rate(job)

    assert search(tmp_path, outcome, "gae", trials=2)[0][0].trials == 2
