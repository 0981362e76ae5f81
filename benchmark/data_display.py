"""What the data commands print: results on stdout, progress and warnings on stderr."""

from collections.abc import Iterable
from typing import Any

import click


def show(table: Any) -> None:
    """Print a table; where nobody watches, do not cut columns to a guessed width."""
    from rich.console import Console

    console = Console()
    (console if console.is_terminal else Console(width=200)).print(table)


def say(line: str) -> None:
    """Print a line of progress."""
    click.echo(line, err=True)


def warn(lines: Iterable[str]) -> None:
    """Print warnings."""
    for line in lines:
        say(f"Warning: {line}")


def note(lines: Iterable[str]) -> None:
    """Print what was done to the data."""
    for line in lines:
        say(f"Note: {line}")
