"""The leaderboards as one tidy csv table with every number in full."""

from collections.abc import Iterable, Iterator, Mapping

from genearena.benchmark.compare.bootstrap import Place, headline_places
from genearena.benchmark.compare.headline import headline
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.metric_columns import MetricColumn
from genearena.benchmark.show.tables.cut import Cut
from genearena.benchmark.show.tables.task_sheet import metric_value
from genearena.data.common.csv_text import csv_text

Value = str | int | float | bool | None

COLUMNS = (
    *("tissue", "source", "simulated", "fingerprint", "preset", "label", "method", "version"),
    *("params", "control", "variant", "metric", "metric_label", "higher_is_better", "scored"),
    *("mean", "sd", "n", "scaled", "control_scaled", "rank", "flags", "problems"),
    "control_unbeaten",
    *(
        "headline",
        "headline_low",
        "headline_high",
        "headline_rank",
        "avg_score",
        "avg_rank",
        "runs_expected",
        "runs_ok",
        "runs_failed",
        "runs_timeout",
    ),
    *("runs_oom", "runs_skipped", "gene_coverage", "origin"),
)
COST_COLUMNS = (
    *("fit_seconds", "score_seconds", "peak_rss_bytes", "added_rss_bytes", "n_parameters"),
)


def to_csv(boards: Iterable[Leaderboard], *, cost: bool = True, cut: Cut | None = None) -> str:
    """Write one row per task, method and metric; floats read back to the same bits.

    Parameters
    ----------
    boards
        Leaderboards.
    cost
        Whether to add seconds, memory and number of parameters.
    cut
        Which methods and metrics to keep, by default all.

    Returns
    -------
    Text with a header line. A number that does not exist is an empty field. A method without any
    metric still has one row per metric of its task, or a single row without one.
    """
    rows = (cut or Cut()).rows(list(tidy_rows(boards)))
    return csv_text(COLUMNS + (COST_COLUMNS if cost else ()), rows)


def tidy_rows(boards: Iterable[Leaderboard]) -> Iterator[dict[str, Value]]:
    """Yield a row of the csv for each task, method and metric, by the names of its columns."""
    for board in boards:
        task = board.task
        shared: dict[str, Value] = {
            "tissue": task.tissue,
            "source": task.source,
            "simulated": task.simulated,
            "fingerprint": task.fingerprint,
        }
        places = headline_places([board])
        for row in board.rows:
            of_row = shared | _method_fields(row) | _headline_fields(board, row, places)
            for metric in board.metrics:
                yield of_row | _metric_fields(board, row, metric)
            if not board.metrics:
                yield of_row


def _headline_fields(board: Leaderboard, row: Row, places: Mapping[str, Place]) -> dict[str, Value]:
    place = places.get(row.label, Place(None, None))
    low, high = place.interval or (None, None)
    return {
        "headline": headline(board, row).mean,
        "headline_low": low,
        "headline_high": high,
        "headline_rank": place.rank,
    }


def _method_fields(row: Row) -> dict[str, Value]:
    runs, finished = row.runs, row.runs.finished
    return {
        "preset": "+".join(runs.presets),
        "label": row.label,
        "method": runs.key.name,
        "version": runs.key.version,
        "params": runs.key.params,
        "control": row.control,
        "variant": runs.method.variant,
        "avg_score": row.avg_score,
        "avg_rank": row.avg_rank,
        **dict.fromkeys((name for name in COLUMNS if name.startswith("runs_")), 0),
        **{f"runs_{status}": count for status, count in runs.statuses.items()},
        "runs_expected": runs.expected,
        "gene_coverage": runs.mean(lambda run: run.gene_coverage),
        "origin": "; ".join(runs.origins),
        "fit_seconds": runs.mean(lambda run: run.cost.fit_seconds),
        "score_seconds": runs.mean(lambda run: run.cost.score_seconds),
        "peak_rss_bytes": max((run.cost.peak_rss_bytes for run in finished), default=None),
        "added_rss_bytes": row.added_rss_bytes,
        "n_parameters": max((run.cost.n_parameters for run in finished), default=None),
    }


def _metric_fields(board: Leaderboard, row: Row, metric: MetricColumn) -> dict[str, Value]:
    cell = row.cells[metric.name]
    return {
        "metric": metric.name,
        "metric_label": metric.label,
        "higher_is_better": metric.higher_is_better,
        "scored": metric.scored,
        "mean": cell.mean,
        "sd": cell.sd,
        "n": cell.n,
        "flags": "; ".join(f"{text} ({count})" for text, count in cell.flags),
        "problems": "; ".join(f"{text} ({count})" for text, count in cell.problems),
        "scaled": row.scaled[metric.name],
        "control_scaled": metric_value("control", board, row, metric),
        "rank": row.ranks[metric.name],
        "control_unbeaten": board.unbeaten_control(metric) is not None,
    }
