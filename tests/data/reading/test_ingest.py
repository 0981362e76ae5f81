"""Files are split into donors; what are not counts is refused with its place."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from genearena.data.common.errors import DataError
from genearena.data.notes import DataWarning
from genearena.data.reading.ingest import ReadOptions, read_donors

LUNG = ReadOptions("lung")


@pytest.fixture
def stored(tmp_path):
    """Return a function that writes a table to an h5ad file."""

    def store(table):
        path = tmp_path / "t.h5ad"
        table.write_h5ad(path)
        return path

    return store


def refused(path, options=LUNG):
    with pytest.raises(DataError) as caught:
        read_donors(path, "s", options)
    assert "\n" not in str(caught.value)
    assert path.name in str(caught.value)
    return str(caught.value)


def test_file_without_donor_key_is_one_sample(table, stored):
    """All cells belong to one sample of the name given, as integers."""
    (sample,) = read_donors(stored(table), "mine", LUNG)
    assert sample.counts.name == "mine"
    assert sample.counts.counts.dtype == np.int32
    np.testing.assert_array_equal(sample.counts.counts.toarray(), table.X.toarray())


def test_donors_come_in_order_of_their_names(table, stored):
    """Each donor has its own cells, and the order is that of the names."""
    donors = read_donors(stored(table), "s", ReadOptions("lung", donor_key="donor"))
    assert [d.counts.name for d in donors] == ["a", "b"]
    np.testing.assert_array_equal(donors[0].counts.counts.toarray(), table.X.toarray()[1::2])


def test_numeric_donors_and_species_columns_are_read(table, stored):
    """Donors may be numbers, and each has the species its cells name."""
    table.obs["animal"] = [1, 2] * 40
    table.obs["kind"] = ["mouse", "human"] * 40
    options = ReadOptions("lung", donor_key="animal", species_key="kind")
    donors = read_donors(stored(table), "s", options)
    assert [(d.counts.name, d.counts.species) for d in donors] == [("1", "mouse"), ("2", "human")]


def test_a_donor_has_a_sample_for_each_of_its_conditions(table, stored):
    """Named by both, and by the donor alone where it has one; cells are those of both."""
    table.obs["drug"] = np.where(np.arange(80) < 20, "none", "much")
    table.obs.loc[table.obs["donor"] == "a", "drug"] = "much"
    donors = read_donors(
        stored(table), "s", ReadOptions("lung", donor_key="donor", condition_key="drug")
    )
    told = [(d.counts.name, d.counts.donor, d.counts.condition, d.counts.n_cells) for d in donors]
    assert told == [
        ("a", "a", "much", 40),
        ("b much", "b", "much", 30),
        ("b none", "b", "none", 10),
    ]
    np.testing.assert_array_equal(donors[2].counts.counts.toarray(), table.X.toarray()[:20:2])


def test_all_cells_may_be_of_one_condition(table, stored):
    """As said for the whole file, which changes nothing else."""
    one, other = (
        read_donors(stored(table), "s", ReadOptions("lung", donor_key="donor", condition=said))
        for said in ("ill", "")
    )
    assert [d.counts.condition for d in one] == ["ill", "ill"]
    assert [d.counts.condition for d in other] == ["", ""]
    assert [d.counts.name for d in one] == [d.counts.name for d in other] == ["a", "b"]


def test_cells_without_a_condition_are_left_out(table, stored):
    """With a warning; if none has one, or the column is missing, the file is refused."""
    table.obs["drug"] = pd.Series(["x", "x", None, "y"] * 20, index=table.obs_names)
    keys = ReadOptions("lung", donor_key="donor", condition_key="drug")
    with pytest.warns(DataWarning, match="20 of 80 cells name no condition and are left out"):
        donors = read_donors(stored(table), "s", keys)
    assert [d.counts.name for d in donors] == ["a x", "a y", "b"]
    table.obs["drug"] = ""
    assert "the condition of every cell is blank; choose another --condition-key" in refused(
        stored(table), keys
    )
    table.obs["drug"] = np.where(table.obs["donor"] == "a", "x", "")
    table.obs["donor"] = np.where(table.obs["donor"] == "a", "", "b")
    with pytest.warns(DataWarning, match="cells name no"):
        assert "no cell names both its donor and its condition" in refused(stored(table), keys)
    missing = ReadOptions("lung", condition_key="drugs")
    assert "has no column 'drugs' of cells; it has 'drug'" in refused(stored(table), missing)


@pytest.mark.parametrize("kind", ["float", "category"])
def test_numbers_beside_blanks_stay_whole(kind, table, stored):
    """A blank makes fractions of a column of numbers, and no fractions of its donors."""
    table.obs["animal"] = pd.Series([1, 2, np.nan, 2] * 20, index=table.obs_names).astype(kind)
    with pytest.warns(DataWarning, match="20 of 80 cells name no donor"):
        donors = read_donors(stored(table), "s", ReadOptions("lung", donor_key="animal"))
    assert [donor.counts.name for donor in donors] == ["1", "2"]
    table.obs["animal"] = [1.5, 2.0] * 40
    donors = read_donors(stored(table), "s", ReadOptions("lung", donor_key="animal"))
    assert [donor.counts.name for donor in donors] == ["1.5", "2.0"]


def test_donor_of_two_species_is_refused(table, stored):
    """A donor cannot be of two species."""
    table.obs["kind"] = ["mouse"] * 20 + ["human"] * 60
    assert "one" in refused(stored(table), ReadOptions("lung", species_key="kind"))


def test_cells_without_donor_are_left_out_with_a_warning(table, stored):
    """Blank donors are counted in a warning, never kept as a donor of their own."""
    table.obs["donor"] = [None] * 10 + ["a"] * 70
    with pytest.warns(DataWarning, match="10 of 80 cells name no donor"):
        donors = read_donors(stored(table), "s", ReadOptions("lung", donor_key="donor"))
    assert [(d.counts.name, d.counts.n_cells) for d in donors] == [("a", 70)]


def test_missing_donor_key_lists_columns_nearest_first(table, stored):
    """A misspelt key is answered with the columns there are."""
    assert "it has 'donor', 'batch'" in refused(
        stored(table), ReadOptions("lung", donor_key="doner")
    )


@pytest.mark.parametrize("value", [0.5, -3.0, np.nan, np.inf])
def test_value_that_is_no_count_is_named(value, table, stored):
    """The first offending value is given with its cell and gene."""
    dense = table.X.toarray()
    dense[7, 4] = value
    dense[70, 2] = 0.25
    table.X = sparse.csr_matrix(dense)
    said = refused(stored(table))
    assert f"cell 'cell7', gene 'G04' has the value {value:g}" in said


def test_dense_matrices_are_checked_too(table, stored):
    """A dense matrix with a fraction is refused like a sparse one."""
    table.X = table.X.toarray() * 0.5
    assert "want non-negative integers" in refused(stored(table))


def test_normalised_file_says_where_the_counts_are(table, stored):
    """Layers and raw that hold integers are offered, others are not; both can be read."""
    table.layers["umi"] = table.X.copy()
    table.raw = table.copy()
    table.X = np.log1p(table.X.toarray())
    table.layers["scaled"] = table.X - 1
    path = stored(table)
    said = refused(path)
    assert "--layer umi" in said
    assert "--layer raw" in said
    assert "--layer scaled" not in said
    for layer in ("umi", "raw"):
        (got,) = read_donors(path, "s", ReadOptions("lung", layer=layer))
        np.testing.assert_array_equal(got.counts.counts.toarray(), table.layers["umi"].toarray())


def test_normalised_file_without_counts_says_so(table, stored):
    """Where no integers are, the advice is to export them."""
    table.X = np.log1p(table.X.toarray())
    assert "export the raw counts" in refused(stored(table))


def test_unknown_layer_lists_those_there_are(table, stored):
    """A misspelt layer is answered with the layers."""
    table.layers["umi"] = table.X
    assert "it has 'umi'" in refused(stored(table), ReadOptions("lung", layer="umis"))


def test_unknown_gene_key_lists_columns(table, stored):
    """A misspelt gene column is answered with those there are."""
    table.var["gene_ids"] = table.var_names
    assert "it has 'gene_ids'" in refused(stored(table), ReadOptions("lung", gene_key="ids"))


@pytest.mark.parametrize(("rows", "columns"), [(0, 30), (80, 0)])
def test_empty_tables_are_refused(rows, columns, table, stored):
    """No cells or no genes is an error that gives the shape."""
    assert f"{rows} cells x {columns} genes" in refused(stored(table[:rows, :columns].copy()))


def test_table_of_zeros_is_refused(table, stored):
    """A matrix without a single count is an error."""
    table.X = sparse.csr_matrix(table.shape)
    assert "all counts are zero" in refused(stored(table))


def test_mitochondrial_genes_are_told_by_name_symbol_or_flag(table, stored):
    """``MT-`` in the name or the symbol, or a flag of the file, marks a gene."""
    table.var_names = ["MT-CO1", "mt-Nd1", *table.var_names[2:]]
    table.var["gene_symbols"] = ["x", "y", "MT-ND2", *["z"] * 27]
    table.var["mito"] = [*[False] * 29, True]
    table.var["gene_ids"] = [f"ENS{i}" for i in range(30)]
    path = stored(table)
    for options in (LUNG, ReadOptions("lung", gene_key="gene_ids")):
        (got,) = read_donors(path, "s", options)
        np.testing.assert_array_equal(np.flatnonzero(got.mitochondrial), [0, 1, 2, 29])


def test_mitochondrial_genes_are_told_by_the_names_that_are_taken(table, stored):
    """A column of names that nobody else calls so is looked at as well."""
    table.var["mine"] = [*(f"X{i}" for i in range(29)), "MT-ND1"]
    (got,) = read_donors(stored(table), "s", ReadOptions("lung", gene_key="mine"))
    np.testing.assert_array_equal(np.flatnonzero(got.mitochondrial), [29])
