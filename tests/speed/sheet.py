"""One table of the benchmark, how its numbers are written, on a terminal and in Markdown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from speed.stopwatch import Times

_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"), (1e-3, "ms"), (1e-6, "µs"))


@dataclass(frozen=True)
class Sheet:
    """A titled table with remarks below it.

    Parameters
    ----------
    title
        What is measured.
    headings
        Of the columns; the first names the row.
    rows
        As many texts each as there are headings.
    notes
        Sentences that tell how to read the numbers.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def duration(seconds: float) -> str:
    """Write a time with three digits: ``243 ms``, ``1.52 s``, ``10.5 d``."""
    scale, unit = next((u for u in _UNITS if seconds >= u[0]), _UNITS[-1])
    return f"{digits(seconds / scale)} {unit}"


def measured(times: Times) -> str:
    """Write the median and half the distance of the quartiles: ``243 ms ±2 %``."""
    low, high = times.quartiles
    return f"{duration(times.median)} ±{50 * (high - low) / times.median:.0f} %"


def ratio(times: Times) -> str:
    """Write median and quartiles of a ratio: ``2.31 [2.28, 2.40]``."""
    low, high = map(digits, times.quartiles)
    return f"{digits(times.median)} [{low}, {high}]"


def digits(value: float) -> str:
    """Write a number with three digits and no exponent."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


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


def to_markdown(intro: Sequence[str], sheets: Iterable[Sheet], title: str = "Speed") -> str:
    """Write the whole benchmark as one Markdown page, below paragraphs about the machine."""
    return "\n".join([f"# {title}\n", *(f"{text}\n" for text in intro), *map(_section, sheets)])


def _section(sheet: Sheet) -> str:
    rule = ["---"] + ["---:"] * (len(sheet.headings) - 1)
    lines = [f"| {' | '.join(row)} |" for row in (sheet.headings, rule, *sheet.rows)]
    notes = [f"- {note}" for note in sheet.notes]
    return "\n".join([f"## {sheet.title}", "", *lines, *([""] if notes else []), *notes, ""])
