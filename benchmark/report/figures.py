"""The figures of the page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genearena.benchmark.commands.plot_stats import SUMMARIES, summary_figure
from genearena.benchmark.leaderboard import Leaderboard
from genearena.benchmark.plots.boxplot import boxplot
from genearena.benchmark.plots.heatmap import heatmap
from genearena.benchmark.plots.loss import loss_curves
from genearena.benchmark.plots.stored import read_losses
from genearena.benchmark.plots.style import figure_style
from genearena.benchmark.report.svg import inline_svg
from genearena.benchmark.results import ResultStore

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


def summary_figures(boards: Sequence[Leaderboard]) -> Iterator[InlineFigure]:
    """Draw the figures over all tasks."""
    with figure_style():
        for kind in SUMMARIES:
            yield _inline(kind.replace("-", " ").capitalize(), summary_figure(boards, kind), kind)


def _losses(board: Leaderboard, store: ResultStore) -> "Figure | None":
    curves = {
        row.label: [read_losses(store, run) for run in row.runs.finished] for row in board.rows
    }
    return loss_curves(board, curves)


def _inline(title: str, figure: "Figure | str | None", prefix: str) -> InlineFigure:
    if figure is None or isinstance(figure, str):
        return InlineFigure(title, absent=figure or "nothing stored to draw it from")
    return InlineFigure(title, inline_svg(figure, prefix, title))
