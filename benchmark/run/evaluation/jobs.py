"""What a run is: the identity of a job and what a worker needs to carry it out."""

from dataclasses import dataclass

from genearena.benchmark.records.identity import run_id
from genearena.benchmark.records.record import MethodInfo
from genearena.benchmark.records.results import SealedVectors
from genearena.benchmark.run.evaluation.seeds import derive_seed
from genearena.data.tasks import TaskCard


@dataclass(frozen=True)
class Job:
    """One run: a method with its parameters on one task with one seed.

    Parameters
    ----------
    task
        Data to embed.
    method
        Registered name and declarations; `params` holds dim and everything but the seed.
    seed
        Number of the repeat; the method's own seed derives from it.
    preset
        Name of the preset the parameters come from.
    metrics
        Metrics to compute.
    stored
        Vectors of an earlier run of the same identity, to be scored without training.
    """

    task: TaskCard
    method: MethodInfo
    seed: int
    preset: str
    metrics: tuple[str, ...]
    stored: SealedVectors | None = None

    @property
    def run_id(self) -> str:
        """Readable name ending in 16 hex digits of the SHA-256 of everything that matters."""
        return run_id(self.task, self.method, self.seed, self.preset)

    def derive_seed(self, *purpose: str) -> int:
        """Derive a seed for one of the run's purposes from its task and repeat."""
        return derive_seed(self.seed, f"{self.task.tissue}/{self.task.source}", *purpose)
