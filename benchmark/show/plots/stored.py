"""Read what figures need from stored embeddings."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.show.plots.umap import MOST_ROWS, Layout, umap_points
from genearena.data.common.errors import StoreError
from genearena.data.reading.formats.hdf5 import open_hdf5
from genearena.data.reading.formats.hdf5_probe import probe_hdf5


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
    try:
        # only the losses: a figure reads the files of all runs
        with open_hdf5(path) as file:
            losses = file["uns/losses"][()] if "uns/losses" in file else ()
            return np.atleast_1d(np.asarray(losses, dtype=np.float64))
    except Exception as error:  # parsers raise anything over a damaged file
        raise _damaged(path) from error


def read_layout(store: ResultStore, record: RunRecord) -> Layout | None:
    """Return the UMAP of a run's vectors, of a fixed sample if they are many.

    None if its file is gone.

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
        probe_hdf5(path)
        table = read_h5ad(path)
        table = table[_sample(table.n_obs)]
        dataset, cluster = (table.obs[name].to_numpy(dtype=str) for name in ("dataset", "cluster"))
        programme = table.obs["truth"].to_numpy(dtype=int) if "truth" in table.obs else None
        vectors = np.asarray(table.X, dtype=np.float32)
    except Exception as error:  # parsers raise anything over a damaged file
        raise _damaged(path) from error
    return Layout(umap_points(vectors), dataset, cluster, record.seed, programme)


def _sample(n_rows: int) -> npt.NDArray[np.int64]:
    # the same rows for every method of a task, so that panels compare
    rows = np.random.default_rng(0).permutation(n_rows)[:MOST_ROWS]
    return np.sort(rows)


def _damaged(path: Path) -> StoreError:
    return StoreError(f"cannot read {path}: it is no embedding file; delete it and run again")
