"""Whether the ``fast`` and the ``paper`` preset rank methods alike."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from genearena.benchmark.compare.aggregate import standings
from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.records.record import RunRecord, TaskInfo
from genearena.data.common.errors import UsageError
from genearena.methods.base import PRESETS


@dataclass(frozen=True)
class Outcomes:
    """What one preset gives on one task, by the name of the method.

    `means` are those of the scored metrics over so many `seeds`, in the order of the metrics,
    `scores` and `ranks` Avg Score and Avg Rank among the methods compared.
    """

    seeds: int
    means: Mapping[str, Sequence[float]]
    scores: Mapping[str, float]
    ranks: Mapping[str, float]


@dataclass(frozen=True)
class Agreement:
    """Scored metrics and outcomes by preset on one task, all of the same methods."""

    task: TaskInfo
    metrics: tuple[MetricColumn, ...]
    outcomes: Mapping[str, Outcomes]

    @property
    def methods(self) -> list[str]:
        """Methods, best first under the ``paper`` preset."""
        return sorted(self.outcomes["paper"].ranks, key=lambda m: self.outcomes["paper"].ranks[m])


def agreements(records: Sequence[RunRecord], tissues: Sequence[str] = ()) -> list[Agreement]:
    """Compare the presets on every task, of all tissues or some, that has runs under both.

    Raises
    ------
    UsageError
        If no task has competing methods with all scored metrics under both presets.
    """
    boards = {
        preset: {
            (board.task.tissue, board.task.source): board
            for board in build_leaderboards(records, tissues=tissues, preset=preset)
        }
        for preset in PRESETS
        if any(record.preset == preset for record in records)
    }
    shared = set.intersection(*map(set, boards.values())) if len(boards) == len(PRESETS) else set()
    pairs = [{preset: boards[preset][task] for preset in PRESETS} for task in sorted(shared)]
    found = [agreement for pair in pairs if (agreement := _agreement(pair))]
    if not found:
        raise UsageError(
            "no task has three methods run under both presets; run 'bench run' with "
            "--preset fast and with --preset paper into one folder"
        )
    return found


def _agreement(boards: Mapping[str, Leaderboard]) -> Agreement | None:
    rows = {preset: _complete(board) for preset, board in boards.items()}
    methods = sorted(set.intersection(*map(set, rows.values())))
    if len(methods) < 3:
        return None
    metrics = tuple(metric for metric in boards["paper"].metrics if metric.scored)
    outcomes = {
        preset: _outcomes([rows[preset][name] for name in methods], methods, metrics)
        for preset in boards
    }
    return Agreement(boards["paper"].task, metrics, outcomes)


def _complete(board: Leaderboard) -> dict[str, Row]:
    return {
        row.runs.method.name: row
        for row in board.rows
        if row.competes and row.avg_score is not None
    }


def _outcomes(
    rows: Sequence[Row], methods: Sequence[str], metrics: Sequence[MetricColumn]
) -> Outcomes:
    means = np.array([[row.cells[m.name].mean for m in metrics] for row in rows], dtype=float)
    # ranked anew among the methods both presets have
    stood = standings(means, higher=np.array([metric.higher_is_better for metric in metrics]))
    return Outcomes(
        min(len(row.runs.finished) for row in rows),
        dict(zip(methods, means.tolist(), strict=True)),
        dict(zip(methods, stood.avg_score.tolist(), strict=True)),
        dict(zip(methods, stood.avg_rank.tolist(), strict=True)),
    )


def correlation(agreements: Sequence[Agreement], what: str) -> float:
    """Return Spearman's correlation between the two presets' orders of methods.

    `what` is ``scores`` or ``ranks``. Of several tasks the values are averaged per method first,
    and methods that not all tasks have are left out; NaN if fewer than three are left.
    """
    from scipy.stats import spearmanr

    shared = set.intersection(*(set(agreement.methods) for agreement in agreements))
    if len(shared) < 3:
        return math.nan
    overall = [
        [
            math.fsum(getattr(agreement.outcomes[preset], what)[name] for agreement in agreements)
            for name in sorted(shared)
        ]
        for preset in PRESETS
    ]
    return float(spearmanr(*overall).statistic)
