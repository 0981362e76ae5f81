"""What a worker of a cluster is told to do: a batch without its data, which travel apart."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from genearena.benchmark.records.record import MethodInfo
from genearena.benchmark.records.results import SealedVectors
from genearena.benchmark.run.evaluation.batches import Batch
from genearena.benchmark.run.evaluation.jobs import Job
from genearena.data.common.errors import StoreError
from genearena.data.tasks import TaskCard


@dataclass(frozen=True)
class Order:
    """The jobs of a batch: seeds of one method.

    Parameters
    ----------
    method, seeds, preset, metrics
        See `Job`.
    vectors
        Content of the file of vectors that are to be scored without training.
    sha256
        What it has to have; empty without vectors.
    """

    method: MethodInfo
    seeds: tuple[int, ...]
    preset: str
    metrics: tuple[str, ...]
    vectors: bytes | None = None
    sha256: str = ""

    def batch(self, task: TaskCard, stored: Path | None) -> Batch:
        """Return the jobs on a machine where the data, and the vectors if any, are stored."""
        vectors = None if stored is None else SealedVectors(stored, self.sha256)
        return Batch(
            tuple(
                Job(task, self.method, seed, self.preset, self.metrics, vectors)
                for seed in self.seeds
            )
        )


def order_of(batch: Batch) -> Order:
    """Return what a worker has to know of a batch.

    Raises
    ------
    StoreError
        If stored vectors cannot be read.
    """
    job = batch.jobs[0]
    seeds = tuple(each.seed for each in batch.jobs)
    if job.stored is None:
        return Order(job.method, seeds, job.preset, job.metrics)
    content, sha256 = _content(job.stored.path), job.stored.sha256
    return Order(job.method, seeds, job.preset, job.metrics, content, sha256)


def name_of(batch: Batch) -> str:
    """Return the batch's name in the cluster: the same for the same runs and metrics, only."""
    said = "\n".join((*(job.run_id for job in batch.jobs), *batch.jobs[0].metrics))
    return f"genearena-{batch.jobs[0].run_id}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def _content(stored: Path) -> bytes:
    try:
        return stored.read_bytes()
    except OSError as error:
        raise StoreError(f"cannot read {stored}: {error.strerror}") from error
