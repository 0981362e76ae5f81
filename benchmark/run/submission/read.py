"""Read gene vectors from a file that anyone may have made: h5ad, npz or csv.

Nothing in it is executed (no pickle), no other file is opened on its behalf, and what it claims
to hold is measured before it is read.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from genearena.benchmark.run.submission.gene_vectors import GeneVectors
from genearena.data.common.errors import DataError, GeneArenaError
from genearena.data.common.foreign_files import read_npz
from genearena.data.common.one_line import first_line
from genearena.data.common.quantities import gibibytes
from genearena.data.reading.formats.hdf5 import open_hdf5
from genearena.data.reading.formats.hdf5_probe import probe_hdf5

if TYPE_CHECKING:
    import h5py

MOST_BYTES = 4 * 2**30
NAMES = ("dataset", "gene")


def read_vectors(path: Path) -> GeneVectors:
    """Read a table of gene vectors, by what its name says it is.

    Parameters
    ----------
    path
        ``.h5ad``: dense X, columns `dataset` and `gene` in obs; optional obsm["new_donor"] and
        uns["fingerprint"]. ``.npz``: arrays `dataset`, `gene` (text) and `vectors` (n, dim);
        optional `new_donor` and `fingerprint`. ``.csv``: columns `dataset`, `gene`, and one per
        dimension.

    Raises
    ------
    DataError
        If the file is missing, too large, or not such a table.
    """
    if not path.is_file():
        raise DataError(f"there is no file '{path}'; give an h5ad, npz or csv of gene vectors")
    read = _READERS.get(path.suffix.lower())
    if read is None:
        raise DataError(f"'{path.name}' is of no known kind; want .h5ad, .npz or .csv")
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise DataError(
            f"'{path.name}' holds {gibibytes(size)}, want at most {gibibytes(MOST_BYTES)}"
        )
    try:
        return read(path)
    except GeneArenaError as error:
        raise DataError(f"'{path.name}': {error}") from error
    except Exception as error:  # parsers raise anything on a damaged file
        raise DataError(
            f"'{path.name}' cannot be read as {path.suffix[1:].lower()} ({first_line(error)}); "
            "check that it is complete"
        ) from error


def _read_csv(path: Path) -> GeneVectors:
    import pandas as pd

    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if not isinstance(table.index, pd.RangeIndex):  # pandas takes surplus fields for an index
        raise DataError("rows have more fields than the heading has names")
    _require(list(table.columns), NAMES)
    numbers = table.drop(columns=list(NAMES))
    # through float64, which keeps the text of any two float32 apart
    return GeneVectors(
        tuple(table["dataset"]), tuple(table["gene"]), numbers.to_numpy().astype(np.float64)
    )


def _read_npz(path: Path) -> GeneVectors:
    arrays = read_npz(path, (*NAMES, "vectors", "new_donor", "fingerprint"))
    _require(list(arrays), (*NAMES, "vectors"))
    return GeneVectors(
        _texts(arrays, "dataset"),
        _texts(arrays, "gene"),
        arrays["vectors"],
        fingerprint=str(arrays["fingerprint"].item()) if "fingerprint" in arrays else "",
        new_donor=arrays.get("new_donor"),
    )


def _texts(arrays: Mapping[str, Any], name: str) -> tuple[str, ...]:
    array = arrays[name]
    if array.ndim != 1 or array.dtype.kind not in "US":
        raise DataError(f"'{name}' is {array.dtype} of shape {array.shape}, want (n,) text")
    decoded = np.char.decode(array) if array.dtype.kind == "S" else array
    return tuple(str(text) for text in decoded)


def _read_h5ad(path: Path) -> GeneVectors:
    probe_hdf5(path)
    with open_hdf5(path) as file:
        if "X" not in file:
            raise DataError("it has no 'X'")
        return GeneVectors(
            _text_column(file, "dataset"),
            _text_column(file, "gene"),
            _element(file, "X"),
            fingerprint=str(_element(file, "uns/fingerprint", "")),
            new_donor=_element(file, "obsm/new_donor"),
        )


def _text_column(file: "h5py.File", name: str) -> tuple[str, ...]:
    column = _element(file, f"obs/{name}")
    if column is None:
        raise DataError(f"it has no column '{name}' in obs; want {', '.join(NAMES)}")
    return tuple(str(text) for text in column)


def _element(file: "h5py.File", key: str, missing: Any = None) -> Any:
    from anndata.io import read_elem
    from scipy import sparse

    if key not in file:
        return missing
    value = read_elem(file[key])
    if sparse.issparse(value):
        raise DataError(f"'{key}' is sparse, want a dense array")
    return value


def _require(have: Sequence[str], want: Sequence[str]) -> None:
    lacking = [name for name in want if name not in have]
    if lacking:
        raise DataError(f"it has no '{lacking[0]}'; want {', '.join(want)}")


_READERS: dict[str, Callable[[Path], GeneVectors]] = {
    ".h5ad": _read_h5ad,
    ".npz": _read_npz,
    ".csv": _read_csv,
}
