"""What the data commands print: results on stdout, progress and warnings on stderr."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from genearena.benchmark.show.data.data_tables import graph_table, rules_line
from genearena.data.common.screen import tell

if TYPE_CHECKING:
    from genearena.data.cards.stored_card import SourceCard
    from genearena.data.tasks import TaskCard


def show(table: Any) -> None:
    """Print a table; where nobody watches, do not cut columns to a guessed width."""
    from rich.console import Console

    # names come from files: nothing in them is markup
    console = Console(markup=False, emoji=False)
    if not console.is_terminal:
        console = Console(markup=False, emoji=False, width=200)
    console.print(table)


def show_graphs(card: "SourceCard | TaskCard") -> None:
    """Print the graphs of a data set or task, and by which rules their genes were taken."""
    show(graph_table(f"{card.tissue} ({card.source})", card.graphs))
    tell(rules_line(card.graphs))


def say(line: str) -> None:
    """Print a line of progress."""
    tell(line, err=True)


def warn(lines: Iterable[str]) -> None:
    """Print warnings."""
    for line in lines:
        say(f"Warning: {line}")


def note(lines: Iterable[str]) -> None:
    """Print what was done to the data."""
    for line in lines:
        say(f"Note: {line}")
