"""Damage to HDF5 files that are sound as such: other shapes, types, links, attributes."""

import contextlib
import io
import random
import warnings
from typing import Any

import h5py
import numpy as np

TEXTS = (
    "", "csr_matrix", "csc_matrix", "dataframe", "categorical", "array", "string-array", "dict",
    "nullable-integer", "rec-array", "awkward-array", "null", "\x1b[2J", "../x", "_index",
)  # fmt: skip
# in no folder that exists: what is written to external storage is written to the file it names
ELSEWHERE = "/nonexistent/elsewhere"
SHAPES = ((0,), (0, 0), (1,), (7,), (2**40,), (2**21, 2**21), (3, 4, 5), ())
TYPES = ("f8", "f4", "i4", "i8", "u1", "S5", "c8", "?", "f2", "u8")


def damage_hdf5(data: bytes, rng: random.Random) -> bytes:
    """Return an HDF5 file with one to three changes."""
    buffer = io.BytesIO(data)
    with h5py.File(buffer, "r+") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(rng.choice((1, 1, 2, 3))):
            # not every change can be made everywhere
            with contextlib.suppress(Exception):
                _change(file, rng)
    return buffer.getvalue()


def _change(file: h5py.File, rng: random.Random) -> None:
    names: list[str] = []
    file.visit(names.append)
    if names:
        rng.choice(CHANGES)(file, rng.choice(names), rng)


def _delete(file: h5py.File, name: str, rng: random.Random) -> None:
    del file[name]


def _resize(file: h5py.File, name: str, rng: random.Random) -> None:
    old = file[name]
    dtype = old.dtype if isinstance(old, h5py.Dataset) else np.dtype("f4")
    del file[name]
    shape = rng.choice(SHAPES)
    chunks = tuple(min(n, 64) or 1 for n in shape) if shape else None
    file.create_dataset(name, shape, dtype, chunks=chunks, compression="gzip" if shape else None)


def _retype(file: h5py.File, name: str, rng: random.Random) -> None:
    values = np.asarray(file[name][()])
    attributes = dict(file[name].attrs)
    del file[name]
    numbers = values if values.dtype.kind in "biuf" else np.arange(values.size)
    file[name] = numbers.reshape(values.shape).astype(rng.choice(TYPES))
    file[name].attrs.update(attributes)


def _set_values(file: h5py.File, name: str, rng: random.Random) -> None:
    values = np.array(file[name][()])
    if values.dtype.kind in "iu":
        wrong: tuple[Any, ...] = (-1, 2**31 - 1, 10**6, 0, np.iinfo(values.dtype).max)
    elif values.dtype.kind == "f":
        wrong = (np.nan, np.inf, -1.0, 0.5, 1e300)
    else:
        wrong = (b"", b"\xff\xfe", b"\x1b[2J", "é" * 100, b"x" * 10_000)
    flat = values.reshape(-1)
    for _ in range(rng.choice((1, 1, len(flat)))):
        flat[rng.randrange(len(flat))] = rng.choice(wrong)
    file[name][...] = flat.reshape(values.shape)


def _attribute(file: h5py.File, name: str, rng: random.Random) -> None:
    node = rng.choice((file, file[name], file[name].parent))
    attribute = rng.choice([*node.attrs, "encoding-type", "shape", "column-order", "_index"])
    value = rng.choice(
        (*TEXTS, 0, -1, 2**62, 1.5, np.array([2**40, 2**40]), np.array([-1, 3]), np.array([b"x"]),
         file[name].ref, h5py.Empty("f4"), np.zeros(2000))
    )  # fmt: skip
    if rng.random() < 0.2 and attribute in node.attrs:
        del node.attrs[attribute]
    else:
        node.attrs[attribute] = value


def _link(file: h5py.File, name: str, rng: random.Random) -> None:
    target = rng.choice(("/", "/X", "/obs", file[name].parent.name))
    kinds = (
        h5py.SoftLink(target), h5py.SoftLink("/nowhere"), h5py.ExternalLink(ELSEWHERE, "/"),
        h5py.ExternalLink("other.h5ad", "/X"), file.get(target),
    )  # fmt: skip
    link = rng.choice(kinds)
    if rng.random() < 0.5:
        del file[name]
    else:
        name = f"{name}_more"
    file[name] = link


def _outside(file: h5py.File, name: str, rng: random.Random) -> None:
    shape = file[name].shape if isinstance(file[name], h5py.Dataset) else (4,)
    del file[name]
    if rng.random() < 0.5:
        file.create_dataset(name, shape, "u1", external=[(ELSEWHERE, 0, 2**20)])
        return
    layout = h5py.VirtualLayout(shape, "f4")
    layout[...] = h5py.VirtualSource(ELSEWHERE, "X", shape)
    file.create_virtual_dataset(name, layout)


def _move(file: h5py.File, name: str, rng: random.Random) -> None:
    names: list[str] = []
    file.visit(names.append)
    other = rng.choice(names)
    if other.startswith(name) or name.startswith(other):
        raise ValueError("one lies in the other")
    file.move(name, "spare")
    file.move(other, name)
    file.move("spare", other)


CHANGES = (_delete, _resize, _retype, _retype, _set_values, _set_values, _attribute, _attribute,
           _link, _outside, _move)  # fmt: skip
