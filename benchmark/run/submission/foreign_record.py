"""Check a record made elsewhere against the schema, its own identity and what is stored here."""

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from genearena.benchmark.records.declared import declared_method, installed_metric
from genearena.benchmark.records.identity import vector_names
from genearena.benchmark.records.record import MethodInfo, RunRecord
from genearena.benchmark.records.record_files import alteration, parse_record
from genearena.benchmark.records.results import ResultStore
from genearena.data.common.errors import DataError, DeclarationError, StoreError
from genearena.data.common.foreign_files import read_whole
from genearena.methods.registry import METHODS

MOST_BYTES = 16 * 2**20
TOLERANCE = 1e-9
SAME = 1e-6
"""Largest difference between a stated score and the one computed here."""
LONGEST_NAME = 120
LONGEST_TEXT = 10_000
MOST_COUNT = 10**12
MOST: Mapping[str, float] = {"_seconds": 1e9, "_bytes": 2**60, "_joules": 1e15, "seed": 2**63}
"""End of a number's name -> the most that a run on any machine could have."""
CLOCKS_DIFFER_BY = timedelta(days=1)


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
    try:
        problem = next(_problems(record), "")
    except DeclarationError as error:  # of a plugin that the record is about
        raise DataError(str(error)) from error
    if problem:
        raise DataError(problem)
    return record


def _problems(record: RunRecord) -> Iterator[str]:
    yield from _names_problems(record)
    yield from _number_problems(record)
    if (record.embedding in vector_names(record)) != (record.status == "ok"):
        yield f"it names vectors {record.embedding!r}, unlike a run that ended {record.status}"
    if record.status == "ok" and record.gene_coverage is None:
        yield "it ended ok without a gene coverage"
    if record.status != "ok" and record.metrics:
        yield f"it ended {record.status} and yet has metrics"
    yield from _time_problems(record.created)
    yield from _method_problems(record.method)
    for metric, result in record.metrics.items():
        yield from _metric_problems(metric, result.status, result.value)
    if text := alteration(record):
        yield text


def _names_problems(record: RunRecord) -> Iterator[str]:
    method = record.method
    names = {
        "tissue": record.task.tissue,
        "source": record.task.source,
        "method": method.name,
        "method's version": method.version,
        "method's variant": method.variant,
        "preset": record.preset,
        "place of origin": record.origin.by if record.origin else "",
        **{f"metric {n[:20]!r}": n for n in record.metrics},
    }
    for what, name in names.items():
        if len(name) > LONGEST_NAME:
            yield f"the name of its {what} has {len(name)} characters, want at most {LONGEST_NAME}"
    texts = {"parameters": json.dumps(method.params), "training data": method.trained_on}
    texts |= {f"remark on {name!r}": result.flag for name, result in record.metrics.items()}
    for what, text in texts.items():
        if len(text) > LONGEST_TEXT:
            yield f"its {what} take {len(text)} characters, want at most {LONGEST_TEXT}"


def _number_problems(record: RunRecord) -> Iterator[str]:
    numbers = {"seed": record.seed, "attempts": record.attempts}
    numbers |= record.cost.model_dump(exclude_none=True)
    for name, value in numbers.items():
        most = next((most for end, most in MOST.items() if name.endswith(end)), MOST_COUNT)
        if not 0 <= value <= most:
            yield f"its {name} is {value:g}, outside 0 to {most:g}"


def _time_problems(created: str) -> Iterator[str]:
    try:
        time = datetime.fromisoformat(created)
    except ValueError:
        time = datetime.min
    if time.tzinfo is None:
        yield f"it was created at {created!r}, want an ISO date and time"
    elif time > datetime.now(UTC) + CLOCKS_DIFFER_BY:
        yield f"it was created in the future, at {created}"


def _method_problems(method: MethodInfo) -> Iterator[str]:
    """Yield how what a record says of its method is not what is known of it here."""
    if method.name not in METHODS.names:
        if method.control:
            yield f"it calls {method.name!r} a control, which is no method that is installed here"
        return
    known = declared_method(method.name)
    for what, said, here in (
        ("control", method.control, known.control),
        ("variant", method.variant, known.variant),
        ("needs", sorted(method.needs), sorted(known.needs)),
    ):
        if said != here:
            yield f"it says {what} = {said} of {method.name!r}, which has {here} here"


def _metric_problems(name: str, status: str, value: float | None) -> Iterator[str]:
    metric = installed_metric(name)
    if metric is None:
        yield f"metric {name!r} is not installed here, so that nothing is known of it"
        return
    if (value is not None) != (status == "ok"):
        yield f"metric {name!r} is {status} with value {value}"
    if value is None:
        return
    if not math.isfinite(value):
        yield f"metric {name!r} is {value}, want a finite number"
    if not metric.low - TOLERANCE <= value <= metric.high + TOLERANCE:
        yield f"metric {name!r} is {value}, outside {metric.low:g} to {metric.high:g}"


def is_stored(run_id: str, record: RunRecord, store: ResultStore) -> bool:
    """Return whether a run is in the store, with the outcome that a record has.

    Raises
    ------
    DataError
        If the same run is there with another outcome, or its file there is damaged.
    """
    try:
        own = store.record(run_id)
    except StoreError as error:
        raise DataError(f"the stored {error}; 'bench run' sets damaged files aside") from error
    if own is None:
        return False
    if own.status != record.status:
        raise DataError(f"it is stored here as {own.status}, there it is {record.status}")
    for name in sorted(own.metrics.keys() & record.metrics.keys()):
        here, there = own.metrics[name], record.metrics[name]
        if here.version == there.version and not same(here.value, there.value):
            raise DataError(
                f"it is stored here with {name} {here.value}, there it is {there.value}"
            )
    return True


def same(here: float | None, there: float | None) -> bool:
    """Return whether two scores are the same but for rounding."""
    if here is None or there is None:
        return here is there
    return abs(here - there) <= SAME
