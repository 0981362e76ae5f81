"""Arrays of an npz file are measured before they are read, and nothing is unpickled."""

import io
import zipfile

import numpy as np
import pytest

from genearena.data.common.errors import DataError
from genearena.data.common.foreign_files import read_npz


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def write(path, *parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            archive.writestr(zipfile.ZipInfo(name), data)
    return path


def shaped(text):
    """An array of three numbers whose header says something else."""
    return npy(np.arange(3)).replace(b"(3,), }" + b" " * len(text), f"{text}, }}    ".encode())


def test_arrays_are_those_that_numpy_wrote(tmp_path):
    """Numbers of any shape and order, text and scalars survive; others are left unread."""
    arrays = {
        "a": np.arange(6.0).reshape(2, 3), "b": np.asfortranarray(np.arange(6).reshape(2, 3)),
        "c": np.array(["x", "yz"]), "d": np.array("scalar"), "e": np.zeros((0, 4), np.float32),
    }  # fmt: skip
    np.savez_compressed(tmp_path / "t.npz", **arrays, other=np.arange(3))
    got = read_npz(tmp_path / "t.npz", tuple(arrays))
    assert got.keys() == arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(got[name], array)
        assert got[name].dtype == array.dtype


@pytest.mark.parametrize("shape", ["(1000000000000,)", "(-3,)", "(-1, -3)", "(2,)", "(3, 3)"])
def test_headers_that_lie_about_shapes_are_refused(shape, tmp_path):
    """A shape of another size than the bytes there are is told, and nothing allocated for it."""
    header = npy(np.arange(3))
    start = header.index(b"(3,)")
    lying = header[:start] + shape.encode() + header[start + 4 :]
    lying = lying.replace(b" " * (len(shape) - 4) + b"\n", b"\n", 1)
    with pytest.raises(DataError, match="'a' declares int64 of shape"):
        read_npz(write(tmp_path / "t.npz", ("a.npy", lying)), ("a",))


def test_one_array_twice_is_refused(tmp_path):
    """Of two arrays of a name none is chosen."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = write(tmp_path / "t.npz", ("a.npy", npy(np.ones(2))), ("a.npy", npy(np.ones(3))))
    with pytest.raises(DataError, match="two arrays 'a'"):
        read_npz(path, ("a",))


NEITHER = {
    "objects": npy(np.array([{}, 1], object)),
    "records": npy(np.zeros(2, [("a", "i4"), ("b", "O")])),
    "complex numbers": npy(np.zeros(2, "c16")),
    "times": npy(np.zeros(2, "M8[s]")),
    # numpy would write 10**12 nothings for a minute and a half
    "nothing": npy(np.zeros(2, "V0")).replace(b"(2,), }" + b" " * 12, b"(1000000000000,), }"),
}


@pytest.mark.parametrize("data", NEITHER.values(), ids=NEITHER)
def test_what_is_neither_numbers_nor_text_is_refused(data, tmp_path):
    """Objects, records, complex numbers, times and arrays of nothing."""
    with pytest.raises(DataError, match="want numbers or text"):
        read_npz(write(tmp_path / "t.npz", ("a.npy", data)), ("a",))


def test_names_lead_nowhere(tmp_path):
    """Members whose names lead out of the archive are no arrays, and nothing is extracted."""
    path = write(tmp_path / "t.npz", ("../../up.npy", npy(np.ones(2))), ("a.npy", npy(np.ones(2))))
    assert list(read_npz(path, ("a", "up"))) == ["a"]
    assert [p.name for p in tmp_path.iterdir()] == ["t.npz"]
