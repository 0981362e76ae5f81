"""What figures are built from: places known before anything is drawn, boxes, grids, headings.

A layout that is found by drawing everything twice takes as long as the drawing itself.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate
from typing import Any

from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patheffects import withStroke
from matplotlib.textpath import text_to_path

from genearena.benchmark.show.plots.style import COLUMN_INCHES, FAINT

Box = list[tuple[float, float]]
TOP = 0.16
"""Room for the title of a figure of panels."""
RIGHT = 0.06
NAME_POINTS = 6
"""Size of names beside points."""
SPOT = 3
"""Radius of such a point."""
SIDES = tuple((x, y) for y in (2, -6, 10, -14, 18, -22, 26) for x in (4, -4))
"""Where a name may begin (to the right) or end, in points, what is liked most first."""
HALO = withStroke(linewidth=1.5, foreground="white")


def panel_grid(
    n_panels: int,
    n_columns: int,
    *,
    height: float,
    left: float,
    gap: float,
    above: Sequence[float],
    below: float,
    bottom: float,
) -> tuple[Figure, list[Axes]]:
    """Return a figure one column wide, or more where names take half of it, and its panels.

    Parameters
    ----------
    n_panels, n_columns
        Panels in all, line by line, and in a line.
    height
        Of a panel; all lengths are inches.
    left, gap
        Room left of the first panel of a line, and between two.
    above
        Room for the titles of every line; its length is the number of lines.
    below
        Room for the tick labels of every line.
    bottom
        Room for what all panels' x axes show.
    """
    lines = [room + height + below for room in above]
    total = TOP + sum(lines) + bottom
    page = COLUMN_INCHES + max(0.0, left - COLUMN_INCHES / 2)
    room = page - left - RIGHT - (n_columns - 1) * gap
    width = room / n_columns
    # bottom of the panels of every line, counted from the top of the figure
    ends = [TOP + end - below for end in accumulate(lines)]
    figure = Figure(figsize=(page, total))
    panels = []
    for place in range(n_panels):
        line, column = divmod(place, n_columns)
        x = left + column * (width + gap)
        y = total - ends[line]
        panels.append(figure.add_axes((x / page, y / total, width / page, height / total)))
    return figure, panels


def inch_axes(width: float, bottom: float, top: float, axes: Axes | None = None) -> Axes:
    """Return a panel without a frame whose unit is an inch, that of a figure of its own.

    If there are `axes` already, all is drawn in proportion, texts in the size they have.
    """
    if axes is None:
        axes = Figure(figsize=(width, top - bottom)).add_axes((0.0, 0.0, 1.0, 1.0))
    else:
        axes.set_aspect("equal")
    axes.axis("off")
    axes.set_xlim(0, width)
    axes.set_ylim(bottom, top)
    return axes


def figure_of(axes: Axes) -> Figure:
    """Return the figure that a panel is in, if need be within another."""
    inner: Any = axes.figure
    figure: Figure = inner if isinstance(inner, Figure) else inner.figure
    return figure


def write_upright(axes: Axes, x: float, y: float, text: str) -> None:
    """Write a heading from a place upwards."""
    axes.text(x, y, text, ha="center", va="bottom", fontsize=6, rotation=90)


def write_names(axes: Axes, places: Iterable[tuple[str, Box]]) -> None:
    """Write names beside points where they cover no other name or point, if there is such a side.

    What is drawn later must not change the limits.
    """
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    across = 72 * axes.bbox.width / figure_of(axes).dpi / (right - left)
    upward = 72 * axes.bbox.height / figure_of(axes).dpi / (high - low)
    places = list(places)
    spots = [(x * across, y * upward) for _, points in places for x, y in points]
    taken = [(x - SPOT, x + SPOT, y - SPOT) for x, y in spots]
    for name, points in places:
        width = 72 * text_inches(name, NAME_POINTS)
        for x, y in points:
            begins = [(x * across + dx - width * (dx < 0), y * upward + dy) for dx, dy in SIDES]
            free = [
                side
                for side, (begin, height) in enumerate(begins)
                if left * across <= begin <= right * across - width
                and not any(
                    a < begin + width and begin < b and abs(c - height) < NAME_POINTS
                    for a, b, c in taken
                )
            ]
            side = free[0] if free else 0
            begin, height = begins[side]
            taken.append((begin, begin + width, height))
            text = axes.annotate(
                name, (x, y), xytext=SIDES[side], textcoords="offset points", zorder=4,
                fontsize=NAME_POINTS, ha="left" if SIDES[side][0] > 0 else "right",
            )  # fmt: skip
            text.set_path_effects([HALO])


def box(x: float, y: float, width: float, height: float) -> Box:
    """Return the corners of a rectangle."""
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def add_boxes(axes: Axes, boxes: Sequence[Box], **look: Any) -> None:
    """Draw boxes at once: a patch of its own for each takes several times as long."""
    axes.add_collection(PolyCollection(boxes, **look), autolim=False)


def add_grid(axes: Axes, axis: Any = "both") -> None:
    """Draw pale lines below all else."""
    axes.grid(axis=axis, color=FAINT, lw=0.5)
    axes.set_axisbelow(True)


def add_title(figure: Figure, text: str, **place: Any) -> None:
    """Write the figure's title at its left."""
    figure.suptitle(text, **{"x": 0.01, "ha": "left", "fontsize": 7, **place})


def entitle(axes: Axes, text: str, *, alone: bool, fontsize: float = 7) -> None:
    """Write the title of a figure of one panel, or of one panel among others."""
    if alone:
        add_title(figure_of(axes), text, fontsize=fontsize)
    else:
        axes.set_title(text, loc="left", fontsize=fontsize)


def add_legend(
    figure: Figure, handles: Sequence[Any], columns: int, points: float, **look: Any
) -> None:
    """Write a legend below the panels, at the left."""
    figure.legend(
        handles=list(handles),
        loc="outside lower left",
        ncols=columns,
        frameon=False,
        fontsize=points,
        **look,
    )


def legend_of(
    axes: Axes, handles: Sequence[Any], columns: int, points: float, *, alone: bool
) -> None:
    """Write the legend of a figure of one panel, or of one panel among others."""
    if alone:
        add_legend(figure_of(axes), handles, columns, points)
    else:
        axes.legend(
            handles=list(handles),
            loc="upper left",
            bbox_to_anchor=(0.0, -0.12),
            ncols=columns,
            frameon=False,
            fontsize=points,
        )


@cache
def text_inches(text: str, points: float) -> float:
    """Return the width of a line of text in the figures' font."""
    font = FontProperties(family="DejaVu Sans", size=points)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width) / 72
