"""A table ready to be written in any format: headings, entries as text, notes."""

from dataclasses import dataclass, field
from typing import Literal

from genearena.benchmark.compare.summary import Section

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
    """One column.

    `arrow` is ↑, ↓ or empty, `flagged` marks a metric that a control wins; `values` are the numbers
    behind the entries in full, where a reader may sort by them; `remark` says what they are.
    """

    heading: str
    group: Group
    entries: tuple[Entry, ...]
    arrow: str = ""
    flagged: bool = False
    values: tuple[float | None, ...] = ()
    remark: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table with its title and foot lines.

    Parameters
    ----------
    title, subtitle
        Lines above the table.
    key
        Short name for cross references, safe as a file's.
    labels, sections
        Row names, and the part of the table each row belongs to.
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
    sections: tuple[Section, ...]
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = field(default=())
    corner: str = "Method"

    def begins_section(self, row: int) -> bool:
        """Whether a rule belongs above the row."""
        return row > 0 and self.sections[row] != self.sections[row - 1]

    def is_control(self, row: int) -> bool:
        """Whether the row is a control."""
        return self.sections[row] == "controls"


def one_section(n_rows: int) -> tuple[Section, ...]:
    """Return the sections of a table that is one part throughout."""
    section: Section = "methods"
    return (section,) * n_rows
