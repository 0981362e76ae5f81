"""Report the quality of the graphs of a task: tables, warnings and a figure."""

from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

from genearena.data.common.errors import UsageError
from genearena.data.graphs import GraphCollection

FORMATS = (".png", ".svg", ".pdf")


def check_figure_path(path: Path) -> None:
    """Raise UsageError unless the suffix is that of a figure."""
    if path.suffix not in FORMATS:
        raise UsageError(f"'{path}' is no figure; end its name in {', '.join(FORMATS)}")


def report_quality(task: GraphCollection, show: Callable[[Any], None]) -> tuple[str, ...]:
    """Show the tables of a task's quality and return the warnings about it."""
    from genearena.benchmark.show.data.quality_tables import edge_overlap_table, quality_table
    from genearena.data.quality.donor_overlap import graph_overlaps, overlap_warnings
    from genearena.data.quality.graph_quality import graph_quality, quality_warnings

    qualities = [graph_quality(graph) for graph in task]
    overlaps = graph_overlaps(task.graphs)
    show(quality_table(qualities))
    if overlaps:
        show(edge_overlap_table(overlaps))
    return (*chain(*map(quality_warnings, qualities)), *overlap_warnings(overlaps))


def draw_quality(task: GraphCollection, path: Path) -> None:
    """Write the figure of a task's quality.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    from genearena.benchmark.show.plots.quality import quality_figure
    from genearena.benchmark.show.plots.style import figure_style, save_figure

    with figure_style():
        save_figure(quality_figure(task), path)
