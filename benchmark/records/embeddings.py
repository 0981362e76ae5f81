"""Gene vectors of one run as an AnnData file."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from genearena.benchmark.records.results import SealedVectors
from genearena.benchmark.records.seal import sha256
from genearena.data.common.errors import DataError, StoreError
from genearena.data.common.one_line import first_line
from genearena.data.graphs import FloatArray, GraphCollection
from genearena.data.reading.formats.hdf5 import open_hdf5
from genearena.data.reading.formats.hdf5_probe import probe_hdf5

if TYPE_CHECKING:
    import h5py
    from anndata import AnnData


@dataclass(frozen=True, eq=False)
class Embedding:
    """What a run leaves behind besides numbers.

    `vectors` is one (n_genes, dim) array per graph, `new_donor` the same from the training without
    a donor, where there was one, with zeros for that donor; `clusters` is the (rows,) Leiden
    cluster of every row, graphs one after another, and `losses` the mean loss of every epoch.
    """

    vectors: tuple[FloatArray, ...]
    new_donor: tuple[FloatArray, ...] | None
    clusters: npt.NDArray[np.int64]
    losses: tuple[float, ...]


def encode(graphs: GraphCollection, embedding: Embedding, about: dict[str, str | int]) -> bytes:
    """Return the content of an h5ad file, rows = (data set, gene), with `about` in ``uns``."""
    import h5py
    from anndata.io import write_elem

    buffer = BytesIO()
    with h5py.File(buffer, "w") as file:
        write_elem(file, "/", as_anndata(graphs, embedding, about))
    return buffer.getvalue()


def as_anndata(
    graphs: GraphCollection, embedding: Embedding, about: dict[str, str | int]
) -> "AnnData":
    """Return what `encode` writes."""
    import pandas as pd
    from anndata import AnnData

    genes = [gene for graph in graphs for gene in graph.genes]
    sizes = [graph.n_genes for graph in graphs]
    obs = pd.DataFrame(
        {
            "dataset": np.repeat(graphs.names, sizes),
            "gene": genes,
            "modality": np.repeat([graph.modality for graph in graphs], sizes),
            "species": np.repeat([graph.species for graph in graphs], sizes),
            "cluster": embedding.clusters.astype(str),
        }
    )
    obs.index = pd.Index(obs["dataset"] + "|" + obs["gene"])
    if graphs.simulated and all(graph.truth is not None for graph in graphs):
        obs["truth"] = np.concatenate([graph.truth for graph in graphs])
    second = embedding.new_donor
    obsm = {} if second is None else {"new_donor": np.concatenate(second)}
    uns = {**about, "losses": np.asarray(embedding.losses, dtype=np.float64)}
    return AnnData(X=np.concatenate(embedding.vectors), obs=obs, obsm=obsm, uns=uns)


def read_sealed(vectors: SealedVectors, graphs: GraphCollection) -> Embedding:
    """Read what a run left behind, as it left it.

    Raises
    ------
    StoreError
        If the file is not what the seal says, or its rows are not those of `graphs`.
    """
    try:
        found = sha256(vectors.path.read_bytes())
    except OSError as error:
        raise StoreError(f"cannot read {vectors.path}: {error.strerror}") from error
    if found != vectors.sha256:
        raise StoreError(f"{vectors.path} changed during the run; start 'bench run' again")
    return _read(vectors.path, graphs)


def read_embedding(path: Path, graphs: GraphCollection) -> Embedding:
    """Read vectors from a file that anyone may have made.

    Raises
    ------
    StoreError
        If the file is damaged or its rows are not those of `graphs`.
    """
    try:
        probe_hdf5(path)
    except (DataError, OSError) as error:
        raise _no_embedding(path, error) from error
    return _read(path, graphs)


def _read(path: Path, graphs: GraphCollection) -> Embedding:
    try:
        with open_hdf5(path) as file:
            genes = column(file, "gene").tolist()
            second = file.get("obsm/new_donor")
            embedding = Embedding(
                _parts(graphs, file["X"]),
                None if second is None else _parts(graphs, second),
                column(file, "cluster").astype(np.int64),
                tuple(file["uns/losses"][:].astype(np.float64).tolist()),
            )
    except Exception as error:  # anything may be wrong with a damaged file
        raise _no_embedding(path, error) from error
    if genes != [gene for graph in graphs for gene in graph.genes]:
        raise StoreError(f"{path} holds other genes than the task's; delete it and run again")
    return embedding


def column(file: "h5py.File", name: str) -> npt.NDArray[Any]:
    """Return a column of ``obs`` of an h5ad file of `encode` or anndata, texts as `object`.

    anndata reads it too, and takes seconds to import. KeyError if there is none such.
    """
    import h5py

    stored = file["obs"][name]
    if isinstance(stored, h5py.Dataset):
        return np.asarray(stored.asstr()[:] if stored.dtype.hasobject else stored[:])
    codes = stored["codes"][:]
    if codes.min(initial=0) < 0:
        raise ValueError(f"obs '{name}' lacks values")
    return np.asarray(stored["categories"].asstr()[:][codes])


def _no_embedding(path: Path, error: Exception) -> StoreError:
    reason = first_line(error)
    return StoreError(f"cannot read {path}: it is no embedding file ({reason}); delete it")


def _parts(graphs: GraphCollection, stored: "h5py.Dataset") -> tuple[FloatArray, ...]:
    return tuple(graphs.split(np.ascontiguousarray(stored[:], dtype=np.float32)))
