"""How a run ended and what it gave: what workers hand to whoever keeps the records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from genearena.benchmark.records.record import Cost, Environment, MetricResult, Status
from genearena.data.common.one_line import LONGEST, LONGEST_TRACEBACK, shortened

Fault = Literal["method", "infrastructure"]


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
