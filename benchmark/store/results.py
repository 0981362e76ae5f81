"""The results folder: one record and one file of vectors per run."""

import hashlib
import itertools
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from genearena.benchmark.atomic import move_if_new, staged
from genearena.benchmark.collector import paused_collector
from genearena.benchmark.store.record_files import (
    Problem,
    identity_problem,
    read_record_file,
    record_paths,
)
from genearena.benchmark.store.records import RunRecord
from genearena.data.errors import DataError, StoreError
from genearena.data.hdf5_probe import probe_hdf5

DEFAULT_FOLDER = Path("results")


@dataclass(frozen=True)
class Scan:
    """What a results folder holds: readable records, and files that are none."""

    records: tuple[RunRecord, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class SealedVectors:
    """A file of vectors, and the SHA-256 that its content has to have."""

    path: Path
    sha256: str


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
    def records_folder(self) -> Path:
        """Where records lie, and leases on runs beside them."""
        return self.folder / "records"

    @cached_property
    def embeddings_folder(self) -> Path:
        """Where vectors lie."""
        return self.folder / "embeddings"

    def record_path(self, run_id: str) -> Path:
        """Return where the record of a run lies."""
        return self.records_folder / f"{run_id}.json"

    def embedding_path(self, record: RunRecord) -> Path:
        """Return where the vectors of a run lie."""
        return self.embeddings_folder / f"{record.run_id}.h5ad"

    def intact_vectors(self, record: RunRecord) -> SealedVectors | None:
        """Return the vectors of a run, or None if they are missing or not the run's.

        What has the record's seal was written by this suite; without one, as in records of schema
        1, the file is read in another process first.

        Raises
        ------
        StoreError
            If the system does not read them.
        """
        path = self.embedding_path(record)
        try:
            found = SealedVectors(path, sha256(path.read_bytes()))
            if record.embedding_sha256 is None:
                probe_hdf5(path)
        except (FileNotFoundError, DataError):
            return None
        except OSError as error:
            raise StoreError(f"cannot read {path}: {error.strerror}") from error
        return found if record.embedding_sha256 in {None, found.sha256} else None

    @paused_collector()
    def scan(self) -> Scan:
        """Read every record; name the files that are truncated, foreign, unreadable or too new.

        Raises
        ------
        StoreError
            If the folder cannot be listed, or the system reads none of several files in it.
        """
        records: list[RunRecord] = []
        problems: list[Problem] = []
        for path in record_paths(self.records_folder):
            try:
                found = read_record_file(path)
            except FileNotFoundError:
                continue  # set aside by another process
            if isinstance(found, Problem):
                problems.append(found)
            else:
                records.append(found)
        if not records and len(problems) > 1 and all(p.kind == "unreadable" for p in problems):
            # one file may be at fault; when none can be read it is the folder or its disk
            raise StoreError(f"cannot read any record: {problems[0]}")
        return Scan(tuple(records), tuple(problems))

    def records(self) -> list[RunRecord]:
        """Return the readable records, ordered by run id."""
        return list(self.scan().records)

    def record(self, run_id: str) -> RunRecord | None:
        """Return the record of a run, None if there is none.

        Raises
        ------
        StoreError
            If its file is no record, or a newer one.
        """
        try:
            found = read_record_file(self.record_path(run_id))
        except FileNotFoundError:
            return None
        if isinstance(found, Problem):
            raise StoreError(str(found))
        return found

    def write(self, record: RunRecord, vectors: bytes | None = None) -> RunRecord:
        """Store a record and its vectors, if any, replacing older ones of the same run.

        Returns
        -------
        The record as stored, with the seal of its vectors.

        Raises
        ------
        StoreError
            If it cannot be written; the folder is then as it was.
        """
        sealed = _sealed(record, vectors)
        with self._staged(sealed, vectors) as new:
            new.move_vectors()
            new.record.replace(self.record_path(record.run_id))
        return sealed

    def write_instead_of(
        self, before: RunRecord | None, record: RunRecord, vectors: bytes | None = None
    ) -> RunRecord | None:
        """Store a record unless another process has stored one of this run since `before`.

        Parameters
        ----------
        before
            What was stored when the run was begun, None for nothing.
        record, vectors
            What to store.

        Returns
        -------
        The record as stored, with the seal of its vectors; None if another one is there.

        Raises
        ------
        StoreError
            If it cannot be written; the folder is then as it was.
        """
        sealed = _sealed(record, vectors)
        path = self.record_path(record.run_id)
        with self._staged(sealed, vectors) as new:
            present = self.record(record.run_id)
            if present is not None and present != before:
                return None
            new.move_vectors()
            if present is not None:
                new.record.replace(path)
            elif not move_if_new(new.record, path):
                return None
        return sealed

    def lost(self, records: Iterable[RunRecord]) -> set[str]:
        """Return the ids of those among some stored runs whose records are not there any more.

        Raises
        ------
        StoreError
            If the folder cannot be listed.
        """
        there = {path.name for path in record_paths(self.records_folder)}
        return {r.run_id for r in records if self.record_path(r.run_id).name not in there}

    def set_aside(self, problem: Problem) -> Path | None:
        """Rename a file that is no record, so that it is out of the way but not lost.

        Returns
        -------
        Its new name; None if it is no problem any more, as another process saw to it.

        Raises
        ------
        StoreError
            If it cannot be renamed.
        """
        path = problem.path
        try:
            found = read_record_file(path)
            if isinstance(found, RunRecord) and not identity_problem(found):
                return None
            aside = _free_name(path)
            path.rename(aside)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"cannot rename {path}: {error.strerror}") from error
        return aside

    def check_writable(self) -> None:
        """Raise StoreError unless records can be written."""
        try:
            self.records_folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.records_folder):
                pass
        except OSError as error:
            raise StoreError(
                f"cannot write to results folder {self.folder}: {error.strerror}; "
                "choose another with --out"
            ) from error

    @contextmanager
    def _staged(self, record: RunRecord, vectors: bytes | None) -> Iterator["_Staged"]:
        """Write both files beside their places: a full disk is met before anything is replaced."""
        content = record.model_dump_json(indent=1).encode()
        with ExitStack() as stack:
            table = self.embedding_path(record)
            temporary = None
            if vectors is not None:
                temporary = stack.enter_context(staged(table, lambda p: p.write_bytes(vectors)))
            path = self.record_path(record.run_id)
            new = stack.enter_context(staged(path, lambda p: p.write_bytes(content)))
            yield _Staged(new, temporary, table)


@dataclass(frozen=True)
class _Staged:
    """Files ready to be moved: vectors first, so that a record never points to nothing."""

    record: Path
    vectors: Path | None
    table: Path

    def move_vectors(self) -> None:
        if self.vectors is not None:
            self.vectors.replace(self.table)


def sha256(content: bytes) -> str:
    """Return the seal of a file of vectors."""
    return hashlib.sha256(content).hexdigest()


def _sealed(record: RunRecord, vectors: bytes | None) -> RunRecord:
    if vectors is None:
        return record
    return record.model_copy(update={"embedding_sha256": sha256(vectors)})


def _free_name(path: Path) -> Path:
    names = (f"{path.name}.damaged{n or ''}" for n in itertools.count())
    return next(aside for aside in map(path.with_name, names) if not os.path.lexists(aside))
