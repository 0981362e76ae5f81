"""A table ready to be written in any format: headings, entries as text, notes."""

from dataclasses import dataclass, field
from typing import Literal

Group = Literal["scored", "aggregate", "extra", "coverage", "cost"]


@dataclass(frozen=True)
class Entry:
    """One entry: its text, the spread after ±, and what to mark about it."""

    text: str
    spread: str = ""
    best: bool = False
    flagged: bool = False


@dataclass(frozen=True)
class Column:
    """One column; `arrow` is ↑, ↓ or empty, `flagged` marks a metric that a control wins."""

    heading: str
    group: Group
    entries: tuple[Entry, ...]
    arrow: str = ""
    flagged: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table with its title and foot lines.

    Parameters
    ----------
    title, subtitle
        Lines above the table.
    key
        Short name for cross references.
    labels, controls
        Row names, and which rows are controls (they come last).
    columns
        Columns from left to right.
    notes
        Lines below the table.
    corner
        Heading of the row names.
    """

    title: str
    subtitle: str
    key: str
    labels: tuple[str, ...]
    controls: tuple[bool, ...]
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = field(default=())
    corner: str = "Method"
