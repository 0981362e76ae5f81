"""Train one method, embed the genes and score the vectors: everything a run computes."""

import signal
import time
import traceback
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from genearena.benchmark.records.embeddings import Embedding, encode
from genearena.benchmark.records.record import Cost, MetricResult, RunRecord
from genearena.benchmark.run.evaluation.job import Fault, Job, Outcome
from genearena.benchmark.run.evaluation.training import (
    Report,
    Trained,
    Training,
    donor_left_out,
)
from genearena.benchmark.run.evaluation.usage import Usage, is_out_of_memory
from genearena.benchmark.run.evaluation.validation import validated
from genearena.data.common.full_disk import is_full_disk
from genearena.data.common.one_line import LONGEST, shortened, told
from genearena.data.graphs import FloatArray, GraphCollection
from genearena.metrics.base import Metric, NotDefined
from genearena.metrics.embedding_space import EmbeddingSpace, NewDonor
from genearena.metrics.registry import load_metric


def evaluate(job: Job, graphs: GraphCollection, report: Report) -> Outcome:
    """Carry out a job on its graphs; whatever the method raises becomes the outcome's status."""
    usage = Usage()
    try:
        outcome = (validated if job.validation else _evaluate)(job, graphs, report)
    except BaseException as error:  # noqa: BLE001 - a plugin may raise anything, SystemExit too
        return _broken(error, usage.broken_off())
    return replace(outcome, cost=usage.charge(outcome.cost))


def _broken(error: BaseException, cost: Cost) -> Outcome:
    trace = traceback.format_exc()
    if is_out_of_memory(error):
        return Outcome("oom", f"out of memory: {told(error)}", trace, cost=cost)
    fault: Fault = "infrastructure" if is_full_disk(error) else "method"
    return Outcome("failed", told(error), trace, cost=cost, fault=fault)


def _evaluate(job: Job, graphs: GraphCollection, report: Report) -> Outcome:
    training = Training(job, graphs, report)
    reason = training.skipped()
    if reason and job.stored is None:
        return Outcome("skipped", reason)
    trained = training.trained()
    # a method that cannot run here any more has no second training, but its vectors can be scored
    if not reason and any(
        "new donor" in load_metric(name, job.task.folder).needs for name in job.metrics
    ):
        trained = training.with_new_donor(trained)
    return _scored(job, graphs, trained, report)


def score_vectors(
    job: Job,
    graphs: GraphCollection,
    vectors: tuple[FloatArray, ...],
    new_donor: tuple[FloatArray, ...] | None = None,
) -> Outcome:
    """Score vectors that were made elsewhere just as those of a run are.

    Parameters
    ----------
    job
        What the vectors claim to be; its method need not be registered.
    graphs
        The job's data.
    vectors
        One (n_genes, dim) array per graph.
    new_donor
        The same from a training without the donor left out at the job's seed, if there was one;
        that donor's array is not looked at.

    Raises
    ------
    DataError
        If the vectors do not fit the graphs, are not finite, or are all the same.
    """
    return _scored(job, graphs, Trained(vectors, new_donor), lambda *_: None)


def _scored(job: Job, graphs: GraphCollection, trained: Trained, report: Report) -> Outcome:
    metrics = {name: load_metric(name, job.task.folder) for name in job.metrics}
    start = time.perf_counter()
    report("scoring", 0, len(metrics), float("nan"))
    space = space_of(job, graphs, trained)
    results = {name: _score(metric, space) for name, metric in metrics.items()}
    cost = trained.cost.model_copy(update={"score_seconds": time.perf_counter() - start})
    content = None
    if trained.fresh:
        kept = Embedding(trained.vectors, trained.new_donor, space.clusters, trained.losses)
        content = vectors_file(job, graphs, kept)
    return Outcome("ok", "", "", results, coverage(trained.vectors), cost, content)


def space_of(job: Job, graphs: GraphCollection, trained: Trained) -> EmbeddingSpace:
    """Return what metrics look at, clustered as the job's seed says."""
    new_donor = None
    if trained.new_donor is not None:
        new_donor = NewDonor(donor_left_out(graphs, job.seed), trained.new_donor)
    seed = job.derive_seed("clusters")
    return EmbeddingSpace(graphs, trained.vectors, new_donor, seed)


def vectors_file(run: Job | RunRecord, graphs: GraphCollection, kept: Embedding) -> bytes:
    """Return the content of the h5ad file that a run leaves."""
    about: dict[str, str | int] = {
        "run_id": run.run_id,
        "method": run.method.name,
        "tissue": run.task.tissue,
        "source": run.task.source,
        "seed": run.seed,
        "fingerprint": run.task.fingerprint,
    }
    return encode(graphs, kept, about)


def _score(metric: Metric, space: EmbeddingSpace) -> MetricResult:
    try:
        score = metric(space)
        flag = shortened(score.flag, LONGEST)
        return replace(_described(metric), value=score.value, flag=flag, parts=score.parts)
    except NotDefined as reason:
        return replace(_described(metric), status="not_defined", flag=told(reason))
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt) and _hears_ctrl_c():
            raise
        return failed_metric(metric, told(error))


def _hears_ctrl_c() -> bool:
    # workers do not: there an interrupt is the plugin's own
    return signal.getsignal(signal.SIGINT) is not signal.SIG_IGN


def failed_metric(metric: Metric, reason: str) -> MetricResult:
    """Return the answer of a metric that could not be computed."""
    return replace(_described(metric), status="failed", flag=reason)


def _described(metric: Metric) -> MetricResult:
    return MetricResult(
        label=metric.label,
        higher_is_better=metric.higher_is_better,
        scored=metric.scored,
        version=metric.version,
    )


def coverage(vectors: Sequence[FloatArray]) -> float:
    """Return the share of gene rows that have a vector which is not zero."""
    used = np.concatenate([np.any(z != 0, axis=1) for z in vectors])
    return float(used.mean())
