"""Open an HDF5 file that anyone may have made, without letting it reach beyond itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genearena.data.common.errors import DataError
from genearena.data.common.foreign_files import check_declared

if TYPE_CHECKING:
    import h5py

PIECE = 2**22
TEXT_BYTES = 2**14
SIGNATURE = b"\x89HDF\r\n\x1a\n"


@contextmanager
def open_hdf5(path: Path) -> Iterator["h5py.File"]:
    """Open an HDF5 file that is a tree of its own data; other readers may open it meanwhile.

    Raises
    ------
    DataError
        If it is no HDF5 file, declares more data than it can hold, would be read from another
        file (through a link, or external or virtual storage), or holds something twice, which
        lets a small file unfold into endless data.
    """
    import h5py

    with path.open("rb") as plain:
        if plain.read(len(SIGNATURE)) != SIGNATURE:
            raise DataError("it is no HDF5 file")
    with h5py.File(path, "r") as file:
        check_declared(_Walk(file).n_bytes, path.stat().st_size)
        yield file


def read_all(file: "h5py.File", stored: int) -> None:
    """Read every attribute and array of a file, piece by piece, and forget it.

    Texts, many of which may be stored once, that are more than a file of `stored` bytes can hold
    raise DataError.
    """
    import h5py

    n_text = 0

    def read(_: str, item: "h5py.HLObject") -> None:
        nonlocal n_text
        for name in item.attrs:
            item.attrs[name]
        if isinstance(item, h5py.Dataset):
            for piece in _pieces(item):
                n_text += sum(map(_length, piece)) if item.dtype.hasobject else 0
                check_declared(n_text, stored)

    read("/", file)
    file.visititems(read)


def _pieces(dataset: "h5py.Dataset") -> Iterator[Any]:
    """Yield a dataset in parts of about `PIECE` bytes, whole chunks at a time."""
    if not dataset.shape or not dataset.size:
        value = dataset[()]
        yield [value] if dataset.dtype.hasobject else value
        return
    # a text is a reference to one of any length
    width = TEXT_BYTES if dataset.dtype.hasobject else max(dataset.dtype.itemsize, 1)
    row = dataset.size // len(dataset) * width
    whole = dataset.chunks[0] if dataset.chunks else 1
    step = max(PIECE // row // whole, 1) * whole
    for start in range(0, len(dataset), step):
        piece = dataset[start : start + step]
        yield piece.ravel() if dataset.dtype.hasobject else piece


def _length(value: object) -> int:
    return len(value) if isinstance(value, bytes | str) else 0


class _Walk:
    """Visit every object of a file once, and add up the bytes its arrays unpack to."""

    def __init__(self, file: "h5py.File") -> None:
        self.n_bytes = 0
        self._met: set[int] = set()
        self._referred: dict[int, str] = {}
        self._meet(file)
        waiting = [file]
        while waiting:
            waiting += self._members(waiting.pop())
        for address, name in self._referred.items():
            if address not in self._met:
                raise DataError(f"'{name}' refers to data outside its tree")

    def _members(self, group: "h5py.Group") -> Iterator["h5py.Group"]:
        import h5py

        for name in group:
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise DataError(f"'{name}' is a link, want the data themselves")
            item = group[name]
            self._meet(item)
            if isinstance(item, h5py.Group):
                yield item
            elif isinstance(item, h5py.Dataset):
                self.n_bytes += _size(item)

    def _meet(self, item: "h5py.HLObject") -> None:
        import h5py

        address = h5py.h5o.get_info(item.id).addr
        if address in self._met:
            raise DataError(f"'{item.name}' stands there under another name too, want a tree")
        self._met.add(address)
        for name in item.attrs:
            # old h5ad files refer to the names of categories so, and readers follow
            if h5py.check_ref_dtype(item.attrs.get_id(name).dtype) is h5py.Reference:
                for reference in _scalars(item.attrs[name]):
                    target = item.file[reference]
                    self._referred[h5py.h5o.get_info(target.id).addr] = f"{item.name}@{name}"


def _scalars(value: object) -> Iterator[object]:
    import numpy as np

    yield from np.asarray(value, dtype=object).ravel()


def _size(dataset: "h5py.Dataset") -> int:
    if dataset.is_virtual or dataset.external:
        raise DataError(f"'{dataset.name}' lies in another file, want the data themselves")
    n_bytes: int = int(dataset.size or 0) * max(dataset.dtype.itemsize, 1)
    return n_bytes
