"""The record of one run: what was run, how it ended, what it scored and what it cost."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.dataclasses import dataclass

from genearena.data.common.line_field import Line, Lines

SCHEMA_VERSION: Literal[6] = 6
"""Raised with every change of a field; `migrations.py` then gets a step."""

FileName = Annotated[str, StringConstraints(pattern=r"^[^/\\\x00-\x1f]+$")]
"""Part of a file's name: it cannot lead out of its folder."""

Status = Literal["ok", "failed", "timeout", "oom", "skipped"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TaskInfo(_Frozen):
    """The data of a run: a tissue's graphs from one source."""

    tissue: Line
    source: Line
    fingerprint: Line
    simulated: bool
    n_graphs: int
    n_rows: int

    @property
    def label(self) -> str:
        """Name of the task in tables."""
        return f"{self.tissue} ({self.source})"


class MethodInfo(_Frozen):
    """The method of a run, with every parameter but the seed.

    `files` are the paths of parameters that are files; records hold only what identifies these.
    """

    name: Line
    version: Line
    params: dict[str, Any]
    control: bool
    variant: Line = "faithful"
    origin: Line
    trained_on: Line
    needs: tuple[str, ...]
    deterministic: bool
    files: dict[str, str] = Field(default_factory=dict, exclude=True, repr=False)


# no model: the set of given fields that a model keeps would be most of the memory of 100 000 runs
@dataclass(frozen=True, slots=True, kw_only=True, config=ConfigDict(extra="forbid"))
class MetricResult:
    """One metric's answer, with what a table needs to read it, and the version that gave it.

    `parts` are the values of single data sets in the order of the graphs, None where one cannot be
    scored; empty where the metric has none.
    """

    label: Line
    status: Literal["ok", "not_defined", "failed"] = "ok"
    value: float | None = None
    flag: Line = ""
    higher_is_better: bool = True
    scored: bool = False
    version: Line = "1"
    parts: tuple[float | None, ...] = ()


class Cost(_Frozen):
    """What a run took; seconds are wall-clock unless they say CPU.

    `heldout_seconds` are those of the second training, which goes without one donor (up to version
    0.2 without a tenth of the edges).

    Memory is the peak of this run's stretch of its worker's life, children included;
    `base_rss_bytes` is what the worker held before the run began. Only earlier records tell
    `energy_joules`. Where several seeds were trained together, as up to version 0.1,
    `seeds_together` says how many, and seconds and joules are an equal share of the batch's.
    """

    fit_seconds: float = 0.0
    heldout_seconds: float = 0.0
    score_seconds: float = 0.0
    cpu_seconds: float | None = None
    peak_rss_bytes: int = 0
    base_rss_bytes: int | None = None
    peak_gpu_bytes: int | None = None
    energy_joules: float | None = None
    n_parameters: int = 0
    seeds_together: int = 1

    @property
    def seconds(self) -> float:
        """Wall seconds of training on the full graphs and embedding."""
        return self.fit_seconds

    @property
    def added_rss_bytes(self) -> int | None:
        """What the run itself took of memory: the peak less what its worker held before.

        None where that was not measured.
        """
        if self.base_rss_bytes is None or not self.peak_rss_bytes:
            return None
        return max(self.peak_rss_bytes - self.base_rss_bytes, 0)


class Environment(_Frozen):
    """Where a run took place."""

    python: str
    platform: str
    cpu: str
    cores: int
    packages: dict[str, str]
    git_commit: str | None = None
    device: str = "cpu"
    gpu: str | None = None
    threads: int = 1


class Origin(_Frozen):
    """Where a run comes from that was not made here.

    `by` says who made it; `file` and `sha256` are those of the vectors handed in. A run counts
    as `data_stated` if it says which data it was made from, and they are the local ones.
    """

    kind: Literal["submitted", "merged"]
    by: Line
    file: Line = ""
    sha256: Line = ""
    data_stated: bool = True

    @property
    def text(self) -> str:
        """What tables say of it."""
        how = "submitted by" if self.kind == "submitted" else "merged from"
        return f"{how} {self.by}" + ("" if self.data_stated else ", data not stated")


class RunRecord(_Frozen):
    """Everything known about one run of one method on one task with one seed.

    `gene_coverage` is the share of gene rows that got a non-zero vector; `embedding` is the
    file name of the vectors beside the record, None if the run has none, and `embedding_sha256`
    seals its content (None in records of schema 1). `origin` is None for runs made here;
    `attempts` counts how often a run was begun, because a machine may fail it. `seal` is that of
    all other fields; see `seal_of`. Tables call the method by `label` where there is one.
    """

    schema_version: Literal[6] = SCHEMA_VERSION
    run_id: FileName
    suite_version: Line
    task: TaskInfo
    method: MethodInfo
    seed: int
    preset: Line
    label: Line = ""
    status: Status
    reason: Line = ""
    traceback: Lines = ""
    metrics: dict[Line, MetricResult] = {}
    gene_coverage: float | None = None
    cost: Cost = Cost()
    environment: Environment
    created: Line
    embedding: FileName | None = None
    embedding_sha256: str | None = None
    origin: Origin | None = None
    attempts: int = 1
    seal: str | None = None

    @property
    def measured(self) -> bool:
        """Whether time and memory are those of the training, not of scoring alone."""
        return self.origin is None or (self.origin.kind == "merged" and not self.origin.file)


def is_merged(record: RunRecord) -> bool:
    """Return whether a run was taken over from another folder."""
    return record.origin is not None and record.origin.kind == "merged"
