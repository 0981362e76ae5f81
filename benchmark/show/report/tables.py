"""The tables of the page: sheets with all views side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from markupsafe import Markup

from genearena.benchmark.compare.bootstrap import headline_places
from genearena.benchmark.compare.headline import by_headline
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.compare.summary import Section
from genearena.benchmark.show.report.addresses import row_address, task_address
from genearena.benchmark.show.report.badges import Badge, badges
from genearena.benchmark.show.tables.headline_sheet import headline_columns, headline_notes
from genearena.benchmark.show.tables.notes import GAIN_NOTE, notes, subtitle
from genearena.benchmark.show.tables.sheet import VIEWS, Column, Entry, View
from genearena.benchmark.show.tables.task_sheet import averages, costs, coverage, metric_column


@dataclass(frozen=True)
class PageColumn:
    """A column by view, or as ``all`` where the views agree, and the metric it has, if any."""

    views: Mapping[str, Column]
    metric: str = ""

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
    """One method, with its entries as HTML: Jinja's macros take ten times as long for them."""

    label: str
    address: str
    section: Section
    submitted: bool
    badges: tuple[Badge, ...]
    entries: Markup


@dataclass(frozen=True)
class PageTable:
    """A table with a caption, and foot lines by view."""

    key: str
    caption: str
    columns: Sequence[PageColumn]
    rows: Sequence[PageRow]
    notes: Mapping[View, tuple[str, ...]]


def task_table(board: Leaderboard) -> PageTable:
    """Lay out a task's leaderboard: by headline, then averages, metrics, coverage and cost."""
    places = headline_places([board])
    if places:
        board = replace(board, rows=by_headline(board))
    told = headline_notes(board, places)
    columns = [
        # the averages first, where narrow screens show them; rank before score before gain
        *map(_alike, headline_columns(board, places)),
        *map(_alike, reversed([*averages(board, gain=True)])),
        *(
            PageColumn({view: metric_column(board, metric, view) for view in VIEWS}, metric.name)
            for metric in sorted(board.metrics, key=lambda metric: not metric.headline)
        ),
        *map(_alike, (*coverage(board.rows), *costs(board.rows))),
    ]
    address = task_address(board.task)
    return PageTable(
        key=address,
        caption=subtitle(board),
        columns=columns,
        rows=[
            PageRow(
                row.label,
                row_address(address, row),
                row.section,
                bool(row.runs.origins),
                badges([row]),
                Markup("".join(_td(column, i) for column in columns)),  # noqa: S704 - see there
            )
            for i, row in enumerate(board.rows)
        ],
        # the three averages stand in every view
        notes={
            view: tuple(dict.fromkeys((*told, *notes(board, view), GAIN_NOTE))) for view in VIEWS
        },
    )


def _alike(column: Column) -> PageColumn:
    return PageColumn({"all": column})


def _td(column: PageColumn, i: int) -> str:
    """Return an entry as HTML, its texts escaped."""
    first = column.first
    entry = first.entries[i]
    parts = [f'<td class="{first.group}"']
    if first.group in ("coverage", "cost") and entry.value is not None:
        # their texts have units
        parts.append(f' data-all="{entry.value:.6g}"')
    if entry.shade is not None:
        parts.append(f' style="--s:{entry.shade:.2f}"')
    if entry.remark:
        parts.append(f' title="{escape(entry.remark)}"')
    parts.append("><a>")
    for view, own in column.views.items():
        text = _shown(own.entries[i])
        parts.append(text if view == "all" else f'<span class="in-{view}">{text}</span>')
    parts.append("<sup>†</sup></a></td>" if entry.flagged else "</a></td>")
    return "".join(parts)


def _shown(entry: Entry) -> str:
    text = escape(entry.text)
    spread = f"<small> ± {escape(entry.spread)}</small>" if entry.spread else ""
    return (f"<b>{text}</b>" if entry.best else text) + spread
