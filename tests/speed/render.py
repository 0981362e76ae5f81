"""The benchmark's tables on a terminal and in Markdown."""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from speed.sheet import Sheet


def print_sheet(console: Console, sheet: Sheet) -> None:
    """Print one table and its notes."""
    console.print(sheet.title, style="bold", markup=False, highlight=False)
    table = Table(box=SIMPLE_HEAD)
    for position, heading in enumerate(sheet.headings):
        table.add_column(heading, justify="right" if position else "left")
    for row in sheet.rows:
        table.add_row(*map(escape, row))
    console.print(table)
    for note in sheet.notes:
        console.print(f"  {note}", markup=False, highlight=False)
    console.print()


def to_markdown(intro: Sequence[str], sheets: Iterable[Sheet]) -> str:
    """Write the whole benchmark as one Markdown page.

    Parameters
    ----------
    intro
        Paragraphs below the heading.
    sheets
        The tables, in order.
    """
    parts = ["# Speed\n", *(f"{paragraph}\n" for paragraph in intro), *map(_section, sheets)]
    return "\n".join(parts)


def _section(sheet: Sheet) -> str:
    rule = ["---"] + ["---:"] * (len(sheet.headings) - 1)
    lines = [_line(sheet.headings), _line(rule), *map(_line, sheet.rows)]
    notes = [f"- {note}" for note in sheet.notes]
    return "\n".join([f"## {sheet.title}", "", *lines, *([""] if notes else []), *notes, ""])


def _line(texts: Iterable[str]) -> str:
    return f"| {' | '.join(text.replace('|', chr(92) + '|') for text in texts)} |"
