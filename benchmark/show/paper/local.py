"""Local results beside the paper's, over the methods that both have."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genearena.benchmark.compare.aggregate import Floats, Ties, rank
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.show.paper.published import LOCAL_METHODS, LOCAL_METRICS, TissueTables
from genearena.benchmark.show.paper.recompute import paper_standings


@dataclass(frozen=True, eq=False)
class Side:
    """(methods, metrics) means and (methods,) averages over the compared methods, of one side."""

    means: Floats
    avg_score: Floats
    avg_rank: Floats


@dataclass(frozen=True, eq=False)
class Comparison:
    """One local task beside the paper's table of the same tissue.

    Rows are the local ones compared, in the paper's order, with the paper's names of their methods;
    `left_out` says of its other methods why they cannot be compared.
    """

    board: Leaderboard
    tables: TissueTables
    rows: tuple[Row, ...]
    names: tuple[str, ...]
    left_out: dict[str, str]
    paper: Side
    here: Side

    @property
    def agreement(self) -> float:
        """Spearman correlation of the two Avg Ranks; NaN where one side has no order."""
        first, second = rank(-self.paper.avg_rank), rank(-self.here.avg_rank)
        if np.ptp(first) == 0 or np.ptp(second) == 0:
            return float("nan")
        return float(np.corrcoef(first, second)[0, 1])


def compare(
    board: Leaderboard,
    tables: Sequence[TissueTables],
    *,
    released: bool = False,
    ties: Ties = "average",
) -> Comparison | None:
    """Put a local task beside the paper's table of its tissue.

    Scores and ranks of both sides are computed over the same methods, or they would differ
    for want of a method alone. None if the paper has no such tissue or fewer than two methods
    remain.

    Parameters
    ----------
    board, tables
        Local results, and the paper's of any tissues.
    released
        Whether to take the variant ``NAME:released`` of a method that has one.
    ties
        Rank of equal values.
    """
    own = next((t for t in tables if t.tissue.casefold() == board.task.tissue.casefold()), None)
    if own is None:
        return None
    chosen, left_out = _chosen(board, own, released)
    if len(chosen) < 2:
        return None
    places = [own.methods.index(name) for name in chosen]
    local = [[row.cells[LOCAL_METRICS[m]].mean for m in own.metrics] for row in chosen.values()]
    return Comparison(
        board,
        own,
        tuple(chosen.values()),
        tuple(chosen),
        left_out,
        _side(own.mean[places], ties),
        _side(np.array(local, dtype=np.float64), ties),
    )


def _side(means: Floats, ties: Ties) -> Side:
    result = paper_standings(means, ties)
    return Side(means, result.avg_score, result.avg_rank)


def _chosen(
    board: Leaderboard, tables: TissueTables, released: bool
) -> tuple[dict[str, Row], dict[str, str]]:
    chosen: dict[str, Row] = {}
    left_out: dict[str, str] = {}
    for name in tables.methods:
        row = _row(board, LOCAL_METHODS.get(name), released)
        if row is None:
            left_out[name] = "not run here" if name in LOCAL_METHODS else "not in the suite"
            continue
        cells = {metric: row.cells.get(LOCAL_METRICS[metric]) for metric in tables.metrics}
        lacking = [metric for metric, cell in cells.items() if cell is None or cell.mean is None]
        if lacking:
            left_out[name] = f"lacks {', '.join(lacking)} here"
        else:
            chosen[name] = row
    return chosen, left_out


def _row(board: Leaderboard, name: str | None, released: bool) -> Row | None:
    """Return the method's row; of several settings the one run last."""
    wanted = [f"{name}:released", name] if released else [name]
    for candidate in wanted:
        named = (row for row in board.rows if row.runs.key.name == candidate)
        rows = [row for row in named if not row.runs.outside]
        if rows:
            return max(rows, key=lambda row: max(run.created for run in row.runs.runs))
    return None
