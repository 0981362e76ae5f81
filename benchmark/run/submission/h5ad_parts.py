"""Read parts of an h5ad file that is open."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from genearena.data.common.errors import DataError

if TYPE_CHECKING:
    import h5py

_REQUIRED = object()


def text_columns(file: "h5py.File", names: Sequence[str]) -> dict[str, list[str]]:
    """Return columns of the table ``obs`` as text.

    Raises
    ------
    DataError
        If a column is missing.
    """
    from anndata.io import read_elem

    columns = {}
    for name in names:
        if "obs" not in file or name not in file["obs"]:
            raise DataError(f"it has no column '{name}' in obs; want {', '.join(names)}")
        columns[name] = [str(text) for text in read_elem(file["obs"][name])]
    return columns


def read_array(file: "h5py.File", key: str, missing: Any = _REQUIRED) -> Any:
    """Return one element, `missing` if it is not there.

    Raises
    ------
    DataError
        If it is sparse, or is not there and has no substitute.
    """
    from anndata.io import read_elem
    from scipy import sparse

    if key not in file:
        if missing is _REQUIRED:
            raise DataError(f"it has no '{key}'")
        return missing
    value = read_elem(file[key])
    if sparse.issparse(value):
        raise DataError(f"'{key}' is sparse, want a dense array")
    return value
