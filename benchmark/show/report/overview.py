"""The tables of the page over all tasks: averages by task, and means by metric."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from genearena.benchmark.compare.bootstrap import headline_places
from genearena.benchmark.compare.control_scale import FLOOR, average_gain
from genearena.benchmark.compare.headline import with_headline
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.compare.scores import (
    AVERAGES,
    PAPER,
    Average,
    leading_average,
    task_headings,
)
from genearena.benchmark.compare.summary import SECTIONS
from genearena.benchmark.show.report.addresses import (
    ALL_TASKS,
    cell_address,
    row_address,
    task_address,
)
from genearena.benchmark.show.report.badges import badges
from genearena.benchmark.show.report.tables import PageColumn, PageRow, PageTable, alike
from genearena.benchmark.show.tables.headline_sheet import (
    interval_column,
    rank_column,
)
from genearena.benchmark.show.tables.numbers import NOTHING, mean_of_all
from genearena.benchmark.show.tables.overview import (
    MethodRows,
    average_of,
    methods_over,
    overview_sheet,
)
from genearena.benchmark.show.tables.sheet import VIEWS, Column, Group, View, column_of, marked
from genearena.benchmark.show.tables.task_sheet import metric_value, unit

Shown = Average | Literal["gain"]


def overview_tables(boards: Sequence[Leaderboard]) -> tuple[PageTable, PageTable]:
    """Lay out averages by task, and means over tasks by metric."""
    methods = sorted(methods_over(boards), key=lambda method: _standing(boards, method))
    rows = [
        PageRow(
            method.label,
            ALL_TASKS + row_address("", method.first),
            method.section,
            any(row.runs.origins for row in method.known),
            badges(method.known),
        )
        for method in methods
    ]
    return _by_task(boards, methods, rows), _by_metric(boards, methods, rows)


def _of_view(boards: Sequence[Leaderboard]) -> dict[View, Shown]:
    """Return the average that stands for each view: of raw values the headline, if there is one."""
    return {"raw": leading_average(boards), "minmax": "score", "control": "gain"}


def _heading(what: Shown) -> tuple[str, str]:
    label, higher = ("Avg Gain", True) if what == "gain" else AVERAGES[what]
    return label, "↑" if higher else "↓"


def average_value(what: Shown, board: Leaderboard, row: Row | None) -> float | None:
    """Return an average of a row, if it has one."""
    if row is None:
        return None
    return average_gain(board, row) if what == "gain" else average_of(board, row, what)


def _mean(what: Shown, boards: Sequence[Leaderboard], method: MethodRows) -> float | None:
    asked = with_headline(boards) if what == "headline" else boards
    pairs = zip(boards, method.rows, strict=True)
    return mean_of_all([average_value(what, board, row) for board, row in pairs if board in asked])


def _standing(
    boards: Sequence[Leaderboard], method: MethodRows
) -> tuple[int, bool, float, float, float]:
    leading = leading_average(boards)
    first, ranks, scores = (_mean(what, boards, method) for what in (leading, "rank", "score"))
    lacking = scores if leading == "rank" else first
    return (
        SECTIONS.index(method.section),
        lacking is None,
        -(first or 0.0) if leading == "headline" else 0.0,
        ranks or 0.0,
        -(scores or 0.0),
    )


def _by_task(
    boards: Sequence[Leaderboard], methods: Sequence[MethodRows], rows: Sequence[PageRow]
) -> PageTable:
    headings, links = task_headings(boards), [row.address for row in rows]
    competes = [method.competes for method in methods]
    columns, of_view = [], _of_view(boards)
    labels, places = [method.label for method in methods], headline_places(boards)
    for what in dict.fromkeys((of_view["raw"], "rank", "score", "gain")):
        name, arrow = _heading(what)
        means = [_mean(what, boards, method) for method in methods]
        entries = marked(means, competes, lower=arrow == "↓", digits=2)
        columns.append(alike(Column(f"Mean {name}", "aggregate", entries, arrow), links))
    if places:
        columns.insert(0, alike(rank_column(labels, places), links))
        columns.insert(2, alike(interval_column(labels, places), links))
    for place, (board, heading) in enumerate(zip(boards, headings, strict=True)):
        own = [method.rows[place] for method in methods]
        columns.append(_task_column(of_view, board, heading, own, competes))
    columns.append(alike(_runs_column(methods), links))
    columns.append(alike(_missing_column(boards, methods), [""] * len(rows)))
    averages: list[Average] = ["headline"] if places else []
    sheets = [overview_sheet(boards, what) for what in (*averages, *PAPER)]
    foot = tuple(dict.fromkeys(note for sheet in sheets for note in sheet.notes))
    return PageTable(
        key="/",
        caption={view: f"{_heading(what)[0]} on every task" for view, what in of_view.items()},
        columns=columns,
        rows=rows,
        notes=dict.fromkeys(VIEWS, foot),
    )


def _runs_column(methods: Sequence[MethodRows]) -> Column:
    done = [sum(len(row.runs.finished) for row in method.known) for method in methods]
    expected = [sum(row.runs.expected for row in method.known) for method in methods]
    pairs = list(zip(done, expected, strict=True))
    texts = (f"{n}/{of}" for n, of in pairs)
    return column_of("Runs", texts, group="coverage", values=[n / of for n, of in pairs])


def _missing_column(boards: Sequence[Leaderboard], methods: Sequence[MethodRows]) -> Column:
    # Avg Rank is that of competing methods alone
    asked = with_headline(boards)
    what: Average = "headline" if asked else "score"
    named = dict(zip(task_headings(boards), boards, strict=True))
    headings = [name for name, board in named.items() if board in (asked or boards)]
    missing = [
        [
            name
            for name, average in zip(named, method.averages(what), strict=True)
            if average is None and name in headings
        ]
        for method in methods
    ]
    texts = ("all" if len(own) == len(headings) else ", ".join(own) or NOTHING for own in missing)
    counts = [float(len(own)) for own in missing]
    return column_of("Missing", texts, group="coverage", values=counts)


def _task_column(
    of_view: Mapping[View, Shown],
    board: Leaderboard,
    heading: str,
    rows: Sequence[Row | None],
    competes: Sequence[bool],
) -> PageColumn:
    views: dict[str, Column] = {}
    leading: Shown = "score" if of_view["raw"] == "rank" else of_view["raw"]
    shades = [unit(average_value(leading, board, row)) for row in rows]
    for view, what in of_view.items():
        _, arrow = _heading(what)
        values = [average_value(what, board, row) for row in rows]
        entries = marked(values, competes, lower=arrow == "↓", digits=2)
        told = (
            replace(
                entry,
                # who takes no rank would have a shaded dash
                shade=shade if row is not None and row.competes else None,
                remark="not run on this task" if row is None else "",
            )
            for entry, row, shade in zip(entries, rows, shades, strict=True)
        )
        views[view] = Column(heading, "scored", tuple(told), arrow)
    address = task_address(board.task)
    return PageColumn(views, ["" if row is None else row_address(address, row) for row in rows])


def _by_metric(
    boards: Sequence[Leaderboard], methods: Sequence[MethodRows], rows: Sequence[PageRow]
) -> PageTable:
    shared = (m for m in boards[0].metrics if all(m in board.metrics for board in boards))
    everywhere = sorted(shared, key=lambda metric: not metric.headline)
    elsewhere = dict.fromkeys(
        metric.label for board in boards for metric in board.metrics if metric not in everywhere
    )
    foot = tuple(f"{label}: not on every task, no mean" for label in elsewhere)
    cut = f"Values below {FLOOR:g} count as {FLOOR:g}"
    return PageTable(
        key="metrics",
        caption={
            "raw": "Mean over tasks of the means over seeds",
            "minmax": "Mean over tasks of the min-max scaled values",
            "control": "Mean over tasks of the control-scaled values",
        },
        columns=[_mean_column(boards, methods, metric) for metric in everywhere],
        rows=rows,
        notes={"raw": foot, "minmax": foot, "control": (*foot, cut)},
    )


def _mean_column(
    boards: Sequence[Leaderboard], methods: Sequence[MethodRows], metric: MetricColumn
) -> PageColumn:
    means = {view: [_metric_mean(view, boards, m, metric) for m in methods] for view in VIEWS}
    flagged = [any(row.cells[metric.name].flags for row in m.known) for m in methods]
    views: dict[str, Column] = {}
    group: Group = "scored" if metric.scored else "extra"
    for view, values in means.items():
        lower = view == "raw" and not metric.higher_is_better
        entries = marked(values, [m.competes for m in methods], lower=lower)
        told = (
            replace(entry, flagged=mark, shade=unit(scaled))
            for entry, mark, scaled in zip(entries, flagged, means["minmax"], strict=True)
        )
        views[view] = Column(metric.label, group, tuple(told), "↓" if lower else "↑")
    return PageColumn(views, [cell_address(ALL_TASKS, m.first, metric) for m in methods])


def _metric_mean(
    view: View, boards: Sequence[Leaderboard], method: MethodRows, metric: MetricColumn
) -> float | None:
    values: Iterable[float | None] = (
        None if row is None else metric_value(view, board, row, metric)
        for board, row in zip(boards, method.rows, strict=True)
    )
    if view == "control":
        values = (None if value is None else max(value, FLOOR) for value in values)
    return mean_of_all(list(values))
