"""A metric that was asked for and could not be computed is a result, and costs no other one."""

import json

import pytest
from shared_folder import Silent
from tiny_task import SOURCE, bench

from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.records.record import Cost, MetricResult
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.evaluation.job import Outcome
from genearena.benchmark.run.plan import make_plan
from genearena.benchmark.run.request import Configuration, Request
from genearena.benchmark.run.runner import carry_out
from genearena.benchmark.run.session import check_truth_known
from genearena.benchmark.run.workers.events import Finished
from genearena.benchmark.show.tables.notes import notes
from genearena.data.common.errors import UsageError
from genearena.data.tasks import TaskCard

TASK = TaskCard("lung", "made-up", "5f3a", ())
SCORED = {"cgr": MetricResult(label="CGR", value=0.5, scored=True)}


class Quiet(Silent):
    """A display that shows nothing."""

    def finished(self, event, record):
        """Show nothing."""


class Ending:
    """An executor all of whose jobs end in one way."""

    def __init__(self, outcome):
        self.outcome = outcome

    def run(self, jobs):
        """Finish every job at once."""
        for job in filter(None, jobs):
            yield Finished(0, job, self.outcome)


@pytest.fixture
def store(tmp_path):
    """Return a store with one finished run that has CGR."""
    store = ResultStore(tmp_path / "results")
    do(store, Outcome("ok", metrics=SCORED, embedding=b"vectors"), "cgr")
    return store


def plan_of(store, *metrics, rerun="never"):
    """Plan one run of pca with some metrics."""
    request = Request((TASK,), (Configuration("pca"),), metrics, (0,), rerun=rerun)
    return make_plan(request, store, store.records())


def do(store, outcome, *metrics, **options):
    """Carry a plan out to one outcome, and return the stored record."""
    plan = plan_of(store, *metrics, **options)
    assert len(plan.jobs) == 1
    carry_out(plan, store, Ending(outcome), Quiet())
    (record,) = store.records()
    return record


ENDINGS = [
    (Outcome("timeout", "no end after 1 s (--timeout)"), "timeout: no end after 1 s (--timeout)"),
    (Outcome("oom", "over the memory limit"), "oom: over the memory limit"),
    (Outcome("failed", "it crashed", cost=Cost(fit_seconds=9)), "it crashed"),
    (Outcome("failed", "killed from outside", fault="infrastructure"), "killed from outside"),
]


@pytest.mark.parametrize(("outcome", "reason"), ENDINGS)
def test_a_failed_scoring_is_a_result_with_its_reason(store, outcome, reason):
    """The new metric has failed; the old one, the vectors and the cost of training stay."""
    (before,) = store.records()
    record = do(store, outcome, "cgr", "asw")
    assert record.status == "ok"
    assert record.metrics["cgr"] == SCORED["cgr"]
    assert (record.metrics["asw"].status, record.metrics["asw"].flag) == ("failed", reason)
    assert record.metrics["asw"].label == "ASW"
    assert record.model_copy(update={"metrics": before.metrics, "seal": before.seal}) == before


def test_only_rerun_failed_tries_a_failed_metric_again(store):
    """What has failed is an answer, until somebody asks again; then it is scored, not trained."""
    do(store, ENDINGS[0][0], "cgr", "asw")
    assert plan_of(store, "cgr", "asw").jobs == ()
    (job,) = plan_of(store, "cgr", "asw", rerun="failed").jobs
    assert job.metrics == ("asw",)
    assert job.stored is not None
    asw = MetricResult(label="ASW", value=0.25)
    record = do(store, Outcome("ok", metrics={"asw": asw}), "cgr", "asw", rerun="failed")
    assert record.metrics == SCORED | {"asw": asw}


def test_a_run_trained_anew_for_its_vectors_loses_nothing(store):
    """Altered vectors: every metric is computed again, and if that fails the old ones stay."""
    (path,) = store.embeddings_folder.iterdir()
    path.write_bytes(b"others")
    (job,) = plan_of(store, "asw").jobs
    assert job.stored is None
    assert set(job.metrics) == {"asw", "cgr"}
    record = do(store, ENDINGS[0][0], "asw")
    assert record.status == "ok"
    assert record.metrics["cgr"] == SCORED["cgr"]
    assert record.metrics["asw"].status == "failed"


def test_a_run_done_again_on_purpose_counts_as_it_ends(store):
    """With --rerun always a failure replaces what was there: the newest end is the run's."""
    record = do(store, ENDINGS[0][0], "cgr", rerun="always")
    assert record.status == "timeout"
    assert record.metrics == {}


def test_a_record_that_lacks_a_metric_is_told(store):
    """Another process may have stored the run without a metric that is asked for here."""
    plan = plan_of(store, "cgr", "asw")
    (record,) = store.records()
    assert plan.unscored(record) == {"asw": "not computed"}


def test_what_needs_the_truth_is_refused_on_real_data(store):
    """Asked for by name; among all metrics it is left out."""
    with pytest.raises(UsageError, match="programme_recovery cannot be run on these data"):
        check_truth_known(plan_of(store, "cgr", "programme_recovery"), ("programme_recovery",))
    check_truth_known(plan_of(store, "cgr", "programme_recovery"), ("all",))
    nothing = make_plan(Request((TASK,), (Configuration("truth"),), ("cgr",), (0,)), store, [])
    with pytest.raises(UsageError, match="the methods asked for cannot be run"):
        check_truth_known(nothing, ())


def test_the_tables_name_what_failed(make_record):
    """Outside the averages, too, where no other line would tell."""
    failed = MetricResult(label="MRR", status="failed", flag="timeout: no end")
    records = [make_record("pca", {"cgr": 0.5, "retrieval": failed}, seed=seed) for seed in (0, 1)]
    records += [make_record("gae", {"cgr": 0.5, "retrieval": 0.5}, seed=seed) for seed in (0, 1)]
    (board,) = build_leaderboards(records)
    assert "MRR: no value: pca (2 runs failed: timeout: no end)" in notes(board)


def test_bench_run_ends_with_1_where_a_metric_failed(data_dir, tmp_path, helpers, monkeypatch):
    """In a fresh run, in one that finds the failure stored, and no more once it is mended."""
    common = ("run", "--tissue", "lung", "--source", SOURCE, "--data-dir", data_dir, "--seeds", 1)
    asked = ("--methods", "random", "--metrics", "cgr,odd_metrics:RAISES")

    def run(*more):
        return bench(*common, *asked, *more, cwd=tmp_path, path=helpers, check=False)

    first, second = run(), run()
    line = "ok but for odd_metrics:RAISES: ZeroDivisionError: no neighbours"
    assert "1 ok but for a metric" in first.stdout
    for done in (first, second):
        assert done.returncode == 1
        assert f"random: 1 {line}" in done.stderr
        assert done.stderr.splitlines()[-1].startswith("Error: 1 runs lack a metric")
    assert f"random seed 0: {line}" in first.stderr
    monkeypatch.setenv("MENDED", "yes")
    assert run().returncode == 1
    mended = run("--rerun", "failed")
    assert mended.returncode == 0, mended.stderr
    (path,) = (tmp_path / "results" / "records").glob("*.json")
    metrics = json.loads(path.read_text())["metrics"]
    assert metrics["odd_metrics:RAISES"]["value"] == 0.5
    assert metrics["cgr"]["status"] == "ok"
