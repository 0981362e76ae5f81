"""Counts are told from other values, wherever in a file and however they are stored."""

import h5py
import numpy as np
import pytest
from scipy import sparse

from genearena.data.common.errors import DataError
from genearena.data.notes import DataNote, DataWarning
from genearena.data.reading.ingest import ReadOptions, read_donors


@pytest.fixture
def read(tmp_path):
    """Return a function that stores a table and reads it with some options."""

    def store(table, **options):
        table.write_h5ad(tmp_path / "t.h5ad")
        (donor,) = read_donors(tmp_path / "t.h5ad", "s", ReadOptions("lung", **options))
        return donor.counts.counts.toarray()

    return store


@pytest.mark.parametrize("layer", [None, "counts"])
def test_half_precision_is_read(layer, table, read):
    """Dense float16, in X or a layer, is read as the counts it holds."""
    want = table.X.toarray()
    if layer is None:
        table.X = want.astype(np.float16)
    else:
        table.layers["counts"] = want.astype(np.float16)
    np.testing.assert_array_equal(read(table, layer=layer), want)


def test_sparse_half_precision_is_read(table, tmp_path):
    """So is sparse float16, which scipy does not take."""
    path = tmp_path / "t.h5ad"
    table.layers["more"] = table.X.tocsc()
    table.write_h5ad(path)
    with h5py.File(path, "a") as file:
        for group in (file["X"], file["layers/more"]):
            values = group["data"][()].astype(np.float16)
            del group["data"]
            group["data"] = values
    for options in (ReadOptions("lung"), ReadOptions("lung", layer="more")):
        (got,) = read_donors(path, "s", options)
        np.testing.assert_array_equal(got.counts.counts.toarray(), table.X.toarray())


def test_large_counts_in_half_precision_are_warned_of(table, read):
    """Above 2048, float16 does not hold every integer."""
    table.X = table.X.toarray().astype(np.float16)
    table.X[3, 3] = 2050
    with pytest.warns(DataWarning, match="counts above 2048 are not exact"):
        read(table)


def test_detection_is_no_count(table, read):
    """A matrix of 0 and 1 is read with a warning, but for chromatin, where it is usual."""
    table.X = (table.X > 0).astype(np.float32)
    with pytest.warns(DataWarning, match="no count is above 1"):
        assert read(table).max() == 1


@pytest.mark.parametrize("main", ["none", "zero"])
def test_layer_with_counts_is_named(main, table, read):
    """Where X is absent or all zero, the layer is named that holds counts, and no other."""
    table.layers["umi"], table.layers["nothing"] = table.X, sparse.csr_matrix(table.shape)
    table.layers["scaled"] = table.X * 0.3
    table.X = None if main == "none" else sparse.csr_matrix(table.shape, dtype=np.float32)
    with pytest.raises(DataError, match=r"these hold some: --layer umi$"):
        read(table)


def test_main_matrix_is_named_where_a_layer_holds_no_counts(table, read):
    """It is not said that nothing else in the file holds counts."""
    table.layers["scaled"] = table.X * 0.3
    with pytest.raises(DataError, match=r"these hold some: no --layer$"):
        read(table, layer="scaled")


def fractional(table, share=0.2):
    values = table.X.copy()
    rng = np.random.default_rng(0)
    lot = rng.random(values.nnz) < share
    values.data[lot] += rng.uniform(-0.5, 0.5, lot.sum()).astype(np.float32)
    return values


@pytest.mark.parametrize("share", [0.2, 1.0])
def test_fractional_counts_are_rounded_where_asked(share, table, read):
    """Estimated counts are refused with the option that rounds them, and rounded by it."""
    want = table.X.toarray()
    table.X = fractional(table, share)
    with pytest.raises(DataError, match=r"want non-negative integers; \d+ % of .*: --round rounds"):
        read(table)
    with pytest.warns(DataNote, match=r"\d+ of \d+ counts had fractions and were rounded"):
        np.testing.assert_array_equal(read(table, round_counts=True), want)


def test_halves_are_no_scaled_counts(table, read):
    """Reads that are shared out in halves are fractional counts, though all are multiples."""
    table.X = table.X.copy()
    table.X.data[::3] += 0.5
    with pytest.warns(DataNote, match="were rounded"):
        read(table, round_counts=True)


NORMALISED = {
    "per 10,000": lambda x: x / x.sum(1, keepdims=True) * 1e4,
    "log1p": lambda x: np.log1p(x / x.sum(1, keepdims=True) * 1e4),
    "log2": lambda x: np.log2(1 + x / x.sum(1, keepdims=True) * 1e6),
    "log1p of counts": np.log1p,
}


@pytest.mark.parametrize("kind", NORMALISED)
@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_normalised_values_are_not_rounded(kind, dtype, table, read):
    """Neither is --round advised for them nor does it take them."""
    counts = np.minimum(table.X.toarray().astype(np.float64), 20)
    table.X = NORMALISED[kind](counts).astype(dtype)
    with pytest.raises(DataError, match="nothing else in the file holds counts; export"):
        read(table)
    with pytest.raises(DataError, match="scaled cell by cell, which --round does not bring back"):
        read(table, round_counts=True)


def test_whole_counts_stay_where_rounding_is_asked_for(table, read):
    """Rounding changes no integer and says nothing."""
    np.testing.assert_array_equal(read(table, round_counts=True), table.X.toarray())
