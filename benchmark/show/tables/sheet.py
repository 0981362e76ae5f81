"""The one table model, which terminal, Markdown, LaTeX, csv and report render."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from genearena.benchmark.compare.summary import Section
from genearena.benchmark.show.tables.numbers import number

Group = Literal["scored", "aggregate", "extra", "coverage", "cost"]
Kind = Literal["number", "name", "text"]
View = Literal["raw", "minmax", "control"]
VIEWS: tuple[View, ...] = get_args(View)


@dataclass(frozen=True)
class Entry:
    """One entry: its text, the spread after ±, what to mark about it, and what is behind it.

    `value` is the number in full, by which a reader may sort, and `sd` that of the spread; `remark`
    explains the entry, `shade` is 0-1, deeper for better, and `rank` that of the value; None where
    there is none.
    """

    text: str
    spread: str = ""
    best: bool = False
    flagged: bool = False
    value: float | None = None
    remark: str = ""
    shade: float | None = None
    rank: float | None = None
    sd: float | None = None


@dataclass(frozen=True)
class Column:
    """One column.

    `arrow` is ↑, ↓ or empty, `flagged` marks a metric that a control wins, `remark` explains the
    column. Numbers are aligned at the right, names and texts at the left; a name is never cut.
    """

    heading: str
    group: Group
    entries: tuple[Entry, ...]
    arrow: str = ""
    flagged: bool = False
    remark: str = ""
    kind: Kind = "number"


@dataclass(frozen=True)
class Sheet:
    """A table with its title and foot lines.

    `key` is a short name for cross references, safe as a file's; `sections` says which part of the
    table each row belongs to, and is empty for a table that is one part throughout; `corner` is the
    heading of the row names, `labels`.
    """

    title: str
    subtitle: str
    key: str
    labels: tuple[str, ...]
    columns: tuple[Column, ...]
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()
    corner: str = "Method"

    def begins_section(self, row: int) -> bool:
        """Whether a rule belongs above the row."""
        return row > 0 and self.sections[row:][:1] != self.sections[row - 1 :][:1]

    def is_control(self, row: int) -> bool:
        """Whether the row is a control."""
        return self.sections[row:][:1] == ("controls",)


def column_of(
    heading: str,
    texts: Iterable[str],
    *,
    group: Group = "scored",
    arrow: str = "",
    values: Sequence[float | None] = (),
) -> Column:
    """Return a column of texts, and the numbers behind them where a reader may sort by them."""
    given = tuple(map(Entry, texts))
    if values:
        given = tuple(Entry(e.text, value=v) for e, v in zip(given, values, strict=True))
    return Column(heading, group, given, arrow)


def marked(
    values: Sequence[float | None],
    competes: Sequence[bool],
    *,
    lower: bool = False,
    digits: int = 3,
) -> tuple[Entry, ...]:
    """Print the number of every row, None where there is none; the best that competes is marked."""
    pairs = list(zip(values, competes, strict=True))
    known = [value for value, own in pairs if own and value is not None]
    best = (min if lower else max)(known) if known else None
    return tuple(
        Entry(number(v, digits), best=own and v is not None and v == best, value=v)
        for v, own in pairs
    )


def listing(
    title: str,
    rows: Iterable[Sequence[str]],
    *,
    names: Sequence[str] = (),
    numbers: Sequence[str] = (),
    texts: Sequence[str] = (),
) -> Sheet:
    """Return a plain table given row by row, headings by kind: names, then numbers, then texts."""
    given: dict[Kind, Sequence[str]] = {"name": names, "number": numbers, "text": texts}
    headings = [(heading, kind) for kind, own in given.items() for heading in own]
    cells = list(zip(*rows, strict=True)) or [()] * len(headings)
    columns = [
        Column(heading, "scored", tuple(map(Entry, own)), kind=kind)
        for (heading, kind), own in zip(headings, cells, strict=True)
    ]
    return Sheet(title, "", "", tuple(cells[0]), tuple(columns[1:]), corner=columns[0].heading)
