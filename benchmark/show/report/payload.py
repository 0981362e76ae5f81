"""The data inside the page: every record, what each row rests on, and the csv tables."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.compare.metric_columns import metric_columns
from genearena.benchmark.compare.summary import own_or_all
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.show.report.addresses import row_address, task_address
from genearena.benchmark.show.report.pool import Pool
from genearena.benchmark.show.tables.tidy import to_csv

SHARED = ("task", "method", "environment", "traceback")
"""Fields of a record whose values are kept once for all runs."""
OWN = ("run_id", "seed", "created", "embedding")
"""Fields that few runs share; the others are kept once for all runs that agree in them all."""


def payload(records: Sequence[RunRecord], boards: Sequence[Leaderboard]) -> dict[str, Any]:
    """Return what the page's script reads, ready for JSON.

    Parameters
    ----------
    records
        Every record of the results folder.
    boards
        Leaderboards made of them.

    Returns
    -------
    ``runs``
        Every record: the fields of `OWN`, numbers alone of ``cost`` and ``metrics``, and the place
        of everything else in ``shared.rest``, which names the numbers in their order.
    ``shared``
        Field -> values; in ``rest`` the fields of `SHARED` and every metric hold a place.
    ``rows``
        Address of a row -> places of its runs.
    ``unused``
        Place of a run behind no number -> why.
    ``labels``
        Metric -> heading.
    ``csv``
        Header line, and the lines of every task by its address; see `_after`.
    """
    ordered = sorted(records, key=lambda record: record.run_id)
    places = {record.run_id: place for place, record in enumerate(ordered)}
    pools = {field: Pool() for field in (*SHARED, "result", "rest")}
    return {
        "runs": [_compact(record, pools) for record in ordered],
        "shared": {field: pool.values for field, pool in pools.items()},
        "rows": {
            row_address(task_address(board.task), row): [
                places[run.run_id] for run in row.runs.runs
            ]
            for board in boards
            for row in board.rows
        },
        "unused": {places[run_id]: why for run_id, why in _unused(ordered, boards)},
        "labels": _labels(records),
        "csv": _csv(boards),
    }


def _compact(record: RunRecord, pools: Mapping[str, Pool]) -> dict[str, Any]:
    # through JSON text, as records are stored: a value that is not finite becomes null
    run: dict[str, Any] = json.loads(record.model_dump_json(exclude_none=True))
    for field in SHARED:
        run[field] = pools[field].place(run[field])
    own = {field: run.pop(field) for field in OWN if field in run}
    cost, run["cost"] = list(run["cost"].values()), list(run["cost"])
    metrics = [result.pop("value", None) for result in run["metrics"].values()]
    run["metrics"] = {name: pools["result"].place(m) for name, m in run["metrics"].items()}
    return {**own, "cost": cost, "metrics": metrics, "rest": pools["rest"].place(run)}


def _unused(
    records: Sequence[RunRecord], boards: Sequence[Leaderboard]
) -> Iterator[tuple[str, str]]:
    used = {run.run_id for board in boards for row in board.rows for run in row.runs.runs}
    current = {(b.task.tissue, b.task.source): b.task.fingerprint for b in boards}
    for record in records:
        if record.run_id in used:
            continue
        old = record.task.fingerprint != current[record.task.tissue, record.task.source]
        yield (
            record.run_id,
            "other data of this task" if old else "replaced by a newer run of this seed",
        )


def _labels(records: Sequence[RunRecord]) -> dict[str, str]:
    # as in the tables; a metric that no table shows is called what the newest record calls it
    ordered = sorted(records, key=lambda record: (record.created, record.run_id))
    said = {name: result.label for record in ordered for name, result in record.metrics.items()}
    return said | {c.name: c.label for c in metric_columns(own_or_all(records))}


def _csv(boards: Sequence[Leaderboard]) -> dict[str, Any]:
    texts = {task_address(board.task): to_csv([board]) for board in boards}
    parts = {address: text.splitlines(keepends=True) for address, text in texts.items()}
    return {
        "header": next(iter(parts.values()))[0],
        "tasks": {address: list(map(_after, lines, lines[1:])) for address, lines in parts.items()},
    }


def _after(previous: str, line: str) -> tuple[int, str, int]:
    """Return a line as (characters it begins with, others, characters it ends with) like the last.

    Lines of one method differ in a few numbers only.
    """
    # beyond ASCII the script would count otherwise
    if not (previous + line).isascii():
        return 0, line, 0
    begin = _n_alike(previous, line)
    end = _n_alike(previous[begin:][::-1], line[begin:][::-1])
    return begin, line[begin : len(line) - end], end


def _n_alike(first: str, second: str) -> int:
    pairs = enumerate(zip(first, second, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(first), len(second)))
