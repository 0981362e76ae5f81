"""Score gene vectors made elsewhere and store them as a run marked with its origin."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from genearena.benchmark.records.declared import declared_metric
from genearena.benchmark.records.record import MethodInfo, MetricResult, Origin, RunRecord
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.evaluation.evaluate import score_vectors
from genearena.benchmark.run.evaluation.job import Job
from genearena.benchmark.run.evaluation.training import donor_left_out
from genearena.benchmark.run.request import chosen_metrics
from genearena.benchmark.run.runner import make_record
from genearena.benchmark.run.submission.gene_vectors import are_the_same, per_graph
from genearena.data.common.errors import DataError, UsageError
from genearena.data.graphs import FloatArray, GraphCollection
from genearena.data.reading.gene_vectors import GeneVectors
from genearena.data.reading.vector_files import read_vectors
from genearena.data.store import check_name
from genearena.data.tasks import TaskCard, load
from genearena.methods.registry import METHODS
from genearena.metrics.registry import is_of_gene_sets

PRESET = "submitted"
NOT_STATED = "not stated"
NOT_WITHOUT = "vectors without the donor are those with it, so they saw its edges"
EACH_GRAPH = "as of a method said to learn from each graph by itself"


@dataclass(frozen=True)
class Statement:
    """What the maker of vectors says about them.

    Parameters
    ----------
    method, version, params
        Identity of the method; the name must not be that of a registered one.
    seed
        Number of the repeat; the donor left out and clusters derive from it, as for local runs.
    by
        Who made the vectors.
    trained_on
        Outside data the method has seen.
    fingerprint
        Data the vectors were made from, where the file does not say so itself.
    unstated_data
        Whether to accept vectors that do not say what they were made from, marked as such.
    each_graph
        Whether the method learns from each graph by itself, so that its vectors are also those of a
        training without any donor.
    """

    method: str
    seed: int
    by: str
    version: str = "1"
    params: Mapping[str, Any] = field(default_factory=dict)
    trained_on: str = NOT_STATED
    fingerprint: str = ""
    unstated_data: bool = False
    each_graph: bool = False


def submit(
    path: Path,
    statement: Statement,
    task: TaskCard,
    store: ResultStore,
    *,
    new_donor: Path | None = None,
    metrics: Sequence[str] = chosen_metrics(()),
) -> RunRecord:
    """Score the vectors of a file that `read_vectors` reads on the local data, and store them.

    `new_donor` is a file of vectors trained without the donor left out at the seed, if `path` has
    none.

    Raises
    ------
    UsageError
        If the method's name is taken or the run is stored already.
    DataError
        If the file is not usable, or the vectors were made from other data.
    """
    _check_method_name(statement.method)
    table = read_vectors(path)
    stated = check_data(table, statement, task)
    graphs = load(task)
    job = _job(statement, table, task, metrics)
    if any(record.run_id == job.run_id for record in store.records()):
        raise UsageError(
            f"{job.run_id} is stored already; give another --method, --version or --seed"
        )
    vectors, second = per_graph(table, graphs)
    if new_donor is not None:
        second = _without_donor(read_vectors(new_donor), graphs, statement.seed)
    if second is None and statement.each_graph:
        second = vectors
    with threadpool_limits(1):  # as in workers: the bits must not depend on free cores
        outcome = score_vectors(job, graphs, vectors, second)
    if second is not None and _seen(vectors, second, graphs, statement.seed):
        marked = _marked(outcome.metrics, each_graph=statement.each_graph)
        outcome = replace(outcome, metrics=marked)
    origin = Origin(
        kind="submitted",
        by=statement.by,
        file=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        data_stated=stated,
    )
    record = make_record(job, outcome).model_copy(update={"origin": origin})
    return store.write(record, outcome.embedding)


def _without_donor(
    table: GeneVectors, graphs: GraphCollection, seed: int
) -> tuple[FloatArray, ...]:
    """Return the vectors of a table that need not have any of the donor left out."""
    position = donor_left_out(graphs, seed)
    name = graphs[position].name
    rows = [row for row, dataset in enumerate(table.dataset) if dataset != name]
    kept = GeneVectors(
        tuple(table.gene[row] for row in rows),
        table.vectors[rows],
        tuple(table.dataset[row] for row in rows),
    )
    vectors = list(per_graph(kept, graphs.without(position))[0])
    empty = np.zeros((graphs[position].n_genes, vectors[0].shape[1]), dtype=np.float32)
    vectors.insert(position, empty)
    return tuple(vectors)


def _seen(
    vectors: tuple[FloatArray, ...],
    second: tuple[FloatArray, ...],
    graphs: GraphCollection,
    seed: int,
) -> bool:
    """Tell whether vectors said to be trained without a donor are those trained with it."""
    others = [p for p in range(len(graphs)) if p != donor_left_out(graphs, seed)]
    return are_the_same([vectors[p] for p in others], [second[p] for p in others])


def _marked(results: Mapping[str, MetricResult], *, each_graph: bool) -> dict[str, MetricResult]:
    """Return scores with those on a new donor flagged, or not defined if it was not new."""
    asked = (name for name in results if not is_of_gene_sets(name))
    on_new = {name: results[name] for name in asked if "new donor" in declared_metric(name).needs}
    if each_graph:
        marked = {n: replace(r, flag=EACH_GRAPH) for n, r in on_new.items() if not r.flag}
    else:
        marked = {
            n: replace(r, status="not_defined", value=None, flag=NOT_WITHOUT)
            for n, r in on_new.items()
        }
    return {**results, **marked}


def check_data(table: GeneVectors, statement: Statement, task: TaskCard) -> bool:
    """Return whether the vectors say what they were made from.

    Raises
    ------
    DataError
        If they were made from other data, or do not say and this was not allowed.
    """
    where = f"{task.tissue} ({task.source})"
    claims = {claim.strip().lower() for claim in (table.fingerprint, statement.fingerprint)} - {""}
    for claim in sorted(claims):
        if claim != task.fingerprint:
            raise DataError(
                f"the vectors were made from data {claim[:16]!r}, {where} is "
                f"'{task.fingerprint[:16]}' here; make them again from these graphs"
            )
    if not claims and not statement.unstated_data:
        raise DataError(
            "nothing says which data the vectors were made from; give their fingerprint "
            f"('bench data check --tissue {task.tissue}' prints it where they were made) with "
            "--fingerprint, or accept them marked so with --unstated-data"
        )
    return bool(claims)


def _check_method_name(name: str) -> None:
    check_name("method", name)
    if name.casefold() in {known.casefold() for known in METHODS.names}:
        raise UsageError(
            f"'{name}' is a method of the suite, whose runs are made here; name yours otherwise, "
            f"for example '{name}-mine'"
        )


def _job(statement: Statement, table: GeneVectors, task: TaskCard, metrics: Sequence[str]) -> Job:
    method = MethodInfo(
        name=statement.method,
        version=statement.version,
        params={**statement.params, "dim": int(table.vectors.shape[1])},
        control=False,
        origin=PRESET,
        trained_on=statement.trained_on,
        needs=(),
        deterministic=False,
    )
    defined = [
        m for m in metrics if "truth" not in declared_metric(m, task.folder).needs or task.simulated
    ]
    return Job(task, method, statement.seed, PRESET, tuple(defined))
