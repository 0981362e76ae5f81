"""What statistics start from: every run's scores of the methods that compete, task by task."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from genearena.benchmark.compare.aggregate import Bools, Floats, Ties, row_means, standings
from genearena.benchmark.compare.headline import headline_metrics, with_headline
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.compare.summary import usable_value
from genearena.data.common.errors import UsageError

Average = Literal["headline", "score", "rank"]
AVERAGES: Mapping[str, tuple[str, bool]] = {
    "headline": ("Headline", True),
    "score": ("Avg Score", True),
    "rank": ("Avg Rank", False),
}
"""name -> (heading, whether higher is better) of what is computed from several metrics."""
HEADLINE: tuple[Average, ...] = ("headline",)
PAPER: tuple[Average, ...] = ("score", "rank")


def average_named(name: str) -> Average | None:
    """Return the average of a name, None if it is that of a metric."""
    return next((average for average in (*HEADLINE, *PAPER) if average == name), None)


@dataclass(frozen=True, eq=False)
class Block:
    """One task: the unit of replication, with the seeds nested inside.

    Its `name` is the tissue, with its source where a tissue has several. `metrics` are those in
    the averages or, where one is asked for, that one; `means` (methods, metrics) are over seeds,
    NaN where there is none, of the values in `runs` (methods, metrics, seeds), padded with NaN.
    Of the headline `parts` (methods, metrics, seeds, data sets) are the values that records have of
    single data sets, by the seeds of the task, NaN where there is none.
    """

    name: str
    simulated: bool
    metrics: tuple[MetricColumn, ...]
    means: Floats
    runs: Floats
    parts: Floats | None = None

    @property
    def higher(self) -> Bools:
        """(metrics,) whether higher is better."""
        return np.array([m.higher_is_better for m in self.metrics], dtype=bool)

    def average(self, which: Average, ties: Ties) -> Floats:
        """(methods,) one of the averages of the task's leaderboard."""
        if which == "headline":
            return row_means(self.means, np.ones(len(self.metrics), dtype=bool))
        found = standings(self.means, higher=self.higher, ties=ties)
        return found.avg_rank if which == "rank" else found.avg_score


@dataclass(frozen=True, eq=False)
class Scores:
    """All tasks; methods are the same rows in each, in the order of first appearance.

    `kinds` are the averages that the metrics of the tasks make up.
    """

    methods: tuple[str, ...]
    blocks: tuple[Block, ...]
    ties: Ties
    kinds: tuple[Average, ...] = PAPER

    def averages(self, which: Average) -> Floats:
        """(blocks, methods) one of the averages, NaN where a method has none."""
        rows = [block.average(which, self.ties) for block in self.blocks]
        return np.array(rows).reshape(len(self.blocks), len(self.methods))

    def answered(self) -> "Scores":
        """Return the same without the tasks on which no method has an average."""
        known = np.asarray(~np.isnan(self.averages(self.kinds[0])).all(axis=1))
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


def read_scores(boards: Sequence[Leaderboard], by: str, *, everyone: bool = False) -> Scores:
    """Take the scores of competing methods, or of everyone, from leaderboards.

    Parameters
    ----------
    boards
        At least one leaderboard.
    by
        Name of an average, which takes its metrics, or of the one metric to look at.
    everyone
        Whether to take the rows that do not compete too.

    Raises
    ------
    UsageError
        If no leaderboard has that metric.
    """
    known = sorted({m.name for board in boards for m in board.metrics})
    if by not in (*AVERAGES, *known):
        raise UsageError(f"no results for metric '{by}'; there are {', '.join(known)}")
    tables = [{r.label: r for r in board.rows if everyone or r.competes} for board in boards]
    methods = tuple(dict.fromkeys(label for table in tables for label in table))
    blocks = tuple(
        _block(name, board, [table.get(label) for label in methods], by)
        for name, board, table in zip(task_headings(boards), boards, tables, strict=True)
    )
    return Scores(methods, blocks, boards[0].ties, HEADLINE if by == "headline" else PAPER)


def scores_of_metric(board: Leaderboard, metric: MetricColumn) -> Scores:
    """Return everyone's scores of one metric on one task, as if the headline asked it alone."""
    block = _block("", board, board.rows, metric.name)
    parts = _parts(board, board.rows, block.metrics)
    labels = tuple(row.label for row in board.rows)
    return Scores(labels, (replace(block, parts=parts),), board.ties, HEADLINE)


def leading_average(boards: Sequence[Leaderboard]) -> Average:
    """Return the average that orders methods: Avg Rank where no method has a headline."""
    return "headline" if with_headline(boards) else "rank"


def task_headings(boards: Sequence[Leaderboard]) -> tuple[str, ...]:
    """Return the tissue of every task, with its source where a tissue has several."""
    tissues = [board.task.tissue for board in boards]
    return tuple(
        board.task.label if tissues.count(board.task.tissue) > 1 else board.task.tissue
        for board in boards
    )


def _block(name: str, board: Leaderboard, rows: Sequence[Row | None], by: str) -> Block:
    metrics = _metrics(board, by)
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
    parts = _parts(board, rows, metrics) if by == "headline" else None
    return Block(name, board.task.simulated, tuple(metrics), means, runs, parts)


def _metrics(board: Leaderboard, by: str) -> Sequence[MetricColumn]:
    if by == "headline":
        return headline_metrics(board)
    return [m for m in board.metrics if (m.scored if by in AVERAGES else m.name == by)]


def _parts(
    board: Leaderboard, rows: Sequence[Row | None], metrics: Sequence[MetricColumn]
) -> Floats:
    n_graphs = board.task.n_graphs
    parts = np.full((len(rows), len(metrics), len(board.seeds), n_graphs), np.nan)
    for i, row in enumerate(rows):
        for run in row.runs.finished if row else ():
            for j, m in enumerate(metrics):
                result = run.metrics.get(m.name)
                # records may come from elsewhere, and say anything
                if result and usable_value(result) is not None and len(result.parts) == n_graphs:
                    parts[i, j, board.seeds.index(run.seed)] = result.parts
    return np.where(np.isfinite(parts), parts, np.nan)


def compare_by(scores: Scores, by: str) -> Compared:
    """Take one number per task and method, and leave out the methods that lack it somewhere.

    `scores` are what `read_scores` gave of the same.
    """
    which = average_named(by)
    if which:
        label, higher = AVERAGES[which]
        values = scores.averages(which)
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
