"""Check that a results folder holds what its records say."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from genearena.benchmark.records.identity import vector_names
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.record_files import Problem, alteration
from genearena.benchmark.records.results import ResultStore, Scan
from genearena.benchmark.records.seal import sha256
from genearena.data.common.errors import GeneArenaError


@dataclass(frozen=True)
class Finding:
    """Something wrong with a file of a results folder."""

    path: Path
    text: str


def without_altered(scan: Scan, store: ResultStore) -> Scan:
    """Return a scan in which records that are not what was written are problems."""
    records: list[RunRecord] = []
    problems = list(scan.problems)
    for record in scan.records:
        if text := alteration(record):
            problems.append(Problem(store.record_path(record.run_id), text, "altered"))
        else:
            records.append(record)
    return Scan(tuple(records), tuple(problems), scan.former)


def verify(store: ResultStore, scan: Scan) -> Iterator[Finding]:
    """Yield all that is wrong with the records of a scan and with their vectors.

    Vectors with a seal must have its SHA-256; those of earlier schemas must have a finite row of
    the right length for every gene of the task.
    """
    for problem in scan.problems:
        yield Finding(problem.path, f"{problem.kind}: {problem.text}")
    for record in scan.records:
        path = store.record_path(record.run_id)
        if text := alteration(record):
            yield Finding(path, text)
        if record.status == "ok" and record.embedding is None:
            yield Finding(path, "it ended ok and names no vectors")
        if record.embedding is not None and (text := _vectors_problem(store, record)):
            yield Finding(store.embedding_path(record), text)


def _vectors_problem(store: ResultStore, record: RunRecord) -> str:
    path = store.embedding_path(record)
    if record.embedding not in vector_names(record):
        return f"the record names other vectors, '{record.embedding}'"
    try:
        if record.embedding_sha256 is None:
            return _shape_problem(path, record)
        if sha256(path.read_bytes()) != record.embedding_sha256:
            return "its content is not that of the run: the SHA-256 differs from the record's"
    except FileNotFoundError:
        return "the vectors of a finished run are missing"
    except (GeneArenaError, OSError, KeyError, ValueError, RuntimeError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        return f"it cannot be read ({reason})"
    return ""


def _shape_problem(path: Path, record: RunRecord) -> str:
    import numpy as np

    from genearena.data.reading.formats.hdf5 import open_hdf5
    from genearena.data.reading.formats.hdf5_probe import probe_hdf5

    probe_hdf5(path)
    with open_hdf5(path) as file:
        vectors = np.asarray(file["X"])
    if vectors.ndim != 2 or len(vectors) != record.task.n_rows:
        return f"it has shape {vectors.shape}, want {record.task.n_rows} rows"
    dim = record.method.params.get("dim", vectors.shape[1])
    if vectors.shape[1] != dim:
        return f"its vectors have length {vectors.shape[1]}, want {dim}"
    return "" if np.isfinite(vectors).all() else "its vectors are not finite"
