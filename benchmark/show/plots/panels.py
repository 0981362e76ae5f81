"""Panels in lines and columns whose places are known before anything is drawn.

A layout that is found by drawing everything twice takes as long as the drawing itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from genearena.benchmark.show.plots.style import COLUMN_INCHES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class PanelGrid:
    """Measures of a figure one column wide, or more where names take half of it, in inches.

    Parameters
    ----------
    n_columns
        Panels in a line.
    height
        Of a panel.
    left, gap
        Room left of the first panel of a line, and between two.
    above
        Room for the titles of every line; its length is the number of lines.
    below
        Room for the tick labels of every line.
    top, bottom
        Room for the figure's title, and for what all panels' x axes show.
    """

    n_columns: int
    height: float
    left: float
    gap: float
    above: Sequence[float]
    below: float
    top: float = 0.16
    bottom: float = 0.0
    right: float = 0.06

    def draw(self, n_panels: int) -> "tuple[Figure, list[Axes]]":
        """Return a figure and its first panels, line by line."""
        from matplotlib.figure import Figure

        lines = [room + self.height + self.below for room in self.above]
        total = self.top + sum(lines) + self.bottom
        page = COLUMN_INCHES + max(0.0, self.left - COLUMN_INCHES / 2)
        room = page - self.left - self.right - (self.n_columns - 1) * self.gap
        width = room / self.n_columns
        # bottom of the panels of every line, counted from the top of the figure
        ends = [self.top + end - self.below for end in accumulate(lines)]
        figure = Figure(figsize=(page, total))
        panels = []
        for place in range(n_panels):
            line, column = divmod(place, self.n_columns)
            x = self.left + column * (width + self.gap)
            y = total - ends[line]
            scaled = (x / page, y / total, width / page, self.height / total)
            panels.append(figure.add_axes(scaled))
        return figure, panels


@cache
def text_inches(text: str, points: float) -> float:
    """Return the width of a line of text in the figures' font."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", size=points)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width) / 72
