"""Genes of one name, and versions of ids: one default, one option, one line that says how many."""

import warnings

import numpy as np
import pytest
from ten_x_files import write_10x_folder

from genearena.data.common.errors import DataError
from genearena.data.notes import DataNote
from genearena.data.reading.ingest import ReadOptions, read_donors


@pytest.fixture
def read(table, tmp_path):
    """Return a function that reads the table with other names of genes, and what is noted."""

    def run(names, **options):
        table.var_names = [*names, *table.var_names[len(names) :]]
        table.write_h5ad(tmp_path / "t.h5ad")
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            (sample,) = read_donors(tmp_path / "t.h5ad", "s", ReadOptions("lung", **options))
        notes = [str(w.message) for w in caught if issubclass(w.category, DataNote)]
        return sample.counts, notes

    return run


def test_genes_of_one_name_are_summed_and_counted(read, table):
    """By default every read of a symbol counts for it, and a line says how many genes that was."""
    counts = table.X.toarray()
    got, notes = read(["CD4", "X", "CD4", "CD4"])
    assert got.genes[:3] == ("CD4", "X", "G04")
    np.testing.assert_array_equal(got.counts.toarray()[:, 0], counts[:, [0, 2, 3]].sum(axis=1))
    np.testing.assert_array_equal(got.counts.toarray()[:, 2:], counts[:, 4:])
    assert notes == ["genes summed into the first of their name: 2, such as 'CD4' (--duplicates)"]


def test_genes_of_one_name_are_kept_apart_as_scanpy_does(read, table):
    """Numbers from the second on tell them apart, and are not those of other genes."""
    counts = table.X.toarray()
    got, notes = read(["CD4", "CD4-1", "CD4", "MT-CO1", "MT-CO1"], duplicates="keep")
    assert got.genes[:5] == ("CD4", "CD4-1", "CD4-2", "MT-CO1", "MT-CO1-1")
    np.testing.assert_array_equal(got.counts.toarray(), counts)
    assert notes == [
        "genes kept apart from the first of their name: 2, such as 'CD4' (--duplicates)"
    ]


def test_genes_of_one_name_are_refused_if_asked_for(read, table):
    """The gene is named with the ways out, among them a column in which no name repeats."""
    table.var["gene_ids"] = [f"ENS{i}" for i in range(30)]
    with pytest.raises(DataError, match=r"'CD4' appears 2 times; .*'gene_ids' is unique") as caught:
        read(["CD4", "CD4"], duplicates="refuse")
    assert "\n" not in str(caught.value)
    assert read(["CD4", "CD4"], duplicates="refuse", gene_key="gene_ids")[0].genes[1] == "ENS1"


def test_genes_of_one_symbol_in_a_10x_folder_are_summed(table, tmp_path):
    """Two ids of one symbol, as in every file of Cell Ranger, are no error."""
    table.var_names = ["CD4", "CD4", *table.var_names[2:]]
    with pytest.warns(DataNote, match="summed into the first of their name: 1,"):
        (got,) = read_donors(write_10x_folder(tmp_path / "run", table), "s", ReadOptions("lung"))
    assert got.counts.n_genes == 29


def test_file_of_single_names_is_left_as_it_is(read, table):
    """Where no name repeats nothing is said, whatever the option."""
    for duplicates in ("sum", "keep", "refuse"):
        got, notes = read([], duplicates=duplicates)
        assert got.genes == tuple(table.var_names)
        assert not notes


def ids(*ends):
    return [f"ENSG{i:011d}{end}" for i, end in enumerate(ends)]


def test_versions_of_ids_are_left_out_so_that_files_share_genes(read):
    """Two files of one annotation's releases have the same genes; the number of ids is said."""
    old, notes = read(ids(".5", ".1", ".17"))
    new, _ = read(ids(".6", ".2", ""))
    assert old.genes[:3] == new.genes[:3] == tuple(ids("", "", ""))
    first, second = ids(".5", ".1")
    assert notes == [
        f"Ensembl ids are read without their versions (3: '{first}' as '{first[:-2]}')"
    ]
    assert second[:-2] in old.genes


def test_what_ends_as_a_version_is_let_be(read):
    """Clones and RIKEN's genes have names with dots and numbers."""
    names = ["AC012345.1", "RP11-34P13.7", "ENSG0.5", "A630023P12.2"]
    got, notes = read(names)
    assert list(got.genes[:4]) == names
    assert not notes


@pytest.mark.parametrize("twins", [(".1", ".7"), (".3", ".3_PAR_Y"), ("", "_PAR_Y"), ("", ".2")])
def test_versions_of_one_id_are_one_gene(twins, read, table):
    """Two versions, and the copy on Y, are settled as genes of one name are."""
    counts = table.X.toarray()
    pair = [f"ENSG00000000009{end}" for end in twins]
    got, notes = read([*pair, "ENSG00000000003.1"])
    assert got.genes[:2] == ("ENSG00000000009", "ENSG00000000003")
    np.testing.assert_array_equal(got.counts.toarray()[:, 0], counts[:, :2].sum(axis=1))
    assert "summed into the first of their name: 1, such as 'ENSG00000000009'" in notes[-1]
    kept, _ = read([*pair, "ENSG00000000003.1"], duplicates="keep")
    assert kept.genes[:3] == (*pair, "ENSG00000000003")
