"""The data inside the page: every record, what averages are made of, and the csv tables."""

import base64
import gzip
import json
import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from genearena.benchmark.compare.aggregate import FARTHEST, RESOLUTION
from genearena.benchmark.compare.bootstrap import LEVEL, RESAMPLES, Place, headline_places
from genearena.benchmark.compare.comparison import DIGITS
from genearena.benchmark.compare.control_scale import FLOOR, ControlScale, control_scale
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.metric_columns import MetricColumn, metric_columns
from genearena.benchmark.compare.scores import Block, read_scores
from genearena.benchmark.compare.summary import SECTIONS, own_or_all
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.show.report.addresses import ALL_TASKS, row_address, task_address
from genearena.benchmark.show.report.badges import badges
from genearena.benchmark.show.tables.overview import methods_over
from genearena.benchmark.show.tables.tidy import to_csv

OWN = ("run_id", "seed", "created")
"""Fields that few runs share; the others are kept once for all runs that agree in them all."""
ON_DISK = ("embedding", "embedding_sha256", "seal")
"""Fields that prove stored files to be what was written; hashes are what packs worst."""
NUMBERS: Any = {
    **dict.fromkeys((*OWN, *ON_DISK, "cost"), True),
    "metrics": {"__all__": {"value", "parts"}},
}
"""What runs do not share, as pydantic leaves it out."""
RULES = {
    "sections": SECTIONS,
    "resolution": RESOLUTION,
    "farthest": FARTHEST,
    "floor": FLOOR,
    "level": LEVEL,
    "resamples": RESAMPLES,
    "digits": DIGITS,
}
"""What the page's script must not know otherwise than these tables do."""


def packed(data: dict[str, Any]) -> str:
    """Return data as JSON, gzip and base64: a fifth of the JSON's size."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return base64.b64encode(gzip.compress(text.encode(), 6, mtime=0)).decode()


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
        Every record but the values of single data sets and `ON_DISK`: the fields of `OWN`, numbers
        alone of ``cost`` and ``metrics`` to six digits, and the place of everything else in
        ``shared``, which names the numbers in their order.
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
    ``rules``, ``methods``, ``tasks``
        What averages, ranks and intervals over any choice of tasks and metrics are made of.
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
        **numbers(boards),
    }


def numbers(boards: Sequence[Leaderboard]) -> dict[str, Any]:
    """Return the rules, methods and tasks of `payload`; lists by method are in one order."""
    methods, headlines = methods_over(boards), read_scores(boards, "headline", everyone=True)
    places = headline_places(boards)
    return {
        "rules": RULES,
        "methods": [
            {
                "label": method.label,
                "address": ALL_TASKS + row_address("", method.first),
                "submitted": any(row.runs.origins for row in method.known),
                "badges": [badge._asdict() for badge in badges(method.known)],
                # of all tasks; of others the script finds it out
                "place": places.get(method.label, Place(None, None)).__dict__,
            }
            for method in methods
        ],
        "tasks": [
            _task(board, block, [method.rows[i] for method in methods])
            for i, (board, block) in enumerate(zip(boards, headlines.blocks, strict=True))
        ],
    }


def _task(board: Leaderboard, block: Block, rows: Sequence[Row | None]) -> dict[str, Any]:
    parts = np.zeros(0) if block.parts is None else block.parts
    # to more digits than tables show
    told = np.round(parts, 7).astype(object)
    told[np.isnan(parts)] = None
    return {
        "address": task_address(board.task),
        "name": block.name,
        "metrics": [_metric(board, metric) for metric in board.metrics],
        # by method, None where it was not run
        "sections": [row and SECTIONS.index(row.section) for row in rows],
        "runs": [row and [len(row.runs.finished), row.runs.expected] for row in rows],
        "means": [row and [row.cells[m.name].mean for m in board.metrics] for row in rows],
        "flagged": [
            row and [m.name for m in board.metrics if row.cells[m.name].flags] for row in rows
        ],
        # (methods, questions, seeds, data sets)
        "questions": [metric.name for metric in block.metrics],
        "parts": told.tolist(),
    }


def _metric(board: Leaderboard, metric: MetricColumn) -> dict[str, Any]:
    scale = control_scale(board, metric)
    return {
        "name": metric.name,
        "label": metric.label,
        "higher": metric.higher_is_better,
        "scored": metric.scored,
        "headline": metric.headline,
        "scale": [scale.zero, scale.one] if isinstance(scale, ControlScale) else None,
    }


def _compact(record: RunRecord, shared: dict[str, int]) -> dict[str, Any]:
    rest = record.model_dump_json(exclude_none=True, exclude=NUMBERS)
    cost = record.cost.model_dump(exclude_none=True)
    place = shared.setdefault(f'{{"cost":{json.dumps(list(cost))},{rest[1:]}', len(shared))
    own = {field: value for field in OWN if (value := getattr(record, field)) is not None}
    values = {
        "cost": list(map(_finite, cost.values())),
        "metrics": [_finite(result.value) for result in record.metrics.values()],
    }
    return {**own, **values, "shared": place}


def _finite(value: float | None) -> float | None:
    # what is not finite is None in stored records too; counts stay whole
    if value is None or isinstance(value, int):
        return value
    return float(f"{value:.6g}") if math.isfinite(value) else None


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
