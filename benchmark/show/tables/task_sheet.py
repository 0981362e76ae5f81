"""The leaderboard of one task as a sheet."""

from collections.abc import Iterable, Sequence

from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.show.tables.control_view import control_entries, gain_column
from genearena.benchmark.show.tables.notes import View, headline, notes, subtitle
from genearena.benchmark.show.tables.numbers import (
    NOT_MEASURED,
    NOTHING,
    duration,
    number,
    share,
    size,
)
from genearena.benchmark.show.tables.sheet import Column, Entry, Sheet
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
    extra = [m for m in board.metrics if not m.scored]
    columns = [_metric_column(board, m, view) for m in board.metrics if m.scored]
    columns += [gain_column(board)] if view == "control" else []
    columns += _aggregates(board.rows)
    columns += [_metric_column(board, m, view) for m in extra]
    columns += _coverage(board.rows)
    return Sheet(
        title=headline(board),
        subtitle=subtitle(board),
        key=file_name(board.task.tissue, board.task.source),
        labels=tuple(row.title for row in board.rows),
        sections=tuple(row.section for row in board.rows),
        columns=tuple(columns + (_costs(board.rows) if cost else [])),
        notes=notes(board, view) + (COST_NOTES if cost else ()),
    )


def _metric_column(board: Leaderboard, metric: MetricColumn, view: View) -> Column:
    return Column(
        heading=metric.label,
        group="scored" if metric.scored else "extra",
        entries=control_entries(board, metric)
        if view == "control"
        else tuple(_metric_entry(board, row, metric, view) for row in board.rows),
        arrow="↑" if metric.higher_is_better or view != "raw" else "↓",
        flagged=board.unbeaten_control(metric) is not None,
    )


def _metric_entry(board: Leaderboard, row: Row, metric: MetricColumn, view: View) -> Entry:
    cell = row.cells[metric.name]
    best = cell.mean is not None and row.competes and cell.mean == board.best(metric)
    if view == "minmax":
        return Entry(number(row.scaled[metric.name]), "", best, bool(cell.flags))
    spread = "" if cell.sd is None else number(cell.sd)
    return Entry(number(cell.mean), spread, best, bool(cell.flags))


def _aggregates(rows: Sequence[Row]) -> list[Column]:
    scores = [row.avg_score for row in rows]
    ranks = [row.avg_rank for row in rows]
    competing = [row.avg_score for row in rows if row.competes and row.avg_score is not None]
    top = max(competing, default=None)
    first = min((rank for rank in ranks if rank is not None), default=None)
    return [
        Column(
            "Avg Score",
            "aggregate",
            tuple(
                Entry(number(s), best=s is not None and s == top and row.competes)
                for s, row in zip(scores, rows, strict=True)
            ),
            arrow="↑",
            values=tuple(scores),
            remark="mean of the min-max scaled values of the scored metrics, whatever the view",
        ),
        Column(
            "Avg Rank",
            "aggregate",
            tuple(Entry(number(r, 2), best=r is not None and r == first) for r in ranks),
            arrow="↓",
            values=tuple(ranks),
            remark="mean rank over the scored metrics, whatever the view",
        ),
    ]


def _coverage(rows: Sequence[Row]) -> list[Column]:
    finished = tuple(len(row.runs.finished) / row.runs.expected for row in rows)
    genes = [row.runs.mean(lambda run: run.gene_coverage) for row in rows]
    return [
        Column("Runs", "coverage", tuple(Entry(_runs(row)) for row in rows), values=finished),
        Column("Genes", "coverage", tuple(Entry(share(g)) for g in genes), values=tuple(genes)),
    ]


def _costs(rows: Sequence[Row]) -> list[Column]:
    seconds = [row.runs.mean(lambda r: r.cost.seconds if r.measured else None) for row in rows]
    memory = [row.added_rss_bytes for row in rows]
    gpu = [_most(run.cost.peak_gpu_bytes for run in row.runs.finished) for row in rows]
    columns = [
        _cost("Training time", [duration(s) for s in seconds], seconds),
        _cost(
            "Memory added", [_added(row, b) for row, b in zip(rows, memory, strict=True)], memory
        ),
    ]
    if any(b is not None for b in gpu):
        columns.append(_cost("GPU memory", [size(b) for b in gpu], gpu))
    return columns


def _cost(heading: str, texts: Sequence[str], values: Sequence[float | None]) -> Column:
    return Column(heading, "cost", tuple(map(Entry, texts)), values=tuple(values))


def _most(values: Iterable[int | None]) -> int | None:
    return max((value for value in values if value is not None), default=None)


def _added(row: Row, n_bytes: int | None) -> str:
    if n_bytes is None:
        return NOT_MEASURED if any(run.measured for run in row.runs.finished) else NOTHING
    # a run that added nothing was measured all the same
    return size(max(n_bytes, 1))


def _runs(row: Row) -> str:
    return f"{len(row.runs.finished)}/{row.runs.expected}"
