"""Where a command's text goes: the screen, as wide as it is, or a file."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import TypeVar

import click

from genearena.benchmark.show.tables.latex import to_latex
from genearena.benchmark.show.tables.markdown import to_markdown
from genearena.benchmark.show.tables.numbers import NOT_MEASURED
from genearena.benchmark.show.tables.sheet import Sheet
from genearena.benchmark.show.tables.terminal import to_terminal
from genearena.data.common.csv_text import csv_text
from genearena.data.common.errors import StoreError
from genearena.data.common.one_line import one_line
from genearena.data.common.screen import tell

FILE_WIDTH = 160
T = TypeVar("T")


def laid_out(sheets: Sequence[Sheet], style: str, path: Path | None = None) -> str:
    """Return sheets as Markdown (``md``), ``latex``, or lines for the screen or the file `path`."""
    if style == "md":
        return to_markdown(sheets)
    if style == "latex":
        return to_latex(sheets)
    screen = sys.stdout.isatty() and path is None
    width = FILE_WIDTH
    if screen or "COLUMNS" in os.environ:
        width = shutil.get_terminal_size((FILE_WIDTH, 24)).columns
    return to_terminal(sheets, width=width, colour=screen and "NO_COLOR" not in os.environ)


def deliver_rows(columns: Sequence[str], rows: Sequence[Mapping[str, object]], style: str) -> None:
    """Print rows that have all columns as ``csv``, as ``json``, or in lines."""
    if style == "csv":
        deliver(csv_text(columns, rows))
    elif style == "json":
        deliver(json.dumps(rows, indent=1) + "\n")
    else:
        cells = [[NOT_MEASURED if v is None else str(v) for v in row.values()] for row in rows]
        lines = [columns, *cells]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        for line in lines:
            tell("  ".join(map(str.ljust, line, widths)).rstrip())


def followed(
    rows: Sequence[T], what: str, called: Callable[[T], str] = attrgetter("title")
) -> Iterable[T]:
    """Give rows one by one with a bar on stderr, or a line each where that is no terminal."""
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import track

    console = Console(stderr=True)
    if console.is_terminal:
        yield from track(rows, escape(one_line(what)), console=console, transient=True)
        return
    for place, row in enumerate(rows, 1):
        tell(f"[{place}/{len(rows)}] {what}: {called(row)}", err=True)
        yield row


def deliver(text: str, path: Path | None = None) -> None:
    """Print text as it is, or write it to a file and say so.

    For whole documents, whose makers see to it that nothing in them steers a terminal; single
    lines are `tell`'s.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    if path is None:
        click.echo(text, nl=False, color=None)
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror}") from error
    tell(f"Wrote {path}", err=True)
