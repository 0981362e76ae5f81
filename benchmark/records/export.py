"""All results as one long table: a row per run and metric."""

import json
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from genearena.benchmark.records.record import (
    Cost,
    Environment,
    MethodInfo,
    MetricResult,
    Origin,
    RunRecord,
    TaskInfo,
)
from genearena.data.common.atomic import write_atomically
from genearena.data.common.csv_text import csv_text
from genearena.data.common.errors import UsageError

if TYPE_CHECKING:
    from pandas import DataFrame

PARTS: Mapping[str, tuple[str, type]] = {
    "task": ("", TaskInfo),
    "method": ("method_", MethodInfo),
    "cost": ("", Cost),
    "environment": ("environment_", Environment),
    "origin": ("origin_", Origin),
}
"""Field of a record -> what its own fields are prefixed with, and its type."""

RESULT_FIELDS = tuple(get_type_hints(MetricResult))

DTYPES = {str: "string", bool: "boolean", int: "Int64", float: "Float64"}


def long_table(records: Iterable[RunRecord]) -> "DataFrame":
    """Return one row per run and metric, with everything known of the run on each.

    A run without metrics has one row without a metric. Of a run's parts task and cost stand under
    their own field names, the others prefixed (``method_name``, ``environment_cpu``); parameters,
    needs and package versions are JSON; texts that are not there are missing values.
    """
    import pandas as pd

    types = column_types()
    rows = [row for record in records for row in _rows(record)]
    return pd.DataFrame(
        {
            name: pd.array([row.get(name) for row in rows], dtype=dtype)
            for name, dtype in types.items()
        }
    )


def column_types() -> dict[str, str]:
    """Return the columns of the table and their pandas types, in order."""
    columns = dict(_types_of(RunRecord, "", skip=(*PARTS, "metrics")))
    for prefix, part in PARTS.values():
        columns |= _types_of(part, prefix)
    return columns | {"metric": "string"} | dict(_types_of(MetricResult, "metric_"))


def write_table(records: Iterable[RunRecord], path: Path) -> int:
    """Write the long table as Parquet or csv, by the file's ending, and return its rows.

    Raises
    ------
    UsageError
        If the ending is neither, or Parquet is not installed.
    StoreError
        If the file cannot be written.
    """
    if path.suffix not in (".parquet", ".csv"):
        raise UsageError(f"cannot export to '{path}': want a name ending in .parquet or .csv")
    if path.suffix == ".parquet":
        _check_parquet()
        table = long_table(records)
        write_atomically(
            path, lambda temporary: table.to_parquet(temporary, engine="pyarrow", index=False)
        )
        return len(table)
    rows = [row for record in records for row in _rows(record)]
    text = csv_text(list(column_types()), rows)
    write_atomically(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))
    return len(rows)


def _check_parquet() -> None:
    if find_spec("pyarrow") is None:
        raise UsageError(
            "Parquet needs pyarrow: pip install 'genearena[parquet]', or export to .csv"
        )


def _types_of(part: type, prefix: str, skip: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    for name, hint in get_type_hints(part).items():
        if name not in skip and not name.startswith(("model_", "__")):
            yield prefix + name, _dtype(hint)


def _dtype(hint: Any) -> str:
    if get_origin(hint) is Literal:
        hint = type(get_args(hint)[0])
    options = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    return next((DTYPES[option] for option in options if option in DTYPES), "string")


def _rows(record: RunRecord) -> Iterator[dict[str, Any]]:
    run = _flat(record, "", skip=(*PARTS, "metrics"))
    for name, (prefix, _) in PARTS.items():
        part = getattr(record, name)
        if part is not None:
            run |= _flat(part, prefix)
    for name, result in record.metrics.items():
        fields = {f"metric_{field}": getattr(result, field) for field in RESULT_FIELDS}
        yield run | {"metric": name} | fields
    if not record.metrics:
        yield run


def _flat(part: BaseModel, prefix: str, skip: Iterable[str] = ()) -> dict[str, Any]:
    values = {name: getattr(part, name) for name in type(part).model_fields if name not in skip}
    return {prefix + name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | tuple | list) else value
