"""Check a record made elsewhere against the schema, its own identity and what is stored here."""

import math
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from genearena.benchmark.store.record_files import alteration, parse_record
from genearena.benchmark.store.records import RunRecord
from genearena.benchmark.store.results import ResultStore
from genearena.data.errors import DataError, StoreError
from genearena.data.whole_file import read_whole
from genearena.metrics.registry import METRICS

MOST_BYTES = 16 * 2**20
TOLERANCE = 1e-9


def read_record(path: Path) -> RunRecord:
    """Read one record of a foreign results folder.

    Raises
    ------
    DataError
        If it is no record, or its name, identity, vectors and numbers do not fit together.
    """
    if path.is_symlink():
        raise DataError("it is no plain file")
    content = read_whole(path, MOST_BYTES)
    try:
        record = parse_record(content, path.name.removesuffix(".json"))
    except DataError as error:
        raise DataError(f"it is no record of this suite ({error})") from error
    for problem in _problems(record):
        raise DataError(problem)
    return record


def _problems(record: RunRecord) -> Iterator[str]:
    if text := alteration(record):
        yield text
    if (record.embedding in vector_names(record)) != (record.status == "ok"):
        yield f"it names vectors {record.embedding!r}, unlike a run that ended {record.status}"
    if record.status == "ok" and record.gene_coverage is None:
        yield "it ended ok without a gene coverage"
    if record.status != "ok" and record.metrics:
        yield f"it ended {record.status} and yet has metrics"
    if not _is_time(record.created):
        yield f"it was created at {record.created!r}, want an ISO date and time"
    for metric, result in record.metrics.items():
        yield from _metric_problems(metric, result.status, result.value)


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _metric_problems(name: str, status: str, value: float | None) -> Iterator[str]:
    if (value is not None) != (status == "ok"):
        yield f"metric {name!r} is {status} with value {value}"
    if value is None:
        return
    if not math.isfinite(value):
        yield f"metric {name!r} is {value}, want a finite number"
    if name in METRICS.names:
        metric = METRICS.load(name)
        if not metric.low - TOLERANCE <= value <= metric.high + TOLERANCE:
            yield f"metric {name!r} is {value}, outside {metric.low:g} to {metric.high:g}"


def is_stored(record: RunRecord, store: ResultStore) -> bool:
    """Return whether the same run with the same outcome is in the store.

    Raises
    ------
    DataError
        If the same run is there with another outcome, or its file there is damaged.
    """
    try:
        own = store.record(record.run_id)
    except StoreError as error:
        raise DataError(f"the stored {error}; 'bench run' sets damaged files aside") from error
    if own is None:
        return False
    if own.status != record.status:
        raise DataError(f"it is stored here as {own.status}, there it is {record.status}")
    for name in sorted(own.metrics.keys() & record.metrics.keys()):
        here, there = own.metrics[name].value, record.metrics[name].value
        if here != there:
            raise DataError(f"it is stored here with {name} {here}, there it is {there}")
    return True
