"""Carry out a plan: workers compute, this process stores, a display looks on."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from genearena import __version__
from genearena.benchmark.records.declared import declared_metric
from genearena.benchmark.records.leases import Leases
from genearena.benchmark.records.record import Environment, RunRecord, TaskInfo
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.claimed_jobs import ClaimedJobs
from genearena.benchmark.run.evaluation.environment import current_environment
from genearena.benchmark.run.evaluation.evaluate import failed_metric
from genearena.benchmark.run.evaluation.execution import Execution
from genearena.benchmark.run.evaluation.jobs import Job
from genearena.benchmark.run.evaluation.outcome import Outcome
from genearena.benchmark.run.plan import Plan, unanswered
from genearena.benchmark.run.workers.events import Executor, Finished, Progress
from genearena.benchmark.run.workers.pool import WorkerPool
from genearena.data.tasks import TaskCard


class Display(Protocol):
    """Something that shows a run's progress."""

    def progress(self, event: Progress) -> None:
        """Show how far a worker is within a job."""

    def finished(self, event: Finished, record: RunRecord) -> None:
        """Show that a job has ended and is stored."""

    def waiting(self, jobs: int, host: str) -> None:
        """Show that only jobs which other processes do are left, the first of them on `host`."""

    def taken_over(self, job: Job, record: RunRecord, host: str) -> None:
        """Show that another process did a job, on `host` if that is known."""


@dataclass
class Runner:
    """Runs plans into a results folder.

    Parameters
    ----------
    store
        Where records and vectors go, one run at a time as each ends.
    execution
        On what, and how many runs at once.
    executor
        Where runs are carried out; worker processes of this machine if None.
    """

    store: ResultStore
    execution: Execution = field(default_factory=Execution)
    executor: Executor | None = None

    def run(self, plan: Plan, display: Display) -> list[RunRecord]:
        """Do every job of the plan and return their records, in order of completion.

        Jobs that another process on the same folder does are left to it and come last.

        Raises
        ------
        StoreError
            If a result cannot be written; those written before stay.
        """
        executor = self.executor or WorkerPool(self.execution)
        done = []
        with Leases(self.store.records_folder) as leases:
            jobs = ClaimedJobs(self.store, leases, plan, display)
            with closing(executor.run(jobs.to_do())) as events:
                for event in events:
                    if isinstance(event, Progress):
                        display.progress(event)
                    elif record := self._keep(event, jobs):
                        display.finished(event, record)
                        done.append(record)
        return done + jobs.taken_over

    def _keep(self, event: Finished, jobs: ClaimedJobs) -> RunRecord | None:
        job, outcome = event.job, event.outcome
        environment = outcome.environment or current_environment(self.execution)
        record = make_record(job, outcome, environment, event.attempts)
        before = jobs.before(job)
        if before is not None and (job.stored is not None or record.status != "ok"):
            record = _merged(before, record, job.metrics)
        return jobs.keep(job, record, outcome.embedding)


def make_record(
    job: Job, outcome: Outcome, environment: Environment, attempts: int = 1
) -> RunRecord:
    """Return the record of a job that ended just now."""
    return RunRecord(
        run_id=job.run_id,
        suite_version=__version__,
        task=task_info(job.task),
        method=job.method,
        seed=job.seed,
        preset=job.preset,
        status=outcome.status,
        reason=_storable(outcome.reason),
        traceback=_storable(outcome.traceback),
        metrics={n: replace(m, flag=_storable(m.flag)) for n, m in outcome.metrics.items()},
        gene_coverage=outcome.gene_coverage,
        cost=outcome.cost,
        environment=environment,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        embedding=f"{job.run_id}.h5ad" if outcome.status == "ok" else None,
        attempts=attempts,
    )


def _storable(text: str) -> str:
    """Replace what has no UTF-8, as in an error that names a file in another encoding."""
    return text.encode(errors="replace").decode()


def task_info(card: TaskCard) -> TaskInfo:
    """Return what a record says of its task."""
    return TaskInfo(
        tissue=card.tissue,
        source=card.source,
        fingerprint=card.fingerprint,
        simulated=card.simulated,
        n_graphs=card.n_graphs,
        n_rows=card.n_rows,
    )


def _merged(before: RunRecord, scored: RunRecord, metrics: Sequence[str]) -> RunRecord:
    """Return the earlier record with what came of the metrics it was done again for."""
    if scored.status != "ok":
        how = "" if scored.status == "failed" else f"{scored.status}: "
        reason = how + scored.reason
        missing = [name for name in metrics if unanswered(before, name, "failed")]
        failed = {name: failed_metric(declared_metric(name), reason) for name in missing}
        return before.model_copy(update={"metrics": before.metrics | failed})
    cost = before.cost
    if scored.cost.heldout_seconds:
        cost = cost.model_copy(update={"heldout_seconds": scored.cost.heldout_seconds})
    return before.model_copy(update={"metrics": before.metrics | scored.metrics, "cost": cost})
