"""Show a run as it happens: bars where somebody watches, else one line per finished run."""

import math
import time
from collections.abc import Sequence
from typing import Self

from rich.console import Console
from rich.progress import TaskID

from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.run.estimate import Estimate
from genearena.benchmark.run.evaluation.job import Job
from genearena.benchmark.run.plan import unscored, unscored_text
from genearena.benchmark.run.workers.events import Finished
from genearena.benchmark.run.workers.events import Progress as WorkerProgress
from genearena.data.common.bars import bars, watched
from genearena.data.common.one_line import one_line
from genearena.data.common.quantities import clock, gigabytes


def estimate_text(estimate: Estimate) -> str:
    """Say what the runs left will take, or of which methods too little is known."""
    left = estimate.left()
    if left is None:
        return f"no estimate of time yet: no stored runs of {', '.join(estimate.unknown())}"
    workers = f"{estimate.workers} worker" + ("s" if estimate.workers > 1 else "")
    memory = f", up to {gigabytes(left.peak_bytes)} each" if left.peak_bytes else ""
    hours = f"{left.cpu_seconds / 3600:.2g} CPU-hours{memory}"
    guessed = ", ".join(estimate.guessed())
    basis = (
        f"a guess from timings that ship with the suite, for want of stored runs of {guessed}"
        if guessed
        else f"judging by {' and '.join(estimate.sources())}"
    )
    return f"about {clock(left.seconds)} on {workers} ({hours}), {basis}"


def loss_note(loss: float) -> str:
    """Return what stands behind the bar of a training."""
    return "" if math.isnan(loss) else f"loss {loss:.4g}"


def _vague(estimate: Estimate) -> bool:
    return bool(estimate.guessed() or estimate.unknown())


class RunDisplay:
    """Progress of a run on a console: bars if somebody watches it, lines if not."""

    def __init__(self, jobs: Sequence[Job], estimate: Estimate, console: Console) -> None:
        self.total = len(jobs)
        self.estimate = estimate
        self.console = console
        self.vague = _vague(estimate)
        self.done = 0
        self.taken = 0
        self.started = time.monotonic()
        self.bars = bars(console)
        self.overall = self.bars.add_task("all runs", total=self.total, note="")
        self.workers: dict[int, TaskID] = {}

    def __enter__(self) -> Self:
        if self.total:
            self._print(estimate_text(self.estimate))
        self.bars.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.bars.stop()

    def progress(self, event: WorkerProgress) -> None:
        """Move the worker's bar, and say so once trainings have told how long the rest takes."""
        stage = event.stage
        if self.estimate.progress(event):
            self._tell_left()
            if self.vague and not _vague(self.estimate):
                self.vague = False
                self._print(estimate_text(self.estimate))
        self.bars.update(
            self._bar(event.worker),
            description=one_line(f"{_title(event.job)} · {stage.name}"),
            completed=stage.done,
            total=stage.total or None,
            note=loss_note(stage.loss),
        )

    def finished(self, event: Finished, record: RunRecord) -> None:
        """Count the run and, off a terminal or when it went wrong, print a line."""
        self.estimate.finished(record, event)
        what = _took(event) if record.status == "ok" else record.reason
        self._count(event.job, record, what)

    def waiting(self, jobs: int, host: str) -> None:
        """Say that only what other processes do is left."""
        self._print(f"Waiting for {jobs} runs that another process on {host} is doing")

    def taken_over(self, job: Job, record: RunRecord, host: str) -> None:
        """Count a run that another process did."""
        self.taken += 1
        self.estimate.finished(record)
        self._count(job, record, "done by another process" + (f" on {host}" if host else ""))

    def _count(self, job: Job, record: RunRecord, what: str) -> None:
        self.done += 1
        left = self._tell_left()
        lacking = unscored_text(unscored(record, job.metrics))
        if record.status != "ok" or lacking or not watched(self.console):
            count = f"[{self.done:>{len(str(self.total))}}/{self.total}]"
            but = f" but for {lacking}" if lacking else f", {what}"
            self._print(f"{count} {_title(job)}: {record.status}{but} ({left} left)")

    def _tell_left(self) -> str:
        """Show how much is left to do, and return the time it will take in words."""
        expected = self.estimate.left()
        left = clock(None if expected is None else expected.seconds)
        self.bars.update(
            self.overall, completed=self.done, note=f"{self.done}/{self.total}, {left} left"
        )
        return left

    def _print(self, text: str) -> None:
        print_line(self.console, text)

    def _bar(self, worker: int) -> TaskID:
        if worker not in self.workers:
            self.workers[worker] = self.bars.add_task("", total=None, note="")
        return self.workers[worker]


def print_line(console: Console, text: str) -> None:
    """Print a text as it is, in one line."""
    console.print(one_line(text), markup=False, highlight=False, soft_wrap=True)


def _took(event: Finished) -> str:
    cost = event.outcome.cost
    if event.job.stored is None:
        return f"{cost.seconds:.1f} s"
    return f"scored again in {cost.heldout_seconds + cost.score_seconds:.1f} s"


def _title(job: Job) -> str:
    return f"{job.task.tissue} {job.name} seed {job.seed}"
