"""The leaderboard of one task: a row per method, and what holds for the table as a whole."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from genearena.benchmark.compare.aggregate import Ties
from genearena.benchmark.compare.metric_columns import (
    MetricColumn,
)
from genearena.benchmark.compare.summary import (
    Cell,
    MethodRuns,
    Section,
)
from genearena.benchmark.records.record import TaskInfo


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
        Names of all methods of the results but controls, the one with the oldest record first.
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
    def added_rss_bytes(self) -> int | None:
        """Median of the memory that runs added, None where none was measured.

        Not the greatest: the first run of a worker loads libraries that the next ones find there.
        """
        runs = (run for run in self.runs.finished if run.measured)
        added = [run.cost.added_rss_bytes for run in runs]
        known = [n_bytes for n_bytes in added if n_bytes is not None]
        return round(statistics.median(known)) if known else None

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
        Labels of metrics on which all competing methods agree, which count for nothing.
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
        """Return the best control; one that knows the truth or was merged does not count."""
        controls = [
            row
            for row in self.rows
            if row.control
            and not (row.runs.upper_bound or row.runs.outside)
            and self._mean(row, metric) is not None
        ]
        sign = 1 if metric.higher_is_better else -1
        return max(controls, key=lambda row: sign * (self._mean(row, metric) or 0.0), default=None)

    def unbeaten_control(self, metric: MetricColumn) -> Row | None:
        """Return the best control if no competing method is better than it, else None.

        Where all methods agree the metric says nothing of them, nor does the control.
        """
        if metric.label in self.constant:
            return None
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
