"""What the data commands print: results on stdout, progress and warnings on stderr."""

from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING

from rich.console import Console

from genearena.benchmark.show.data.data_tables import (
    edge_overlap_table,
    graph_table,
    quality_table,
    rules_line,
)
from genearena.benchmark.show.tables.sheet import Sheet
from genearena.benchmark.show.tables.terminal import plain_table
from genearena.data.common.screen import tell

if TYPE_CHECKING:
    from genearena.data.cards.stored_card import SourceCard
    from genearena.data.graphs import GraphCollection
    from genearena.data.tasks import TaskCard


def show(sheet: Sheet) -> None:
    """Print a table; where nobody watches, do not cut columns to a guessed width."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=200)
    console.print(plain_table(sheet))


def show_graphs(card: "SourceCard | TaskCard") -> None:
    """Print the graphs of a data set or task, and by which rules their genes were taken."""
    show(graph_table(f"{card.tissue} ({card.source})", card.graphs))
    tell(rules_line(card.graphs))


def show_quality(task: "GraphCollection") -> tuple[str, ...]:
    """Print the tables of a task's quality and return the warnings about it."""
    from genearena.data.quality.donor_overlap import graph_overlaps, overlap_warnings
    from genearena.data.quality.graph_quality import graph_quality, quality_warnings

    qualities = [graph_quality(graph) for graph in task]
    overlaps = graph_overlaps(task.graphs)
    show(quality_table(qualities))
    if overlaps:
        show(edge_overlap_table(overlaps))
    return (*chain(*map(quality_warnings, qualities)), *overlap_warnings(overlaps))


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
