"""Lists and tables of cells, and what they say of the cells of a file."""

import gzip

import numpy as np
import pytest
from ten_x_files import write_10x_folder, write_10x_h5

from genearena.data.common.errors import DataError
from genearena.data.notes import DataNote, DataWarning
from genearena.data.reading.cells import read_cells
from genearena.data.reading.ingest import ReadOptions, read_donors

BARCODES = [f"{'ACGT' * 3}{a}{b}{c}-1" for a in "ACGT" for b in "ACGT" for c in "ACGTN"]
"""Names of eighty cells."""


def write(path, lines):
    text = "".join(lines).encode()
    path.write_bytes(gzip.compress(text) if path.name.endswith(".gz") else text)
    return path


@pytest.mark.parametrize("name", ["barcodes.tsv", "barcodes.tsv.gz"])
def test_plain_list(tmp_path, name):
    """One barcode a line, as Cell Ranger writes them, blank lines passed over."""
    cells = read_cells(write(tmp_path / name, ["A-1\n", "\n", "B-1\r\n"]))
    assert list(cells.index) == ["A-1", "B-1"]
    assert not len(cells.columns)


@pytest.mark.parametrize("separator", [",", "\t"])
def test_table(tmp_path, separator):
    """The first column holds barcodes, the others what is known of the cells."""
    rows = [("barcode", "donor"), ('"A-1"', '"d1"'), ("B-1", "d2")]
    cells = read_cells(write(tmp_path / "c.txt", [f"{separator.join(row)}\n" for row in rows]))
    assert cells["donor"].to_dict() == {"A-1": "d1", "B-1": "d2"}


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "lists no barcode"),
        (["barcode,donor\n"], "lists no barcode"),
        (["A\n", "B\n", "A\n"], "lists barcode 'A' more than once"),
        (["barcode,donor\n", "A,d1\n", "B\n"], "line 3: 1 columns, want 2"),
        (["A\n", "B\n", "C,d1\n"], "line 3: 2 columns, want 1"),
        (["barcode,donor\n", f"A,{'x' * 200_000}\n"], "cannot be read as a table"),
    ],
)
def test_unusable_lists(tmp_path, lines, says):
    """Empty, repeating and ragged lists are refused in one line."""
    with pytest.raises(DataError, match=says):
        read_cells(write(tmp_path / "c.csv", lines))


@pytest.mark.parametrize(
    ("lines", "index"),
    [
        (["donor,cell_id\n", "d1,A\n"], "A"),
        (["donor,x\n", "d1,A\n"], "d1"),
        (["donor\tx\n", "A\td1\tz\n"], "A"),
        (["Barcode\n", "A\n"], "A"),
    ],
)
def test_column_of_barcodes_is_told_by_its_name(tmp_path, lines, index):
    """Where barcodes are not known beforehand it is the one named so, or else the first."""
    assert list(read_cells(write(tmp_path / "c.csv", lines)).index) == [index]


@pytest.fixture
def cells(table):
    """The table with barcodes and without columns of cells."""
    table.obs_names = BARCODES
    table.obs = table.obs[[]]
    return table


def write_csv(path, table):
    table.to_df().astype(int).to_csv(path)
    return path


FORMATS = {
    "t.csv": write_csv,
    "run": write_10x_folder,
    "t.h5": write_10x_h5,
    "t.h5ad": lambda path, table: (table.write_h5ad(path), path)[1],
}


def metadata(barcodes, separator=","):
    """Return a table whose second column holds barcodes, in another order than the cells."""
    rows = [("batch", "cell", "donor", "species")]
    rows += [(f"b{i % 3}", b, f"{i % 2:03d}", "mouse") for i, b in enumerate(barcodes)]
    return [separator.join(row) + "\n" for row in (rows[0], *reversed(rows[1:]))]


@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("name", FORMATS)
def test_any_format_gets_its_donors_from_a_table(name, separator, cells, tmp_path):
    """Donors and species come from the table by barcode, whatever the order and the format."""
    path = FORMATS[name](tmp_path / name, cells)
    table = write(tmp_path / "meta.txt", metadata(BARCODES, separator))
    options = ReadOptions("lung", donor_key="donor", species_key="species", cells=table)
    donors = [donor.counts for donor in read_donors(path, "s", options)]
    assert [(donor.name, donor.species) for donor in donors] == [("000", "mouse"), ("001", "mouse")]
    for i, donor in enumerate(donors):
        np.testing.assert_array_equal(donor.counts.toarray(), cells.X.toarray()[i::2])


def test_cells_that_are_not_listed_are_left_out_and_said(cells, tmp_path):
    """Cells that the table lacks are not read, and those the file lacks are counted."""
    path = FORMATS["t.h5ad"](tmp_path / "t.h5ad", cells)
    table = write(tmp_path / "meta.csv", metadata([*BARCODES[10:], "AAAA-9", "CCCC-9"]))
    with pytest.warns(DataWarning, match=r"not list 10 of 80 cells, .*, and lists 2 that"):
        (sample,) = read_donors(path, "s", ReadOptions("lung", species="mouse", cells=table))
    np.testing.assert_array_equal(sample.counts.counts.toarray(), cells.X.toarray()[10:])


def test_table_wins_over_columns_of_the_file(cells, tmp_path):
    """A column that both have is the table's, and others of the file stay."""
    cells.obs["donor"], cells.obs["mine"] = "x", "y"
    path = FORMATS["t.h5ad"](tmp_path / "t.h5ad", cells)
    table = write(tmp_path / "meta.csv", metadata(BARCODES))
    for key, want in (("donor", ["000", "001"]), ("mine", ["y"])):
        options = ReadOptions("lung", donor_key=key, species="mouse", cells=table)
        assert [donor.counts.name for donor in read_donors(path, "s", options)] == want


@pytest.mark.parametrize(
    ("spell", "how"),
    [(lambda b: b.replace("-", "."), "that R writes"), (lambda b: b[:-2], "at their ends")],
)
def test_spellings_of_one_barcode_are_matched_and_said(spell, how, cells, tmp_path):
    """Dots for dashes and barcodes without -1 are those of the file, if none is as written."""
    table = write(tmp_path / "meta.csv", metadata(BARCODES))
    cells.obs_names = [spell(barcode) for barcode in BARCODES]
    path = FORMATS["t.h5ad"](tmp_path / "t.h5ad", cells)
    options = ReadOptions("lung", donor_key="donor", species="mouse", cells=table)
    with pytest.warns(DataNote, match=f"'meta.csv': barcodes are compared .*{how}"):
        donors = read_donors(path, "s", options)
    assert [donor.counts.n_cells for donor in donors] == [40, 40]


def test_tables_that_cannot_describe_the_cells_are_refused(cells, tmp_path):
    """Other cells, a barcode of two cells, and a table without names give one line each."""
    path = FORMATS["t.h5ad"](tmp_path / "t.h5ad", cells)
    options = ReadOptions("lung", cells=tmp_path / "meta.csv")
    write(options.cells, metadata([f"c{i}" for i in range(80)]))
    with pytest.raises(DataError, match=r"none of 80 cells .*'ACGTACGTACGTAAA-1'.* such as 'c79'"):
        read_donors(path, "s", options)
    write(options.cells, metadata(BARCODES)[1:])
    with pytest.raises(DataError, match=r"begins with cell .*, want a line of names"):
        read_donors(path, "s", options)
    write(options.cells, metadata(b[:-2] for b in BARCODES))
    cells.obs_names = [*BARCODES[:-1], BARCODES[0][:-1] + "2"]
    with pytest.raises(DataError, match=r"has 2 cells that .* calls 'ACGTACGTACGTAAA'"):
        read_donors(FORMATS["t.h5ad"](path, cells), "s", options)


def test_list_alone_says_which_cells_are_read(cells, tmp_path):
    """A list without columns leaves the other cells out."""
    path = FORMATS["t.csv"](tmp_path / "t.csv", cells)
    some = write(tmp_path / "cells.txt", [f"{b}\n" for b in BARCODES[:50]])
    with pytest.warns(DataWarning, match="not list 30 of 80 cells"):
        (sample,) = read_donors(path, "s", ReadOptions("lung", cells=some))
    assert sample.counts.n_cells == 50
