"""Decide which runs a request needs, given what is already stored."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from genearena.benchmark.evaluation.declared import declared_method, declared_metric, usable
from genearena.benchmark.evaluation.jobs import Job, TaskRef
from genearena.benchmark.running.request import Request, Rerun
from genearena.benchmark.store.records import RunRecord
from genearena.benchmark.store.results import ResultStore
from genearena.data.errors import DeclarationError


@dataclass(frozen=True)
class Plan:
    """The jobs to do and the records that already answer the rest.

    Parameters
    ----------
    jobs
        What to do.
    stored
        Records that answer all that is asked of them.
    before
        Run id -> record of a job that is to be done or scored again.
    left_out
        Method or metric that cannot be used -> why, in one line.
    """

    jobs: tuple[Job, ...]
    stored: tuple[RunRecord, ...]
    before: Mapping[str, RunRecord] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)


def make_plan(request: Request, store: ResultStore, records: Iterable[RunRecord]) -> Plan:
    """List the jobs of a request that `records` do not already answer.

    A stored run that lacks some of the requested metrics is scored again from its vectors,
    without training. Methods and metrics whose declarations cannot be used are left out.

    Raises
    ------
    UsageError
        If a method, metric or preset is unknown.
    DeclarationError
        If no method or no metric is left.
    """
    left_out: dict[str, str] = {}
    known = {record.run_id: record for record in records}
    jobs, stored, before = [], [], {}
    for job in _all_jobs(request, left_out):
        run_id = job.run_id
        record = known.get(run_id)
        if record is not None and record.method.origin != job.method.origin:
            left_out[job.method.name] = _other_origin(job, record)
            continue
        todo = needed(job, record, request.rerun, store)
        if todo is not None:
            jobs.append(todo)
        if record is not None and todo is not None:
            before[run_id] = record
        elif record is not None:
            stored.append(record)
    return Plan(tuple(jobs), tuple(stored), before, left_out)


def _all_jobs(request: Request, left_out: dict[str, str]) -> Iterable[Job]:
    methods, broken = usable(
        request.methods, lambda name: declared_method(name, request.preset, request.dim)
    )
    metrics, broken_metrics = usable(request.metrics, declared_metric)
    left_out |= broken | broken_metrics
    if not methods or not metrics:
        raise DeclarationError("; ".join(left_out.values()))
    for task in request.tasks:
        asked = tuple(name for name, metric in metrics.items() if _applies(metric.needs, task))
        # seeds outermost: an interrupted run has every method at the same number of seeds
        for seed in request.seeds:
            for method in methods.values():
                if _applies(method.info.needs, task):
                    yield Job(task, method.info, seed, request.preset, asked)


def _other_origin(job: Job, record: RunRecord) -> str:
    return (
        f"method '{job.method.name}': stored runs of this name are by {record.method.origin}, not "
        f"by {job.method.origin}; rename it or choose another folder with --out"
    )


def _applies(needs: Collection[str], task: TaskRef) -> bool:
    return "truth" not in needs or task.card.simulated


def needed(job: Job, record: RunRecord | None, rerun: Rerun, store: ResultStore) -> Job | None:
    """Return what of a job its stored record leaves to do: all, scoring, or nothing (None)."""
    if record is None or rerun == "always":
        return job
    if record.status != "ok":
        return job if rerun == "failed" and record.status != "skipped" else None
    missing = [name for name in job.metrics if _unanswered(record, name, rerun)]
    if not missing:
        return None
    # other vectors would give the new metrics other values than the old ones were computed from
    vectors = store.intact_vectors(record)
    if vectors is None:
        return job
    return Job(job.task, job.method, job.seed, job.preset, tuple(missing), vectors)


def _unanswered(record: RunRecord, metric: str, rerun: Rerun) -> bool:
    result = record.metrics.get(metric)
    return result is None or (rerun == "failed" and result.status == "failed")
