"""The data inside the page: every record, what each row rests on, and the csv tables."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from genearena.benchmark.leaderboard import Leaderboard
from genearena.benchmark.records import RunRecord
from genearena.benchmark.report.addresses import row_address, task_address
from genearena.benchmark.report.pool import Pool
from genearena.benchmark.tables.tidy import to_csv

SHARED = ("task", "method", "environment", "traceback")
"""Fields of a record whose values are kept once for all runs."""


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
        Every record; the fields of `SHARED` hold a place in ``shared``, a metric holds its value
        and the place of the rest.
    ``shared``
        Field -> values.
    ``rows``
        Address of a row -> places of its runs.
    ``unused``
        Place of a run behind no number -> why.
    ``labels``
        Metric -> heading.
    ``csv``
        Header line, and the lines of every task by its address.
    """
    ordered = sorted(records, key=lambda record: record.run_id)
    places = {record.run_id: place for place, record in enumerate(ordered)}
    pools = {field: Pool() for field in (*SHARED, "result")}
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
    run["metrics"] = {
        name: [result.pop("value", None), pools["result"].place(result)]
        for name, result in run["metrics"].items()
    }
    return run


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
            "older data of this task" if old else "replaced by a newer run of this seed",
        )


def _labels(records: Sequence[RunRecord]) -> dict[str, str]:
    # of records that disagree about a metric the newest is right, as in the tables
    ordered = sorted(records, key=lambda record: (record.created, record.run_id))
    return {name: result.label for record in ordered for name, result in record.metrics.items()}


def _csv(boards: Sequence[Leaderboard]) -> dict[str, Any]:
    texts = {task_address(board.task): to_csv([board]) for board in boards}
    parts = {address: text.split("\n", 1) for address, text in texts.items()}
    return {
        "header": next(iter(parts.values()))[0] + "\n",
        "tasks": {address: body for address, (_, body) in parts.items()},
    }
