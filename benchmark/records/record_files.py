"""Read record files; say in one line what is wrong with one that is no record."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from genearena.benchmark.records.identity import id_of
from genearena.benchmark.records.migrations import migrate
from genearena.benchmark.records.record import SCHEMA_VERSION, RunRecord
from genearena.benchmark.records.seal import BROKEN, seal_of, seal_of_values, sealed
from genearena.data.common.errors import DataError, StoreError
from genearena.data.common.foreign_files import read_whole
from genearena.data.common.one_line import one_line


class NewerRecordError(DataError):
    """A record of a schema that only a later version of the suite knows."""


@dataclass(frozen=True)
class Problem:
    """A file among the records that cannot be used, and why.

    A record is `too new` if a later version of the suite made it: it is sound, and not for this
    one. `unreadable` is what the system would not read, `altered` what is not the run it says it
    is; all else is `damaged`.
    """

    path: Path
    text: str
    kind: Literal["damaged", "unreadable", "altered", "too new"] = "damaged"

    def __str__(self) -> str:
        return f"{self.path} is {self.kind} ({self.text})"


def parse_record(content: bytes, name: str | None = None) -> RunRecord:
    """Read the JSON of a record of this or an earlier schema; the latter get a seal anew.

    `name` is what the record must call itself under the schema it was written in; any id if None.

    Raises
    ------
    NewerRecordError
        If its schema is newer than this suite.
    DataError
        If it is no record, or has another name.
    """
    try:
        record = RunRecord.model_validate_json(content)
        own = record.run_id
    except ValidationError as error:
        older = _of_another_schema(content)
        if older is None:
            raise DataError(_first_problem(error)) from error
        record, own = _migrated(older), older["run_id"]
    if name not in (None, own):
        raise DataError(f"it calls itself '{own}', unlike its file")
    return record


def _migrated(older: dict[str, Any]) -> RunRecord:
    try:
        record = RunRecord.model_validate_json(json.dumps(migrate(older)))
        # records were first sealed under schema 3; one whose seal was broken or taken off stays so
        intact = older["schema_version"] < 3 or older.get("seal") == seal_of_values(older)
        return sealed(record) if intact else record
    except (ValidationError, TypeError, ValueError) as error:
        text = _first_problem(error) if isinstance(error, ValidationError) else str(error)
        raise DataError(f"as of schema {older['schema_version']}: {text}") from error


def read_record_file(path: Path) -> RunRecord | Problem:
    """Read one file of the records folder, which must be named after its run.

    Raises
    ------
    FileNotFoundError
        If it is not there.
    """
    try:
        return parse_record(read_whole(path), path.name.removesuffix(".json"))
    except FileNotFoundError:
        raise
    except OSError as error:
        return Problem(path, error.strerror or str(error), "unreadable")
    except NewerRecordError as error:
        return Problem(path, str(error), "too new")
    except DataError as error:
        return Problem(path, str(error), "damaged" if path.is_file() else "unreadable")


def alteration(record: RunRecord) -> str:
    """Return how a record contradicts its id or its seal, nothing if it does not."""
    if record.run_id != (made_of := id_of(record)):
        return f"its contents are those of run '{made_of}': data, method or settings were altered"
    return "" if record.seal == seal_of(record) else BROKEN


def schema_version(path: Path) -> int:
    """Return the schema a readable record was written under."""
    values: dict[str, int] = json.loads(path.read_bytes())
    return values["schema_version"]


def record_paths(folder: Path) -> Sequence[Path]:
    """Return the files of a records folder that may be records, in order; none if it is missing.

    Raises
    ------
    StoreError
        If the folder cannot be listed: taking it for empty would do every run again.
    """
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(
            f"cannot read results folder {folder}: {error.strerror}; choose another with --out"
        ) from error
    return [
        folder / name
        for name in sorted(names)
        if name.endswith(".json") and not name.startswith(".")
    ]


def _first_problem(error: ValidationError) -> str:
    """Return where and how a record breaks the schema, in one line."""
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return one_line(f"{where}: {first['msg']}" if where else str(first["msg"]))


def _of_another_schema(content: bytes) -> dict[str, Any] | None:
    """Return the values of a record of an earlier schema, None if it is of none that is known."""
    try:
        values = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict):
        return None
    version = values.get("schema_version")
    if type(version) is not int or version < 1 or version == SCHEMA_VERSION:
        return None
    if version > SCHEMA_VERSION:
        raise NewerRecordError(
            f"made by a newer GeneArena: schema {version}, this one knows up to "
            f"{SCHEMA_VERSION}; upgrade"
        )
    return values
