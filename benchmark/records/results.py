"""The results folder: one record and one file of vectors per run."""

import itertools
import os
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.record_files import (
    Problem,
    alteration,
    read_record_file,
    record_paths,
)
from genearena.benchmark.records.seal import sealed, sha256
from genearena.data.common.atomic import give_name, move_if_new, staged
from genearena.data.common.collector import paused_collector
from genearena.data.common.errors import DataError, StoreError
from genearena.data.reading.formats.hdf5_probe import probe_hdf5

DEFAULT_FOLDER = Path("results")


@dataclass(frozen=True)
class Scan:
    """What a results folder holds: readable records, files that are none, and former ones.

    `former` are records of runs that lie in the folder a second time, under an id of the present
    schema or in a newer record: a run is what its newest record says.
    """

    records: tuple[RunRecord, ...]
    problems: tuple[Problem, ...]
    former: tuple[Path, ...] = ()


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
        written to. Records of earlier schemas lie there under the ids of their time, and so do
        their vectors, which they name; where, is known once they were read.
    """

    def __init__(self, folder: Path = DEFAULT_FOLDER) -> None:
        self.folder = Path(folder)
        self._former: dict[str, Path] = {}

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
        path = self._path_of(run_id)
        former = self._former.get(run_id)
        return path if former is None or path.exists() else former

    def embedding_path(self, record: RunRecord) -> Path:
        """Return where the vectors of a run lie."""
        return self.embeddings_folder / (record.embedding or f"{record.run_id}.h5ad")

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
        records: dict[str, RunRecord] = {}
        problems: list[Problem] = []
        older: list[tuple[RunRecord, Path]] = []
        for path in record_paths(self.records_folder):
            try:
                found = read_record_file(path)
            except FileNotFoundError:
                continue  # set aside by another process
            if isinstance(found, Problem):
                problems.append(found)
            elif found.run_id == path.name.removesuffix(".json"):
                records[found.run_id] = found
            else:
                older.append((found, path))
        if not records and len(problems) > 1 and all(p.kind == "unreadable" for p in problems):
            # one file may be at fault; when none can be read it is the folder or its disk
            raise StoreError(f"cannot read any record: {problems[0]}")
        former = []
        for record, path in sorted(older, key=lambda pair: pair[0].created, reverse=True):
            if record.run_id in records:
                former.append(path)
            else:
                records[record.run_id], self._former[record.run_id] = record, path
        ordered = sorted(records.values(), key=lambda r: r.run_id) if older else records.values()
        return Scan(tuple(ordered), tuple(problems), tuple(former))

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
        if found.run_id != run_id:  # asked for by the id of an earlier schema
            self._former[found.run_id] = self.record_path(run_id)
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
        stored = self._put(record, vectors, whatever_is_there=True)
        assert stored is not None  # noqa: S101 - nothing hinders it
        return stored

    def write_instead_of(
        self, before: RunRecord | None, record: RunRecord, vectors: bytes | None = None
    ) -> RunRecord | None:
        """Store a record unless another process has stored one of this run since `before`.

        Parameters
        ----------
        before
            What was stored when the run was begun, None for nothing.
        record, vectors
            As in `write`.

        Returns
        -------
        The record as stored; None if another one is there.

        Raises
        ------
        StoreError
            As `write`.
        """
        return self._put(record, vectors, before)

    def _put(
        self,
        record: RunRecord,
        vectors: bytes | None,
        before: RunRecord | None = None,
        *,
        whatever_is_there: bool = False,
    ) -> RunRecord | None:
        if vectors is not None:
            record = record.model_copy(update={"embedding_sha256": sha256(vectors)})
        record = sealed(record)
        content = record.model_dump_json(indent=1).encode()
        table, path = self.embedding_path(record), self._path_of(record.run_id)
        # both are written beside their places: a full disk is met before anything is replaced
        with ExitStack() as stack:
            if vectors is not None:
                rows = stack.enter_context(staged(table, lambda p: p.write_bytes(vectors)))
            new = stack.enter_context(staged(path, lambda p: p.write_bytes(content)))
            present = None if whatever_is_there else self.record(record.run_id)
            if present is not None and present != before:
                return None
            if vectors is not None:  # first, so that a record never points to nothing
                rows.replace(table)
            if whatever_is_there or present is not None:
                new.replace(path)
            elif not move_if_new(new, path):
                return None
        self._forget_former(record)
        return record

    def lost(self, records: Iterable[RunRecord]) -> set[str]:
        """Return the ids of those among some stored runs whose records are not there any more.

        Raises
        ------
        StoreError
            If the folder cannot be listed.
        """
        there = {path.name for path in record_paths(self.records_folder)}
        return {r.run_id for r in records if self.record_path(r.run_id).name not in there}

    def _forget_former(self, record: RunRecord) -> None:
        """Remove a record that one under the present schema has taken the place of."""
        former = self._former.pop(record.run_id, None)
        if former is not None:
            former.unlink(missing_ok=True)
            vectors = self.embeddings_folder / f"{former.name.removesuffix('.json')}.h5ad"
            if vectors.name != record.embedding:
                vectors.unlink(missing_ok=True)

    def renew(self, record: RunRecord) -> None:
        """Rewrite a record under the present schema, and name it and its vectors after its run.

        Stopped at any point, the folder holds a whole record of the run: the former one is removed
        when the new one is there.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        vectors, embedding = self.embedding_path(record), f"{record.run_id}.h5ad"
        renewed = record
        if record.embedding not in (None, embedding):
            if vectors.exists():
                give_name(vectors, self.embeddings_folder / embedding)
            renewed = record.model_copy(update={"embedding": embedding})
        self.write_instead_of(record, renewed)

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
            if isinstance(found, RunRecord) and not alteration(found):
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

    def _path_of(self, run_id: str) -> Path:
        return self.records_folder / f"{run_id}.json"


def _free_name(path: Path) -> Path:
    names = (f"{path.name}.damaged{n or ''}" for n in itertools.count())
    return next(aside for aside in map(path.with_name, names) if not os.path.lexists(aside))
