"""A table of the page: every number in every view, with what to sort by and where it leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from genearena.benchmark.compare.summary import Section
from genearena.benchmark.show.tables.notes import View
from genearena.benchmark.show.tables.sheet import Group

VIEWS: tuple[View, ...] = get_args(View)


@dataclass(frozen=True)
class Shown:
    """A number as one view prints it; `order` is what to sort by, None for the end."""

    text: str
    spread: str = ""
    best: bool = False
    order: float | None = None


@dataclass(frozen=True)
class ReportCell:
    """One entry.

    Parameters
    ----------
    shown
        By view; a single one where all views agree.
    address
        Where the runs behind it are; empty if nowhere.
    flagged
        Whether to mark it as degenerate.
    remark
        What a pointer resting on it is told.
    strength
        0-1 depth of its shade; None for none.
    rank
        Rank of the value; None where it takes none.
    """

    shown: Mapping[View, Shown] | Shown
    address: str = ""
    flagged: bool = False
    remark: str = ""
    strength: float | None = None
    rank: float | None = None


@dataclass(frozen=True)
class ReportColumn:
    """One heading; `arrow` is ↑, ↓ or empty by view, `remark` explains it."""

    heading: str
    group: Group
    arrow: Mapping[View, str]
    flagged: bool = False
    remark: str = ""


@dataclass(frozen=True)
class Badge:
    """A word beside a row's name, with its explanation."""

    text: str
    remark: str
    kind: str


@dataclass(frozen=True)
class ReportRow:
    """One method: its entries by column."""

    label: str
    address: str
    section: Section
    submitted: bool
    badges: tuple[Badge, ...]
    cells: tuple[ReportCell, ...]


@dataclass(frozen=True)
class ReportTable:
    """A table with a caption and foot lines by view."""

    key: str
    caption: Mapping[View, str]
    columns: tuple[ReportColumn, ...]
    rows: tuple[ReportRow, ...]
    notes: Mapping[View, tuple[str, ...]]
