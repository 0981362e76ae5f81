"""The header of a 10x matrix must agree with the names beside it before it is read."""

import gzip

import pytest
from scipy import io, sparse
from ten_x_files import write_10x_folder

from genearena.data.common.errors import DataError
from genearena.data.reading.readers import read_table


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("1000000000000 80 1", "declares 1000000000000 x 80, features.tsv.gz has 30 lines and"),
        ("30 1000000000000 1", "declares 30 x 1000000000000, .*barcodes.tsv.gz 80; give files"),
        ("30 80 1000000000000", "declares 1000000000000 entries of 30 x 80"),
        ("30 80", "declares no rows, columns and entries"),
        ("30 80 -1", "declares no rows, columns and entries"),
        ("9" * 5000, "declares no rows, columns and entries"),
    ],
)
def test_sizes_that_cannot_be_are_refused(header, words, table, tmp_path):
    """Nothing is allocated for what a header declares and its neighbours deny."""
    folder = write_10x_folder(tmp_path / "run", table)
    text = f"%%MatrixMarket matrix coordinate integer general\n{header}\n1 1 1\n"
    (folder / "matrix.mtx.gz").write_bytes(gzip.compress(text.encode()))
    with pytest.raises(DataError, match=words):
        read_table(folder)


@pytest.mark.parametrize("kind", ["array", "complex", "symmetric"])
def test_other_kinds_of_matrix_are_refused(kind, table, tmp_path):
    """Dense, complex and symmetric matrices are no counts of genes and cells."""
    folder = write_10x_folder(tmp_path / "run", table)
    square = sparse.coo_matrix(sparse.eye(30))
    made = {"array": square.toarray(), "complex": square * 1j, "symmetric": square}[kind]
    with gzip.open(folder / "matrix.mtx.gz", "wb") as file:
        io.mmwrite(file, made, symmetry="symmetric" if kind == "symmetric" else "general")
    with pytest.raises(DataError, match="no banner of a general matrix of counts"):
        read_table(folder)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: [*rows[:-1], "31 80 1"], "entries outside its declared size"),
        (lambda rows: [*rows[:-1], "0 80 1"], "entries outside its declared size"),
        (lambda rows: rows[:-1], "has 2 entries, declares 3"),
        (lambda rows: [*rows, "1 1 1"], "has 4 entries, declares 3"),
        (lambda rows: [*rows[:-1], "1 1"], "Integer column has NA values"),
        (lambda rows: [row.rsplit(" ", 1)[0] for row in rows], "has 2 columns, want 3"),
        (lambda rows: [*rows[:-1], "1 1 x"], "cannot be read as a 10x folder"),
    ],
)
@pytest.mark.parametrize("chunk", [1, 100])
def test_damaged_entries_are_refused(change, words, chunk, table, tmp_path, monkeypatch):
    """Places outside the matrix, and entries too few, too many or cut short."""
    monkeypatch.setattr("genearena.data.reading.formats.matrix_market.CHUNK", chunk)
    folder = write_10x_folder(tmp_path / "run", table)
    rows = change(["1 1 4", "2 3 5", "30 80 6"])
    head = ["%%MatrixMarket matrix coordinate integer general", "%", "30 80 3"]
    (folder / "matrix.mtx.gz").write_bytes(gzip.compress("\n".join([*head, *rows]).encode()))
    with pytest.raises(DataError, match=words):
        read_table(folder)


def test_matrix_without_entries_is_read(table, tmp_path):
    """Its size is that declared."""
    folder = write_10x_folder(tmp_path / "run", table)
    text = "%%MatrixMarket matrix coordinate real general\n30 80 0\n"
    (folder / "matrix.mtx.gz").write_bytes(gzip.compress(text.encode()))
    assert read_table(folder).shape == (80, 30)
