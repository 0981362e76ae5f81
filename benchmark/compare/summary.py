"""Gather the runs of every method on a task: means over seeds, what failed, what it cost."""

import json
import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, get_args

from genearena.benchmark.records.record import (
    MethodInfo,
    MetricResult,
    RunRecord,
    Status,
    is_merged,
)

REASON_WIDTH = 120

Section = Literal["methods", "unfinished", "released", "merged", "unstated", "controls"]
"""Parts of a table: what competes, the same with too few seeds finished, the same as published
scripts run it, runs merged from elsewhere beside those made here, vectors that do not say which
data they were made from, and controls."""
SECTIONS: tuple[Section, ...] = get_args(Section)
ENOUGH = 0.5
"""Share of a method's runs that must finish for it to compete; runs not asked for are no fault."""


@dataclass(frozen=True, order=True)
class MethodKey:
    """What puts two runs into one row: the method's name, version, parameters, provider, and place.

    Runs made here have no place; what others made stands in rows of its own, so that nobody's
    records change another's numbers.
    """

    name: str
    version: str
    params: str
    origin: str
    place: str = ""

    @classmethod
    def of(cls, record: RunRecord) -> "MethodKey":
        """Return the key of a run."""
        method, params = record.method, json.dumps(record.method.params, sort_keys=True)
        place = record.origin.text if record.origin else ""
        return cls(method.name, method.version, params, method.origin, place)


@dataclass(frozen=True)
class Cell:
    """One metric of one method over its seeds.

    Mean and sample standard deviation (n - 1) are over the `n` runs with a value, None without.
    `flags` are (remark, number of runs) of values not to be taken at face value, `problems`
    (reason, number of runs) of finished runs without a value.
    """

    mean: float | None
    sd: float | None
    n: int
    flags: tuple[tuple[str, int], ...]
    problems: tuple[tuple[str, int], ...]


@dataclass(frozen=True, eq=False)
class MethodRuns:
    """All runs of one method on one task, one per seed and in this order.

    `expected` is the number of seeds seen on the task under the presets of these runs, at their
    place; `beside_own` tells whether methods that ran here compete in the same table.
    """

    key: MethodKey
    runs: tuple[RunRecord, ...]
    expected: int
    beside_own: bool = False

    @property
    def method(self) -> MethodInfo:
        """Declarations of the method."""
        return self.runs[0].method

    @property
    def name(self) -> str:
        """What tables call the method: the label of its newest run, if it has one."""
        newest = max(self.runs, key=lambda run: (run.created, run.run_id))
        return newest.label or self.method.name

    @property
    def control(self) -> bool:
        """Whether this is a control."""
        return self.method.control

    @cached_property
    def section(self) -> Section:
        """Part of the table the method belongs to; only those of the first part compete."""
        if self.control:
            return "controls"
        # they may come from other data, or from the edges that others have hidden from them
        if any(run.origin and not run.origin.data_stated for run in self.runs):
            return "unstated"
        if self.outside:
            return "merged"
        if self.method.variant != "faithful":
            return "released"
        # what finished nothing has no number that could set a range
        few = 0 < len(self.finished) < ENOUGH * len(self.runs)
        return "unfinished" if few else "methods"

    @property
    def outside(self) -> bool:
        """Whether these are merged runs that may change nothing in a table of runs made here."""
        return self.beside_own and is_merged(self.runs[0])

    @property
    def origins(self) -> tuple[str, ...]:
        """Where runs come from that were not made here."""
        return tuple(sorted({run.origin.text for run in self.runs if run.origin}))

    @property
    def upper_bound(self) -> bool:
        """Whether this is a control that knows the truth, so that nobody need beat it."""
        return self.control and "truth" in self.method.needs

    @property
    def presets(self) -> tuple[str, ...]:
        """Presets the runs were asked for under."""
        return tuple(sorted({run.preset for run in self.runs}))

    @cached_property
    def finished(self) -> tuple[RunRecord, ...]:
        """Runs that ended well."""
        return tuple(run for run in self.runs if run.status == "ok")

    @property
    def statuses(self) -> Mapping[Status, int]:
        """Number of runs by how they ended."""
        return Counter(run.status for run in self.runs)

    @property
    def missing(self) -> int:
        """Number of expected seeds without any record."""
        return self.expected - len(self.runs)

    @property
    def failures(self) -> tuple[tuple[str, int], ...]:
        """(status: reason, number of runs) of runs that did not end well, commonest first."""
        bad = (run for run in self.runs if run.status != "ok")
        return _counted(f"{run.status}: {_short(run.reason)}" for run in bad)

    def mean(self, quantity: Callable[[RunRecord], float | None]) -> float | None:
        """Return the mean of a quantity over the finished runs that have it."""
        values = [v for v in map(quantity, self.finished) if v is not None]
        return statistics.fmean(values) if values else None

    def cell(self, metric: str, version: str = "1") -> Cell:
        """Summarize one metric over the seeds; values of another than `version` are remarked on."""
        results = [run.metrics.get(metric) for run in self.finished]
        known = [(r, v) for r in results if r and (v := usable_value(r)) is not None]
        values = [value for _, value in known]
        return Cell(
            mean=statistics.fmean(values) if values else None,
            sd=_sd(values),
            n=len(values),
            flags=_counted(text for r, _ in known for text in _remarks(r, version)),
            problems=_counted(_problem(r) for r in results if usable_value(r) is None),
        )


def _sd(values: Sequence[float]) -> float | None:
    """Return the sample standard deviation, the same in any order of the values.

    `statistics.stdev` gives the same to the last bits; its fractions take ten times as long.
    """
    if len(values) < 2:
        return None
    if min(values) == max(values):  # their mean may be off by a bit
        return 0.0
    mean = statistics.fmean(values)
    return math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (len(values) - 1))


def usable_value(result: MetricResult | None) -> float | None:
    """Return the number a metric gave, None if there is none or it is not finite."""
    if result is None or result.status != "ok" or result.value is None:
        return None
    return result.value if math.isfinite(result.value) else None


def _problem(result: MetricResult | None) -> str:
    if result is None:
        return "not computed"
    kind = {"not_defined": "not defined", "failed": "failed", "ok": "no finite value"}
    text = kind[result.status]
    return f"{text}: {_short(result.flag)}" if result.flag else text


def _remarks(result: MetricResult, version: str) -> Iterator[str]:
    if result.flag:
        yield result.flag
    if result.version != version:
        yield (
            f"computed by version {result.version} of the metric, which is at {version}: "
            "'bench run' scores the vectors again"
        )


def own_or_all(records: Sequence[RunRecord]) -> Sequence[RunRecord]:
    """Return the runs that were made or scored here, all if none was.

    They alone decide what a table is of: its data and its metrics.
    """
    return [record for record in records if not is_merged(record)] or records


def _short(text: str) -> str:
    line = " ".join(text.split()) or "no reason given"
    return line if len(line) <= REASON_WIDTH else line[: REASON_WIDTH - 1] + "…"


def _counted(texts: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(texts).items(), key=lambda item: (-item[1], item[0])))


def gather(records: Sequence[RunRecord]) -> tuple[MethodRuns, ...]:
    """Group the records of one task by method, parameters, version and place.

    Two records of one method and seed (under two presets with equal parameters) are one run: the
    newer counts.
    """
    seeds: dict[tuple[str, str], set[int]] = {}
    groups: dict[MethodKey, dict[int, RunRecord]] = {}
    presets: dict[MethodKey, set[str]] = {}
    for record in sorted(records, key=lambda r: (r.created, r.run_id)):
        key = MethodKey.of(record)
        seeds.setdefault((key.place, record.preset), set()).add(record.seed)
        groups.setdefault(key, {})[record.seed] = record
        presets.setdefault(key, set()).add(record.preset)
    rows = tuple(
        MethodRuns(
            key,
            tuple(runs[seed] for seed in sorted(runs)),
            len(set().union(*(seeds[key.place, preset] for preset in presets[key]))),
        )
        for key, runs in sorted(groups.items())
    )
    here = (r for r in rows if r.section in ("methods", "unfinished"))
    own = any(r.finished and not is_merged(r.runs[0]) for r in here)
    return tuple(replace(row, beside_own=own) for row in rows)
