"""What statistics start from: every run's scores of the methods that compete, task by task."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from genearena.benchmark.compare.aggregate import Bools, Floats, Standings, Ties, standings
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.compare.summary import usable_value
from genearena.data.common.errors import UsageError

Average = Literal["rank", "score"]
AVERAGES: Mapping[str, tuple[str, bool]] = {
    "rank": ("Avg Rank", False),
    "score": ("Avg Score", True),
}
"""name -> (heading, whether higher is better) of what is computed from all scored metrics."""


@dataclass(frozen=True, eq=False)
class Block:
    """One task: the unit of replication, with the seeds nested inside.

    Its `name` is the tissue, with its source where a tissue has several. `metrics` are those in
    the averages or, where one is asked for, that one; `means` (methods, metrics) are over seeds,
    NaN where there is none, of the values in `runs` (methods, metrics, seeds), padded with NaN.
    """

    name: str
    simulated: bool
    metrics: tuple[MetricColumn, ...]
    means: Floats
    runs: Floats

    @property
    def higher(self) -> Bools:
        """(metrics,) whether higher is better."""
        return np.array([m.higher_is_better for m in self.metrics], dtype=bool)

    def standings(self, ties: Ties) -> Standings:
        """Return the numbers of the task's leaderboard."""
        return standings(self.means, higher=self.higher, ties=ties)


@dataclass(frozen=True, eq=False)
class Scores:
    """All tasks; methods are the same rows in each, in the order of first appearance."""

    methods: tuple[str, ...]
    blocks: tuple[Block, ...]
    ties: Ties

    def averages(self, which: Average) -> Floats:
        """(blocks, methods) Avg Score or Avg Rank, NaN where a method has none."""
        results = [block.standings(self.ties) for block in self.blocks]
        rows = [r.avg_rank if which == "rank" else r.avg_score for r in results]
        return np.array(rows).reshape(len(self.blocks), len(self.methods))

    def answered(self) -> "Scores":
        """Return the same without the tasks on which no method has an average."""
        known = np.asarray(~np.isnan(self.averages("score")).all(axis=1))
        return replace(self, blocks=tuple(b for b, k in zip(self.blocks, known, strict=True) if k))


@dataclass(frozen=True, eq=False)
class Compared:
    """One number (`label`) per task and method, for the methods that have it on every task.

    `values` is (blocks, methods) without NaN. `missing` says of each method left out on which tasks
    it has no number, `left_out` on which tasks no method has one.
    """

    label: str
    higher_is_better: bool
    methods: tuple[str, ...]
    blocks: tuple[str, ...]
    values: Floats
    missing: Mapping[str, tuple[str, ...]]
    left_out: tuple[str, ...]


def read_scores(boards: Sequence[Leaderboard], metric: str | None = None) -> Scores:
    """Take the scores of competing methods from leaderboards.

    Parameters
    ----------
    boards
        At least one leaderboard.
    metric
        Registered name of the one metric to look at; None takes those in the averages.

    Raises
    ------
    UsageError
        If no leaderboard has that metric.
    """
    known = sorted({m.name for board in boards for m in board.metrics})
    if metric is not None and metric not in known:
        raise UsageError(f"no results for metric '{metric}'; there are {', '.join(known)}")
    tables = [{row.label: row for row in board.rows if row.competes} for board in boards]
    methods = tuple(dict.fromkeys(label for table in tables for label in table))
    blocks = tuple(
        _block(name, board, [table.get(label) for label in methods], metric)
        for name, board, table in zip(task_headings(boards), boards, tables, strict=True)
    )
    return Scores(methods, blocks, boards[0].ties)


def task_headings(boards: Sequence[Leaderboard]) -> tuple[str, ...]:
    """Return the tissue of every task, with its source where a tissue has several."""
    tissues = [board.task.tissue for board in boards]
    return tuple(
        board.task.label if tissues.count(board.task.tissue) > 1 else board.task.tissue
        for board in boards
    )


def _block(name: str, board: Leaderboard, rows: Sequence[Row | None], metric: str | None) -> Block:
    metrics = [m for m in board.metrics if (m.scored if metric is None else m.name == metric)]
    width = max((len(row.runs.finished) for row in rows if row), default=0)
    means = np.full((len(rows), len(metrics)), np.nan)
    runs = np.full((len(rows), len(metrics), width), np.nan)
    for i, row in enumerate(rows):
        if row is None:
            continue
        for j, m in enumerate(metrics):
            values = [usable_value(run.metrics.get(m.name)) for run in row.runs.finished]
            runs[i, j, : len(values)] = [np.nan if v is None else v for v in values]
            mean = row.cells[m.name].mean
            means[i, j] = np.nan if mean is None else mean
    return Block(name, board.task.simulated, tuple(metrics), means, runs)


def compare_by(scores: Scores, by: str) -> Compared:
    """Take one number per task and method, and leave out the methods that lack it somewhere.

    `scores` are what `read_scores` gave, with ``metric=by`` unless `by` is ``rank`` or ``score``.
    """
    if by in AVERAGES:
        label, higher = AVERAGES[by]
        values = scores.averages("rank" if by == "rank" else "score")
    else:
        column = next(m for block in scores.blocks for m in block.metrics)
        label, higher = column.label, column.higher_is_better
        nothing = np.full((len(scores.methods), 1), np.nan)
        columns = [b.means if b.metrics else nothing for b in scores.blocks]
        values = np.hstack(columns).T
    absent = np.isnan(values)
    used = np.asarray(~absent.all(axis=1))
    whole = np.asarray(~absent[used].any(axis=0) & used.any())
    names = [block.name for block in scores.blocks]
    return Compared(
        label=label,
        higher_is_better=higher,
        methods=tuple(m for m, w in zip(scores.methods, whole, strict=True) if w),
        blocks=tuple(n for n, u in zip(names, used, strict=True) if u),
        values=values[np.ix_(used, whole)],
        missing={
            method: tuple(n for n, u, a in zip(names, used, absent[:, i], strict=True) if u and a)
            for i, method in enumerate(scores.methods)
            if not whole[i]
        },
        left_out=tuple(n for n, u in zip(names, used, strict=True) if not u),
    )
