"""The tables of the page: sheets with all views side by side, and where each entry leads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from genearena.benchmark.compare.control_scale import FLOOR, average_gain
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
from genearena.benchmark.show.report.badges import Badge, badges
from genearena.benchmark.show.tables.notes import GAIN_NOTE, notes, subtitle
from genearena.benchmark.show.tables.numbers import NOTHING, mean_of_all
from genearena.benchmark.show.tables.overview import (
    MethodRows,
    methods_over,
    overview_sheet,
)
from genearena.benchmark.show.tables.sheet import VIEWS, Column, Group, View, column_of, marked
from genearena.benchmark.show.tables.task_sheet import metric_value, task_sheet, unit

AVERAGES: dict[View, tuple[str, str]] = {
    "raw": ("Avg Rank", "↓"),
    "minmax": ("Avg Score", "↑"),
    "control": ("Avg Gain", "↑"),
}
"""View -> heading and arrow of its average."""


@dataclass(frozen=True)
class PageColumn:
    """A column by view, or as ``all`` where the views agree, and the address behind each entry."""

    views: Mapping[str, Column]
    links: Sequence[str]

    @property
    def first(self) -> Column:
        """The column in the first view: heading, marks and remarks are the same in all."""
        return next(iter(self.views.values()))

    @property
    def arrows(self) -> dict[View, str]:
        """The arrow of its heading by view."""
        return {view: self.views.get(view, self.first).arrow for view in VIEWS}


@dataclass(frozen=True)
class PageRow:
    """One method."""

    label: str
    address: str
    section: Section
    submitted: bool
    badges: tuple[Badge, ...]


@dataclass(frozen=True)
class PageTable:
    """A table with a caption and foot lines by view."""

    key: str
    caption: Mapping[View, str]
    columns: Sequence[PageColumn]
    rows: Sequence[PageRow]
    notes: Mapping[View, tuple[str, ...]]


def task_table(board: Leaderboard) -> PageTable:
    """Lay out a task's leaderboard; columns are those of `task_sheet`."""
    address = task_address(board.task)
    sheets = {view: task_sheet(board, view=view) for view in VIEWS}
    metrics = zip(*([c for c in s.columns if _has_views(c)] for s in sheets.values()), strict=True)
    rest = [column for column in sheets["control"].columns if not _has_views(column)]
    links = [row_address(address, row) for row in board.rows]
    columns = [_alike(column, links) for column in rest]
    averages = [column for column in columns if column.first.group == "aggregate"]
    return PageTable(
        key=address,
        caption=dict.fromkeys(VIEWS, subtitle(board)),
        columns=[
            # the averages first, where narrow screens show them; rank before score before gain
            *reversed(averages),
            *(
                PageColumn(
                    dict(zip(VIEWS, own, strict=True)),
                    [cell_address(address, row, metric) for row in board.rows],
                )
                for metric, own in zip(board.metrics, metrics, strict=True)
            ),
            *(column for column in columns if column not in averages),
        ],
        rows=[
            PageRow(row.label, link, row.section, bool(row.runs.origins), badges([row]))
            for row, link in zip(board.rows, links, strict=True)
        ],
        # the three averages stand in every view
        notes={view: tuple(dict.fromkeys((*notes(board, view), GAIN_NOTE))) for view in VIEWS},
    )


def _has_views(column: Column) -> bool:
    return column.group in ("scored", "extra")


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


def average_value(view: View, board: Leaderboard, row: Row | None) -> float | None:
    """Return Avg Rank of raw values, Avg Score of min-max scaled, Avg Gain of control-scaled."""
    if row is None:
        return None
    if view == "raw":
        return row.avg_rank
    return row.avg_score if view == "minmax" else average_gain(board, row)


def _mean(view: View, boards: Sequence[Leaderboard], method: MethodRows) -> float | None:
    pairs = zip(boards, method.rows, strict=True)
    return mean_of_all([average_value(view, board, row) for board, row in pairs])


def _standing(boards: Sequence[Leaderboard], method: MethodRows) -> tuple[int, bool, float, float]:
    ranks, scores = (_mean(view, boards, method) for view in ("raw", "minmax"))
    section = SECTIONS.index(method.section)
    return section, scores is None, ranks or 0.0, -(scores or 0.0)


def _by_task(
    boards: Sequence[Leaderboard], methods: Sequence[MethodRows], rows: Sequence[PageRow]
) -> PageTable:
    headings, links = task_headings(boards), [row.address for row in rows]
    competes = [method.competes for method in methods]
    columns = []
    for view, (name, arrow) in AVERAGES.items():
        means = [_mean(view, boards, method) for method in methods]
        entries = marked(means, competes, lower=view == "raw", digits=2)
        columns.append(_alike(Column(f"Mean {name}", "aggregate", entries, arrow), links))
    for place, (board, heading) in enumerate(zip(boards, headings, strict=True)):
        columns.append(_task_column(board, heading, [m.rows[place] for m in methods], competes))
    columns.append(_alike(_runs_column(methods), links))
    columns.append(_alike(_missing_column(headings, methods), [""] * len(rows)))
    sheets = [overview_sheet(boards, what) for what in ("score", "rank")]
    foot = tuple(dict.fromkeys(note for sheet in sheets for note in sheet.notes))
    return PageTable(
        key="/",
        caption={view: f"{name} on every task" for view, (name, _) in AVERAGES.items()},
        columns=columns,
        rows=rows,
        notes=dict.fromkeys(VIEWS, foot),
    )


def _alike(column: Column, links: Sequence[str]) -> PageColumn:
    return PageColumn({"all": column}, links)


def _runs_column(methods: Sequence[MethodRows]) -> Column:
    done = [sum(len(row.runs.finished) for row in method.known) for method in methods]
    expected = [sum(row.runs.expected for row in method.known) for method in methods]
    pairs = list(zip(done, expected, strict=True))
    texts = (f"{n}/{of}" for n, of in pairs)
    return column_of("Runs", texts, group="coverage", values=[n / of for n, of in pairs])


def _missing_column(headings: Sequence[str], methods: Sequence[MethodRows]) -> Column:
    missing = [
        [
            name
            for name, average in zip(headings, method.averages("score"), strict=True)
            if average is None
        ]
        for method in methods
    ]
    texts = ("all" if len(own) == len(headings) else ", ".join(own) or NOTHING for own in missing)
    counts = [float(len(own)) for own in missing]
    return column_of("Missing", texts, group="coverage", values=counts)


def _task_column(
    board: Leaderboard, heading: str, rows: Sequence[Row | None], competes: Sequence[bool]
) -> PageColumn:
    views: dict[str, Column] = {}
    for view, (_, arrow) in AVERAGES.items():
        values = [average_value(view, board, row) for row in rows]
        entries = marked(values, competes, lower=view == "raw", digits=2)
        told = (
            replace(
                entry,
                # who takes no rank would have a shaded dash
                shade=unit(row.avg_score) if row is not None and row.competes else None,
                remark="not run on this task" if row is None else "",
            )
            for entry, row in zip(entries, rows, strict=True)
        )
        views[view] = Column(heading, "scored", tuple(told), arrow)
    address = task_address(board.task)
    return PageColumn(views, ["" if row is None else row_address(address, row) for row in rows])


def _by_metric(
    boards: Sequence[Leaderboard], methods: Sequence[MethodRows], rows: Sequence[PageRow]
) -> PageTable:
    everywhere = [
        metric for metric in boards[0].metrics if all(metric in b.metrics for b in boards)
    ]
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
