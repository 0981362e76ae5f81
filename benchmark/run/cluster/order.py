"""What a worker of a cluster is told to do: a job without its data, which travel apart."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from genearena.benchmark.records.record import MethodInfo
from genearena.benchmark.records.results import SealedVectors
from genearena.benchmark.run.evaluation.jobs import Job
from genearena.data.common.errors import StoreError
from genearena.data.tasks import TaskCard


@dataclass(frozen=True)
class Order:
    """A job without its data.

    Parameters
    ----------
    method, seed, preset, metrics
        See `Job`.
    vectors
        Content of the file of vectors that are to be scored without training.
    sha256
        What it has to have; empty without vectors.
    """

    method: MethodInfo
    seed: int
    preset: str
    metrics: tuple[str, ...]
    vectors: bytes | None = None
    sha256: str = ""

    def job(self, task: TaskCard, stored: Path | None) -> Job:
        """Return the job on a machine where the data, and the vectors if any, are stored."""
        vectors = None if stored is None else SealedVectors(stored, self.sha256)
        return Job(task, self.method, self.seed, self.preset, self.metrics, vectors)


def order_of(job: Job) -> Order:
    """Return what a worker has to know of a job.

    Raises
    ------
    StoreError
        If stored vectors cannot be read.
    """
    if job.stored is None:
        return Order(job.method, job.seed, job.preset, job.metrics)
    content, sha256 = _content(job.stored.path), job.stored.sha256
    return Order(job.method, job.seed, job.preset, job.metrics, content, sha256)


def name_of(job: Job) -> str:
    """Return the job's name in the cluster: the same for the same run and metrics, only."""
    said = "\n".join((job.run_id, *job.metrics))
    return f"genearena-{job.run_id}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def _content(stored: Path) -> bytes:
    try:
        return stored.read_bytes()
    except OSError as error:
        raise StoreError(f"cannot read {stored}: {error.strerror}") from error
