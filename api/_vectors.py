"""Take vectors out of an AnnData of `tl.embed` or `Results.embedding`, or of one like it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from genearena.benchmark.biology.joint import ABOUT
from genearena.benchmark.biology.stored_vectors import RunVectors, TaskRuns
from genearena.benchmark.run.submission.gene_vectors import per_graph
from genearena.data.common.errors import DataError, UsageError
from genearena.data.graphs import GeneGraph, GraphCollection
from genearena.data.reading.gene_vectors import GeneVectors
from genearena.metrics.embedding_space import unit_length

if TYPE_CHECKING:
    from anndata import AnnData

Keys = str | Sequence[str] | None
ROWS = ("dataset", "gene")


def told(adata: "AnnData") -> Mapping[str, Any]:
    """Return what an AnnData says of its task and runs, nothing where it says nothing."""
    about: Mapping[str, Any] = adata.uns.get(ABOUT, {})
    return about


def about_run(adata: "AnnData", key: str) -> Mapping[str, Any]:
    """Return what an AnnData says of how an array of vectors came about."""
    about: Mapping[str, Any] = told(adata).get("runs", {}).get(key, {})
    return about


def chosen_keys(adata: "AnnData", use_rep: Keys) -> list[str]:
    """Return the arrays of vectors that are asked for: by default those of the only method.

    Raises
    ------
    UsageError
        If there are none such, or of several methods.
    """
    if use_rep is not None:
        keys = [use_rep] if isinstance(use_rep, str) else list(use_rep)
    else:
        keys = [key for key in told(adata).get("runs", {}) if key in adata.obsm]
        if not keys or len({about_run(adata, key)["label"] for key in keys}) > 1:
            raise UsageError(f"say which vectors to use: use_rep is one of {_there(adata)}")
    absent = [key for key in keys if key not in adata.obsm]
    if absent or not keys:
        raise UsageError(f"there is no obsm['{(absent or [''])[0]}']; it has {_there(adata)}")
    return keys


def vectors_of(adata: "AnnData", key: str) -> GeneVectors:
    """Return the vectors of an array, with those of a second training if there are any.

    Raises
    ------
    DataError
        If `obs` does not say of which data set and gene they are.
    """
    _check_rows(adata)
    second = about_run(adata, key).get("new_donor", "")
    return GeneVectors(
        tuple(map(str, adata.obs["gene"])),
        np.asarray(adata.obsm[key]),
        tuple(map(str, adata.obs["dataset"])),
        fingerprint=str(told(adata).get("fingerprint", "")),
        new_donor=np.asarray(adata.obsm[second]) if second in adata.obsm else None,
    )


def task_of(adata: "AnnData", use_rep: Keys, graphs: GraphCollection | None) -> TaskRuns:
    """Return vectors beside the graphs they belong to, or bare ones of the same genes.

    Raises
    ------
    UsageError, DataError
        If the vectors are not those of these graphs.
    """
    keys = chosen_keys(adata, use_rep)
    of = bare_graphs(adata) if graphs is None else graphs
    runs = []
    for key in keys:
        about = about_run(adata, key)
        vectors, _ = per_graph(vectors_of(adata, key), of)
        runs.append(
            RunVectors(
                label=about.get("label", key.removeprefix("X_")),
                control=bool(about.get("control", False)),
                seed=int(about.get("seed", 0)),
                directions=unit_length(vectors),
                clusters=_clusters(adata, about.get("cluster", "cluster"), of),
            )
        )
    return TaskRuns(of, tuple(runs))


def bare_graphs(adata: "AnnData") -> GraphCollection:
    """Return graphs of the genes of an AnnData that have neither profiles nor edges.

    DataError if `obs` does not say of which data set and gene rows are.
    """
    _check_rows(adata)
    about, graphs = told(adata), []
    for name, rows in adata.obs.groupby("dataset", observed=True, sort=False):
        genes = tuple(map(str, rows["gene"]))
        said = {
            part: str(rows[part].iloc[0]) if part in rows else default
            for part, default in (("modality", "scrna"), ("species", "human"))
        }
        graphs.append(
            GeneGraph(
                name=str(name),
                tissue=str(about.get("tissue", "")),
                genes=genes,
                x=np.zeros((len(genes), 1), dtype=np.float32),
                adjacency=sparse.csr_array((len(genes), len(genes)), dtype=np.int8),
                **said,  # type: ignore[arg-type]
            )
        )
    tissue, source = (str(about.get(part, "adata")) for part in ("tissue", "source"))
    return GraphCollection(tissue, source, tuple(graphs))


def _clusters(adata: "AnnData", column: str, graphs: GraphCollection) -> Any:
    """Return the cluster of every row of graphs, -1 for one that is not in the AnnData."""
    if column not in adata.obs:
        return np.zeros(0, dtype=np.int64)
    pairs = zip(*(map(str, adata.obs[name]) for name in ROWS), strict=True)
    known = dict(zip(pairs, map(int, adata.obs[column]), strict=True))
    rows = [known.get((graph.name, gene), -1) for graph in graphs for gene in graph.genes]
    return np.array(rows, dtype=np.int64)


def _check_rows(adata: "AnnData") -> None:
    absent = [name for name in ROWS if name not in adata.obs]
    if absent:
        raise DataError(f"adata.obs has no column '{absent[0]}', want {' and '.join(ROWS)}")


def _there(adata: "AnnData") -> str:
    return ", ".join(map(repr, adata.obsm)) or "none"
