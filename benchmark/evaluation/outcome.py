"""How a run ended and what it gave: what workers hand to whoever keeps the records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from genearena.benchmark.store.records import Cost, Environment, MetricResult, Status

Fault = Literal["method", "infrastructure"]


@dataclass(frozen=True, eq=False)
class Outcome:
    """The end of a run.

    Parameters
    ----------
    status, reason, traceback, metrics, gene_coverage, cost
        As they stand in the record.
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
