"""The headline of every method with the questions it is the mean of, on one scale from chance."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from genearena.benchmark.compare.headline import QUESTIONS, headline_metrics
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.compare.metric_columns import STAND_INS
from genearena.benchmark.compare.summary import SECTIONS
from genearena.benchmark.show.plots.panels import figure_of, text_inches
from genearena.benchmark.show.plots.registry import Source
from genearena.benchmark.show.plots.style import COLOURS, COLUMN_INCHES, CONTROL, FAINT, INK, title
from genearena.benchmark.show.tables.numbers import mean_of_all, number
from genearena.benchmark.show.tables.overview import MethodRows, methods_over

# lengths are inches
ROW = 0.17
GAP = 0.07
TOP = 0.42
BOTTOM = 0.36
POINTS = 6.5
MARKERS = ("o", "s", "^", "D")
SLOTS = [
    [name, *(other for other, place in STAND_INS.items() if place == name)]
    for name in QUESTIONS
    if name not in STAND_INS
]
"""Questions that have a look of their own, each with the one in its place where it is not asked."""


@dataclass(frozen=True)
class _Line:
    """One method: its headline, the range of it over tasks, and its answers by slot."""

    method: MethodRows
    mean: float
    low: float
    high: float
    answers: tuple[float | None, ...]


def from_results(
    boards: Sequence[Leaderboard], _: Source, axes: Axes | None = None
) -> Figure | str:
    """Draw the figure of stored results, or say why there is none."""
    return headline_figure(boards, axes) or "no method has a headline"


def headline_figure(boards: Sequence[Leaderboard], axes: Axes | None = None) -> Figure | None:
    """Draw a bar for the headline of every method and a point for each of its questions.

    Methods are in order of their headline, then released variants and controls. Over several tasks
    bars and points are means, and a line spans the headlines of the tasks.

    Returns
    -------
    The figure, None if no method has a headline on every task.
    """
    lines = _lines(boards)
    if not lines:
        return None
    labels = _labels(boards)
    left = max(text_inches(line.method.label, POINTS) for line in lines) + 0.12
    heights, height = [], 0.0
    for line, before in zip(lines, [lines[0], *lines], strict=False):
        height -= ROW + GAP * (line.method.section != before.method.section)
        heights.append(height)
    total, alone = TOP - height + BOTTOM, axes is None
    if axes is None:
        width = COLUMN_INCHES - left - 0.1
        axes = Figure(figsize=(COLUMN_INCHES, total)).add_axes(
            (left / COLUMN_INCHES, BOTTOM / total, width / COLUMN_INCHES, -height / total)
        )
    axes.set_ylim(height, 0)
    for line, y in zip(lines, heights, strict=True):
        _draw_line(axes, line, y + ROW / 2)
    _dress(axes, [line.method.label for line in lines], [y + ROW / 2 for y in heights])
    spread = "; line: range over tissues" if len(boards) > 1 else ""
    scale = f"0 is chance, 1 the optimum; bar: mean{spread}"
    axes.set_xlabel(scale, fontsize=6, labelpad=2, loc="right")
    handles = [
        axes.plot([], [], MARKERS[k], color=COLOURS[k], ms=3.2, label=label)[0]
        for k, label in enumerate(labels)
        if label
    ]
    look = {
        "handles": handles,
        "ncols": len(handles),
        "fontsize": 6,
        "frameon": False,
        "handletextpad": 0.1,
        "columnspacing": 0.9,
        "borderpad": 0.1,
    }
    figure, heading = figure_of(axes), title(boards, "Headline")
    if alone:
        figure.text(0.02, 1 - 0.06 / total, heading, fontsize=7.5, va="top")
        figure.legend(loc="upper left", bbox_to_anchor=(0.0, 1 - 0.2 / total), **look)
    else:
        axes.set_title(heading, loc="left", fontsize=7.5, pad=14)
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), **look)
    return figure


def _lines(boards: Sequence[Leaderboard]) -> list[_Line]:
    found = []
    for method in methods_over(boards):
        own = method.averages("headline")
        known = [value for value in own if value is not None]
        mean = mean_of_all(own)
        if mean is None:
            continue
        answers = tuple(
            mean_of_all(
                [
                    row.cells[m.name].mean if row else None
                    for board, row in zip(boards, method.rows, strict=True)
                    for m in headline_metrics(board)
                    if m.name in names
                ]
            )
            for names in SLOTS
        )
        found.append(_Line(method, mean, min(known), max(known), answers))
    return sorted(found, key=lambda line: (SECTIONS.index(line.method.section), -line.mean))


def _labels(boards: Sequence[Leaderboard]) -> list[str]:
    """Return what a legend calls the questions of every slot, nothing where none is asked."""
    asked = {m.name: m.label for board in boards for m in headline_metrics(board)}
    return ["/".join(asked[name] for name in names if name in asked) for names in SLOTS]


def _draw_line(axes: Axes, line: _Line, y: float) -> None:
    plain = line.method.section == "controls"
    axes.barh(y, line.mean, height=0.62 * ROW, color=FAINT if plain else "#BFD3E6", zorder=1)
    if line.high > line.low:
        axes.plot([line.low, line.high], [y, y], color=CONTROL, lw=0.8, zorder=2)
    for value, marker, colour in zip(line.answers, MARKERS, COLOURS, strict=False):
        if value is not None:
            axes.plot(value, y, marker, color=colour, ms=3.2, mew=0, zorder=3)
    axes.text(1.19, y, number(line.mean, 2), fontsize=POINTS, va="center", ha="right")


def _dress(axes: Axes, labels: Sequence[str], heights: Sequence[float]) -> None:
    low = min(-0.12, *(bar.get_width() for bar in axes.patches if hasattr(bar, "get_width")))
    axes.set_xlim(low - 0.03, 1.2)
    axes.set_yticks(heights, labels, fontsize=POINTS)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=6)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    axes.axvline(0, color=INK, lw=0.6, zorder=2)
    axes.spines["left"].set_visible(False)
    for place in (0.25, 0.5, 0.75, 1):
        axes.axvline(place, color=FAINT, lw=0.4, zorder=0)
