"""Take over the runs of another results folder that stand every check."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from threadpoolctl import threadpool_limits

from genearena.benchmark.evaluation.evaluate import score_vectors
from genearena.benchmark.evaluation.jobs import Job, TaskRef
from genearena.benchmark.store.embeddings import Embedding, encode, read_embedding
from genearena.benchmark.store.records import MetricResult, Origin, RunRecord
from genearena.benchmark.store.results import ResultStore
from genearena.benchmark.submission.foreign_record import is_stored, read_record
from genearena.data.errors import DataError, GeneArenaError, UsageError
from genearena.data.graphs import GraphCollection
from genearena.data.one_line import first_line
from genearena.data.store import check_name
from genearena.data.tasks import find_task, load_task
from genearena.metrics.embedding_space import EmbeddingSpace
from genearena.metrics.registry import METRICS

SAME = 1e-6
"""Largest difference between a stated score and the one computed here."""

Verdict = Literal["merged", "stored", "refused"]


@dataclass(frozen=True)
class Decision:
    """What became of one record of the other folder, and why if it was refused."""

    file: str
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True)
class _Task:
    ref: TaskRef
    graphs: GraphCollection


class Merger:
    """Takes runs over into a store.

    Parameters
    ----------
    store
        Where accepted runs go.
    by
        What tables call the place they come from.
    data_dir
        Folder of the local data; by default `store.default_folder`.
    rescore
        Whether to compute the scores again from the vectors and refuse runs whose scores differ.
    """

    def __init__(
        self, store: ResultStore, by: str, data_dir: Path | None = None, *, rescore: bool = True
    ) -> None:
        self.store = store
        self.by = by
        self.rescore = rescore
        self._task = lru_cache(maxsize=1)(lambda tissue, source: _local(tissue, source, data_dir))

    def merge(self, folder: Path) -> Iterator[Decision]:
        """Check the records of a results folder one by one and store those that pass.

        A run is stored whole, vectors before record, after all of its checks, or not at all.

        Raises
        ------
        UsageError
            If the folder has no records or is the store's own.
        StoreError
            If an accepted run cannot be written.
        """
        if folder.resolve() == self.store.folder.resolve():
            raise UsageError(f"'{folder}' is the results folder itself; name another")
        paths = sorted((folder / "records").glob("[!.]*.json"))
        if not paths:
            raise UsageError(f"there are no records in '{folder}'; want a folder 'bench run' made")
        for path in paths:
            try:
                checked = self._check(path, folder)
            except GeneArenaError as error:
                yield Decision(path.name, "refused", str(error))
                continue
            if checked is not None:
                self.store.write(*checked)
            yield Decision(path.name, "stored" if checked is None else "merged")

    def _check(self, path: Path, folder: Path) -> tuple[RunRecord, bytes | None] | None:
        record = read_record(path)
        task = self._local_task(record)
        if is_stored(record, self.store):
            return None
        origin = record.origin or Origin(kind="merged", by=self.by)
        marked = record.model_copy(update={"origin": origin})
        if record.status != "ok":
            return marked, None
        return marked, self._vectors(record, task, folder)

    def _local_task(self, record: RunRecord) -> _Task:
        info = record.task
        for name in (info.tissue, *info.source.split("+")):
            check_name("data set", name)
        task: _Task = self._task(info.tissue, info.source)
        card = task.ref.card
        if info.fingerprint != card.fingerprint:
            raise DataError(
                f"it was made from data {info.fingerprint[:16]!r}, {info.tissue} ({info.source}) "
                f"is '{card.fingerprint[:16]}' here"
            )
        facts = (card.simulated, card.n_graphs, card.n_rows)
        if (info.simulated, info.n_graphs, info.n_rows) != facts:
            raise DataError(f"it misstates its data: they have {facts[1]} graphs, {facts[2]} rows")
        return task

    def _vectors(self, record: RunRecord, task: _Task, folder: Path) -> bytes:
        kept = _read(folder / "embeddings" / f"{record.run_id}.h5ad", task.graphs)
        used = np.concatenate([np.any(z != 0, axis=1) for z in kept.vectors]).mean()
        if record.gene_coverage is None or abs(used - record.gene_coverage) > SAME:
            raise DataError(f"it states gene coverage {record.gene_coverage}, vectors give {used}")
        if self.rescore:
            _rescore(record, task, kept)
        return encode(
            task.graphs,
            kept,
            {
                "run_id": record.run_id,
                "method": record.method.name,
                "tissue": record.task.tissue,
                "source": record.task.source,
                "seed": record.seed,
                "fingerprint": record.task.fingerprint,
            },
        )


def _local(tissue: str, source: str, data_dir: Path | None) -> _Task:
    card = find_task(tissue, source=source, folder=data_dir)
    return _Task(TaskRef(card, data_dir), load_task(tissue, source=source, folder=data_dir))


def _read(path: Path, graphs: GraphCollection) -> Embedding:
    """Read the vectors of a run from a file that anyone may have made."""
    if path.is_symlink() or not path.is_file():
        raise DataError("its vectors are missing")
    try:
        kept = read_embedding(path, graphs)
        if len(kept.clusters) != graphs.n_rows:
            raise DataError("its vectors have no cluster for every row")
        # fails unless both sets of vectors fit the graphs and are finite
        for vectors in (kept.vectors, kept.heldout or kept.vectors):
            EmbeddingSpace(graphs, vectors)
    except GeneArenaError as error:
        raise DataError(f"its vectors: {error}") from error
    except Exception as error:  # parsers raise anything on a damaged file
        raise DataError(f"its vectors cannot be read ({first_line(error)})") from error
    return kept


def _rescore(record: RunRecord, task: _Task, kept: Embedding) -> None:
    known = _known(record.metrics)
    job = Job(task.ref, record.method, record.seed, record.preset, known)
    with threadpool_limits(1):
        found = score_vectors(job, task.graphs, kept.vectors, kept.heldout).metrics
    for name in known:
        here, there = found[name].value, record.metrics[name].value
        if (here is None) != (there is None) or abs((here or 0.0) - (there or 0.0)) > SAME:
            raise DataError(
                f"it states {name} {there}, its vectors give {here} here; "
                "--no-rescore takes scores as stated"
            )


def _known(metrics: Mapping[str, MetricResult]) -> tuple[str, ...]:
    answered: Sequence[str] = [name for name, m in metrics.items() if m.status != "failed"]
    return tuple(name for name in answered if name in METRICS.names)
