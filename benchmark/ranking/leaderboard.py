"""Build the leaderboard of every task from stored records."""

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from genearena.benchmark.collector import paused_collector
from genearena.benchmark.ranking.aggregate import Floats, Ties, standings
from genearena.benchmark.ranking.metric_columns import (
    MetricColumn,
    metric_columns,
    registry_position,
)
from genearena.benchmark.ranking.summary import (
    SECTIONS,
    Cell,
    MethodKey,
    MethodRuns,
    Section,
    gather,
    label_methods,
)
from genearena.benchmark.store.records import RunRecord, TaskInfo
from genearena.data.errors import UsageError
from genearena.methods.registry import METHODS


@dataclass(frozen=True, eq=False)
class Row:
    """One method on one task.

    Parameters
    ----------
    label
        Name in tables, unique within the task.
    runs
        The runs behind the numbers.
    cells, scaled, ranks
        By metric name; scaled value and rank are None where there is none.
    avg_score, avg_rank
        Means over the scored metrics, None unless the method has them all; a rank only where the
        row competes.
    company
        Names of all methods of the results, the one with the oldest record first.
    """

    label: str
    runs: MethodRuns
    cells: Mapping[str, Cell]
    scaled: Mapping[str, float | None]
    ranks: Mapping[str, float | None]
    avg_score: float | None
    avg_rank: float | None
    company: tuple[str, ...]

    @property
    def title(self) -> str:
        """Label as tables print it, marked where runs were not made here."""
        return f"{self.label} §" if self.runs.origins else self.label

    @property
    def control(self) -> bool:
        """Whether the row is a control."""
        return self.runs.control

    @property
    def section(self) -> Section:
        """Part of the table the row belongs to."""
        return self.runs.section

    @property
    def competes(self) -> bool:
        """Whether the row sets ranges and takes a rank."""
        return self.section == "methods"


@dataclass(frozen=True, eq=False)
class Leaderboard:
    """The methods of one task, best first, then released variants, then controls.

    Parameters
    ----------
    task
        The data.
    rows
        Competing methods by Avg Rank and Avg Score, then those without; released variants by Avg
        Score; controls.
    metrics
        Columns, scored metrics first, in the order of the registry.
    left_out
        Metric label -> why no method has a value.
    constant
        Labels of metrics on which all competing methods agree.
    older_data
        Number of records of the same tissue and source made from other data.
    ties
        How equal values were ranked.
    """

    task: TaskInfo
    rows: tuple[Row, ...]
    metrics: tuple[MetricColumn, ...]
    left_out: Mapping[str, str]
    constant: tuple[str, ...]
    older_data: int
    ties: Ties

    @cached_property
    def seeds(self) -> tuple[int, ...]:
        """Seeds of any run."""
        return tuple(sorted({run.seed for row in self.rows for run in row.runs.runs}))

    @cached_property
    def presets(self) -> tuple[str, ...]:
        """Presets of any run."""
        return tuple(sorted({p for row in self.rows for p in row.runs.presets}))

    def best(self, metric: MetricColumn) -> float | None:
        """Return the best mean of the competing methods."""
        means = [self._mean(row, metric) for row in self.rows if row.competes]
        return _best([m for m in means if m is not None], metric)

    def best_control(self, metric: MetricColumn) -> Row | None:
        """Return the best control; one that knows the truth does not count."""
        controls = [
            row
            for row in self.rows
            if row.control and not row.runs.upper_bound and self._mean(row, metric) is not None
        ]
        sign = 1 if metric.higher_is_better else -1
        return max(controls, key=lambda row: sign * (self._mean(row, metric) or 0.0), default=None)

    def unbeaten_control(self, metric: MetricColumn) -> Row | None:
        """Return the best control if no competing method is better than it, else None."""
        best, strongest = self.best(metric), self.best_control(metric)
        if best is None or strongest is None:
            return None
        sign = 1 if metric.higher_is_better else -1
        beaten = sign * best > sign * (self._mean(strongest, metric) or 0.0)
        return None if beaten else strongest

    @staticmethod
    def _mean(row: Row, metric: MetricColumn) -> float | None:
        return row.cells[metric.name].mean


def _best(values: Sequence[float], metric: MetricColumn) -> float | None:
    if not values:
        return None
    return max(values) if metric.higher_is_better else min(values)


@paused_collector()
def build_leaderboards(
    records: Iterable[RunRecord],
    *,
    tissues: Sequence[str] = (),
    sources: Sequence[str] = (),
    preset: str | None = None,
    ties: Ties = "average",
) -> tuple[Leaderboard, ...]:
    """Build one leaderboard per tissue and source, in alphabetical order.

    Parameters
    ----------
    records
        Stored runs, in any order.
    tissues, sources, preset
        What to keep; empty or None keeps all.
    ties
        Rank of equal values, ``average`` or ``min``.

    Raises
    ------
    UsageError
        If a tissue, source or preset has no record.
    """
    kept = list(records)
    company = _by_age(kept)
    kept = _keep(kept, "tissue", tissues, lambda r: r.task.tissue)
    kept = _keep(kept, "source", sources, lambda r: r.task.source)
    kept = _keep(kept, "preset", [preset] if preset else [], lambda r: r.preset)
    by_task: dict[tuple[str, str], list[RunRecord]] = {}
    for record in kept:
        by_task.setdefault((record.task.tissue, record.task.source), []).append(record)
    groups = [by_task[task] for task in sorted(by_task)]
    current = [_newest_data(group) for group in groups]
    labels = label_methods(record for group in current for record in group)
    return tuple(
        _build(group, labels, company, len(everything) - len(group), ties)
        for group, everything in zip(current, groups, strict=True)
    )


def _keep(
    records: list[RunRecord], what: str, wanted: Sequence[str], of: Callable[[RunRecord], str]
) -> list[RunRecord]:
    present = sorted({of(record) for record in records})
    for name in wanted:
        if name not in present:
            near = difflib.get_close_matches(name, present)
            hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(present)}"
            raise UsageError(f"no results for {what} '{name}'; {hint}")
    return [record for record in records if not wanted or of(record) in wanted]


def _by_age(records: Sequence[RunRecord]) -> tuple[str, ...]:
    ordered = sorted((record.created, record.method.name) for record in records)
    return tuple(dict.fromkeys(name for _, name in ordered))


def _newest_data(records: list[RunRecord]) -> list[RunRecord]:
    newest = max(records, key=lambda r: (r.created, r.task.fingerprint)).task.fingerprint
    return [record for record in records if record.task.fingerprint == newest]


def _build(
    records: list[RunRecord],
    labels: Mapping[MethodKey, str],
    company: tuple[str, ...],
    older: int,
    ties: Ties,
) -> Leaderboard:
    methods = sorted(gather(records), key=lambda runs: _table_order(runs, labels))
    columns = metric_columns(records)
    cells = [{c.name: runs.cell(c.name) for c in columns} for runs in methods]
    shown = [c for c in columns if any(row[c.name].n for row in cells)]
    competes = np.array([runs.section == "methods" for runs in methods], dtype=bool)
    result = standings(
        _means(cells, shown),
        higher=np.array([c.higher_is_better for c in shown], dtype=bool),
        scored=np.array([c.scored for c in shown], dtype=bool),
        competes=competes,
        ties=ties,
    )
    names = [c.name for c in shown]
    rows = [
        Row(
            label=labels[runs.key],
            runs=runs,
            cells=cells[i],
            scaled=dict(zip(names, map(_or_none, result.scaled[i]), strict=True)),
            ranks=dict(zip(names, map(_or_none, result.ranks[i]), strict=True)),
            avg_score=_or_none(result.avg_score[i]),
            avg_rank=_or_none(result.avg_rank[i]),
            company=company,
        )
        for i, runs in enumerate(methods)
    ]
    left_out = {c.label: _why_left_out(cells, c) for c in columns if c not in shown}
    constant = [c.label for c, same in zip(shown, result.constant, strict=True) if same]
    return Leaderboard(
        task=records[0].task,
        rows=tuple(sorted(rows, key=_standing)),
        metrics=tuple(shown),
        left_out=left_out,
        constant=tuple(constant),
        older_data=older,
        ties=ties,
    )


def _means(cells: Sequence[Mapping[str, Cell]], columns: Sequence[MetricColumn]) -> Floats:
    means = [[row[c.name].mean for c in columns] for row in cells]
    table = np.array([[np.nan if m is None else m for m in row] for row in means])
    return table.reshape(len(cells), len(columns))


def _standing(row: Row) -> tuple[int, bool, float, float]:
    # sorted() is stable, so that ties keep the order of the registry
    section = SECTIONS.index(row.section)
    if row.control:
        return section, False, 0.0, 0.0
    return section, row.avg_score is None, row.avg_rank or 0.0, -(row.avg_score or 0.0)


def _table_order(runs: MethodRuns, labels: Mapping[MethodKey, str]) -> tuple[int, str]:
    return registry_position(METHODS.names, runs.key.name), labels[runs.key]


def _why_left_out(cells: Sequence[Mapping[str, Cell]], column: MetricColumn) -> str:
    reasons = sorted({text for row in cells for text, _ in row[column.name].problems})
    return "; ".join(reasons) or "no run finished"


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
