"""Read what figures need from stored embeddings."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from genearena.benchmark.plots.umap import Layout, umap_points
from genearena.benchmark.records import RunRecord
from genearena.benchmark.results import ResultStore
from genearena.data.errors import StoreError


def read_losses(store: ResultStore, record: RunRecord) -> npt.NDArray[np.float64]:
    """Return the (epochs,) losses of a run; empty if it has none or its file is gone.

    Raises
    ------
    StoreError
        If the file is damaged.
    """
    path = store.embedding_path(record)
    if not path.exists():
        return np.empty(0)
    from anndata import read_h5ad

    try:
        # backed: the vectors stay on disk
        table = read_h5ad(path, backed="r")
    except (OSError, KeyError, ValueError) as error:
        raise _damaged(path) from error
    losses = np.asarray(table.uns.get("losses", ()), dtype=np.float64)
    table.file.close()
    return losses


def read_layout(store: ResultStore, record: RunRecord) -> Layout | None:
    """Return the UMAP of a run's vectors, None if its file is gone.

    Raises
    ------
    StoreError
        If the file is damaged.
    """
    path = store.embedding_path(record)
    if not path.exists():
        return None
    from anndata import read_h5ad

    try:
        table = read_h5ad(path)
        dataset, cluster = (table.obs[name].to_numpy(dtype=str) for name in ("dataset", "cluster"))
    except (OSError, KeyError, ValueError) as error:
        raise _damaged(path) from error
    return Layout(umap_points(table.X), dataset, cluster, record.seed)


def _damaged(path: Path) -> StoreError:
    return StoreError(f"cannot read {path}: it is no embedding file; delete it and run again")
