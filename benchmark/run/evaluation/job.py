"""What a run is, and how it ended: what workers are given, and what they give."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from genearena.benchmark.records.identity import run_id
from genearena.benchmark.records.record import Cost, Environment, MethodInfo, MetricResult, Status
from genearena.benchmark.records.results import SealedVectors
from genearena.data.common.one_line import LONGEST, LONGEST_TRACEBACK, shortened
from genearena.data.tasks import TaskCard

Fault = Literal["method", "infrastructure"]


def derive_seed(*parts: str | int) -> int:
    """Derive a seed from what it is for, never from when or beside what it is used.

    It is the first 31 bits of the SHA-256 of parts such as (3, "lung/simulated", "gae", "fit").
    """
    digest = hashlib.sha256("\0".join(str(part) for part in parts).encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


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
    label
        What tables call it, empty for the method's own name.
    stored
        Vectors of an earlier run of the same identity, to be scored without training.
    validation
        Whether the method is judged by hidden edges instead; see `evaluation.validation`. No run's
        seeds derive from the same numbers.
    timeout
        Wall seconds after which it is killed; None for what the workers' resources say.
    """

    task: TaskCard
    method: MethodInfo
    seed: int
    preset: str
    metrics: tuple[str, ...]
    label: str = ""
    stored: SealedVectors | None = None
    validation: bool = False
    timeout: float | None = None

    @property
    def name(self) -> str:
        """What messages call its method."""
        return self.label or self.method.name

    @property
    def run_id(self) -> str:
        """Readable name ending in 16 hex digits of the SHA-256 of everything that matters."""
        return run_id(self.task, self.method, self.seed, self.preset)

    def derive_seed(self, *purpose: str) -> int:
        """Derive a seed for one of the run's purposes from its task and repeat."""
        kind = ("validation",) if self.validation else ()
        return derive_seed(self.seed, f"{self.task.tissue}/{self.task.source}", *kind, *purpose)


@dataclass(frozen=True, eq=False)
class Outcome:
    """The end of a run.

    Parameters
    ----------
    status, reason, traceback, metrics, gene_coverage, cost
        As they stand in the record; of long texts the beginning and the end are kept.
    embedding
        Content of an h5ad file.
    fault
        Who is to blame if the run did not end well: the method, whose result that then is, or
        the machine it ran on, which says nothing about the method.
    environment
        Where the run took place; None if the caller knows.
    """

    status: Status
    reason: str = ""
    traceback: str = ""
    metrics: Mapping[str, MetricResult] = field(default_factory=dict)
    gene_coverage: float | None = None
    cost: Cost = field(default_factory=Cost)
    embedding: bytes | None = None
    fault: Fault = "method"
    environment: Environment | None = None

    def __post_init__(self) -> None:
        # whoever wrote the method wrote these texts too: what is kept of them has a limit
        object.__setattr__(self, "reason", shortened(self.reason, LONGEST))
        object.__setattr__(self, "traceback", shortened(self.traceback, LONGEST_TRACEBACK))
