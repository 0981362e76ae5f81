"""The figures by name. A new one is one file beside this and one line here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.data.common.registry import resolve

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from genearena.benchmark.show.plots.source import Source


@dataclass(frozen=True)
class FigureKind:
    """A kind of figure: the module that draws it, and what it shows.

    Parameters
    ----------
    module
        Its name; the module has a function ``from_results(boards, source)``.
    summary
        One line.
    per_task, overall
        Whether there is one figure for every task, and one over all of them.
    on_request
        Whether it is only drawn when it is asked for, because it takes long.
    crop
        Whether its page is larger than what is drawn.
    """

    module: str
    summary: str
    per_task: bool = True
    overall: bool = False
    on_request: bool = False
    crop: bool = True


FIGURES = {
    "heatmap": FigureKind("heatmap", "the leaderboard", crop=False),
    "boxplot": FigureKind("boxplot", "every metric over seeds", crop=False),
    "cost": FigureKind("cost", "score against time and memory", overall=True, crop=False),
    "loss": FigureKind("loss", "training curves", crop=False),
    "umap": FigureKind("umap", "gene vectors of one seed in the plane", on_request=True),
    "overview": FigureKind(
        "overview", "Avg Score on every tissue", per_task=False, overall=True, crop=False
    ),
    "critical-difference": FigureKind(
        "critical_difference",
        "which methods are told apart",
        per_task=False,
        overall=True,
        crop=False,
    ),
    "rank-stability": FigureKind(
        "rank_stability",
        "the order with one thing left out",
        per_task=False,
        overall=True,
        crop=False,
    ),
}


class _Draw(Protocol):
    def __call__(self, boards: Sequence[Leaderboard], source: "Source") -> "Figure | str": ...


def draw_figure(kind: str, boards: Sequence[Leaderboard], source: "Source") -> "Figure | str":
    """Draw a figure of one task or of several; wrap calls in `figure_style`.

    Parameters
    ----------
    kind
        Key of `FIGURES`.
    boards
        Leaderboard of one task, or of all for a figure over tasks.
    source
        Stored vectors.

    Returns
    -------
    The figure, or why there is none.
    """
    module = f"genearena.benchmark.show.plots.{FIGURES[kind].module}"
    return cast("_Draw", resolve(f"{module}:from_results", "figure"))(boards, source)
