"""The figures of the page: all of the registry but those drawn on request."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.show.plots.registry import FIGURES, Source, draw_figure, overall_kinds
from genearena.benchmark.show.plots.style import figure_style
from genearena.benchmark.show.report.svg import inline_svg


@dataclass(frozen=True)
class InlineFigure:
    """A figure as SVG; `absent` says why there is none."""

    title: str
    svg: str = ""
    absent: str = ""


def task_figures(board: Leaderboard, source: Source, prefix: str) -> Iterator[InlineFigure]:
    """Draw the figures of one task; ids of their parts begin with `prefix`."""
    for kind, about in FIGURES.items():
        if about.per_task and not about.on_request:
            yield _draw(kind, [board], source, f"{prefix}-{kind}-")


def summary_figures(boards: Sequence[Leaderboard], source: Source) -> Iterator[InlineFigure]:
    """Draw the figures over all tasks."""
    for kind in overall_kinds(FIGURES, len(boards)):
        yield _draw(kind, boards, source, f"all-{kind}-")


def _draw(kind: str, boards: Sequence[Leaderboard], source: Source, prefix: str) -> InlineFigure:
    about = FIGURES[kind]
    title = about.summary[:1].upper() + about.summary[1:]
    with figure_style():
        figure = draw_figure(kind, boards, source)
        if isinstance(figure, str):
            return InlineFigure(title, absent=figure)
        return InlineFigure(title, inline_svg(figure, prefix, title, crop=about.crop))
