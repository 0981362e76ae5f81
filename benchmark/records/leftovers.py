"""Find what crashes and later versions leave behind in a results folder, and remove it."""

import os
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from genearena.benchmark.records.leases import Leases, lease_files
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.results import ResultStore, Scan
from genearena.data.common.errors import StoreError

MINUTES_LEFT_ALONE = 10
"""What changed more recently than this may be in use."""

Kind = Literal[
    "temporary file", "vectors without a record", "set aside", "lapsed lease", "superseded run"
]


@dataclass(frozen=True)
class Leftover:
    """A file that nothing needs; a lease comes with its job and its owner's token."""

    path: Path
    kind: Kind
    n_bytes: int
    run_id: str = ""
    token: str = ""


def find_leftovers(store: ResultStore, scan: Scan) -> Iterator[Leftover]:
    """Yield temporary files, files set aside, vectors without a record, and lapsed leases.

    Nothing that changed within the last ten minutes by the clock of the file system is among
    them, as a process, on whatever machine, may be at it; leases of processes that ran on this
    machine and are gone are.
    """
    before = _now(store.folder) - MINUTES_LEFT_ALONE * 60
    known = {record.embedding for record in scan.records}
    # the vectors of a record that cannot be read here may be needed elsewhere
    unread = [*(problem.path for problem in scan.problems), *scan.former]
    known |= {f"{path.name.removesuffix('.json')}.h5ad" for path in unread}
    for folder in (store.records_folder, store.embeddings_folder):
        for path in sorted(folder.glob("*")):
            kind = _kind(path, known, vectors=folder == store.embeddings_folder)
            modified, size = _modified_and_size(path)
            if kind is not None and modified < before:
                yield Leftover(path, kind, size)
    for lease in lease_files(store.records_folder):
        if lease.owner.has_died() or 0 < lease.heartbeat < before:
            _, size = _modified_and_size(lease.path)
            yield Leftover(lease.path, "lapsed lease", size, lease.run_id, lease.owner.token)


def find_superseded(store: ResultStore, scan: Scan) -> Iterator[Leftover]:
    """Yield the files of runs that were made again later with other data or another version.

    These are runs of one method with one seed, vector length and preset on one tissue and source,
    from one place, that differ in the data's fingerprint or the method's version: tables show the
    newest. So are records of earlier schemas whose run has a record of the present one.
    """
    needed = {record.embedding for record in scan.records}
    for path in scan.former:
        vectors = store.embeddings_folder / f"{path.name.removesuffix('.json')}.h5ad"
        yield from _superseded(path, *([vectors] if vectors.name not in needed else []))
    ordered = sorted(scan.records, key=lambda r: (r.created, r.run_id))
    newest = {_subject(record): _version(record) for record in ordered}
    for record in ordered:
        if _version(record) != newest[_subject(record)]:
            yield from _superseded(store.record_path(record.run_id), store.embedding_path(record))


def _superseded(*paths: Path) -> Iterator[Leftover]:
    """Yield a record and its vectors in this order: none ever points to vectors that are gone."""
    for path in paths:
        if path.exists():
            yield Leftover(path, "superseded run", _modified_and_size(path)[1])


def remove(leftovers: Iterable[Leftover], folder: Path) -> Iterator[Leftover]:
    """Remove files, of which leases lie in the `folder` of records, and yield those removed.

    Raises
    ------
    StoreError
        If a file cannot be removed.
    """
    leases: dict[str, list[Leftover]] = {}
    for leftover in leftovers:
        if leftover.run_id:
            leases.setdefault(leftover.run_id, []).append(leftover)
        else:
            _unlink(leftover.path)
            yield leftover
    if not leases:
        return
    gone = {leftover.token for lapsed in leases.values() for leftover in lapsed}
    # while holding the job's own lease: nobody can be building on those that lapsed
    with Leases(folder, gone=gone) as own:
        for run_id, lapsed in leases.items():
            if own.claim(run_id) is not None:
                continue  # taken over by a process that lives
            for leftover in lapsed:
                _unlink(leftover.path)
                yield leftover
            own.give_back(run_id)


def _kind(path: Path, known: Collection[str | None], *, vectors: bool) -> Kind | None:
    name = path.name
    if name.endswith((".lease", ".owner")) or not path.is_file():
        return None
    if name.startswith("."):
        return "temporary file"
    if vectors:
        return None if name in known else "vectors without a record"
    return "set aside" if ".json.damaged" in name else None


def _subject(record: RunRecord) -> object:
    task, method = record.task, record.method
    dim = str(method.params.get("dim"))
    place = record.origin and record.origin.text
    return task.tissue, task.source, method.name, dim, record.preset, record.seed, place


def _version(record: RunRecord) -> object:
    return record.task.fingerprint, record.method.version


def _now(folder: Path) -> float:
    """Return the time by the clock that stamps the folder's files, if it can be written to."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            return os.fstat(file.fileno()).st_mtime
    except OSError:
        return time.time()


def _modified_and_size(path: Path) -> tuple[float, int]:
    """Return when a file was changed and its bytes, zeros if it is gone."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0.0, 0
    return found.st_mtime, found.st_size


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"cannot remove {path}: {error.strerror}") from error
