"""Read h5ad files, also with the small floating-point numbers that scipy does not take."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from genearena.data.reading.formats.hdf5_probe import probe_hdf5

if TYPE_CHECKING:
    import anndata

SPARSE = ("csr_matrix", "csc_matrix")


def read_any_h5ad(path: Path) -> "anndata.AnnData":
    """Read an h5ad file; sparse matrices of float16 become ones of float32.

    Raises
    ------
    DataError
        If it is no sound HDF5 file.
    """
    from anndata import read_h5ad

    probe_hdf5(path)
    try:
        return read_h5ad(path)
    except ValueError as error:
        if np.dtype(np.float16).name not in str(error):
            raise
        return _read_widened(path)


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
