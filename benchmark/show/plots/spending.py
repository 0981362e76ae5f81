"""What every method gets and what it costs, over one task or several."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.summary import SECTIONS
from genearena.benchmark.records.record import RunRecord


@dataclass(frozen=True, eq=False)
class Spending:
    """One method over all tasks.

    Parameters
    ----------
    row
        The method on the first task.
    score
        Mean Avg Score.
    seconds
        Mean wall seconds of training a seed, None where no run's time was measured.
    megabytes
        What a run adds to the memory that its worker held before, on a GPU with the device's: the
        most over tasks of the medians over seeds; None where it was not measured.
    """

    row: Row
    score: float
    seconds: float | None
    megabytes: float | None


def spendings(boards: Sequence[Leaderboard]) -> tuple[list[Spending], list[str]]:
    """Return the methods that have an Avg Score on every task, best first, and the others' labels.

    Released variants and controls come after the methods.

    Parameters
    ----------
    boards
        Leaderboards of at least one task.
    """
    tables = [{row.label: row for row in board.rows} for board in boards]
    first: dict[str, Row] = {}
    for table in tables:
        first = {**table, **first}
    found, lacking = [], []
    for row in first.values():
        own = [table[row.label] for table in tables if row.label in table]
        scores = [one.avg_score for one in own if one.avg_score is not None]
        if len(scores) < len(boards):
            lacking.append(row.label)
            continue
        found.append(Spending(row, statistics.fmean(scores), _seconds(own), _megabytes(own)))
    return sorted(found, key=lambda one: (SECTIONS.index(one.row.section), -one.score)), lacking


def _seconds(rows: Sequence[Row]) -> float | None:
    means = []
    for row in rows:
        # no training takes no time at all: such a record was not measured
        values = [s for run in _measured(row) if (s := run.cost.seconds) > 0]
        if not values:
            return None
        means.append(statistics.fmean(values))
    return statistics.fmean(means)


def _megabytes(rows: Sequence[Row]) -> float | None:
    added = [row.added_rss_bytes for row in rows]
    known = [own + _gpu(row) for row, own in zip(rows, added, strict=True) if own is not None]
    return max(known) / 1e6 if len(known) == len(rows) else None


def _gpu(row: Row) -> int:
    return max(run.cost.peak_gpu_bytes or 0 for run in _measured(row))


def _measured(row: Row) -> Iterator[RunRecord]:
    return (run for run in row.runs.finished if run.measured)


def devices(boards: Sequence[Leaderboard]) -> list[str]:
    """Return what the measured runs were carried out on."""
    runs = (run for board in boards for row in board.rows for run in _measured(row))
    found = {run.environment.gpu or run.environment.cpu for run in runs}
    return sorted(found)
