"""Decide which runs a request needs, given what is already stored."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from genearena.benchmark.records.declared import (
    declared_method,
    declared_metric,
    installed_metric,
    usable,
)
from genearena.benchmark.records.record import MethodInfo, RunRecord
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.evaluation.job import Job
from genearena.benchmark.run.request import Configuration, Request, Rerun
from genearena.data.common.errors import DeclarationError, UsageError
from genearena.data.common.registry import SUITE
from genearena.data.tasks import TaskCard


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
    asked
        Run id -> metrics that are asked for, of all runs.
    names
        Run id -> what the request calls its method.
    rerun
        Which stored runs were to be done again.
    renamed
        Stored records under the label that is asked for now, each after the record as it stands.
    left_out
        Method or metric that cannot be used -> why, in one line.
    """

    jobs: tuple[Job, ...]
    stored: tuple[RunRecord, ...]
    before: Mapping[str, RunRecord] = field(default_factory=dict)
    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rerun: Rerun = "never"
    left_out: Mapping[str, str] = field(default_factory=dict)
    renamed: tuple[tuple[RunRecord, RunRecord], ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def unscored(self, record: RunRecord) -> dict[str, str]:
        """Return the metrics asked of a run that have no answer, and why; see `unscored`."""
        return unscored(record, self.asked.get(record.run_id, ()))


def make_plan(request: Request, store: ResultStore, records: Iterable[RunRecord]) -> Plan:
    """List the jobs of a request that `records` do not already answer.

    A stored run that lacks some of the requested metrics, or has them of another version, is
    scored again from its vectors, without training. Methods and metrics whose declarations cannot
    be used are left out.

    Raises
    ------
    UsageError
        If a method, metric or preset is unknown, or two of the methods are one run.
    DeclarationError
        If no method or no metric is left.
    """
    left_out: dict[str, str] = {}
    known = {record.run_id: record for record in records}
    jobs, stored, before, asked, renamed = [], [], {}, {}, []
    names: dict[str, str] = {}
    for job in _all_jobs(request, left_out):
        run_id = job.run_id
        asked[run_id], names[run_id] = job.metrics, job.name
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
            present = labelled(record, job)
            stored.append(present)
            renamed += [(record, present)] if present is not record else []
    return Plan(
        jobs=tuple(jobs),
        stored=tuple(stored),
        before=before,
        asked=asked,
        rerun=request.rerun,
        left_out=left_out,
        renamed=tuple(renamed),
        names=names,
    )


def _all_jobs(request: Request, left_out: dict[str, str]) -> Iterable[Job]:
    by_name = {each.name: each for each in request.methods}
    methods, broken = usable(by_name, lambda name: _declared(by_name[name], request))
    metrics, broken_metrics = usable(
        request.metrics, lambda name: declared_metric(name, request.tasks[0].folder)
    )
    left_out |= broken | broken_metrics
    if left_out and not (methods and metrics):
        raise DeclarationError("; ".join(left_out.values()))
    for task in request.tasks:
        asked = tuple(name for name, metric in metrics.items() if _applies(metric.needs, task))
        jobs = [
            Job(task, info, 0, request.preset, asked, by_name[name].label)
            for name, info in methods.items()
            if _applies(info.needs, task)
        ]
        _check_told_apart(jobs)
        yield from _in_order(jobs, request.seeds)


def _declared(configuration: Configuration, request: Request) -> MethodInfo:
    name, settings = configuration.method, configuration.settings
    return declared_method(name, request.preset, request.dim, settings)


def _check_told_apart(jobs: Iterable[Job]) -> None:
    """Raise UsageError if two of the methods of a request are one run."""
    by_id: dict[str, Job] = {}
    for job in jobs:
        other = by_id.setdefault(job.run_id, job)
        if other is not job:
            raise UsageError(
                f"'{other.name}' and '{job.name}' are {job.method.name} with the same settings; "
                "keep one of them"
            )


def _in_order(jobs: Sequence[Job], seeds: Sequence[int]) -> Iterator[Job]:
    """Yield every method with every seed, so that an interrupted run can be compared.

    First every method with one seed, then seeds outermost. A method from outside the suite does
    its further seeds in one go, though, after the suite's own: its worker is replaced before it
    does anything else, and a new one takes seconds.
    """
    own = [job for job in jobs if job.method.origin == SUITE]
    outside = [job for job in jobs if job.method.origin != SUITE]
    for some in (seeds[:1], seeds[1:]):
        yield from (replace(job, seed=seed) for seed in some for job in own)
        yield from (replace(job, seed=seed) for job in outside for seed in some)


def _other_origin(job: Job, record: RunRecord) -> str:
    return (
        f"method '{job.method.name}': stored runs of this name are by {record.method.origin}, not "
        f"by {job.method.origin}; rename it or choose another folder with --out"
    )


def _applies(needs: Collection[str], task: TaskCard) -> bool:
    return "truth" not in needs or task.simulated


def labelled(record: RunRecord, job: Job) -> RunRecord:
    """Return a record under the label of a job, which need not have one."""
    if job.label in ("", record.label):
        return record
    return record.model_copy(update={"label": job.label})


def needed(job: Job, record: RunRecord | None, rerun: Rerun, store: ResultStore) -> Job | None:
    """Return what of a job its stored record leaves to do: all, scoring, or nothing (None)."""
    if record is None or rerun == "always":
        return job
    if record.status != "ok":
        return job if rerun == "failed" and record.status != "skipped" else None
    folder = job.task.folder
    missing = tuple(name for name in job.metrics if unanswered(record, name, rerun, folder))
    if not missing:
        return None
    vectors = store.intact_vectors(record)
    if vectors is not None:
        return replace(job, metrics=missing, stored=vectors)
    # trained anew: other vectors would give the new metrics other values than the old ones were
    # computed from, so those are computed again too
    known = (name for name in record.metrics if installed_metric(name, folder))
    return replace(job, metrics=tuple(dict.fromkeys((*job.metrics, *known))))


def unanswered(record: RunRecord, metric: str, rerun: Rerun, folder: Path | None = None) -> bool:
    """Tell whether a finished run has still to be asked for a metric; gene sets are in `folder`."""
    result = record.metrics.get(metric)
    # a value of another version of the metric is no value of this one
    if result is None or result.version != declared_metric(metric, folder).version:
        return True
    return rerun == "failed" and result.status == "failed"


def unscored_text(lacking: Mapping[str, str]) -> str:
    """Name metrics without an answer, those with one reason together."""
    metrics: dict[str, list[str]] = {}
    for name, reason in lacking.items():
        metrics.setdefault(reason, []).append(name)
    return "; ".join(f"{', '.join(names)}: {reason}" for reason, names in metrics.items())


def unscored(record: RunRecord, metrics: Iterable[str]) -> dict[str, str]:
    """Return which of some metrics a finished run has no answer to, and why.

    That a metric is not defined is an answer. A run that did not end well has a reason of its
    own, and lacks none.
    """
    lacking = {}
    for name in metrics if record.status == "ok" else ():
        result = record.metrics.get(name)
        if result is None or result.status == "failed":
            lacking[name] = result.flag if result else "not computed"
    return lacking
