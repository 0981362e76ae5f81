"""The data inside the page: every record, what each row rests on, and the csv tables."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.compare.metric_columns import metric_columns
from genearena.benchmark.compare.summary import own_or_all
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.show.report.addresses import row_address, task_address
from genearena.benchmark.show.tables.tidy import to_csv

OWN = ("run_id", "seed", "created", "embedding", "embedding_sha256", "seal")
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
        Every record but the values of single data sets: the fields of `OWN`, numbers alone of
        ``cost`` and ``metrics``, and the place of everything else in ``shared``, which names the
        numbers in their order.
    ``shared``
        The rest of records, each once.
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
    shared: dict[str, int] = {}
    texts = {task_address(board.task): to_csv([board]) for board in boards}
    return {
        "runs": [_compact(record, shared) for record in ordered],
        "shared": list(map(json.loads, shared)),
        "rows": {
            row_address(task_address(board.task), row): [
                places[run.run_id] for run in row.runs.runs
            ]
            for board in boards
            for row in board.rows
        },
        "unused": {places[run_id]: why for run_id, why in _unused(ordered, boards)},
        "labels": _labels(records),
        "csv": {
            "header": next(iter(texts.values())).partition("\n")[0] + "\n",
            "tasks": {address: text.partition("\n")[2] for address, text in texts.items()},
        },
    }


def _compact(record: RunRecord, shared: dict[str, int]) -> dict[str, Any]:
    # through JSON text, as records are stored: a value that is not finite becomes null
    run: dict[str, Any] = json.loads(record.model_dump_json(exclude_none=True))
    own = {field: run.pop(field) for field in OWN if field in run}
    cost, run["cost"] = list(run["cost"].values()), list(run["cost"])
    metrics = [result.pop("value", None) for result in run["metrics"].values()]
    for result in run["metrics"].values():  # the page shows none, and no two runs share them
        del result["parts"]
    place = shared.setdefault(json.dumps(run), len(shared))
    return {**own, "cost": cost, "metrics": metrics, "shared": place}


def _unused(
    records: Sequence[RunRecord], boards: Sequence[Leaderboard]
) -> Iterator[tuple[str, str]]:
    used = {run.run_id for board in boards for row in board.rows for run in row.runs.runs}
    current = {(b.task.tissue, b.task.source): b.task.fingerprint for b in boards}
    for record in records:
        if record.run_id in used:
            continue
        old = record.task.fingerprint != current[record.task.tissue, record.task.source]
        why = "other data of this task" if old else "replaced by a newer run of this seed"
        yield record.run_id, why


def _labels(records: Sequence[RunRecord]) -> dict[str, str]:
    # as in the tables; a metric that no table shows is called what the newest record calls it
    ordered = sorted(records, key=lambda record: (record.created, record.run_id))
    said = {name: result.label for record in ordered for name, result in record.metrics.items()}
    return said | {c.name: c.label for c in metric_columns(own_or_all(records))}
