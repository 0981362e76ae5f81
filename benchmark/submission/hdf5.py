"""Read parts of an h5ad file without letting it reach beyond itself."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genearena.data.errors import DataError

if TYPE_CHECKING:
    import h5py

_REQUIRED = object()


@contextmanager
def open_closed(path: Path) -> Iterator[tuple["h5py.File", int]]:
    """Open an HDF5 file that holds all of its data, with the bytes these take unpacked.

    Raises
    ------
    DataError
        If anything in it would be read from another file.
    """
    import h5py

    with h5py.File(path, "r") as file:
        _check_links(file)
        sizes: list[int] = []
        file.visititems(lambda _, item: sizes.append(_size(item)))
        yield file, sum(sizes)


def _check_links(group: "h5py.Group") -> None:
    import h5py

    for name in group:
        link = group.get(name, getlink=True)
        # a hard link may lead back up; each group below is met once by visititems alone
        if isinstance(link, h5py.ExternalLink | h5py.SoftLink):
            raise DataError(f"'{name}' is a link, want the data themselves")


def _size(item: Any) -> int:
    import h5py

    if isinstance(item, h5py.Group):
        _check_links(item)
        return 0
    if item.is_virtual or item.external:
        raise DataError(f"'{item.name}' lies in another file, want the data themselves")
    n_bytes: int = int(item.size or 0) * max(item.dtype.itemsize, 1)
    return n_bytes


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
