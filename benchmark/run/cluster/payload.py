"""What travels to a machine of a cluster: the stored data of a task once, and jobs without them."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from genearena.benchmark.records.results import SealedVectors
from genearena.benchmark.run.evaluation.job import Job
from genearena.data.common.errors import StoreError
from genearena.data.genesets.store import GeneSetStore
from genearena.data.store import Store
from genearena.data.tasks import TaskCard, data_sets
from genearena.metrics.registry import OF_GENE_SETS, is_of_gene_sets, load_metric


@dataclass(frozen=True)
class Data:
    """A task and the files that its jobs need, named by their places in the data folder.

    These are its data sets and the gene sets of metrics; `key` is another for others.
    """

    task: TaskCard
    files: dict[str, bytes]
    key: str


@dataclass(frozen=True)
class Message:
    """A job without what its task says of graphs, and the file of vectors to score, if any."""

    job: Job
    vectors: bytes | None


def data_key(job: Job) -> str:
    """Return what identifies the data that a job needs: its task, and the gene sets of metrics."""
    task = job.task
    sets = sorted(name for name in job.metrics if is_of_gene_sets(name))
    versions = "".join(load_metric(name, task.folder).version for name in sets)
    added = f"-{hashlib.sha256(versions.encode()).hexdigest()[:16]}" if sets else ""
    return f"{task.fingerprint}{added}"


def pack_data(job: Job) -> Data:
    """Read the stored files that a job needs.

    Raises
    ------
    StoreError
        If one cannot be read.
    """
    task, store, sets = job.task, Store(job.task.folder), GeneSetStore(job.task.folder)
    cards = data_sets(store, task.tissue, task.source)
    places = [store.folder / place for card in cards for place in store.files(card)]
    names = (name.removeprefix(OF_GENE_SETS) for name in job.metrics if is_of_gene_sets(name))
    places += map(sets.path, names)
    files = {place.relative_to(store.folder).as_posix(): _content(place) for place in places}
    return Data(task, files, data_key(job))


def pack_job(job: Job) -> Message:
    """Read the vectors of a job that is to score some.

    Raises
    ------
    StoreError
        If they cannot be read.
    """
    vectors = None if job.stored is None else _content(job.stored.path)
    return Message(replace(job, task=replace(job.task, graphs=())), vectors)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror}") from error


@contextmanager
def unpacked(message: Message, data: Data, folder: Path) -> Iterator[Job]:
    """Store what came below `folder` unless it is there, and give the job that finds it there.

    Data are stored under their key, so that one data set is stored once however many runs
    and clients need it; vectors are there as long as they are needed.

    Raises
    ------
    StoreError
        If `folder` cannot be written to.
    """
    place = folder / data.key
    if not place.is_dir():
        try:
            _fill(place, data.files)
        except OSError as error:
            raise StoreError(f"cannot write to {folder}: {error.strerror}; free space") from error
    job = replace(message.job, task=replace(data.task, folder=place))
    if message.vectors is None or job.stored is None:
        yield job
        return
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".h5ad") as file:
        file.write(message.vectors)
        file.flush()
        yield replace(job, stored=SealedVectors(Path(file.name), job.stored.sha256))


def _fill(place: Path, files: dict[str, bytes]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, ignore_cleanup_errors=True) as temporary:
        whole = Path(temporary) / "whole"
        for name, content in files.items():
            path = whole / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        try:
            os.rename(whole, place)
        except OSError:
            if not place.is_dir():  # else another run on this machine was faster
                raise
