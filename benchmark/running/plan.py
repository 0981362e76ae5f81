"""Decide which runs a request needs, given what is already stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from genearena.benchmark.evaluation.jobs import Job, TaskRef
from genearena.benchmark.running.request import Request, Rerun
from genearena.benchmark.store.records import MethodInfo, RunRecord
from genearena.benchmark.store.results import ResultStore
from genearena.methods.base import Method
from genearena.methods.registry import METHODS
from genearena.metrics.registry import METRICS


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
    """

    jobs: tuple[Job, ...]
    stored: tuple[RunRecord, ...]
    before: Mapping[str, RunRecord] = field(default_factory=dict)


def make_plan(request: Request, store: ResultStore, records: Iterable[RunRecord]) -> Plan:
    """List the jobs of a request that `records` do not already answer.

    A stored run that lacks some of the requested metrics, or has them of another version, is
    scored again from its vectors, without training.

    Raises
    ------
    UsageError
        If a method, metric or preset is unknown.
    """
    known = {record.run_id: record for record in records}
    jobs, stored, before = [], [], {}
    for job in _all_jobs(request):
        run_id = job.run_id
        record = known.get(run_id)
        todo = needed(job, record, request.rerun, store)
        if todo is not None:
            jobs.append(todo)
        if record is not None and todo is not None:
            before[run_id] = record
        elif record is not None:
            stored.append(record)
    return Plan(tuple(jobs), tuple(stored), before)


def _all_jobs(request: Request) -> Iterable[Job]:
    classes = {name: METHODS.load(name) for name in request.methods}
    described = {
        name: describe(name, cls, cls.preset(request.preset) | {"dim": request.dim})
        for name, cls in classes.items()
    }
    needs = {name: METRICS.load(name).needs for name in request.metrics}
    for task in request.tasks:
        metrics = tuple(m for m in request.metrics if _applies(needs[m], task))
        # seeds outermost: an interrupted run has every method at the same number of seeds
        for seed in request.seeds:
            for name, info in described.items():
                if _applies(classes[name].needs, task):
                    yield Job(task, info, seed, request.preset, metrics)


def _applies(needs: frozenset[str], task: TaskRef) -> bool:
    return "truth" not in needs or task.card.simulated


def describe(name: str, cls: type[Method], params: Mapping[str, Any]) -> MethodInfo:
    """Return a method's declarations as they stand in records."""
    return MethodInfo(
        name=name,
        version=cls.version,
        params=dict(params),
        control=cls.control,
        variant=cls.variant,
        origin=METHODS.entry(name).origin,
        trained_on=cls.trained_on,
        needs=tuple(sorted(cls.needs)),
        deterministic=cls.deterministic,
    )


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
    # a value of another version of the metric is no value of this one
    if result is None or result.version != METRICS.load(metric).version:
        return True
    return rerun == "failed" and result.status == "failed"
