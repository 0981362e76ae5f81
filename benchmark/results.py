"""The results folder: one record and one file of vectors per run."""

import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import ValidationError

from genearena.benchmark.atomic import write_atomically
from genearena.benchmark.collector import paused_collector
from genearena.benchmark.records import RunRecord
from genearena.data.errors import DataError, StoreError
from genearena.data.one_line import one_line
from genearena.data.whole_file import read_whole

DEFAULT_FOLDER = Path("results")


@dataclass(frozen=True)
class Scan:
    """What a results folder holds: readable records, and files that are no records."""

    records: tuple[RunRecord, ...]
    damaged: tuple[tuple[Path, str], ...]


class ResultStore:
    """Records and embeddings under one folder.

    Parameters
    ----------
    folder
        Holds ``records/<run_id>.json`` and ``embeddings/<run_id>.h5ad``; made when first
        written to.
    """

    def __init__(self, folder: Path = DEFAULT_FOLDER) -> None:
        self.folder = Path(folder)

    @cached_property
    def _records_folder(self) -> Path:
        return self.folder / "records"

    def record_path(self, run_id: str) -> Path:
        """Return where the record of a run lies."""
        return self._records_folder / f"{run_id}.json"

    def embedding_path(self, record: RunRecord) -> Path:
        """Return where the vectors of a run lie."""
        return self.folder / "embeddings" / f"{record.run_id}.h5ad"

    @paused_collector()
    def scan(self) -> Scan:
        """Read every record; name the files that are truncated or foreign."""
        records, damaged = [], []
        for path in sorted(self._records_folder.glob("[!.]*.json")):
            try:
                records.append(RunRecord.model_validate_json(read_whole(path)))
            except ValidationError as error:
                damaged.append((path, first_problem(error)))
            except DataError as error:
                damaged.append((path, str(error)))
            except OSError as error:
                raise StoreError(f"cannot read {path}: {error.strerror}") from error
        return Scan(tuple(records), tuple(damaged))

    def records(self) -> list[RunRecord]:
        """Return the readable records, ordered by run id."""
        return list(self.scan().records)

    def write(self, record: RunRecord, vectors: bytes | None = None) -> None:
        """Store a record and its vectors, if any, replacing older ones of the same run.

        Raises
        ------
        StoreError
            If it cannot be written; the folder is then as it was.
        """
        if vectors is not None:
            # vectors first: a record never points to a file that is not there
            write_atomically(self.embedding_path(record), lambda path: path.write_bytes(vectors))
        text = record.model_dump_json(indent=1)
        write_atomically(self.record_path(record.run_id), lambda path: path.write_text(text))

    def set_aside(self, path: Path) -> Path:
        """Rename a damaged record so that it is out of the way but not lost."""
        aside = path.with_name(path.name + ".damaged")
        path.replace(aside)
        return aside

    def check_writable(self) -> None:
        """Raise StoreError unless records can be written."""
        try:
            self._records_folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._records_folder):
                pass
        except OSError as error:
            raise StoreError(
                f"cannot write to results folder {self.folder}: {error.strerror}; "
                "choose another with --out"
            ) from error


def first_problem(error: ValidationError) -> str:
    """Return where and how a record breaks the schema, in one line."""
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return one_line(f"{where}: {first['msg']}" if where else str(first["msg"]))
