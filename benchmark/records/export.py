"""All results as one long table: a row per run and metric."""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

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

PARTS = {
    "": ("", RunRecord),
    "task": ("", TaskInfo),
    "method": ("method_", MethodInfo),
    "cost": ("", Cost),
    "environment": ("environment_", Environment),
    "origin": ("origin_", Origin),
}
"""Field of a record, the record itself first -> prefix of its own fields in the table, and type."""

RESULT_FIELDS = tuple(get_type_hints(MetricResult))
DTYPES = {str: "string", bool: "boolean", int: "Int64", float: "Float64"}


def long_table(records: Iterable[RunRecord]) -> "DataFrame":
    """Return one row per run and metric, with everything known of the run on each.

    A run without metrics has one row without a metric. Of a run's parts task and cost stand under
    their own field names, the others prefixed (``method_name``, ``environment_cpu``); parameters,
    needs and package versions are JSON; texts that are not there are missing values.
    """
    import pandas as pd

    rows = [row for record in records for row in _rows(record)]
    return pd.DataFrame(
        {
            name: pd.array([row.get(name) for row in rows], dtype=dtype)
            for name, dtype in _column_types().items()
        }
    )


def write_table(records: Iterable[RunRecord], path: Path) -> int:
    """Write the long table as Parquet or csv, by the file's ending, and return its rows.

    Raises
    ------
    UsageError
        If the ending is neither, or Parquet is not installed.
    StoreError
        If the file cannot be written.
    """
    if path.suffix == ".parquet":
        if find_spec("pyarrow") is None:
            raise UsageError(
                "Parquet needs pyarrow: pip install 'genearena[parquet]', or export to .csv"
            )
        table = long_table(records)
        write_atomically(
            path, lambda temporary: table.to_parquet(temporary, engine="pyarrow", index=False)
        )
        return len(table)
    if path.suffix != ".csv":
        raise UsageError(f"cannot export to '{path}': want a name ending in .parquet or .csv")
    rows = [row for record in records for row in _rows(record)]
    text = csv_text(list(_column_types()), rows)
    write_atomically(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))
    return len(rows)


@cache
def _fields() -> tuple[tuple[str, str, str, str], ...]:
    """Return (part, its field, column, pandas type) of all that is the same for a run's metrics."""
    return tuple(
        (part, name, prefix + name, _dtype(hint))
        for part, (prefix, kind) in PARTS.items()
        for name, hint in get_type_hints(kind).items()
        if (part or name not in (*PARTS, "metrics")) and not name.startswith(("model_", "__"))
    )


def _column_types() -> dict[str, str]:
    results = {f"metric_{name}": _dtype(h) for name, h in get_type_hints(MetricResult).items()}
    return {column: dtype for *_, column, dtype in _fields()} | {"metric": "string"} | results


def _dtype(hint: Any) -> str:
    if get_origin(hint) is Literal:
        hint = type(get_args(hint)[0])
    options = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    return next((DTYPES[option] for option in options if option in DTYPES), "string")


def _rows(record: RunRecord) -> Iterator[dict[str, Any]]:
    run = {}
    for part, name, column, _ in _fields():
        values = getattr(record, part) if part else record
        if values is not None:
            run[column] = _plain(getattr(values, name))
    for name, result in record.metrics.items():
        fields = {f"metric_{name}": _plain(getattr(result, name)) for name in RESULT_FIELDS}
        yield run | {"metric": name} | fields
    if not record.metrics:
        yield run


def _plain(value: Any) -> Any:
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | tuple | list) else value
