"""``ga.tl``: vectors of genes, and what to ask of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from threadpoolctl import threadpool_limits

from genearena.api._across import contrast, regulators, species
from genearena.api._biology import clusters, function, neighbors
from genearena.api._tables import frame
from genearena.api._vectors import Keys, about_run, chosen_keys, vectors_of
from genearena.benchmark.biology.joint import Stored, joint
from genearena.benchmark.records.declared import declared_metric
from genearena.benchmark.records.embeddings import as_anndata
from genearena.benchmark.records.record import MethodInfo
from genearena.benchmark.run.display import loss_note
from genearena.benchmark.run.evaluation.evaluate import score_vectors
from genearena.benchmark.run.evaluation.here import Setup, trained_here
from genearena.benchmark.run.evaluation.job import Job
from genearena.benchmark.run.experiment import Experiment
from genearena.benchmark.run.request import chosen_metrics
from genearena.benchmark.run.resources import plan_resources
from genearena.benchmark.run.session import with_settings
from genearena.benchmark.run.submission.gene_vectors import per_graph
from genearena.data.common.bars import bars
from genearena.data.graphs import GraphCollection
from genearena.data.tasks import described

if TYPE_CHECKING:
    from anndata import AnnData
    from pandas import DataFrame

__all__ = [
    "clusters", "contrast", "embed", "evaluate", "function", "neighbors", "regulators", "species",
]  # fmt: skip


def embed(
    graphs: GraphCollection,
    method: str,
    *,
    seed: int = 0,
    preset: str = "fast",
    dim: int = 32,
    device: str = "auto",
    threads: int = 1,
    new_donor: bool = False,
    progress: bool = True,
    **params: Any,
) -> "AnnData":
    """Train a method on graphs and return the vectors of their genes.

    They are those that ``bench run`` stores for the same method, settings and seed.

    Parameters
    ----------
    graphs
        Two graphs or more that share genes.
    method
        Name of a method, ``vectors:FILE`` for vectors made elsewhere, or ``module:Class``.
    seed
        Number of the repeat; the method's own seed derives from it.
    preset
        Settings to start from: ``fast`` or ``paper``.
    dim
        Length d of the vectors.
    device, threads
        Where neural methods train (``auto``, ``cpu``, ``cuda``), and on how many threads; more of
        them change numbers by rounding.
    new_donor
        Whether to train a second time, without the donor left out at this seed, as `evaluate` wants
        for the metrics of a new donor.
    progress
        Whether to show a bar.
    params
        Settings in which the method differs from the preset.

    Returns
    -------
    AnnData with a row for every gene of every graph: ``obs["dataset"]``, ``obs["gene"]`` and the
    Leiden ``cluster`` of the row, ``obsm["X_METHOD"]`` (rows, d) float32 vectors, and
    ``uns["genearena"]`` with all parameters.

    Raises
    ------
    UsageError
        If there is no such method, preset or setting.
    DataError
        If vectors cannot be learnt on the graphs.
    MethodError
        If the method cannot run on them. What else it raises is passed on.
    """
    (chosen,) = Experiment().chosen([method], alone=True)
    (asked,) = with_settings(list(chosen), {chosen.method: params})
    found = plan_resources(device, 1, threads).device
    setup = Setup(seed, preset, dim, found, threads, new_donor)
    with bars(Console(stderr=True, quiet=not progress)) as shown:
        bar = shown.add_task(asked.name, total=None, note="")

        def report(stage: str, done: int, total: int, loss: float) -> None:
            title = f"{asked.name} · {stage}"
            note = loss_note(loss)
            shown.update(bar, description=title, completed=done, total=total or None, note=note)

        job, embedding = trained_here(graphs, asked, setup, report)
    return joint([Stored(job, job.name, as_anndata(graphs, embedding, {}))])


def evaluate(
    adata: "AnnData",
    graphs: GraphCollection,
    metrics: Sequence[str] = (),
    *,
    use_rep: Keys = None,
    data_dir: str | Path | None = None,
) -> "DataFrame":
    """Score vectors with the metrics of ``bench run``.

    Parameters
    ----------
    adata
        Vectors of `embed` or `Results.embedding`, or an AnnData with ``obs["dataset"]`` and
        ``obs["gene"]`` and vectors in ``obsm[use_rep]``; a gene without a row counts as a guess.
    graphs
        What they were learnt from.
    metrics
        Names of metrics or their groups, ``function:NAME`` for stored gene sets; by default all
        but the group ``scib``.
    use_rep
        Array or arrays of `obsm`; by default those of the only method.
    data_dir
        Where stored gene sets are.

    Returns
    -------
    A row for each metric: ``vectors`` are the array's name, ``value`` is missing where ``status``
    is not ``ok``, and ``flag`` says why, or what is to be known of the value.

    Raises
    ------
    UsageError
        If there is no such metric, or it is not clear which vectors are meant.
    DataError
        If the vectors are not those of the graphs, or cannot be scored.
    """
    folder = None if data_dir is None else Path(data_dir)
    asked = [
        name
        for name in chosen_metrics(metrics)
        if metrics or graphs.simulated or "truth" not in declared_metric(name, folder).needs
    ]
    card = described(graphs, folder)
    rows = []
    for key in chosen_keys(adata, use_rep):
        vectors, second = per_graph(vectors_of(adata, key), graphs)
        seed = int(about_run(adata, key).get("seed", 0))
        job = Job(card, _anonymous(key), seed, "", tuple(asked))
        with threadpool_limits(1):  # as in workers: the bits must not depend on free cores
            results = score_vectors(job, graphs, vectors, second).metrics
        for name, result in results.items():
            about = ("label", "value", "status", "flag", "higher_is_better")
            values = {column: getattr(result, column) for column in about}
            rows.append({"metric": name, "vectors": key, **values})
    columns = ("metric", "vectors", "label", "value", "status", "flag", "higher_is_better")
    return frame(columns, rows).set_index("metric")


def _anonymous(name: str) -> MethodInfo:
    """Return a method that is only called something: scores depend on vectors alone."""
    return MethodInfo(
        name=name,
        version="",
        params={},
        control=False,
        origin="",
        trained_on="",
        needs=(),
        deterministic=False,
    )
