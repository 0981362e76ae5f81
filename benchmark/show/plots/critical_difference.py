"""Critical-difference diagram: mean places of methods, a bar over those not told apart."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

from genearena.benchmark.compare.comparison import Comparison, compare
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.compare.scores import compare_by, leading_average, read_scores
from genearena.benchmark.compare.sentences import p_equation
from genearena.benchmark.show.plots.panels import entitle, figure_of
from genearena.benchmark.show.plots.registry import Source
from genearena.benchmark.show.plots.style import COLUMN_INCHES, INK, method_colours

if TYPE_CHECKING:
    from pandas import DataFrame


def from_results(
    boards: Sequence[Leaderboard], _: Source, axes: Axes | None = None
) -> Figure | str:
    """Draw the figure of stored results, or say why there is none."""
    by = leading_average(boards)
    comparison = compare(compare_by(read_scores(boards, by), by))
    simulated = all(board.task.simulated for board in boards)
    colours = method_colours(boards)
    figure = critical_difference_figure(comparison, colours, simulated=simulated, axes=axes)
    return figure or comparison.untestable or "nothing to draw with two methods"


def critical_difference_figure(
    comparison: Comparison,
    colours: Mapping[str, str],
    *,
    simulated: bool,
    axes: Axes | None = None,
) -> Figure | None:
    """Draw mean places from left (best) to right, joined by Nemenyi's test.

    Nemenyi's p depends on the distance of mean places alone, so that methods not told apart are
    neighbours on the axis and every bar is an interval; pairwise Wilcoxon tests do not ensure it.
    Colours are by method; None if the comparison has no Nemenyi test.

    References
    ----------
    Demšar (2006), JMLR 7, figure 1.
    """
    if comparison.friedman is None or comparison.critical_difference is None:
        return None
    import pandas as pd
    from scikit_posthocs import critical_difference_diagram

    methods = comparison.compared.methods
    places = dict(zip(methods, comparison.mean_places, strict=True))
    ordered = pd.Series({m: places[m] for m in comparison.order})
    alone = axes is None
    if axes is None:
        height = 1.0 + 0.15 * len(methods)
        axes = Figure(figsize=(COLUMN_INCHES, height), layout="constrained").subplots()
    figure = figure_of(axes)
    artists = critical_difference_diagram(
        ordered,
        nemenyi_table(comparison),
        alpha=comparison.alpha,
        ax=axes,
        label_fmt_left="{label} {rank:.2f}",
        label_fmt_right="{rank:.2f} {label}",
        text_h_margin=0.035 * (ordered.max() - ordered.min()),
        color_palette={m: colours[m] for m in methods},
        label_props={"fontsize": 7},
        marker_props={"s": 14},
        elbow_props={"linewidth": 1.0},
        crossbar_props={"color": INK, "linewidth": 2.2},
    )
    for (bar,) in artists["crossbars"]:
        # drawn through its methods in the order of a set, which changes from process to process
        bar.set_xdata(sorted(bar.get_xdata()))
    for label in artists["labels"]:
        label.set_color(INK)
        # clear of the line that leads to it
        side = -1 if label.get_horizontalalignment() == "right" else 1
        away = ScaledTranslation(side * 2.5 / 72, 0, figure.dpi_scale_trans)
        label.set_transform(label.get_transform() + away)
    axes.spines["top"].set_visible(True)
    axes.tick_params(axis="x", labelsize=7, pad=1)
    compared = comparison.compared
    data = ", SIMULATED data" if simulated else ""
    heading = (
        f"Mean place over {len(compared.blocks)} tissues, 1 for the best {compared.label}{data}\n"
        f"Friedman {p_equation(comparison.friedman.p)}; bars join methods that Nemenyi's test\n"
        f"does not tell apart (critical difference {comparison.critical_difference:.2f} at "
        f"{comparison.alpha:g})"
    )
    entitle(axes, heading, alone=alone, fontsize=6.5)
    return figure


def nemenyi_table(comparison: Comparison) -> "DataFrame":
    """Return the symmetric table of Nemenyi's p-values, methods in order of mean place."""
    import pandas as pd

    table = pd.DataFrame(1.0, index=comparison.order, columns=comparison.order)
    for pair in comparison.pairs:
        table.loc[pair.better, pair.worse] = table.loc[pair.worse, pair.better] = pair.nemenyi
    return table
