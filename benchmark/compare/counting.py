"""Which metrics tell methods apart on which tasks, what ranks come of those alone, and who wins."""

from collections.abc import Sequence

import numpy as np

from genearena.benchmark.compare.aggregate import Floats, Standings, standings
from genearena.benchmark.compare.headline import headline_metrics
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.compare.metric_columns import MetricColumn

SPREAD = 0.2
"""Least range of the methods, as a share of their mean, at which a metric counts."""


def why_not(board: Leaderboard, metric: MetricColumn) -> str:
    """Return why a metric does not count on a task, nothing if it does.

    It counts where the best method beats every control that does not know the truth, and methods
    differ by a fifth of their mean or more.

    References
    ----------
    geneRNIB: a living benchmark for gene regulatory network inference, 2025.
    """
    control = board.unbeaten_control(metric)
    if control is not None:
        return control.label
    own = (row.cells[metric.name].mean for row in board.rows if row.competes)
    values = [mean for mean in own if mean is not None]
    if len(values) < 2:
        return "one method"
    if max(values) - min(values) < SPREAD * abs(float(np.mean(values))):
        return "alike"
    return ""


def counting_standings(board: Leaderboard) -> Standings:
    """Return scores and ranks of a task's rows by those of the scored metrics that count."""
    metrics = board.metrics
    means = [[row.cells[m.name].mean for m in metrics] for row in board.rows]
    table = np.array([[np.nan if mean is None else mean for mean in row] for row in means])
    return standings(
        table.reshape(len(board.rows), len(metrics)),
        higher=np.array([m.higher_is_better for m in metrics], dtype=bool),
        scored=np.array([m.scored and not why_not(board, m) for m in metrics], dtype=bool),
        competes=np.array([row.competes for row in board.rows], dtype=bool),
        ties=board.ties,
    )


def win_rates(boards: Sequence[Leaderboard], methods: Sequence[str]) -> Floats:
    """Return how often each method beats each other one on the questions of the headline.

    Parameters
    ----------
    boards
        Leaderboards of at least one task.
    methods
        Labels of competing rows.

    Returns
    -------
    (methods, methods) shares of the task × question cells that both have a value of in which the
    first is better, equal ones counting half; NaN on the diagonal and where there is no such cell.
    """
    won, times = np.zeros((2, len(methods), len(methods)))
    for board in boards:
        rows = {row.label: row for row in board.rows if row.competes}
        for metric in headline_metrics(board):
            cells = [rows[m].cells[metric.name].mean if m in rows else None for m in methods]
            values = np.array([np.nan if mean is None else mean for mean in cells])
            both = ~np.isnan(values[:, None] - values)
            times += both
            won += both * ((values[:, None] > values) + 0.5 * (values[:, None] == values))
    np.fill_diagonal(times, 0)
    return np.divide(won, times, out=np.full_like(won, np.nan), where=times > 0)
