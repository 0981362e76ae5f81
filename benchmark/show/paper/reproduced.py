"""An experiment of the paper run again: its rows beside the printed ones, and what holds of it."""

import math
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from genearena.benchmark.compare.bootstrap import LEVEL, Bootstrap, bootstrap
from genearena.benchmark.compare.headline import headline, headline_metrics
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.scores import AVERAGES, Average, read_scores
from genearena.benchmark.run.experiment import Experiment
from genearena.benchmark.show.paper.others import OtherTable, other_tables
from genearena.benchmark.show.paper.published import LOCAL_METRICS
from genearena.benchmark.show.paper.recompute import paper_standings
from genearena.benchmark.show.tables.numbers import NOTHING, number
from genearena.benchmark.show.tables.sheet import Column, Sheet, column_of, marked
from genearena.data.common.errors import UsageError

BY: tuple[Average, ...] = ("score", "headline")
"""What claims are held against."""


def paper_scores(table: OtherTable) -> dict[str, float]:
    """Return how well the paper has each row of a table, higher for better; NaN for what failed."""
    metrics = [m for m in LOCAL_METRICS if m in table.columns]
    means = np.array([[table.value(row, m) for m in metrics] for row in table.rows])
    ran = ~np.isnan(means).any(axis=1) if metrics else np.ones(len(table.rows), dtype=bool)
    if "Avg Score" in table.columns:
        values = [table.value(row, "Avg Score") for row in table.rows]
    elif "Avg Rank" in table.columns:
        values = [-table.value(row, "Avg Rank") for row in table.rows]
    elif metrics:
        values = paper_standings(means).avg_score.tolist()
    else:
        values = [math.nan] * len(table.rows)
    return {r: v if ok else math.nan for r, v, ok in zip(table.rows, values, ran, strict=True)}


def reproduced_sheets(
    name: str, experiment: Experiment, boards: Sequence[Leaderboard]
) -> tuple[Sheet, ...]:
    """Lay out the rows of an experiment beside the paper's, and its claims.

    Parameters
    ----------
    name, experiment
        What was run.
    boards
        Leaderboards of its rows alone, so that they rank among themselves.

    Raises
    ------
    UsageError
        If nothing finished.
    """
    rows = {row.label for board in boards for row in board.rows if row.runs.finished}
    labels = [each.label for some in experiment.variants for each in some if each.label in rows]
    if not labels:
        raise UsageError(f"experiment '{name}': no run of it has finished")
    tables = [other_tables()[number] for number in experiment.tables]
    sheets = [_rows_sheet(name, experiment, boards, labels, tables)]
    if experiment.claims:
        sheets.append(_claims_sheet(name, experiment, boards, tables))
    return tuple(sheets)


def _mean(
    boards: Sequence[Leaderboard], label: str, of: Callable[[Leaderboard, Row], float | None]
) -> float | None:
    """Return the mean over tasks of what a row has on each, None if it lacks one."""
    found = [of(board, row) for board in boards for row in board.rows if row.label == label]
    known = [value for value in found if value is not None]
    return statistics.fmean(known) if len(known) == len(boards) else None


def _rows_sheet(
    name: str,
    experiment: Experiment,
    boards: Sequence[Leaderboard],
    labels: Sequence[str],
    tables: Sequence[OtherTable],
) -> Sheet:
    def column(
        heading: str, of: Callable[[Leaderboard, Row], float | None], arrow: str = "↑"
    ) -> Column:
        values = [_mean(boards, label, of) for label in labels]
        entries = marked(values, [True] * len(values), lower=arrow == "↓", digits=3)
        return Column(heading, "scored", entries, arrow)

    columns = [c for table in tables for c in _printed(table, labels)]
    columns.append(column("Avg Score", lambda _, row: row.avg_score))
    columns.append(column("Avg Rank", lambda _, row: row.avg_rank, "↓"))
    columns.append(column("Headline", lambda board, row: headline(board, row).mean))
    asked = headline_metrics(boards[0])
    columns += [column(m.label, partial(_cell_mean, m.name)) for m in asked]
    for table in tables:
        columns += _metrics(table, boards, labels)
    if any("parameters (M)" in table.columns for table in tables):
        columns += [
            column("parameters (M) here", lambda _, row: _parameters(row) / 1e6, "↓"),
            column("MiB here", lambda _, row: _parameters(row) * 4 / 2**20, "↓"),
            column("s per epoch here", lambda _, row: _epoch_seconds(row), "↓"),
        ]
    return Sheet(
        title=f"{name}: {experiment.about}",
        subtitle="; ".join(f"{board.task.label}, {len(board.seeds)} seeds" for board in boards),
        key=f"reproduced-{name}",
        labels=tuple(labels),
        columns=tuple(columns),
        notes=tuple(_notes(boards, labels, tables)),
    )


def _printed(table: OtherTable, labels: Sequence[str]) -> Iterator[Column]:
    for average in ("Avg Score", "Avg Rank", "parameters (M)", "MB", "s per epoch"):
        if average in table.columns:
            texts = [table.cells.get((label, average), (NOTHING, ""))[0] for label in labels]
            yield column_of(f"{average} in Table {table.number}", texts)


def _metrics(
    table: OtherTable, boards: Sequence[Leaderboard], labels: Sequence[str]
) -> Iterator[Column]:
    for metric, own in LOCAL_METRICS.items():
        if metric not in table.columns:
            continue
        texts = []
        for label in labels:
            here = _mean(boards, label, partial(_cell_mean, own))
            printed, _ = table.cells.get((label, metric), (NOTHING, ""))
            texts.append(f"{NOTHING if here is None else number(here, 2)} ({printed})")
        yield column_of(f"{metric} here (Table {table.number})", texts)


def _cell_mean(metric: str, _: Leaderboard, row: Row) -> float | None:
    return row.cells[metric].mean if metric in row.cells else None


def _parameters(row: Row) -> float:
    return statistics.fmean(run.cost.n_parameters for run in row.runs.finished)


def _epoch_seconds(row: Row) -> float | None:
    epochs = row.runs.method.params.get("epochs")
    seconds = [run.cost.fit_seconds for run in row.runs.finished if run.measured]
    return statistics.median(seconds) / epochs if seconds and type(epochs) is int else None


def _notes(
    boards: Sequence[Leaderboard], labels: Sequence[str], tables: Sequence[OtherTable]
) -> Iterator[str]:
    from scipy.stats import spearmanr

    here: Mapping[str, Callable[[Leaderboard, Row], float | None]] = {
        "Avg Score": lambda _, row: row.avg_score,
        "headline": lambda board, row: headline(board, row).mean,
    }
    for table in tables:
        scores = paper_scores(table)
        for what, of in here.items():
            pairs = [(scores.get(label, math.nan), _mean(boards, label, of)) for label in labels]
            known = np.array([(a, b) for a, b in pairs if b is not None and not math.isnan(a)])
            if len(known) > 2:
                r = float(spearmanr(known).statistic)
                rows = f"{len(known)} rows"
                yield f"Spearman of Table {table.number} and the {what} here: {r:.2f} ({rows})"
    epochs = {
        run.method.params.get("epochs")
        for board in boards
        for row in board.rows
        for run in row.runs.runs
    }
    trained = ", ".join(str(n) for n in sorted(e for e in epochs if type(e) is int))
    yield f"Trained for {trained} epochs here; the paper's rows have 1000 or 2000"
    if any(board.task.simulated for board in boards):
        yield "The local data are SIMULATED, the paper's are real"
    yield "Avg Score and Avg Rank are among these rows, as the paper's are among its own"


def _claims_sheet(
    name: str, experiment: Experiment, boards: Sequence[Leaderboard], tables: Sequence[OtherTable]
) -> Sheet:
    claims = experiment.claims
    printed = [paper_scores(table) for table in tables]
    columns = []
    for table, scores in zip(tables, printed, strict=True):
        gaps = [scores.get(a, math.nan) - scores.get(b, math.nan) for a, b in claims]
        texts = [NOTHING if math.isnan(gap) else f"{gap:+.2f}" for gap in gaps]
        columns.append(column_of(f"Table {table.number}", texts))
    seeds = max((len(board.seeds) for board in boards), default=0)
    for by in BY:
        found = bootstrap(read_scores(boards, by)) if boards else None
        answers = [_answer(found, by, a, b, seeds) for a, b in claims]
        heading, _ = AVERAGES[by]
        columns.append(column_of(f"{heading} here", [difference for difference, _ in answers]))
        columns.append(column_of(f"holds by {heading}", [holds for _, holds in answers]))
    return Sheet(
        title=f"{name}: what the paper concludes",
        subtitle="difference of the first row less the second",
        key=f"claims-{name}",
        labels=tuple(f"{a} > {b}" for a, b in claims),
        columns=tuple(columns),
        notes=(
            f"Here: difference and its {LEVEL:.0%} interval over tasks, donors and seeds, too "
            "narrow where there are few; yes and no where it leaves out 0, open where it does not",
            "Of tables that print ranks alone: how many ranks better",
        ),
        corner="Claim",
    )


def _answer(found: Bootstrap | None, by: Average, a: str, b: str, seeds: int) -> tuple[str, str]:
    if found is None or not {a, b} <= set(found.methods):
        return NOTHING, NOTHING
    gap, low, high = found.difference(by, a, b)
    if low == high and seeds < 2:  # donors have no values of this: nothing was drawn again
        return f"{gap:+.3f}", "open"
    holds = "yes" if low > 0 else "no" if high < 0 else "open"
    return f"{gap:+.3f} ({low:+.3f} to {high:+.3f})", holds
