"""Values of another version of a metric are computed again from the vectors, without training."""

from dataclasses import replace
from pathlib import Path

import pytest
from shared_folder import ENVIRONMENT, make_jobs

from genearena.benchmark.records.record import MetricResult
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.evaluation.job import Outcome
from genearena.benchmark.run.plan import needed
from genearena.benchmark.run.runner import make_record
from genearena.metrics.registry import METRICS


@pytest.mark.parametrize(("older", "asked"), [((), ()), (("asw",), ("asw",))])
def test_a_value_of_another_version_is_asked_for_again(
    tmp_path: Path, older: tuple[str, ...], asked: tuple[str, ...]
):
    """Only that metric, and only by way of stored vectors."""
    job = replace(make_jobs(1)[0], metrics=("asw", "cgr"))
    versions = {name: METRICS.load(name).version for name in job.metrics}
    metrics = {
        name: MetricResult(label=name, value=0.5, version="0" if name in older else version)
        for name, version in versions.items()
    }
    store = ResultStore(tmp_path)
    outcome = Outcome("ok", metrics=metrics, environment=ENVIRONMENT)
    record = store.write(make_record(job, outcome), b"vectors")
    todo = needed(job, record, "never", store)
    assert (todo.metrics if todo else ()) == asked
    assert todo is None or todo.stored is not None
