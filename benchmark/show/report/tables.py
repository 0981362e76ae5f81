"""The tables of the page: sheets with all views side by side, and where each entry leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from genearena.benchmark.compare.bootstrap import headline_places
from genearena.benchmark.compare.headline import by_headline
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.compare.summary import Section
from genearena.benchmark.show.report.addresses import (
    cell_address,
    row_address,
    task_address,
)
from genearena.benchmark.show.report.badges import Badge, badges
from genearena.benchmark.show.tables.headline_sheet import (
    headline_columns,
    headline_notes,
)
from genearena.benchmark.show.tables.notes import GAIN_NOTE, notes, subtitle
from genearena.benchmark.show.tables.sheet import VIEWS, Column, View
from genearena.benchmark.show.tables.task_sheet import task_sheet


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


def alike(column: Column, links: Sequence[str]) -> PageColumn:
    """Return a column that is the same in all views."""
    return PageColumn({"all": column}, links)


def task_table(board: Leaderboard) -> PageTable:
    """Lay out a task's leaderboard: by headline, then the columns of `task_sheet`."""
    places = headline_places([board])
    if places:
        board = replace(board, rows=by_headline(board))
    address, told = task_address(board.task), headline_notes(board, places)
    sheets = {view: task_sheet(board, view=view) for view in VIEWS}
    metrics = zip(*([c for c in s.columns if _has_views(c)] for s in sheets.values()), strict=True)
    rest = [column for column in sheets["control"].columns if not _has_views(column)]
    links = [row_address(address, row) for row in board.rows]
    columns = [alike(column, links) for column in rest]
    averages = [column for column in columns if column.first.group == "aggregate"]
    return PageTable(
        key=address,
        caption=dict.fromkeys(VIEWS, subtitle(board)),
        columns=[
            # the averages first, where narrow screens show them; rank before score before gain
            *(alike(column, links) for column in headline_columns(board, places)),
            *reversed(averages),
            *(
                PageColumn(
                    dict(zip(VIEWS, own, strict=True)),
                    [cell_address(address, row, metric) for row in board.rows],
                )
                for metric, own in sorted(
                    zip(board.metrics, metrics, strict=True), key=lambda pair: not pair[0].headline
                )
            ),
            *(column for column in columns if column not in averages),
        ],
        rows=[
            PageRow(row.label, link, row.section, bool(row.runs.origins), badges([row]))
            for row, link in zip(board.rows, links, strict=True)
        ],
        # the three averages stand in every view
        notes={
            view: tuple(dict.fromkeys((*told, *notes(board, view), GAIN_NOTE))) for view in VIEWS
        },
    )


def _has_views(column: Column) -> bool:
    return column.group in ("scored", "extra")
