"""The leaderboard of one task: a row per method, and what holds for the table as a whole."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from genearena.benchmark.compare.aggregate import Ties
from genearena.benchmark.compare.metric_columns import ACROSS, MetricColumn
from genearena.benchmark.compare.summary import Cell, MethodRuns, Section
from genearena.benchmark.records.record import TaskInfo
from genearena.methods.registry import UNREDUCED


@dataclass(frozen=True, eq=False)
class Row:
    """One method on one task, under a `label` that is unique within the task.

    Cells, scaled values and ranks are by metric name, the latter None where there is none. Averages
    are means over the scored metrics, None unless the method has them all; a rank only where the
    row competes. `company` names all methods of the results but controls, the one with the oldest
    record first.
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
        Competing methods by Avg Rank and Avg Score, then those without; those with too few seeds
        and released variants by Avg Score; controls.
    metrics
        Columns, scored metrics first, in the order of the registry.
    left_out, constant
        Metric label -> why no method has a value; labels of metrics on which all competing methods
        agree, which count for nothing.
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
        return self._bests[metric.name]

    @cached_property
    def _bests(self) -> Mapping[str, float | None]:
        competing = [row for row in self.rows if row.competes]
        rows = {metric.name: _best(competing, metric) for metric in self.metrics}
        return {name: None if row is None else row.cells[name].mean for name, row in rows.items()}

    def best_control(self, metric: MetricColumn) -> Row | None:
        """Return the best control; one that knows the truth or was merged does not count.

        Nor does one that holds the graphs themselves, but where donors are compared: what a graph
        says of its own edges no reduction of it need beat.
        """
        return self._best_controls[metric.name]

    @cached_property
    def _best_controls(self) -> Mapping[str, Row | None]:
        return {metric.name: self._best_control(metric) for metric in self.metrics}

    def _best_control(self, metric: MetricColumn) -> Row | None:
        controls = [row for row in self.rows if row.control]
        if metric.name not in ACROSS:
            controls = [row for row in controls if row.runs.method.name not in UNREDUCED]
        apart = [row for row in controls if not (row.runs.upper_bound or row.runs.outside)]
        return _best(apart, metric)

    def unbeaten_control(self, metric: MetricColumn) -> Row | None:
        """Return the best control if no competing method is better than it, else None.

        Where all methods agree the metric says nothing of them, nor does the control.
        """
        best, control = self.best(metric), self.best_control(metric)
        if metric.label in self.constant or best is None or control is None:
            return None
        level = control.cells[metric.name].mean or 0.0
        beaten = best > level if metric.higher_is_better else best < level
        return None if beaten else control


def _best(rows: Sequence[Row], metric: MetricColumn) -> Row | None:
    """Return the row with the best mean, the first of equals; None if none has a mean."""
    means = [(row.cells[metric.name].mean, row) for row in rows]
    sign = 1 if metric.higher_is_better else -1
    known = [(sign * mean, row) for mean, row in means if mean is not None]
    return max(known, key=lambda pair: pair[0])[1] if known else None
