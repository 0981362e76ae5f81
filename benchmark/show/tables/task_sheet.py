"""The leaderboard of one task as a sheet, in each of its views."""

from collections.abc import Iterator, Sequence

from genearena.benchmark.compare.control_scale import (
    FLOOR,
    ControlScale,
    average_gain,
    control_scale,
)
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.show.tables.notes import headline, notes, subtitle
from genearena.benchmark.show.tables.numbers import (
    NOT_MEASURED,
    NOTHING,
    duration,
    number,
    share,
    size,
)
from genearena.benchmark.show.tables.sheet import Column, Entry, Sheet, View, column_of, marked
from genearena.data.common.file_names import file_name

COST_NOTES = (
    "Memory added: peak of training and scoring less what the process held before, median "
    "over seeds",
)


def task_sheet(board: Leaderboard, *, view: View = "raw", cost: bool = True) -> Sheet:
    """Lay out the leaderboard of one task.

    Parameters
    ----------
    board
        The leaderboard.
    view
        ``raw`` means with standard deviations, ``minmax`` scaled to 0-1 over the methods, or
        ``control`` scaled from the best control to the metric's optimum.
    cost
        Whether to show time and memory.
    """
    metrics = {m.name: metric_column(board, m, view) for m in board.metrics}
    columns = [
        *(metrics[m.name] for m in board.metrics if m.scored),
        *averages(board, gain=view == "control"),
        *(metrics[m.name] for m in board.metrics if not m.scored),
        *coverage(board.rows),
        *(costs(board.rows) if cost else ()),
    ]
    return Sheet(
        title=headline(board),
        subtitle=subtitle(board),
        key=file_name(board.task.tissue, board.task.source),
        labels=tuple(row.title for row in board.rows),
        sections=tuple(row.section for row in board.rows),
        columns=tuple(columns),
        notes=notes(board, view) + (COST_NOTES if cost else ()),
    )


def metric_column(board: Leaderboard, metric: MetricColumn, view: View) -> Column:
    """Return the column of one metric."""
    control = board.unbeaten_control(metric)
    return Column(
        heading=metric.label,
        group="scored" if metric.scored else "extra",
        entries=tuple(_metric_entry(board, row, metric, view) for row in board.rows),
        arrow="↑" if metric.higher_is_better or view != "raw" else "↓",
        flagged=control is not None,
        remark=f"no method beats {control.label}, a control" if control else "",
    )


def metric_value(view: View, board: Leaderboard, row: Row, metric: MetricColumn) -> float | None:
    """Return a method's number on one metric of one task, None if the view has none."""
    if view == "minmax":
        return row.scaled[metric.name]
    mean = row.cells[metric.name].mean
    if view == "raw" or mean is None:
        return mean
    scale = control_scale(board, metric)
    return scale.of(mean) if isinstance(scale, ControlScale) else None


def unit(value: float | None) -> float | None:
    """Cut a scaled value to 0-1: rows that do not compete may lie outside."""
    return None if value is None else min(max(value, 0.0), 1.0)


def _metric_entry(board: Leaderboard, row: Row, metric: MetricColumn, view: View) -> Entry:
    cell, value = row.cells[metric.name], metric_value(view, board, row, metric)
    cut = view == "control" and value is not None and value < FLOOR
    remarks = (f"{text} ({count} runs)" for text, count in (*cell.flags, *cell.problems))
    return Entry(
        f"<{FLOOR:g}" if cut else number(value),
        number(cell.sd) if view == "raw" and cell.sd is not None else "",
        best=cell.mean is not None and row.competes and cell.mean == board.best(metric),
        flagged=bool(cell.flags),
        value=value,
        remark="; ".join(remarks),
        shade=unit(row.scaled[metric.name]),
        rank=row.ranks[metric.name],
        sd=cell.sd if view == "raw" else None,
    )


def averages(board: Leaderboard, *, gain: bool) -> Iterator[Column]:
    """Yield the columns of the paper's averages, and of Avg Gain if wanted."""
    rows, competes = board.rows, [row.competes for row in board.rows]
    if gain:
        gains = marked([average_gain(board, row) for row in rows], competes)
        remark = "mean of the control-scaled values of the scored metrics, whatever the view"
        yield Column("Avg Gain", "aggregate", gains, "↑", remark=remark)
    scores = marked([row.avg_score for row in rows], competes)
    remark = "mean of the min-max scaled values of the scored metrics, whatever the view"
    yield Column("Avg Score", "aggregate", scores, "↑", remark=remark)
    ranks = marked([row.avg_rank for row in rows], competes, lower=True, digits=2)
    remark = "mean rank over the scored metrics, whatever the view"
    yield Column("Avg Rank", "aggregate", ranks, "↓", remark=remark)


def coverage(rows: Sequence[Row]) -> Iterator[Column]:
    """Yield the columns of what was run, and of how many genes have vectors."""
    runs = [f"{len(row.runs.finished)}/{row.runs.expected}" for row in rows]
    finished = [len(row.runs.finished) / row.runs.expected for row in rows]
    genes = [row.runs.mean(lambda run: run.gene_coverage) for row in rows]
    yield column_of("Runs", runs, group="coverage", values=finished)
    yield column_of("Genes", map(share, genes), group="coverage", values=genes)


def costs(rows: Sequence[Row]) -> Iterator[Column]:
    """Yield the columns of time and memory."""
    seconds = [row.runs.mean(lambda r: r.cost.seconds if r.measured else None) for row in rows]
    yield column_of("Training time", map(duration, seconds), group="cost", values=seconds)
    memory = [row.added_rss_bytes for row in rows]
    yield column_of("Memory added", map(_added, rows), group="cost", values=memory)
    gpu = [_gpu_bytes(row) for row in rows]
    if any(n_bytes is not None for n_bytes in gpu):
        yield column_of("GPU memory", map(size, gpu), group="cost", values=gpu)


def _gpu_bytes(row: Row) -> int | None:
    used = (run.cost.peak_gpu_bytes for run in row.runs.finished)
    return max((n_bytes for n_bytes in used if n_bytes is not None), default=None)


def _added(row: Row) -> str:
    if row.added_rss_bytes is None:
        return NOT_MEASURED if any(run.measured for run in row.runs.finished) else NOTHING
    # a run that added nothing was measured all the same
    return size(max(row.added_rss_bytes, 1))
