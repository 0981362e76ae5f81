"""``ga.tl``: vectors of genes, and what to ask of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from threadpoolctl import threadpool_limits

from genearena.api._genesets import Sets, gene_sets
from genearena.api._tables import frame
from genearena.api._vectors import (
    Keys,
    about_run,
    bare_graphs,
    chosen_keys,
    task_of,
    vectors_of,
)
from genearena.benchmark.biology.clusters import MOST as MOST_OF_CLUSTERS
from genearena.benchmark.biology.clusters import clusters as clusters_of
from genearena.benchmark.biology.function import function_tables
from genearena.benchmark.biology.joint import Stored, joint
from genearena.benchmark.biology.neighbours import neighbours as neighbours_of
from genearena.benchmark.biology.question import USUAL, WAYS, FunctionOptions
from genearena.benchmark.biology.stored_vectors import Combined
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
from genearena.benchmark.show.biology import cluster_sheets, function_sheets, neighbour_sheets
from genearena.data.common.bars import bars
from genearena.data.common.errors import DataError, UsageError
from genearena.data.genesets.gene_sets import FEWEST, MOST
from genearena.data.graphs import GraphCollection
from genearena.data.tasks import described
from genearena.metrics._annotation.prediction import Splits

if TYPE_CHECKING:
    from anndata import AnnData
    from pandas import DataFrame

__all__ = ["clusters", "embed", "evaluate", "function", "neighbors"]

EVIDENCE = ("correlation", "edges", "edges_kept_back", "datasets_kept_back")


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


def neighbors(
    adata: "AnnData",
    gene: str,
    k: int = 10,
    *,
    graphs: GraphCollection | None = None,
    genesets: Sets | None = None,
    use_rep: Keys = None,
    data_dir: str | Path | None = None,
) -> "DataFrame":
    """Return which genes lie nearest to one, as ``bench embeddings neighbors`` does.

    Parameters
    ----------
    adata
        Vectors of `embed` or `Results.embedding`.
    gene
        Its name.
    k
        How many of each data set count.
    graphs
        What the vectors were learnt from, for what else says that genes belong together.
    genesets
        Gene sets to look both genes up in.
    use_rep
        Array of `obsm`, or several of one method, whose mean cosine counts; by default those that
        `adata` has if they are of one method.
    data_dir
        Where stored gene sets are.

    Returns
    -------
    A row for each gene that is among the nearest somewhere, those of most data sets first:
    ``near_in`` counts these, of ``datasets_with_both``; ``cosine`` is the mean over the latter.
    With `graphs` also the profiles' ``correlation``, in how many data sets the two are ``edges``,
    and of the ``datasets_kept_back`` the ``edges_kept_back``; ``attrs["by_chance"]`` is the mean
    number of data sets in which a gene drawn at random is among the nearest.

    Raises
    ------
    UsageError
        If no data set has the gene, or it is not clear which vectors are meant.
    DataError
        If it has no vector, or vectors are not those of the graphs.
    """
    task = task_of(adata, use_rep, graphs)
    sets = [] if genesets is None else [gene_sets(genesets, task.graphs[0].species, data_dir)]
    (found,) = neighbours_of(task, gene, k, sets)
    rows = neighbour_sheets.neighbour_rows(found)
    table = frame(neighbour_sheets.CSV_COLUMNS, rows).set_index("neighbour")
    unknown = [*(EVIDENCE if graphs is None else ()), *(() if sets else ("shared_sets",))]
    table = table.drop(columns=["tissue", "source", "method", "gene", *unknown])
    table.attrs["by_chance"] = found.by_chance
    return table


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


def function(
    adata: "AnnData",
    graphs: GraphCollection,
    genesets: Sets,
    *,
    by: Sequence[str] = USUAL,
    added: Sets | None = None,
    vectors: Combined = "mean",
    only: Sequence[str] = (),
    min_size: int = FEWEST,
    max_size: int = MOST,
    folds: int = 5,
    repeats: int = 3,
    neighbours: int = 5,
    seed: int = 0,
    use_rep: Keys = None,
    data_dir: str | Path | None = None,
) -> "DataFrame":
    """Ask whether vectors tell which genes are in which sets, as ``bench function`` does.

    Parameters
    ----------
    adata, graphs, use_rep, data_dir
        As for `neighbors`.
    genesets
        Name of stored gene sets, path of a file, or set -> genes.
    by
        Ways to ask: ``knn``, ``logistic``, ``voting``, ``svm``.
    added
        Gene sets of a later date: genes that joined one are told from those that are in neither.
    vectors
        What a gene's vector is for all but ``voting``: ``mean`` over graphs, ``per-graph`` or
        ``concatenated``.
    only
        Only these sets.
    min_size, max_size
        Genes of the task that a set has.
    folds, repeats, seed
        Folds of genes, by name, how often they are drawn, and their seed.
    neighbours
        Neighbours of ``knn``.

    Returns
    -------
    A row for each way, method or baseline (``control``) and set, as the command's csv.

    Raises
    ------
    UsageError, DataError
        If there are no such sets, or none of such a size has genes of the task.
    """
    for way in by:
        if way not in WAYS:
            raise UsageError(f"'{way}' is no way to ask; choose from {', '.join(WAYS)}")
    task = task_of(adata, use_rep, graphs)
    options = FunctionOptions(
        ways=tuple(by),
        vectors=vectors,
        fewest=min_size,
        most=max_size,
        only=tuple(only),
        splits=Splits(folds, repeats, seed),
        k=neighbours,
    )
    with threadpool_limits(1):
        species = graphs[0].species
        sets = gene_sets(genesets, species, data_dir)
        later = None if added is None else gene_sets(added, species, data_dir)
        tables = function_tables(task, sets, options, added=later)
    rows = (row for table in tables for row in function_sheets.function_rows(table))
    return frame(function_sheets.CSV_COLUMNS, rows)


def clusters(
    adata: "AnnData",
    genesets: Sets,
    *,
    min_size: int = FEWEST,
    max_size: int = MOST_OF_CLUSTERS,
    seed: int = 0,
    use_rep: Keys = None,
    data_dir: str | Path | None = None,
) -> "DataFrame":
    """Ask which gene sets the clusters of vectors have more of than chance: ``bench clusters``.

    Parameters
    ----------
    adata, genesets, min_size, max_size, use_rep, data_dir
        As for `function`.
    seed
        Of the shuffled names, which tell what chance gives.

    Returns
    -------
    A row for each enriched set of each cluster, one for a cluster without, as the command's csv.
    ``attrs["share"]`` is the share of clusters with a set, ``attrs["by_chance"]`` the same when
    genes swap their names; means over runs.

    Raises
    ------
    UsageError, DataError
        As for `function`.
    """
    graphs = bare_graphs(adata)
    task = task_of(adata, use_rep, graphs)
    if any(not run.clusters.size for run in task.runs):
        raise DataError("adata.obs has no column 'cluster'; ga.tl.embed makes one")
    sets = gene_sets(genesets, graphs[0].species, data_dir)
    (found,) = clusters_of(task, sets, min_size, max_size, seed)
    table = frame(cluster_sheets.CSV_COLUMNS, cluster_sheets.cluster_rows(found))
    table.attrs |= {"share": found.share, "by_chance": found.share - found.excess}
    return table


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
