"""The leaderboard of one task as a table of the page, all views in one."""

from collections.abc import Iterator, Sequence

from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.show.report.addresses import cell_address, row_address, task_address
from genearena.benchmark.show.report.badges import badges
from genearena.benchmark.show.report.table import (
    VIEWS,
    ReportCell,
    ReportColumn,
    ReportRow,
    ReportTable,
    Shown,
)
from genearena.benchmark.show.report.values import metric_value
from genearena.benchmark.show.tables.control_view import GAIN_NOTE
from genearena.benchmark.show.tables.notes import View, notes, subtitle
from genearena.benchmark.show.tables.sheet import Column, Entry
from genearena.benchmark.show.tables.task_sheet import task_sheet


def task_table(board: Leaderboard) -> ReportTable:
    """Lay out a task's leaderboard; texts are those of `task_sheet`, numbers to sort by in full."""
    address = task_address(board.task)
    columns, lines = zip(*_columns(board, address), strict=True)
    rows = tuple(
        ReportRow(
            label=row.label,
            address=row_address(address, row),
            section=row.section,
            submitted=bool(row.runs.origins),
            badges=badges([row]),
            cells=tuple(line[i] for line in lines),
        )
        for i, row in enumerate(board.rows)
    )
    return ReportTable(
        key=address,
        caption=dict.fromkeys(VIEWS, subtitle(board)),
        columns=columns,
        rows=rows,
        notes={view: _notes(board, view) for view in VIEWS},
    )


def _notes(board: Leaderboard, view: View) -> tuple[str, ...]:
    # the three averages stand in every view
    return notes(board, view) if view == "control" else (*notes(board, view), GAIN_NOTE)


def _columns(board: Leaderboard, address: str) -> Iterator[tuple[ReportColumn, list[ReportCell]]]:
    sheets = {view: task_sheet(board, view=view) for view in VIEWS}
    by_view = {
        view: [column for column in sheet.columns if column.group in ("scored", "extra")]
        for view, sheet in sheets.items()
    }
    metrics = list(zip(board.metrics, *by_view.values(), strict=True))
    rest = [c for c in sheets["control"].columns if c.group not in ("scored", "extra")]
    # the averages first, where narrow screens show them; rank before score before gain
    for column in reversed([c for c in rest if c.group == "aggregate"]):
        yield _same_in_all_views(board.rows, address, column)
    for metric, *columns in metrics:
        yield _metric(board, address, metric, columns)
    for column in rest:
        if column.group != "aggregate":
            yield _same_in_all_views(board.rows, address, column)


def _metric(
    board: Leaderboard, address: str, metric: MetricColumn, columns: Sequence[Column]
) -> tuple[ReportColumn, list[ReportCell]]:
    control = board.unbeaten_control(metric)
    remark = f"no method beats {control.label}, a control" if control else ""
    heading = ReportColumn(
        heading=metric.label,
        group=columns[0].group,
        arrow={view: column.arrow for view, column in zip(VIEWS, columns, strict=True)},
        flagged=control is not None,
        remark=remark,
    )
    cells = []
    for i, row in enumerate(board.rows):
        shown = {
            view: _shown(column.entries[i], metric_value(view, board, row, metric))
            for view, column in zip(VIEWS, columns, strict=True)
        }
        cells.append(
            ReportCell(
                shown=shown,
                address=cell_address(address, row, metric),
                flagged=bool(row.cells[metric.name].flags),
                remark=_remark(row, metric),
                strength=_strength(row.scaled[metric.name]),
                rank=row.ranks[metric.name],
            )
        )
    return heading, cells


def _shown(entry: Entry, order: float | None) -> Shown:
    return Shown(entry.text, entry.spread, entry.best, order)


def _remark(row: Row, metric: MetricColumn) -> str:
    cell = row.cells[metric.name]
    return "; ".join(f"{text} ({count} runs)" for text, count in (*cell.flags, *cell.problems))


def _strength(scaled: float | None) -> float | None:
    # rows that do not compete may lie outside the range
    return None if scaled is None else min(max(scaled, 0.0), 1.0)


def _same_in_all_views(
    rows: Sequence[Row], address: str, column: Column
) -> tuple[ReportColumn, list[ReportCell]]:
    heading = ReportColumn(
        column.heading,
        column.group,
        dict.fromkeys(VIEWS, column.arrow),
        remark=column.remark,
    )
    cells = [
        ReportCell(_shown(entry, order), row_address(address, row))
        for entry, order, row in zip(column.entries, column.values, rows, strict=True)
    ]
    return heading, cells
