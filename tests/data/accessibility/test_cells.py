"""Lists and tables of the cells in a fragment file."""

import pytest
from atac_files import write

from genearena.data.accessibility.cells import read_cells
from genearena.data.errors import DataError


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
        (["A\n", "B,d1\n"], "line 2: 2 columns, want 1"),
    ],
)
def test_unusable_lists(tmp_path, lines, says):
    """Empty, repeating and ragged lists are refused in one line."""
    with pytest.raises(DataError, match=says):
        read_cells(write(tmp_path / "c.csv", lines))
