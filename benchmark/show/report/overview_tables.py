"""The overall leaderboard: methods over tasks, and methods by metric over all tasks."""

from collections.abc import Sequence
from dataclasses import dataclass

from genearena.benchmark.compare.control_scale import FLOOR
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.compare.scores import task_headings
from genearena.benchmark.compare.summary import SECTIONS, Section
from genearena.benchmark.show.report.addresses import (
    ALL_TASKS,
    cell_address,
    row_address,
    task_address,
)
from genearena.benchmark.show.report.badges import badges
from genearena.benchmark.show.report.table import (
    VIEWS,
    ReportCell,
    ReportColumn,
    ReportRow,
    ReportTable,
    Shown,
)
from genearena.benchmark.show.report.values import average_value, mean_of_all, metric_value
from genearena.benchmark.show.tables.notes import View
from genearena.benchmark.show.tables.numbers import NOTHING, number
from genearena.benchmark.show.tables.overview import overview_sheet

AVERAGES: dict[View, tuple[str, str]] = {
    "raw": ("Avg Rank", "↓"),
    "minmax": ("Avg Score", "↑"),
    "control": ("Avg Gain", "↑"),
}
"""View -> heading and arrow of its average."""


@dataclass(frozen=True)
class _Method:
    """One method: its row on every task, None where it was not run."""

    rows: tuple[Row | None, ...]

    @property
    def known(self) -> list[Row]:
        return [row for row in self.rows if row is not None]

    @property
    def first(self) -> Row:
        return self.known[0]

    @property
    def section(self) -> Section:
        return max((row.section for row in self.known), key=SECTIONS.index)

    @property
    def competes(self) -> bool:
        return all(row.competes for row in self.known)


def overview_tables(boards: Sequence[Leaderboard]) -> tuple[ReportTable, ReportTable]:
    """Lay out averages by task, and means over tasks by metric."""
    methods = _methods(boards)
    return _by_task(boards, methods), _by_metric(boards, methods)


def _methods(boards: Sequence[Leaderboard]) -> list[_Method]:
    tables = [{row.label: row for row in board.rows} for board in boards]
    labels = dict.fromkeys(row.label for board in boards for row in board.rows)
    methods = [_Method(tuple(table.get(label) for table in tables)) for label in labels]
    return sorted(methods, key=lambda method: _standing(boards, method))


def _standing(boards: Sequence[Leaderboard], method: _Method) -> tuple[int, bool, float, float]:
    ranks, scores = (_mean(view, boards, method) for view in ("raw", "minmax"))
    section = SECTIONS.index(method.section)
    return section, scores is None, ranks or 0.0, -(scores or 0.0)


def _mean(view: View, boards: Sequence[Leaderboard], method: _Method) -> float | None:
    pairs = zip(boards, method.rows, strict=True)
    return mean_of_all([average_value(view, board, row) for board, row in pairs])


def _by_task(boards: Sequence[Leaderboard], methods: Sequence[_Method]) -> ReportTable:
    headings = task_headings(boards)
    columns = [
        ReportColumn(f"Mean {name}", "aggregate", dict.fromkeys(VIEWS, arrow))
        for name, arrow in AVERAGES.values()
    ]
    columns += [
        ReportColumn(heading, "scored", {view: arrow for view, (_, arrow) in AVERAGES.items()})
        for heading in headings
    ]
    columns += [ReportColumn(name, "coverage", dict.fromkeys(VIEWS, "")) for name in _COVERAGE]
    lines = [_mean_cells(view, boards, methods) for view in VIEWS]
    lines += [_task_cells(board, i, methods) for i, board in enumerate(boards)]
    lines += [
        [_runs_cell(method) for method in methods],
        [_missing_cell(headings, method) for method in methods],
    ]
    return ReportTable(
        key="/",
        caption={view: f"{name} on every task" for view, (name, _) in AVERAGES.items()},
        columns=tuple(columns),
        rows=_rows(methods, lines),
        notes=dict.fromkeys(VIEWS, _notes(boards)),
    )


_COVERAGE = ("Runs", "Missing")


def _notes(boards: Sequence[Leaderboard]) -> tuple[str, ...]:
    sheets = [overview_sheet(boards, what) for what in ("score", "rank")]
    return tuple(dict.fromkeys(note for sheet in sheets for note in sheet.notes))


def _mean_cells(
    view: View, boards: Sequence[Leaderboard], methods: Sequence[_Method]
) -> list[ReportCell]:
    values = [_mean(view, boards, method) for method in methods]
    shown = _shown(values, methods, lower=view == "raw")
    return [
        ReportCell(s, ALL_TASKS + row_address("", m.first))
        for s, m in zip(shown, methods, strict=True)
    ]


def _task_cells(board: Leaderboard, place: int, methods: Sequence[_Method]) -> list[ReportCell]:
    rows = [method.rows[place] for method in methods]
    shown = {
        view: _shown([average_value(view, board, r) for r in rows], methods, lower=view == "raw")
        for view in VIEWS
    }
    return [
        ReportCell(
            {view: shown[view][i] for view in VIEWS},
            "" if row is None else row_address(task_address(board.task), row),
            # who takes no rank would have a shaded dash
            strength=_unit(row.avg_score) if row is not None and row.competes else None,
            remark="not run on this task" if row is None else "",
        )
        for i, row in enumerate(rows)
    ]


def _shown(
    values: Sequence[float | None], methods: Sequence[_Method], *, lower: bool, digits: int = 2
) -> list[Shown]:
    known = [
        value
        for value, method in zip(values, methods, strict=True)
        if value is not None and method.competes
    ]
    best = (min if lower else max)(known) if known else None
    return [
        Shown(
            number(value, digits),
            best=method.competes and value is not None and value == best,
            order=value,
        )
        for value, method in zip(values, methods, strict=True)
    ]


def _unit(value: float | None) -> float | None:
    return None if value is None else min(max(value, 0.0), 1.0)


def _runs_cell(method: _Method) -> ReportCell:
    done = sum(len(row.runs.finished) for row in method.known)
    expected = sum(row.runs.expected for row in method.known)
    address = ALL_TASKS + row_address("", method.first)
    return ReportCell(Shown(f"{done}/{expected}", order=done / expected), address)


def _missing_cell(headings: Sequence[str], method: _Method) -> ReportCell:
    missing = [
        heading
        for heading, row in zip(headings, method.rows, strict=True)
        if row is None or row.avg_score is None
    ]
    text = "all" if len(missing) == len(headings) else ", ".join(missing)
    return ReportCell(Shown(text or NOTHING, order=float(len(missing))))


def _by_metric(boards: Sequence[Leaderboard], methods: Sequence[_Method]) -> ReportTable:
    everywhere = [
        metric for metric in boards[0].metrics if all(metric in b.metrics for b in boards)
    ]
    columns = [
        ReportColumn(
            metric.label,
            "scored" if metric.scored else "extra",
            {view: "↓" if view == "raw" and not metric.higher_is_better else "↑" for view in VIEWS},
        )
        for metric in everywhere
    ]
    lines = [_metric_cells(boards, methods, metric) for metric in everywhere]
    elsewhere = dict.fromkeys(
        metric.label for board in boards for metric in board.metrics if metric not in everywhere
    )
    notes = tuple(f"{label}: not on every task, no mean" for label in elsewhere)
    cut = f"Values below {FLOOR:g} count as {FLOOR:g}"
    return ReportTable(
        key="metrics",
        caption={
            "raw": "Mean over tasks of the means over seeds",
            "minmax": "Mean over tasks of the min-max scaled values",
            "control": "Mean over tasks of the control-scaled values",
        },
        columns=tuple(columns),
        rows=_rows(methods, lines),
        notes={"raw": notes, "minmax": notes, "control": (*notes, cut)},
    )


def _metric_cells(
    boards: Sequence[Leaderboard], methods: Sequence[_Method], metric: MetricColumn
) -> list[ReportCell]:
    means = {view: [_metric_mean(view, boards, m, metric) for m in methods] for view in VIEWS}
    shown = {
        view: _shown(values, methods, lower=view == "raw" and not metric.higher_is_better, digits=3)
        for view, values in means.items()
    }
    return [
        ReportCell(
            {view: shown[view][i] for view in VIEWS},
            cell_address(ALL_TASKS, method.first, metric),
            flagged=any(row.cells[metric.name].flags for row in method.known),
            strength=_unit(means["minmax"][i]),
        )
        for i, method in enumerate(methods)
    ]


def _metric_mean(
    view: View, boards: Sequence[Leaderboard], method: _Method, metric: MetricColumn
) -> float | None:
    values = [
        None if row is None else metric_value(view, board, row, metric)
        for board, row in zip(boards, method.rows, strict=True)
    ]
    if view == "control":
        values = [None if value is None else max(value, FLOOR) for value in values]
    return mean_of_all(values)


def _rows(
    methods: Sequence[_Method], lines: Sequence[Sequence[ReportCell]]
) -> tuple[ReportRow, ...]:
    return tuple(
        ReportRow(
            label=method.first.label,
            address=ALL_TASKS + row_address("", method.first),
            section=method.section,
            submitted=any(row.runs.origins for row in method.known),
            badges=badges(method.known),
            cells=tuple(line[i] for line in lines),
        )
        for i, method in enumerate(methods)
    )
