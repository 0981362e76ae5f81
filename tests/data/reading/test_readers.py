"""Every format gives back the counts written to it; files that are not theirs are refused."""

import sys

import h5py
import numpy as np
import pytest
from ten_x_files import write_10x_folder, write_10x_h5

from genearena.data.common.errors import DataError
from genearena.data.reading.readers import read_table


def write_loom(path, table):
    with h5py.File(path, "w") as file:
        file["matrix"] = table.X.toarray().T
        file.create_group("layers")
        file.create_group("attrs")["LOOM_SPEC_VERSION"] = "3.0.0"
        file.create_group("row_attrs")["Gene"] = list(table.var_names)
        columns = file.create_group("col_attrs")
        columns["CellID"] = list(table.obs_names)
        columns["donor"] = list(table.obs["donor"])
        for axis in ("row_graphs", "col_graphs"):
            file.create_group(axis)
    return path


def write_text(path, table, separator=","):
    table.to_df().astype(int).to_csv(path, sep=separator)
    return path


WRITERS = {
    "t.h5ad": lambda path, table: (table.write_h5ad(path), path)[1],
    "folder": write_10x_folder,
    "old_folder": lambda path, table: write_10x_folder(path, table, packed=False),
    "prefixed": lambda path, table: write_10x_folder(path, table, prefix="GSM1_"),
    "t.h5": write_10x_h5,
    "t.csv": write_text,
    "t.csv.gz": write_text,
    "t.tsv": lambda path, table: write_text(path, table, "\t"),
    "t.txt.gz": lambda path, table: write_text(path, table, "\t"),
}


@pytest.mark.parametrize("name", WRITERS)
def test_format_gives_back_what_was_written(name, table, tmp_path):
    """Counts, cells and genes survive, whatever the format."""
    got = read_table(WRITERS[name](tmp_path / name, table))
    np.testing.assert_array_equal(got.X.toarray(), table.X.toarray())
    assert list(got.var_names) == list(table.var_names)
    assert list(got.obs_names) == list(table.obs_names)


def test_matrix_file_stands_for_its_folder(table, tmp_path):
    """The path of matrix.mtx.gz reads the 10x folder around it."""
    folder = write_10x_folder(tmp_path / "run", table)
    assert read_table(folder / "matrix.mtx.gz").shape == table.shape


def test_loom_gives_back_what_was_written(table, tmp_path):
    """A loom file is read with its donors."""
    pytest.importorskip("loompy")
    got = read_table(write_loom(tmp_path / "t.loom", table))
    np.testing.assert_array_equal(got.X.toarray(), table.X.toarray())
    assert list(got.var_names) == list(table.var_names)
    assert list(got.obs["donor"]) == list(table.obs["donor"])


def test_loom_without_loompy_says_how_to_get_it(table, tmp_path, monkeypatch):
    """The missing optional package is named with the command that installs it."""
    monkeypatch.setitem(sys.modules, "loompy", None)
    path = write_loom(tmp_path / "t.loom", table)
    with pytest.raises(DataError, match=r"pip install 'genearena\[loom\]'"):
        read_table(path)


@pytest.mark.parametrize("name", ["t.h5ad", "folder", "t.h5", "t.csv"])
def test_any_format_may_have_genes_in_rows(name, table, tmp_path):
    """`transpose` takes the rows for genes, whatever the format."""
    got = read_table(WRITERS[name](tmp_path / name, table.T.copy()), transpose=True)
    np.testing.assert_array_equal(got.X.toarray(), table.X.toarray())
    assert list(got.obs_names) == list(table.obs_names)
    assert list(got.var_names) == list(table.var_names)


@pytest.mark.parametrize("name", ["t.h5ad", "t.h5", "t.csv.gz"])
def test_file_of_another_kind_is_refused(name, tmp_path):
    """Plain text under another suffix gives one line with the file and the format expected."""
    (tmp_path / name).write_text("not at all\nwhat it says")
    with pytest.raises(DataError, match=rf"{name}' cannot be read as") as caught:
        read_table(tmp_path / name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["t.h5ad", "t.h5", "t.csv.gz"])
def test_file_cut_short_is_refused(name, table, tmp_path):
    """Half a file is refused in one line."""
    path = WRITERS[name](tmp_path / name, table)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(DataError, match="cannot be read as") as caught:
        read_table(path)
    assert "\n" not in str(caught.value)


def test_h5_of_another_layout_is_refused(tmp_path):
    """An HDF5 file without 10x tables is no 10x h5."""
    with h5py.File(tmp_path / "t.h5", "w") as file:
        file["something"] = [1, 2, 3]
    with pytest.raises(DataError, match="cannot be read as 10x h5"):
        read_table(tmp_path / "t.h5")


@pytest.mark.parametrize("part", ["matrix.mtx", "barcodes.tsv", "features.tsv"])
def test_incomplete_folder_names_what_is_missing(part, table, tmp_path):
    """A 10x folder without one of its three files is refused naming it."""
    folder = write_10x_folder(tmp_path / "run", table)
    (folder / f"{part}.gz").unlink()
    with pytest.raises(DataError, match=part.replace(".", r"\.")):
        read_table(folder)


@pytest.mark.parametrize(("name", "words"), [("t.rds", "no known format"), ("a.h5ad", "not exist")])
def test_unknown_suffix_and_missing_file_are_refused(name, words, tmp_path):
    """Suffixes of no format and files that are not there say so."""
    if name.endswith("rds"):
        (tmp_path / name).touch()
    with pytest.raises(DataError, match=words):
        read_table(tmp_path / name)
