"""An HDF5 file is opened only if it is a tree of its own data, no larger than it can be."""

import h5py
import numpy as np
import pytest

from genearena.data.common.errors import DataError
from genearena.data.reading.formats.hdf5 import open_hdf5
from genearena.data.reading.readers import read_table

# in no folder that exists: no test can write to it
ELSEWHERE = "/nonexistent/elsewhere"


def external_link(file):
    file["leak"] = h5py.ExternalLink(ELSEWHERE, "/X")


def soft_link(file):
    file["leak"] = h5py.SoftLink("/X")


def external_storage(file):
    file.create_dataset("leak", (100,), "u1", external=[(ELSEWHERE, 0, 100)])


def virtual(file):
    layout = h5py.VirtualLayout((4,), "f4")
    layout[...] = h5py.VirtualSource("other.h5", "X", (4,))
    file.create_virtual_dataset("leak", layout)


def cycle(file):
    file["group/again"] = file["/group"]


def unfolding(file):
    """Forty groups, each twice in the one before: 2^40 paths."""
    group = file.create_group("g0")
    for _ in range(39):
        new = group.create_group("a")
        group["b"] = new
        group = new


def reference_out_of_the_tree(file):
    """A group that only holds itself stays in the file when nothing leads to it."""
    group = file.create_group("hidden")
    group["itself"] = group
    file["X"].attrs["categories"] = group.create_dataset("names", (100,), "u1").ref
    del file["hidden"]


def swollen(file):
    file.create_dataset("big", (10**12,), "f8", chunks=(1000,))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (external_link, "'leak' is a link"),
        (soft_link, "'leak' is a link"),
        (external_storage, "'/leak' lies in another file"),
        (virtual, "'/leak' lies in another file"),
        (cycle, "stands there under another name"),
        (unfolding, "stands there under another name"),
        (reference_out_of_the_tree, "refers to data outside its tree"),
        (swollen, "declares 7.28 TiB of data in"),
    ],
)
def test_what_reaches_beyond_the_file_is_refused(change, words, tmp_path):
    """Links, foreign storage, things met twice and sizes that cannot be are told."""
    path = tmp_path / "t.h5ad"
    with h5py.File(path, "w") as file:
        file["X"] = np.zeros(3)
        file.create_group("group")
        change(file)
    with pytest.raises(DataError, match=words), open_hdf5(path):
        pass
    with pytest.raises(DataError, match=r"t.h5ad' cannot be read as h5ad") as caught:
        read_table(path)
    assert "\n" not in str(caught.value)


def test_references_within_the_tree_are_followed(tmp_path):
    """Old h5ad files refer to the names of categories, and stay readable."""
    with h5py.File(tmp_path / "t.h5", "w") as file:
        file["names"] = np.arange(3)
        file["codes"] = np.zeros(5)
        file["codes"].attrs["categories"] = file["names"].ref
    with open_hdf5(tmp_path / "t.h5") as file:
        assert sorted(file) == ["codes", "names"]


@pytest.mark.parametrize("place", ["X", "layers/more", "raw/X"])
@pytest.mark.parametrize("index", [-1, 10**6, 2**31 - 1])
def test_indices_out_of_a_sparse_matrix_are_refused(place, index, table, tmp_path):
    """What compiled code would follow into foreign memory is refused when read."""
    table.layers["more"] = table.X.tocsc()
    table.raw = table
    table.write_h5ad(tmp_path / "t.h5ad")
    with h5py.File(tmp_path / "t.h5ad", "r+") as file:
        file[place]["indices"][5] = index
    with pytest.raises(DataError, match=r"cannot be read as h5ad .*(index|indices)"):
        read_table(tmp_path / "t.h5ad")
