"""What runs yet to be done will take, judging by those that are stored."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from genearena.benchmark.evaluation.jobs import Job
from genearena.benchmark.store.records import RunRecord


class _Kind(NamedTuple):
    """What costs about the same per row: one method trained in one way, or only scored."""

    method: str
    preset: str
    rescored: bool = False


@dataclass(frozen=True)
class Expected:
    """What one run is expected to take."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_bytes: float = 0.0


@dataclass
class _Seen:
    """Runs of one kind on tasks of one size; memory is the largest seen."""

    runs: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_bytes: float = 0.0
    base_bytes: float = field(default=math.inf)

    def add(self, seconds: float, cpu_seconds: float, peak: float, base: float) -> None:
        self.runs += 1
        self.seconds += seconds
        self.cpu_seconds += cpu_seconds
        self.peak_bytes = max(self.peak_bytes, peak)
        self.base_bytes = min(self.base_bytes, base)

    def scaled(self, ratio: float) -> Expected:
        """Return the mean run, on a task `ratio` times as large."""
        base = min(self.base_bytes, self.peak_bytes)
        peak = base + (self.peak_bytes - base) * ratio
        per_run = ratio / self.runs
        return Expected(self.seconds * per_run, self.cpu_seconds * per_run, peak)


class Estimate:
    """What is left to do, from what runs took so far.

    A run is expected to take what those of its method and preset took on the task of the
    nearest size (in gene rows, on a logarithmic scale), in proportion to the rows; of memory only
    the part that the run itself added grows. Runs that failed or were killed count as what
    they took.

    Parameters
    ----------
    jobs
        All jobs of the run.
    records
        Earlier runs.
    workers
        Number of jobs done at once.
    timeout
        Wall seconds after which a run is killed, if any.
    """

    def __init__(
        self,
        jobs: Sequence[Job],
        records: Iterable[RunRecord],
        workers: int,
        timeout: float | None = None,
    ) -> None:
        self.workers = workers
        self._timeout = math.inf if timeout is None else timeout
        self._left = Counter(map(_job_key, jobs))
        self._keys = {job.run_id: _job_key(job) for job in jobs}
        self._seen: dict[_Kind, dict[int, _Seen]] = defaultdict(dict)
        for record in records:
            self._learn(record)

    def finished(self, record: RunRecord) -> None:
        """Take note of a run that has ended."""
        key = self._keys.get(record.run_id)
        if key is not None and self._left[key] > 0:
            self._left[key] -= 1
        self._learn(record)

    def seconds(self) -> float | None:
        """Return the expected wall seconds left, None before anything is known of every method."""
        expected = self._expected()
        if expected is None:
            return None
        total = sum(one.seconds * count for one, count in expected)
        # the last of the runs are not shared out
        return max([total / self.workers, *(one.seconds for one, _ in expected)])

    def cpu_seconds(self) -> float | None:
        """Return the expected CPU seconds left, likewise."""
        expected = self._expected()
        if expected is None:
            return None
        return sum(one.cpu_seconds * count for one, count in expected)

    def peak_bytes(self) -> float | None:
        """Return the most memory that a worker is expected to hold, likewise."""
        expected = self._expected()
        if expected is None:
            return None
        return max((one.peak_bytes for one, _ in expected), default=0.0)

    def unknown(self) -> tuple[str, ...]:
        """Return the methods of which no run has been seen."""
        kinds = (kind for (kind, _), count in self._left.items() if count)
        return tuple(dict.fromkeys(kind.method for kind in kinds if kind not in self._seen))

    def _expected(self) -> list[tuple[Expected, int]] | None:
        left = [(kind, rows, count) for (kind, rows), count in self._left.items() if count]
        if any(kind not in self._seen for kind, _, _ in left):
            return None
        return [(self._run(kind, rows), count) for kind, rows, count in left]

    def _run(self, kind: _Kind, rows: int) -> Expected:
        sizes = self._seen[kind]
        nearest = min(sizes, key=lambda size: abs(math.log(size / rows)))
        one = sizes[nearest].scaled(rows / nearest)
        return Expected(min(one.seconds, self._timeout), one.cpu_seconds, one.peak_bytes)

    def _learn(self, record: RunRecord) -> None:
        if record.origin is not None:
            return  # another machine's time, or none at all
        cost, rows = record.cost, max(1, record.task.n_rows)
        seconds = cost.fit_seconds + cost.heldout_seconds + cost.score_seconds
        cpu = seconds if cost.cpu_seconds is None else cost.cpu_seconds
        base = cost.peak_rss_bytes if cost.base_rss_bytes is None else cost.base_rss_bytes
        kind = _Kind(record.method.name, record.preset)
        self._at(kind, rows).add(seconds, cpu, cost.peak_rss_bytes, base)
        if record.status == "ok":
            scoring = cost.score_seconds
            again = self._at(kind._replace(rescored=True), rows)
            again.add(scoring, scoring, cost.peak_rss_bytes, base)

    def _at(self, kind: _Kind, rows: int) -> _Seen:
        return self._seen[kind].setdefault(rows, _Seen())


def _job_key(job: Job) -> tuple[_Kind, int]:
    kind = _Kind(job.method.name, job.preset, job.stored is not None)
    return kind, max(1, job.task.card.n_rows)
