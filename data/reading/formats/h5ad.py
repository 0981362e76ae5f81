"""Read h5ad and loom files, also with small floating-point numbers that scipy does not take."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from genearena.data.common.errors import DataError
from genearena.data.reading.formats.hdf5_probe import probe_hdf5

if TYPE_CHECKING:
    import anndata

SPARSE = ("csr_matrix", "csc_matrix")


def read_any_h5ad(path: Path) -> "anndata.AnnData":
    """Read an h5ad file; sparse matrices of float16 become ones of float32.

    A file that is no sound HDF5 raises DataError.
    """
    from anndata import read_h5ad

    probe_hdf5(path)
    try:
        return read_h5ad(path)
    except ValueError as error:
        if np.dtype(np.float16).name not in str(error):
            raise
        return _read_widened(path)


def read_any_loom(path: Path) -> "anndata.AnnData":
    """Read a loom file; one that is no sound HDF5 raises DataError."""
    from anndata.io import read_loom

    probe_hdf5(path)
    return read_loom(path, sparse=True, X_name="")


def require_loompy(path: Path) -> None:
    """Raise DataError unless the package that reads loom files is installed."""
    try:
        import loompy  # noqa: F401 - anndata needs it
    except ImportError as error:
        raise DataError(
            f"'{path}' needs loompy; install it with: pip install 'genearena[loom]'"
        ) from error


def _read_widened(path: Path) -> Any:
    import h5py
    from anndata.experimental import read_dispatched
    from scipy import sparse

    def read(own: Any, _: str, element: Any, iospec: Any) -> Any:
        kind = iospec.encoding_type
        if kind in SPARSE and element["data"].dtype == np.float16:
            data = element["data"][()].astype(np.float32)
            parts = (data, element["indices"][()], element["indptr"][()])
            return getattr(sparse, kind)(parts, shape=tuple(element.attrs["shape"]))
        return own(element)

    with h5py.File(path, "r") as file:
        return read_dispatched(file, read)
