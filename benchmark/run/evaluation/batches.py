"""Put jobs that can train as one into batches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from genearena.benchmark.records.declared import declared_method
from genearena.benchmark.run.evaluation.jobs import Job


@dataclass(frozen=True)
class Batch:
    """Jobs for one worker; several only if they differ in nothing but the seed."""

    jobs: tuple[Job, ...]


def make_batches(jobs: Sequence[Job], size: int) -> tuple[Batch, ...]:
    """Group seeds of one task and method, `size` at most, in order of their first jobs.

    Jobs whose vectors are stored, and those of methods that cannot train several seeds as one,
    stay alone.
    """
    if size == 1:
        return tuple(Batch((job,)) for job in jobs)
    groups: dict[object, list[Job]] = {}
    for job in jobs:
        groups.setdefault(_companions(job), []).append(job)
    return tuple(Batch(part) for group in groups.values() for part in _parts(group, size))


def _companions(job: Job) -> object:
    if job.stored is not None or not _batchable(job):
        return job.run_id
    card = job.task
    return card.fingerprint, card.source, job.method.name, job.preset, job.metrics


def _batchable(job: Job) -> bool:
    return declared_method(job.method.name, job.preset, job.method.params["dim"]).batchable


def _parts(jobs: Sequence[Job], size: int) -> Iterable[tuple[Job, ...]]:
    for start in range(0, len(jobs), size):
        yield tuple(jobs[start : start + size])
