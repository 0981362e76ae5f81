"""The headline: the mean of the questions that chance answers with 0 and knowledge with 1.

Beside it which metrics tell methods apart on which tasks, the ranks that come of those alone, and
how often one method beats another.
"""

import statistics
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from genearena.benchmark.compare.aggregate import Floats, Standings, standings
from genearena.benchmark.compare.build import table_of_means
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.compare.summary import SECTIONS, Cell, usable_value

NOTHING = Cell(None, None, 0, (), ())
SPREAD = 0.2
"""Least range of the methods, as a share of their mean, at which a metric counts."""

QUESTIONS: Mapping[str, str] = {
    "replicated_edges": "do vectors learnt from half of a donor's cells tell which genes are "
    "co-expressed in the other half?",
    "new_donor": "do the vectors of other donors tell it for a donor the method has never seen?",
    "shared_function": "do genes of one function lie close across donors, names aside?",
    "specific_function": "do genes whose function differs between two donors lie apart?",
    "shared_partners": "are a gene's partners in one donor's kept-back cells close to it in "
    "another's vectors, more than other genes with as many partners?",
    "rewiring": "do genes whose partners differ between two donors lie apart?",
}
"""Metric -> what it asks, for those who do not know its formula."""


def headline_metrics(board: Leaderboard) -> tuple[MetricColumn, ...]:
    """Return the metrics of a task's headline: those that any competing method has a value of."""
    rows = [row for row in board.rows if row.competes]
    return tuple(
        m for m in board.metrics if m.headline and any(row.cells[m.name].n for row in rows)
    )


def headline(board: Leaderboard, row: Row) -> Cell:
    """Return mean, standard deviation and number of a row's runs of the mean over the questions.

    Values are on their own scale, never on that of other methods. A row that lacks one of the
    questions has no headline.
    """
    return _headline(tuple(metric.name for metric in headline_metrics(board)), row)


@lru_cache(maxsize=10_000)  # tables and figures ask for it again and again
def _headline(names: tuple[str, ...], row: Row) -> Cell:
    means = [row.cells[name].mean for name in names]
    known = [mean for mean in means if mean is not None]
    if not names or len(known) < len(names):
        return NOTHING
    values = []
    for run in row.runs.finished:
        own = [usable_value(run.metrics.get(name)) for name in names]
        answered = [value for value in own if value is not None]
        if len(answered) == len(names):
            values.append(statistics.fmean(answered))
    spread = statistics.stdev(values) if len(values) > 1 else None
    return Cell(statistics.fmean(known), spread, len(values), (), ())


def with_headline(boards: Sequence[Leaderboard]) -> tuple[Leaderboard, ...]:
    """Return the tasks on which a competing method has a headline."""
    return tuple(
        board
        for board in boards
        if any(row.competes and headline(board, row).mean is not None for row in board.rows)
    )


def by_headline(board: Leaderboard) -> tuple[Row, ...]:
    """Return the rows of each part of the table from the highest headline to the lowest."""

    def place(row: Row) -> tuple[int, bool, float]:
        mean = headline(board, row).mean
        return SECTIONS.index(row.section), mean is None, -(mean or 0.0)

    return tuple(sorted(board.rows, key=place))


def why_not(board: Leaderboard, metric: MetricColumn) -> str:
    """Return why a metric does not count on a task, nothing if it does.

    It counts where the best method beats `Leaderboard.best_control`, and methods differ by a fifth
    of their mean or more.

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
    return standings(
        table_of_means([row.cells for row in board.rows], metrics),
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
