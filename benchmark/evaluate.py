"""Train one method, embed the genes and score the vectors: everything a run computes."""

import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from genearena.benchmark.embeddings import Embedding, encode, read_embedding
from genearena.benchmark.jobs import Job
from genearena.benchmark.memory import peak_bytes, reset_peak
from genearena.benchmark.records import Cost, MetricResult, Status
from genearena.benchmark.seeds import derive_seed
from genearena.data.errors import GeneArenaError
from genearena.data.graphs import FloatArray, GraphCollection
from genearena.data.holdout import HiddenPairs, hide_edges
from genearena.methods.base import Method, check_vectors
from genearena.methods.progress import listening
from genearena.methods.registry import METHODS
from genearena.metrics.base import Metric, NotDefined
from genearena.metrics.embedding_space import EmbeddingSpace, HeldOut
from genearena.metrics.registry import METRICS

HELDOUT_FRACTION = 0.1

Report = Callable[[str, int, int, float], None]
"""Called with (stage, epochs done, epochs in all, loss)."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """How a run ended and what it gave; `embedding` is the content of an h5ad file."""

    status: Status
    reason: str = ""
    traceback: str = ""
    metrics: Mapping[str, MetricResult] = field(default_factory=dict)
    gene_coverage: float | None = None
    cost: Cost = field(default_factory=Cost)
    embedding: bytes | None = None


@dataclass(frozen=True, eq=False)
class _Trained:
    """Vectors of the full training and of the one without hidden edges, and their cost."""

    vectors: tuple[FloatArray, ...]
    heldout: tuple[FloatArray, ...] | None = None
    losses: tuple[float, ...] = ()
    cost: Cost = field(default_factory=Cost)
    fresh: bool = True


def evaluate(job: Job, graphs: GraphCollection, report: Report) -> Outcome:
    """Carry out a job; whatever the method raises becomes the outcome's status.

    Parameters
    ----------
    job
        What to run.
    graphs
        The job's data.
    report
        Hears of the progress of trainings.
    """
    reset_peak()
    try:
        return _evaluate(job, graphs, report)
    except MemoryError as error:
        return Outcome("oom", f"out of memory: {error}", traceback.format_exc())
    except Exception as error:  # noqa: BLE001 - a method may raise anything; it becomes a row
        kind: Status = "oom" if "can't allocate memory" in str(error) else "failed"
        return Outcome(kind, _one_line(error), traceback.format_exc())


def _evaluate(job: Job, graphs: GraphCollection, report: Report) -> Outcome:
    method_class = METHODS.load(job.method.name)
    reason = _build(method_class, job).skip(graphs)
    if reason:
        return Outcome("skipped", reason)
    metrics = [METRICS.load(name) for name in job.metrics]
    trained = _trained(method_class, job, graphs, report)
    if any("heldout" in metric.needs for metric in metrics):
        trained = _with_heldout(trained, method_class, job, graphs, report)
    start = time.perf_counter()
    report("scoring", 0, len(metrics), float("nan"))
    space = _space(job, graphs, trained)
    results = {metric.name: _score(metric, space) for metric in metrics}
    cost = trained.cost.model_copy(
        update={
            "score_seconds": time.perf_counter() - start,
            "peak_rss_bytes": peak_bytes(),
        }
    )
    content = _content(job, graphs, trained, space) if trained.fresh else None
    return Outcome("ok", "", "", results, _coverage(trained.vectors), cost, content)


def _trained(
    method_class: type[Method], job: Job, graphs: GraphCollection, report: Report
) -> _Trained:
    if job.stored is None:
        return _train(_build(method_class, job), graphs, report, "training")
    kept = read_embedding(job.stored, graphs)
    return _Trained(kept.vectors, kept.heldout, kept.losses, fresh=False)


def _with_heldout(
    trained: _Trained,
    method_class: type[Method],
    job: Job,
    graphs: GraphCollection,
    report: Report,
) -> _Trained:
    if trained.heldout is not None:
        return trained
    if "graph" not in method_class.needs:
        # hiding edges changes nothing for a method that never looks at them
        return replace(trained, heldout=trained.vectors, fresh=True)
    masked, _ = _masked(graphs, _heldout_seed(job))
    again = _train(_build(method_class, job), masked, report, "held-out training")
    cost = trained.cost.model_copy(update={"heldout_seconds": again.cost.fit_seconds})
    return replace(trained, heldout=again.vectors, cost=cost, fresh=True)


def _train(method: Method, graphs: GraphCollection, report: Report, stage: str) -> _Trained:
    report(stage, 0, 0, float("nan"))
    start = time.perf_counter()
    with listening(lambda done, total, loss: report(stage, done, total, loss)):
        vectors = method.fit(graphs).embed()
    seconds = time.perf_counter() - start
    check_vectors(method.name, graphs, vectors)
    cost = Cost(fit_seconds=seconds, n_parameters=int(method.n_parameters_))
    return _Trained(tuple(vectors), losses=tuple(map(float, method.losses_)), cost=cost)


def _build(method_class: type[Method], job: Job) -> Method:
    seed = derive_seed(job.seed, job.task.seed_name, job.method.name, "fit")
    return method_class(**job.method.params, seed=seed)


def _heldout_seed(job: Job) -> int:
    # no method in the derivation: all methods are judged on the same hidden edges
    return derive_seed(job.seed, job.task.seed_name, "heldout")


@lru_cache(maxsize=2)
def _masked(graphs: GraphCollection, seed: int) -> tuple[GraphCollection, tuple[HiddenPairs, ...]]:
    return hide_edges(graphs, fraction=HELDOUT_FRACTION, seed=seed)


def _space(job: Job, graphs: GraphCollection, trained: _Trained) -> EmbeddingSpace:
    heldout = None
    if trained.heldout is not None:
        heldout = HeldOut(trained.heldout, _masked(graphs, _heldout_seed(job))[1])
    seed = derive_seed(job.seed, job.task.seed_name, "clusters")
    return EmbeddingSpace(graphs, trained.vectors, heldout, seed)


def _content(job: Job, graphs: GraphCollection, trained: _Trained, space: EmbeddingSpace) -> bytes:
    about: dict[str, str | int] = {
        "run_id": job.run_id,
        "method": job.method.name,
        "tissue": graphs.tissue,
        "source": graphs.source,
        "seed": job.seed,
    }
    kept = Embedding(trained.vectors, trained.heldout, space.clusters, trained.losses)
    return encode(graphs, kept, about)


def _score(metric: Metric, space: EmbeddingSpace) -> MetricResult:
    described = MetricResult(
        label=metric.label, higher_is_better=metric.higher_is_better, scored=metric.scored
    )
    try:
        score = metric(space)
    except NotDefined as reason:
        return replace(described, status="not_defined", flag=str(reason))
    except Exception as error:  # noqa: BLE001 - one metric's failure leaves the others standing
        return replace(described, status="failed", flag=_one_line(error))
    return replace(described, value=score.value, flag=score.flag)


def _coverage(vectors: Sequence[FloatArray]) -> float:
    used = np.concatenate([np.any(z != 0, axis=1) for z in vectors])
    return float(used.mean())


def _one_line(error: Exception) -> str:
    text = " ".join(str(error).split()) or "no message"
    return text if isinstance(error, GeneArenaError) else f"{type(error).__name__}: {text}"
