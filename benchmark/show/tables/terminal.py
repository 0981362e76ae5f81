"""Sheets for the terminal, as wide as it is."""

import math
from collections.abc import Iterable, Sequence
from io import StringIO

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from genearena.benchmark.show.tables.sheet import Column, Entry, Group, Sheet

Layout = tuple[frozenset[Group], ...]

_SCORES: frozenset[Group] = frozenset({"scored", "aggregate"})
_EXTRA: frozenset[Group] = frozenset({"extra"})
_COST: frozenset[Group] = frozenset({"coverage", "cost"})
# from the fullest to the narrowest: fewer columns side by side, then no standard deviations
_LAYOUTS: tuple[tuple[bool, Layout], ...] = (
    (True, (_SCORES | _EXTRA | _COST,)),
    (True, (_SCORES | _EXTRA, _COST)),
    (True, (_SCORES, _EXTRA | _COST)),
    (False, (_SCORES | _EXTRA | _COST,)),
    (False, (_SCORES | _EXTRA, _COST)),
    (False, (_SCORES, _EXTRA | _COST)),
    (False, (_SCORES, _EXTRA, _COST)),
)


def to_terminal(sheets: Iterable[Sheet], *, width: int = 160, colour: bool = False) -> str:
    """Write sheets as boxes of at most `width` characters.

    Parameters
    ----------
    sheets
        What to write.
    width
        Columns of the terminal. Where a table is too wide it is split, and then loses its
        standard deviations, rather than wrapping rows.
    colour
        Whether to use escape sequences for bold and dim text.
    """
    buffer = StringIO()
    console = Console(
        file=buffer,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        legacy_windows=False,
    )
    for i, sheet in enumerate(sheets):
        if i:
            console.print()
        _print(console, sheet)
    # rich pads lines to the full width, which wraps when the terminal is made narrower
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def plain_table(sheet: Sheet) -> Table:
    """Return a listing for rich to print, its title above it; nothing in it is markup."""
    title = Text(sheet.title, style="bold")
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    table.add_column(Text(sheet.corner), no_wrap=True)
    for column in sheet.columns:
        table.add_column(
            Text(column.heading),
            justify="right" if column.kind == "number" else "left",
            no_wrap=column.kind == "name",
            overflow="fold" if column.kind == "text" else "ellipsis",
        )
    for i, label in enumerate(sheet.labels):
        table.add_row(Text(label), *(Text(column.entries[i].text) for column in sheet.columns))
    return table


def _print(console: Console, sheet: Sheet) -> None:
    spread, tables = _fit(console, sheet)
    console.print(Text(sheet.title, style="bold"))
    console.print(Text(sheet.subtitle, style="dim"))
    for table in tables:
        console.print(table)
    notes = list(sheet.notes)
    if not spread and any(e.spread for column in sheet.columns for e in column.entries):
        notes.append("Standard deviations left out for lack of width; --format md has them")
    for note in notes:
        hanging = Table.grid(padding=(0, 1, 0, 0))
        mark = note[0] if note[0] in "†‡§" else "·"
        hanging.add_row(Text(mark, style="dim"), Text(note.lstrip("†‡§ "), style="dim"))
        console.print(hanging)


def _fit(console: Console, sheet: Sheet) -> tuple[bool, list[Table]]:
    for spread, layout in _LAYOUTS:
        parts = [[c for c in sheet.columns if c.group in groups] for groups in layout]
        parts = [part for part in parts if part]
        if all(least_width(sheet, part, spread) <= console.width for part in parts):
            break
    pieces = [piece for part in parts for piece in _pieces(console, sheet, part, spread)]
    return spread, [_table(sheet, piece, spread) for piece in pieces]


def least_width(sheet: Sheet, columns: Sequence[Column], spread: bool) -> int:
    """Return how many characters wide a table of some columns is at least.

    rich finds the same by laying it out, which takes longer than everything else for the many
    tables that are tried.
    """
    names = max(map(cell_len, (sheet.corner, *sheet.labels)))
    # behind each column a blank and the place of a rule, less those of the last, and both edges
    return names + sum(_width(column, spread) + 2 for column in columns) + 2


def _pieces(
    console: Console, sheet: Sheet, columns: Sequence[Column], spread: bool
) -> list[list[Column]]:
    pieces: list[list[Column]] = [[]]
    for column in columns:
        together = [*pieces[-1], column]
        if pieces[-1] and least_width(sheet, together, spread) > console.width:
            pieces.append([])
        pieces[-1].append(column)
    size = math.ceil(len(columns) / len(pieces))
    even = [list(columns[i : i + size]) for i in range(0, len(columns), size)]
    # no single column left over for a table of its own
    fit = all(least_width(sheet, piece, spread) <= console.width for piece in even)
    return even if fit else pieces


def _table(sheet: Sheet, columns: Sequence[Column], spread: bool) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(sheet.corner, no_wrap=True, vertical="bottom")
    for column in columns:
        width = _width(column, spread)
        table.add_column(_heading(column), justify="right", no_wrap=False, min_width=width)
    for i, label in enumerate(sheet.labels):
        if sheet.begins_section(i):
            table.add_section()
        name = Text(label, style="italic" if sheet.is_control(i) else "")
        table.add_row(name, *(_entry(column.entries[i], spread) for column in columns))
    return table


def _width(column: Column, spread: bool) -> int:
    texts = (entry.text + _spread(entry, spread) + _mark(entry) for entry in column.entries)
    return max(map(cell_len, (*texts, *_heading(column).splitlines())))


def _heading(column: Column) -> str:
    # one word a line, so that headings are hardly wider than the numbers below
    mark = f" {column.arrow}{'‡' * column.flagged}".rstrip()
    return column.heading.replace(" ", "\n") + mark


def _entry(entry: Entry, spread: bool) -> Text:
    text = Text(no_wrap=True)
    text.append(entry.text, style="bold" if entry.best else "")
    text.append(_spread(entry, spread), style="dim")
    return text.append(_mark(entry))


def _spread(entry: Entry, spread: bool) -> str:
    return f"±{entry.spread}" if spread and entry.spread else ""


def _mark(entry: Entry) -> str:
    return "†" * entry.flagged
