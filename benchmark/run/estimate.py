"""What runs yet to be done will take, judging by those that are stored and by shipped timings."""

import json
import math
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from genearena.benchmark.records.declared import declared_metric
from genearena.benchmark.records.record import Cost, MethodInfo, RunRecord, TaskInfo
from genearena.benchmark.run.evaluation.job import Job
from genearena.benchmark.run.timings import scoring_seconds, shipped, size_of
from genearena.benchmark.run.workers.events import Finished, Progress
from genearena.data.tasks import TaskCard

STEPS = 10
"""Epochs of a training after which the rest of it is reckoned from them."""


class _Kind(NamedTuple):
    """What costs about the same on tasks of one size: a method trained, or scored again.

    `metrics` are those of a scoring of stored vectors, None for a training; `second` says whether
    such a scoring has to train without a donor first.
    """

    method: str
    preset: str
    metrics: tuple[str, ...] | None = None
    second: bool = False


class _Size(NamedTuple):
    """What a record tells of the size of its task, and of its training: 1 epoch if it has none."""

    graphs: int
    rows: int
    epochs: int
    settings: str

    @classmethod
    def of(cls, task: TaskInfo | TaskCard, method: MethodInfo) -> Self:
        """Take the size of a task, and what decides how long a method trains on it."""
        settings = dict(method.params)
        epochs = settings.pop("epochs", 1)
        steps = epochs if type(epochs) is int and epochs > 0 else 1
        rows, graphs = max(1, task.n_rows), max(1, task.n_graphs)
        return cls(graphs, rows, steps, json.dumps(settings, sort_keys=True, default=repr))

    def distance(self, other: Self) -> tuple[bool, float]:
        """Return how little runs there tell: other settings are worse than any other size."""
        return self.settings != other.settings, abs(math.log(other.rows / self.rows))


class Expected(NamedTuple):
    """What one run, or all that are left, are expected to take; memory is 0 if it is not known."""

    seconds: float
    cpu_seconds: float
    peak_bytes: float = 0.0


@dataclass
class _Seen:
    """Runs of one kind on tasks of one size; memory is the largest seen."""

    runs: int = 0
    seconds: float = 0.0
    trained_seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_bytes: float = 0.0
    base_bytes: float = math.inf

    def add(self, cost: Cost) -> None:
        seconds = _seconds(cost)
        base = cost.peak_rss_bytes if cost.base_rss_bytes is None else cost.base_rss_bytes
        self.runs += 1
        self.seconds += seconds
        self.trained_seconds += cost.fit_seconds + cost.heldout_seconds
        self.cpu_seconds += seconds if cost.cpu_seconds is None else cost.cpu_seconds
        self.peak_bytes = max(self.peak_bytes, cost.peak_rss_bytes)
        self.base_bytes = min(self.base_bytes, base)

    def scaled(self, times: float, rows: float, epochs: float) -> Expected:
        """Return the mean run, on a task with so many times the work, the rows and the epochs."""
        if self.seconds:
            times *= 1 + (epochs - 1) * self.trained_seconds / self.seconds
        base = min(self.base_bytes, self.peak_bytes)
        peak = base + (self.peak_bytes - base) * rows
        per_run = times / self.runs
        return Expected(self.seconds * per_run, self.cpu_seconds * per_run, peak)


class Estimate:
    """What is left to do, from what runs took so far.

    A run is expected to take what those of its method, preset and settings took on the task of the
    nearest size, for as many epochs; see `timings` for how that grows with the size, or in
    proportion to the rows for methods that were not timed. Of memory only the part that the run
    itself added grows, with the rows. Runs that were killed count as what they took; those that
    failed do so only where nothing else is known. Of settings that no run has had, the first
    `STEPS` epochs of a training that is under way tell (`progress`), or of one that was begun to
    find out (`timed`); before that, runs with other settings, or shipped timings, which also stand
    in for scoring stored vectors again. What workers spend beside their runs, as on loading data,
    is added as soon as it shows.

    So many `workers` do all `jobs`, each killed after `timeout` seconds; `records` are of earlier
    runs.
    """

    def __init__(
        self,
        jobs: Sequence[Job],
        records: Iterable[RunRecord],
        workers: int,
        timeout: float | None = None,
    ) -> None:
        self.workers = workers
        self._jobs = jobs
        self._timeout = math.inf if timeout is None else timeout
        self._seen: dict[_Kind, dict[_Size, _Seen]] = defaultdict(dict)
        self._failed: dict[_Kind, dict[_Size, _Seen]] = defaultdict(dict)
        self._keys: dict[str, tuple[_Kind, _Size]] = {}
        self._guesses: dict[tuple[_Kind, _Size], Expected] = {}
        self._timed: dict[tuple[_Kind, _Size], Expected] = {}
        self._steps: dict[tuple[str, str], tuple[int, float]] = {}
        self._busy: set[int] = set()
        self._beside: list[float] = []
        known = {}
        for record in records:
            known[record.run_id] = record
            self._learn(_kind_of(record), record, record.cost)
        for job in jobs:
            before = known.get(job.run_id)
            key = self._keys[job.run_id] = _job_key(job, before)
            if key not in self._guesses and (guess := _guess(job, key[0], before)):
                self._guesses[key] = guess
        self._left = Counter(self._keys.values())

    def finished(self, record: RunRecord, event: Finished | None = None) -> None:
        """Take note of a run that has ended; without its event, that another process did it."""
        key = self._keys.get(record.run_id)
        if key is not None and self._left[key] > 0:
            self._left[key] -= 1
        kind = _kind_of(record) if key is None else key[0]
        if event is not None:
            self._learn(kind, record, event.outcome.cost)
            self._look_beside(event)
        elif kind.metrics is None:
            self._learn(kind, record, record.cost)

    def progress(self, event: Progress, now: float | None = None) -> bool:
        """Take note of how far a training is; tells whether that said what it will take."""
        job, stage = event.job, event.stage
        if not stage.done or self._known(job):
            return False
        now = time.monotonic() if now is None else now
        done, since = self._steps.setdefault((job.run_id, stage.name), (stage.done, now))
        steps = stage.done - done
        if steps < max(min(STEPS, stage.total // 2), 1):
            return False
        self.timed(job, (now - since) / steps * stage.total)
        return True

    def unmeasured(self) -> tuple[Job, ...]:
        """Return the first job of every training whose method and settings have not been seen."""
        firsts: dict[tuple[_Kind, _Size], Job] = {}
        for job in self._jobs:
            firsts.setdefault(self._keys[job.run_id], job)
        return tuple(job for job in firsts.values() if not self._known(job))

    def timed(self, job: Job, seconds: float) -> None:
        """Take note of what one training of a job was found to take."""
        scoring = scoring_seconds(job.metrics, size_of(job.task)) or 0.0
        total = seconds * (1 + _trains_twice(job)) + scoring
        self._timed[self._keys[job.run_id]] = Expected(total, total)

    def _known(self, job: Job) -> bool:
        key = self._keys.get(job.run_id)
        return key is None or key[0].metrics is not None or key in self._timed or self._seen_as(key)

    def _seen_as(self, key: tuple[_Kind, _Size]) -> bool:
        """Tell whether runs of a kind with the very settings have been seen."""
        return any(seen.settings == key[1].settings for seen in self._seen.get(key[0], ()))

    def left(self) -> Expected | None:
        """Return what is left to do, None before anything is known of every method.

        Wall seconds are those of all workers together; memory is the most that one will hold.
        """
        if self.unknown():
            return None
        expected = [(self._run(key), count) for key, count in self._left.items() if count]
        beside = statistics.median(self._beside) if self._beside else 0.0
        total = sum((one.seconds + beside) * count for one, count in expected)
        # the last of the runs are not shared out
        wall = max([total / self.workers, *(one.seconds for one, _ in expected)])
        cpu = sum(one.cpu_seconds * count for one, count in expected)
        return Expected(wall, cpu, max((one.peak_bytes for one, _ in expected), default=0.0))

    def unknown(self) -> tuple[str, ...]:
        """Return the methods of which nothing is known."""
        hinted = self._guesses.keys() | self._failed.keys()
        return self._methods(lambda key: not self._told(key) and hinted.isdisjoint((key, key[0])))

    def guessed(self) -> tuple[str, ...]:
        """Return the methods of which there are shipped timings only."""
        return self._methods(lambda key: not self._told(key) and key in self._guesses)

    def sources(self) -> tuple[str, ...]:
        """Return in words what the estimate of the rest is made of."""
        stored = self._methods(lambda key: key[0] in self._seen)
        timed = self._methods(lambda key: key in self._timed and not self._seen_as(key))
        return ("stored runs",) * bool(stored or not timed) + ("first epochs",) * bool(timed)

    def _told(self, key: tuple[_Kind, _Size]) -> bool:
        return key[0] in self._seen or key in self._timed

    def _methods(self, chosen: Callable[[tuple[_Kind, _Size]], bool]) -> tuple[str, ...]:
        keys = (key for key, count in self._left.items() if count and chosen(key))
        return tuple(dict.fromkeys(kind.method for kind, _ in keys))

    def _run(self, key: tuple[_Kind, _Size]) -> Expected:
        kind, size = key
        sizes = self._seen.get(kind)
        if not sizes and key not in self._guesses:
            sizes = self._failed.get(kind)
        if key in self._timed and not self._seen_as(key):
            one = self._timed[key]
        elif not sizes:
            one = self._guesses[key]
        else:
            nearest = min(sizes, key=size.distance)
            times = _growth(kind, nearest, size)
            epochs = size.epochs / nearest.epochs
            one = sizes[nearest].scaled(times, size.rows / nearest.rows, epochs)
        return one._replace(seconds=min(one.seconds, self._timeout))

    def _learn(self, kind: _Kind, record: RunRecord, cost: Cost) -> None:
        if record.origin is not None and kind.metrics is None:
            return  # another machine's time, or none at all
        size = _Size.of(record.task, record.method)
        seen = self._failed if record.status == "failed" else self._seen
        seen[kind].setdefault(size, _Seen()).add(cost)

    def _look_beside(self, event: Finished) -> None:
        """Note what a worker spent beside a run; its first one bears what it imports."""
        if event.worker in self._busy:
            self._beside.append(max(0.0, event.seconds - _seconds(event.outcome.cost)))
        self._busy.add(event.worker)


def _seconds(cost: Cost) -> float:
    return cost.fit_seconds + cost.heldout_seconds + cost.score_seconds


def _kind_of(record: RunRecord) -> _Kind:
    return _Kind(record.method.name, record.preset)


def _job_key(job: Job, before: RunRecord | None) -> tuple[_Kind, _Size]:
    size = _Size.of(job.task, job.method)
    if job.stored is None:
        return _Kind(job.method.name, job.preset), size
    lacks = before is not None and not before.cost.heldout_seconds
    return _Kind(job.method.name, job.preset, job.metrics, lacks and _trains_twice(job)), size


def _trains_twice(job: Job) -> bool:
    """Tell whether a job's metrics want a second training."""
    return any("new donor" in declared_metric(name, job.task.folder).needs for name in job.metrics)


def _guess(job: Job, kind: _Kind, before: RunRecord | None) -> Expected | None:
    """Return what a job takes by shipped timings, None if there are none."""
    size = size_of(job.task)
    scoring = scoring_seconds(job.metrics, size)
    if job.stored is not None and before is not None:
        cost = before.cost
        # a plugin's metric was never timed: what the run's other metrics took has to do
        seconds = cost.score_seconds if scoring is None else scoring
        seconds += cost.fit_seconds if kind.second else 0.0
        return Expected(seconds, seconds, cost.peak_rss_bytes)
    training = shipped().get((job.method.name, job.preset))
    if training is None:
        return None
    epochs = _Size.of(job.task, job.method).epochs / training.epochs
    seconds = training.on(size) * epochs * (1 + _trains_twice(job)) + (scoring or 0.0)
    return Expected(seconds, seconds)


def _growth(kind: _Kind, before: _Size, now: _Size) -> float:
    """Return how many times longer a run takes on a task of another size."""
    timing = shipped().get((kind.method, kind.preset))
    if timing is None:
        return now.rows / before.rows
    graphs = now.graphs / before.graphs
    genes = (now.rows / before.rows) / graphs
    # edges grow with the square of the genes in graphs that are alike in density
    power = timing.powers.genes + 2 * timing.powers.edges
    return float(graphs**timing.powers.graphs * genes**power)
