"""The figures of the page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genearena.benchmark.leaderboard import Leaderboard
from genearena.benchmark.plots.boxplot import boxplot
from genearena.benchmark.plots.critical_difference import critical_difference_figure
from genearena.benchmark.plots.heatmap import heatmap
from genearena.benchmark.plots.loss import loss_curves
from genearena.benchmark.plots.rank_stability import rank_stability_figure
from genearena.benchmark.plots.stored import read_losses
from genearena.benchmark.plots.style import figure_style, method_colours
from genearena.benchmark.report.svg import inline_svg
from genearena.benchmark.results import ResultStore
from genearena.benchmark.stats.analysis import Analysis

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class InlineFigure:
    """A figure as SVG; `absent` says why there is none."""

    title: str
    svg: str = ""
    absent: str = ""


def task_figures(board: Leaderboard, store: ResultStore, prefix: str) -> Iterator[InlineFigure]:
    """Draw the figures of one task; ids of their parts begin with `prefix`."""
    with figure_style():
        yield _inline("Leaderboard", heatmap(board), f"{prefix}-heatmap-")
        yield _inline("Metrics over seeds", boxplot(board), f"{prefix}-boxplot-")
        yield _inline("Training curves", _losses(board, store), f"{prefix}-loss-")


def summary_figures(boards: Sequence[Leaderboard], analysis: Analysis) -> Iterator[InlineFigure]:
    """Draw the figures of the statistics over all tasks."""
    colours = method_colours(boards)
    simulated = all(board.task.simulated for board in boards)
    comparison, stability = analysis.comparison, analysis.stability
    with figure_style():
        drawn = critical_difference_figure(comparison, colours, simulated=simulated)
        why = comparison.untestable or "two methods need no diagram"
        yield _inline("Critical difference", drawn, "difference-", why)
        moved = None
        if stability is not None:
            moved = rank_stability_figure(stability, colours, simulated=simulated)
        yield _inline("Rank stability", moved, "stability-", "nothing can be left out")


def _losses(board: Leaderboard, store: ResultStore) -> "Figure | None":
    curves = {
        row.label: [read_losses(store, run) for run in row.runs.finished] for row in board.rows
    }
    return loss_curves(board, curves)


def _inline(
    title: str,
    figure: "Figure | None",
    prefix: str,
    why: str = "nothing stored to draw it from",
) -> InlineFigure:
    if figure is None:
        return InlineFigure(title, absent=why)
    return InlineFigure(title, inline_svg(figure, prefix, title))
