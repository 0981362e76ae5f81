"""Carry out a plan: claim what no other process does, and store what workers give."""

import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from genearena import __version__
from genearena.benchmark.records.declared import declared_metric
from genearena.benchmark.records.leases import Leases
from genearena.benchmark.records.record import RunRecord, TaskInfo
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.evaluation.environment import current_environment
from genearena.benchmark.run.evaluation.evaluate import failed_metric
from genearena.benchmark.run.evaluation.job import Job, Outcome
from genearena.benchmark.run.executors import Executor
from genearena.benchmark.run.plan import Plan, labelled, needed, unanswered
from genearena.benchmark.run.workers.events import Finished, Progress
from genearena.data.tasks import TaskCard

SECONDS_BETWEEN_LOOKS = 1.0


class Listener(Protocol):
    """Who is told of the jobs of a plan."""

    def progress(self, event: Progress) -> None:
        """Hear how far a worker is within a job."""

    def finished(self, event: Finished, record: RunRecord) -> None:
        """Hear that a job has ended and is stored."""

    def waiting(self, jobs: int, host: str) -> None:
        """Hear that only jobs which other processes do are left, the first of them on `host`."""

    def taken_over(self, job: Job, record: RunRecord, host: str) -> None:
        """Hear that another process did a job; `host` is empty if it was gone already."""


class ClaimedJobs:
    """The jobs of a plan, each claimed when it is handed out.

    `taken_over` are records that other processes made of jobs of the plan.
    """

    def __init__(self, store: ResultStore, leases: Leases, plan: Plan, listener: Listener) -> None:
        self.store = store
        self.leases = leases
        self.listener = listener
        self.taken_over: list[RunRecord] = []
        self._planned = plan.jobs
        self._before = dict(plan.before)
        self._all_anew = plan.rerun == "always"
        self._others: dict[str, tuple[Job, str]] = {}

    def to_do(self) -> Iterator[Job | None]:
        """Yield jobs to do now, None while all that is left is done by others.

        What other processes are at comes last: their records are taken over, and a job whose
        lease lapses is done here after all.

        Raises
        ------
        StoreError
            If jobs cannot be claimed or records not be read.
        """
        yield from self._claimed(self._planned)
        if self._others:
            host = next(host for _, host in self._others.values())
            self.listener.waiting(len(self._others), host)
        while self._others:
            start = time.monotonic()
            for job, _ in list(self._others.values()):
                yield from self._claimed([job])
            while self._others and time.monotonic() - start < SECONDS_BETWEEN_LOOKS:
                yield None

    def keep(self, job: Job, record: RunRecord, vectors: bytes | None) -> RunRecord | None:
        """Store the record of a claimed job and give its lease back.

        Returns
        -------
        The record as stored. None if this process stood still for so long that its lease lapsed
        and the job was done elsewhere: the other record is taken over, this one is dropped.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        run_id = job.run_id
        stored = self.store.write_instead_of(self._before.get(run_id), record, vectors)
        if stored is None and (others := self.store.record(run_id)) is not None:
            self._take_over(job, others, "")
        self.leases.give_back(run_id)
        return stored

    def before(self, job: Job) -> RunRecord | None:
        """Return the finished record that a claimed job adds metrics to, None if there is none.

        A run that is done again for its own sake adds to nothing: its end counts, good or bad.
        """
        record = self._before.get(job.run_id)
        return None if record is None or record.status != "ok" or self._all_anew else record

    def _claimed(self, jobs: Iterable[Job]) -> Iterator[Job]:
        return (todo for job in jobs if (todo := self._claim(job)) is not None)

    def _claim(self, job: Job) -> Job | None:
        """Return what is left to do of a job, None if another process does or did it."""
        run_id = job.run_id
        holder = self.leases.claim(run_id)
        if holder is not None:
            self._others[run_id] = job, holder.host
            return None
        _, host = self._others.pop(run_id, (job, ""))
        record = self.store.record(run_id)
        if record is None or record == self._before.get(run_id):
            return job
        # stored by another process since the plan was made; it need not hold every metric
        todo = needed(job, record, "never", self.store)
        if todo is not None:
            self._before[run_id] = record
            return todo
        self.leases.give_back(run_id)
        self._take_over(job, record, host)
        return None

    def _take_over(self, job: Job, record: RunRecord, host: str) -> None:
        self.taken_over.append(record)
        self.listener.taken_over(job, record, host)


def carry_out(
    plan: Plan, store: ResultStore, executor: Executor, listener: Listener
) -> list[RunRecord]:
    """Do every job of a plan and return their records, in order of completion.

    Records and vectors are stored one run at a time as each ends. Jobs that another process on the
    same folder does are left to it and come last.

    Raises
    ------
    StoreError
        If a result cannot be written; those written before stay.
    """
    done = []
    with Leases(store.records_folder) as leases:
        jobs = ClaimedJobs(store, leases, plan, listener)
        with closing(executor.run(jobs.to_do())) as events:
            for event in events:
                if isinstance(event, Progress):
                    listener.progress(event)
                elif record := _keep(event, jobs):
                    listener.finished(event, record)
                    done.append(record)
    return done + jobs.taken_over


def _keep(event: Finished, jobs: ClaimedJobs) -> RunRecord | None:
    job, outcome = event.job, event.outcome
    record = make_record(job, outcome, event.attempts)
    before = jobs.before(job)
    if before is not None and (job.stored is not None or record.status != "ok"):
        record = labelled(_merged(before, record, job), job)
    return jobs.keep(job, record, outcome.embedding)


def make_record(job: Job, outcome: Outcome, attempts: int = 1) -> RunRecord:
    """Return the record of a job that ended just now, on this machine unless it says otherwise."""
    return RunRecord(
        run_id=job.run_id,
        suite_version=__version__,
        task=task_info(job.task),
        method=job.method,
        seed=job.seed,
        preset=job.preset,
        label=job.label,
        status=outcome.status,
        reason=_storable(outcome.reason),
        traceback=_storable(outcome.traceback),
        metrics={n: replace(m, flag=_storable(m.flag)) for n, m in outcome.metrics.items()},
        gene_coverage=outcome.gene_coverage,
        cost=outcome.cost,
        environment=outcome.environment or current_environment(),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        embedding=f"{job.run_id}.h5ad" if outcome.status == "ok" else None,
        attempts=attempts,
    )


def _storable(text: str) -> str:
    """Replace what has no UTF-8, as in an error that names a file in another encoding."""
    return text.encode(errors="replace").decode()


def task_info(card: TaskCard) -> TaskInfo:
    """Return what a record says of its task."""
    return TaskInfo.model_validate(card, from_attributes=True)


def _merged(before: RunRecord, scored: RunRecord, job: Job) -> RunRecord:
    """Return the earlier record with what came of the metrics it was done again for."""
    if scored.status != "ok":
        how = "" if scored.status == "failed" else f"{scored.status}: "
        reason = how + scored.reason
        folder = job.task.folder
        missing = [name for name in job.metrics if unanswered(before, name, "failed", folder)]
        failed = {name: failed_metric(declared_metric(name, folder), reason) for name in missing}
        return before.model_copy(update={"metrics": before.metrics | failed})
    cost = before.cost
    if scored.cost.heldout_seconds:
        cost = cost.model_copy(update={"heldout_seconds": scored.cost.heldout_seconds})
    return before.model_copy(update={"metrics": before.metrics | scored.metrics, "cost": cost})
