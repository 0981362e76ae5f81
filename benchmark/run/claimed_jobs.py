"""Hand out the jobs of a plan that no other process does, and store what they give."""

import time
from collections.abc import Iterable, Iterator
from typing import Protocol

from genearena.benchmark.records.leases import Leases
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.evaluation.jobs import Job
from genearena.benchmark.run.plan import Plan, needed

SECONDS_BETWEEN_LOOKS = 1.0


class Onlooker(Protocol):
    """Who is told of jobs that other processes do."""

    def waiting(self, jobs: int, host: str) -> None:
        """Hear that only jobs which others do are left, the first of them on `host`."""

    def taken_over(self, job: Job, record: RunRecord, host: str) -> None:
        """Hear that another process did a job; `host` is empty if it was gone already."""


class ClaimedJobs:
    """The jobs of a plan, each claimed when it is handed out.

    Parameters
    ----------
    store
        Where records are.
    leases
        The leases of this process.
    plan
        What is to be done, and what it was planned from.
    onlooker
        Hears of the jobs that other processes do.

    Attributes
    ----------
    taken_over
        Records that other processes made of jobs of the plan.
    """

    def __init__(self, store: ResultStore, leases: Leases, plan: Plan, onlooker: Onlooker) -> None:
        self.store = store
        self.leases = leases
        self.onlooker = onlooker
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
            self.onlooker.waiting(len(self._others), host)
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
        self.onlooker.taken_over(job, record, host)
