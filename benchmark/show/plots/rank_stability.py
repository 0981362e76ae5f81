"""Places of methods with everything, and with one metric, tissue or method left out."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.compare.scores import AVERAGES, leading_average, read_scores
from genearena.benchmark.compare.stability import KINDS, Kind, Stability, stability
from genearena.benchmark.show.plots.panels import add_grid, entitle, figure_of, legend_of
from genearena.benchmark.show.plots.registry import Source
from genearena.benchmark.show.plots.style import COLUMN_INCHES, INK, method_colours

MARKERS: Mapping[Kind, str] = {"metric": "o", "tissue": "s", "method": "^"}
OFFSETS: Mapping[Kind, float] = {"metric": -0.27, "tissue": 0.0, "method": 0.27}


def from_results(
    boards: Sequence[Leaderboard], _: Source, axes: Axes | None = None
) -> Figure | str:
    """Draw the figure of stored results, or say why there is none."""
    by = leading_average(boards)
    found = stability(read_scores(boards, by).answered(), by)
    if found is None:
        return "nothing can be left out"
    simulated = all(board.task.simulated for board in boards)
    colours = method_colours(boards)
    figure = rank_stability_figure(found, colours, simulated=simulated, axes=axes)
    return figure or "nothing can be left out"


def rank_stability_figure(
    stability: Stability,
    colours: Mapping[str, str],
    *,
    simulated: bool,
    axes: Axes | None = None,
) -> Figure | None:
    """Draw one row per method: a line at its place, a mark for its place after each removal.

    Larger marks stand for more removals with the same place.

    Colours are by method; None if nothing was left out.
    """
    if not stability.removals:
        return None
    n, alone = len(stability.methods), axes is None
    if axes is None:
        size = (COLUMN_INCHES, 1.05 + 0.3 * n)
        axes = Figure(figsize=size, layout="constrained").subplots()
    for row, method in enumerate(stability.methods):
        _draw_method(axes, stability, row, colours[method])
    _draw_counts(axes, stability)
    axes.set_yticks(range(n), stability.methods)
    axes.tick_params(axis="both", labelsize=7)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(n - 0.4, -0.6)
    axes.set_xlim(0.5, n + 0.5)
    axes.set_xticks(range(1, n + 1))
    axes.set_xlabel(f"place by {AVERAGES[stability.by][0]} (1 is best)", fontsize=7)
    add_grid(axes, "x")
    legend_of(axes, _handles(stability), 2, 6.5, alone=alone)
    heading = f"Stability of the order{', SIMULATED data' if simulated else ''}"
    entitle(axes, heading, alone=alone)
    return figure_of(axes)


def _draw_method(axes: Axes, stability: Stability, row: int, colour: str) -> None:
    place = stability.places[row]
    axes.plot([place, place], [row - 0.4, row + 0.4], color=INK, lw=1.4, zorder=2)
    places = np.array([removal.places[row] for removal in stability.removals])
    axes.plot([np.nanmin(places), np.nanmax(places)], [row, row], color=colour, lw=0.8, zorder=1)
    for kind in KINDS:
        own = np.array([r.places[row] for r in stability.removals if r.kind == kind])
        found, counts = np.unique(own[~np.isnan(own)], return_counts=True)
        axes.scatter(
            found,
            np.full(len(found), row + OFFSETS[kind]),
            s=4 + 18 * counts / max(len(own), 1),
            marker=MARKERS[kind],
            color=colour,
            edgecolors="white",
            lw=0.3,
            zorder=3,
        )


def _draw_counts(axes: Axes, stability: Stability) -> None:
    counts = [stability.first(method) for method in stability.methods]
    texts = [(float(row), f"{first}/{total}") for row, (first, total) in enumerate(counts)]
    for y, text in (*texts, (-0.75, "first")):
        axes.annotate(
            text,
            (1.02, y),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=6.5,
            annotation_clip=False,
        )


def _handles(stability: Stability) -> list[object]:
    full = Line2D(
        [], [], color=INK, lw=1.4, ls="", marker="|", ms=7, mew=1.4, label="nothing left out"
    )
    marks = [
        Line2D(
            *([], []),
            color="#666666",
            ls="",
            marker=MARKERS[kind],
            ms=4,
            label=f"one {stability.named(kind)} left out",
        )
        for kind in KINDS
        if any(r.kind == kind for r in stability.removals)
    ]
    return [full, *marks]
