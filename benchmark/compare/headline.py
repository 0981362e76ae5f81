"""The headline: the mean of the questions that chance answers with 0 and knowledge with 1."""

import statistics
from collections.abc import Mapping

from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.compare.summary import Cell, usable_value

NOTHING = Cell(None, None, 0, (), ())

QUESTIONS: Mapping[str, str] = {
    "replicated_edges": "do vectors learnt from half of a donor's cells tell which genes are "
    "co-expressed in the other half?",
    "new_donor": "do the vectors of other donors tell it for a donor the method has never seen?",
    "shared_function": "do genes of one function lie close across donors, names aside?",
    "specific_function": "do genes whose function differs between two donors lie apart?",
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
    names = [metric.name for metric in headline_metrics(board)]
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


def by_headline(board: Leaderboard) -> tuple[Row, ...]:
    """Return the rows of each part of the table from the highest headline to the lowest."""

    def place(row: Row) -> tuple[int, bool, float]:
        mean = headline(board, row).mean
        return [r.section for r in board.rows].index(row.section), mean is None, -(mean or 0.0)

    return tuple(sorted(board.rows, key=place))
