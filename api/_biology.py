"""The part of ``ga.tl`` that asks vectors of biology; see `tl`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from genearena.api._genesets import Sets, gene_sets, stored_besides
from genearena.api._tables import frame
from genearena.api._vectors import Keys, bare_graphs, task_of
from genearena.benchmark.biology.clusters import MOST as MOST_OF_CLUSTERS
from genearena.benchmark.biology.clusters import clusters as clusters_of
from genearena.benchmark.biology.function import function_tables
from genearena.benchmark.biology.neighbours import neighbours as neighbours_of
from genearena.benchmark.biology.question import USUAL, WAYS, FunctionOptions
from genearena.benchmark.biology.stored_vectors import Combined
from genearena.benchmark.show.biology import cluster_sheets, function_sheets, neighbour_sheets
from genearena.data.common.errors import DataError, UsageError
from genearena.data.genesets.gene_sets import FEWEST, MOST
from genearena.data.graphs import GraphCollection
from genearena.metrics._annotation.prediction import Splits

if TYPE_CHECKING:
    from anndata import AnnData
    from pandas import DataFrame

EVIDENCE = ("correlation", "edges", "edges_kept_back", "datasets_kept_back")


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
        Name of stored gene sets, path of a file, or set -> genes; beside stored ones all others
        that are stored tell how well a gene is studied.
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
        others = stored_besides(sets, added, data_dir) if isinstance(genesets, str) else []
        tables = function_tables(task, sets, options, others, added=later)
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
