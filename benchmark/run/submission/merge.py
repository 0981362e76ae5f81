"""Take over the runs of another results folder that stand every check."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Literal

from threadpoolctl import threadpool_limits

from genearena.benchmark.records.declared import declared_metric
from genearena.benchmark.records.embeddings import Embedding, read_embedding
from genearena.benchmark.records.identity import run_id
from genearena.benchmark.records.record import MetricResult, Origin, RunRecord, TaskInfo, is_merged
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.evaluation.evaluate import coverage, score_vectors, vectors_file
from genearena.benchmark.run.evaluation.job import Job
from genearena.benchmark.run.runner import task_info
from genearena.benchmark.run.submission.foreign_record import SAME, is_stored, read_record, same
from genearena.data.common.errors import DataError, GeneArenaError, UsageError
from genearena.data.common.one_line import first_line
from genearena.data.graphs import GraphCollection
from genearena.data.store import check_name
from genearena.data.tasks import TaskCard, find_task, load
from genearena.data.vectors import vectors_fault

Verdict = Literal["merged", "stored", "refused"]


@dataclass(frozen=True)
class Decision:
    """What became of one record of the other folder, and why if it was refused."""

    file: str
    verdict: Verdict
    reason: str = ""


class Merger:
    """Takes runs over into a store.

    Tables call the place that runs come from `by`, and `data_dir` has the local data. With
    `rescore`, scores are computed again from the vectors, and runs whose scores differ refused.
    """

    def __init__(
        self, store: ResultStore, by: str, data_dir: Path | None = None, *, rescore: bool = True
    ) -> None:
        self.store = store
        self.by = by
        self.rescore = rescore
        self._task = lru_cache(maxsize=1)(partial(_local_task, data_dir))

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
        task, graphs = self._task(record.task)
        own = run_id(record.task, record.method, record.seed, record.preset)
        marked = self._marked(record)
        if any(is_stored(name, record, self.store) for name in (own, marked.run_id)):
            return None
        if record.status != "ok":
            self._check_needed(record)
            return marked, None
        kept = _vectors(record, graphs, folder)
        metrics = _described(record.metrics)
        if self.rescore:
            metrics |= _rescored(record, task, graphs, kept)
        content = vectors_file(marked, graphs, kept)
        return marked.model_copy(update={"metrics": metrics}), content

    def _marked(self, record: RunRecord) -> RunRecord:
        """Return a record as a run of the place it is merged from, whatever it says itself."""
        by, before = self.by, record.origin
        if before is not None:
            by = f"{by}, {before.model_copy(update={'data_stated': True}).text}"
        origin = Origin(
            kind="merged",
            by=by,
            file=before.file if before else "",
            sha256=before.sha256 if before else "",
            data_stated=before is None or before.data_stated,
        )
        name = run_id(record.task, record.method, record.seed, record.preset, origin)
        embedding = f"{name}.h5ad" if record.embedding else None
        return record.model_copy(update={"run_id": name, "origin": origin, "embedding": embedding})

    @cached_property
    def _methods_here(self) -> set[tuple[str, str, str]]:
        """Tissue, source and name of the methods that ran here."""
        return {
            (r.task.tissue, r.task.source, r.method.name)
            for r in self.store.scan().records
            if not is_merged(r)
        }

    def _check_needed(self, record: RunRecord) -> None:
        """Raise DataError if a run that did not end well is of a method with runs of its own."""
        task, name = record.task, record.method.name
        if (task.tissue, task.source, name) in self._methods_here:
            raise DataError(
                f"it ended {record.status} there; '{name}' has runs here, which say how it ends"
            )


def _local_task(folder: Path | None, info: TaskInfo) -> tuple[TaskCard, GraphCollection]:
    """Return the data here that a record claims to be made from, if they are the same."""
    for name in (*info.tissue.split("+"), *info.source.split("+")):
        check_name("data set", name)
    card = find_task(info.tissue, source=info.source, folder=folder)
    if info.fingerprint != card.fingerprint:
        raise DataError(
            f"it was made from data {info.fingerprint[:16]!r}, {info.tissue} ({info.source}) "
            f"is '{card.fingerprint[:16]}' here"
        )
    if info != task_info(card):
        raise DataError(
            f"it misstates its data: they have {card.n_graphs} graphs, {card.n_rows} rows"
        )
    return card, load(card)


def _vectors(record: RunRecord, graphs: GraphCollection, folder: Path) -> Embedding:
    kept = _read(folder / "embeddings" / str(record.embedding), graphs)
    used = coverage(kept.vectors)
    if record.gene_coverage is None or abs(used - record.gene_coverage) > SAME:
        raise DataError(f"it states gene coverage {record.gene_coverage}, vectors give {used}")
    return kept


def _read(path: Path, graphs: GraphCollection) -> Embedding:
    """Read the vectors of a run from a file that anyone may have made."""
    if path.is_symlink() or not path.is_file():
        raise DataError("its vectors are missing")
    try:
        kept = read_embedding(path, graphs)
        if len(kept.clusters) != graphs.n_rows:
            raise DataError("its vectors have no cluster for every row")
        for vectors in (kept.vectors, kept.new_donor or kept.vectors):
            if fault := vectors_fault(graphs, vectors):
                raise DataError(f"it has {fault}")
    except GeneArenaError as error:
        raise DataError(f"its vectors: {error}") from error
    except Exception as error:  # parsers raise anything on a damaged file
        raise DataError(f"its vectors cannot be read ({first_line(error)})") from error
    return kept


def _rescored(
    record: RunRecord, task: TaskCard, graphs: GraphCollection, kept: Embedding
) -> Mapping[str, MetricResult]:
    """Return the metrics of a record that ended, as its vectors give them here."""
    known = tuple(name for name, m in record.metrics.items() if m.status != "failed")
    job = Job(task, record.method, record.seed, record.preset, known)
    with threadpool_limits(1):
        found = score_vectors(job, graphs, kept.vectors, kept.new_donor).metrics
    for name in known:
        here, there = found[name], record.metrics[name]
        if here.version == there.version and not same(here.value, there.value):
            raise DataError(
                f"it states {name} {there.value}, its vectors give {here.value} here; "
                "--no-rescore takes scores as stated"
            )
    return found


def _described(metrics: Mapping[str, MetricResult]) -> dict[str, MetricResult]:
    """Return stated scores of metrics that are, for the rest, what they are here."""
    known = {name: declared_metric(name) for name in metrics}
    return {
        name: replace(
            result,
            label=known[name].label,
            higher_is_better=known[name].higher_is_better,
            scored=known[name].scored,
        )
        for name, result in metrics.items()
    }
