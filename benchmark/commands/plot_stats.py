"""Figures over all tasks, from their statistics."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from genearena.benchmark.leaderboard import Leaderboard

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SUMMARIES = ("critical-difference", "rank-stability")


def summary_figure(boards: Sequence[Leaderboard], kind: str) -> "Figure | str":
    """Return a figure over all tasks, or the reason why there is none."""
    from genearena.benchmark.plots.style import method_colours
    from genearena.benchmark.stats.scores import compare_by, read_scores

    scores, colours = read_scores(boards), method_colours(boards)
    simulated = all(board.task.simulated for board in boards)
    if kind == "critical-difference":
        from genearena.benchmark.plots.critical_difference import critical_difference_figure
        from genearena.benchmark.stats.comparison import compare

        comparison = compare(compare_by(scores, "rank"))
        figure = critical_difference_figure(comparison, colours, simulated=simulated)
        return figure or comparison.untestable or "nothing to draw with two methods"
    from genearena.benchmark.plots.rank_stability import rank_stability_figure
    from genearena.benchmark.stats.stability import stability

    found = stability(scores.answered())
    figure = rank_stability_figure(found, colours, simulated=simulated) if found else None
    return figure or "nothing can be left out"
