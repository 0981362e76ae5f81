"""Where a command's text goes: the screen, as wide as it is, or a file."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from genearena.benchmark.show.tables.latex import to_latex
from genearena.benchmark.show.tables.markdown import to_markdown
from genearena.benchmark.show.tables.sheet import Sheet
from genearena.benchmark.show.tables.terminal import to_terminal
from genearena.data.common.errors import StoreError
from genearena.data.common.screen import tell

FILE_WIDTH = 160


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
