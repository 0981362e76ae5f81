"""Positions are never taken for names, nor blanks, dashes, probes or two genomes for genes."""

import h5py
import numpy as np
import pandas as pd
import pytest
from ten_x_files import write_10x_h5

from genearena.data.common.errors import DataError
from genearena.data.notes import DataNote, DataWarning
from genearena.data.reading.ingest import ReadOptions, read_donors

NAMES = [f"G{i:02d}" for i in range(30)]


@pytest.fixture
def read(tmp_path):
    """Return a function that stores a table and reads it with some options."""

    def store(table, **options):
        table.write_h5ad(tmp_path / "t.h5ad")
        (donor, *_) = read_donors(tmp_path / "t.h5ad", "s", ReadOptions("lung", **options))
        return donor.counts

    return store


@pytest.mark.parametrize("index", [range(30), range(1, 31), [f"V{i}" for i in range(1, 31)]])
@pytest.mark.parametrize("column", ["feature_name", "Accession", "whatever"])
def test_numbered_genes_are_named_by_a_known_or_the_only_column(index, column, table, read):
    """The index AnnData or R makes is no list of names, whatever else describes genes."""
    table.var = pd.DataFrame(
        {"length": np.arange(30), "kind": "x", "number": "7", column: NAMES},
        index=[str(i) for i in index],
    )
    with pytest.warns(DataNote, match=f"genes are numbered in the index and named by .*'{column}'"):
        got = read(table)
    assert list(got.genes) == NAMES
    np.testing.assert_array_equal(got.counts.toarray(), table.X.toarray())


def test_index_of_the_census_is_no_name(table, read):
    """Its numbers have gaps after genes were picked, but the index says what it is."""
    table.var = pd.DataFrame(
        {"feature_id": [f"ENSG{i}" for i in range(30)], "feature_name": NAMES},
        index=pd.Index([str(3 * i) for i in range(30)], name="soma_joinid"),
    )
    with pytest.warns(DataNote, match="feature_name"):
        assert list(read(table).genes) == NAMES


def test_numbered_genes_without_a_known_column_are_refused(table, read):
    """The candidates are named, and one of them can be given."""
    table.var_names = [str(i) for i in range(30)]
    with pytest.raises(DataError, match=r"numbered 0 to 29.*--gene-key .* it has none"):
        read(table)
    table.var["one"], table.var["two"] = NAMES, NAMES[::-1]
    with pytest.raises(DataError, match="it has 'one', 'two'"):
        read(table)
    assert read(table, gene_key="two").genes == tuple(NAMES[::-1])


def test_numbers_of_entrez_are_names(table, read):
    """They do not follow each other; a note says how they are taken."""
    table.var_names = [str(7 * i % 31) for i in range(1, 31)]
    with pytest.warns(DataNote, match="numbers such as '7', taken for those of Entrez"):
        assert read(table).genes == tuple(table.var_names)


def test_numbered_genes_of_raw_are_noticed(table, read):
    """The table of a layer's own genes is looked at."""
    table.raw = table.copy()
    table.raw.var.index = [str(i) for i in range(30)]
    with pytest.raises(DataError, match="numbered 0 to 29"):
        read(table, layer="raw")


@pytest.mark.parametrize("attribute", ["var_names", "gene_names", "anything"])
def test_names_of_a_loom_are_its_only_text_attribute(attribute, table, tmp_path):
    """Loom files call the names of genes as they like."""
    pytest.importorskip("loompy")
    with h5py.File(tmp_path / "t.loom", "w") as file:
        file["matrix"] = table.X.toarray().T
        file.create_group("attrs")["LOOM_SPEC_VERSION"] = "3.0.0"
        file.create_group("row_attrs")[attribute] = list(table.var_names)
        file.create_group("col_attrs")["obs_names"] = list(table.obs_names)
        for name in ("layers", "row_graphs", "col_graphs"):
            file.create_group(name)
    with pytest.warns(DataNote, match=f"named by their column '{attribute}'"):
        (got,) = read_donors(tmp_path / "t.loom", "s", ReadOptions("lung"))
    assert got.counts.genes == tuple(table.var_names)


@pytest.mark.parametrize("blank", ["", " ", "-", "."])
def test_genes_without_a_name_are_left_out_with_a_warning(blank, table, read):
    """An empty name, or a dash for one, is no node; other counts stay."""
    table.var_names = [blank, *NAMES[1:29], f" {NAMES[29]} "]
    with pytest.warns(DataWarning, match="1 of 30 genes have no name and are left out"):
        got = read(table)
    assert list(got.genes) == NAMES[1:]
    np.testing.assert_array_equal(got.counts.toarray(), table.X.toarray()[:, 1:])


def test_genes_without_a_name_in_a_column_keep_their_own(table, read):
    """Two dashes are not one gene; where the index has no names either, they are left out."""
    table.var["sym"] = ["-", "-", "NA", *NAMES[3:]]
    table.var_names = [f"ENSG{i}" for i in range(30)]
    assert read(table, gene_key="sym").genes == ("ENSG0", "ENSG1", "NA", *NAMES[3:])
    table.var["sym"] = ["NA", "NA", *NAMES[2:]]
    table.var_names = [f"ENSG{i}" for i in range(30)]
    assert read(table, gene_key="sym").genes == ("ENSG0", "ENSG1", *NAMES[2:])
    table.var_names = [str(i) for i in range(30)]
    with pytest.warns(DataWarning, match="2 of 30 genes have no name"):
        assert list(read(table, gene_key="sym").genes) == NAMES[2:]
    table.var["sym"] = "-"
    with pytest.raises(DataError, match="no gene has a name; give --gene-key"):
        read(table, gene_key="sym")


def test_donors_that_differ_in_blanks_are_one(table, read):
    """Nobody sees a blank behind a name."""
    table.obs["donor"] = ["D1", "D1 "] * 40
    with pytest.warns(DataWarning, match="in column 'donor', 'D1 ' is taken for 'D1'"):
        got = read(table, donor_key="donor")
    assert (got.name, got.n_cells) == ("D1", 80)


def test_mitochondrial_genes_are_told_by_the_names_that_are_used(table, tmp_path):
    """Whatever the column with the names is called, and though the index has none."""
    table.var["called"] = ["MT-CO1", *NAMES[1:]]
    for index in (range(30), [f"ENSG{i}" for i in range(30)]):
        table.var_names = list(map(str, index))
        table.write_h5ad(tmp_path / "t.h5ad")
        options = ReadOptions("lung", gene_key="called")
        (got,) = read_donors(tmp_path / "t.h5ad", "s", options)
        assert np.flatnonzero(got.mitochondrial).tolist() == [0]


def test_probes_are_no_genes(table, read):
    """A matrix of probes is read with a warning of how to sum those of a gene."""
    table.var["probe_ids"] = table.var_names
    table.var["gene_name"] = [f"S{i // 2}" for i in range(30)]
    with pytest.warns(DataWarning, match="counts 30 probes, not genes; --gene-key gene_name sums"):
        assert len(read(table).genes) == 30
    got = read(table, gene_key="gene_name")
    assert got.genes == tuple(f"S{i}" for i in range(15))
    np.testing.assert_array_equal(
        got.counts.toarray(), table.X.toarray().reshape(80, 15, 2).sum(axis=2)
    )


def barnyard(table):
    table.var_names = [f"GRCh38_{n}" for n in NAMES[:20]] + [f"mm10___{n}" for n in NAMES[20:]]
    table.var["genome"] = ["GRCh38"] * 20 + ["mm10"] * 10
    return table


@pytest.mark.parametrize("column", [True, False])
def test_genes_of_one_genome_are_taken_without_its_name(column, table, read):
    """A column tells the genome of each gene, or its name begins with it."""
    barnyard(table)
    if not column:
        del table.var["genome"]
    for genome, want in (("GRCh38", slice(20)), ("mm10", slice(20, None))):
        with pytest.warns(DataNote, match=f"of 30 genes are of genome '{genome}'"):
            got = read(table, genome=genome)
        assert list(got.genes) == NAMES[want]
        np.testing.assert_array_equal(got.counts.toarray(), table.X.toarray()[:, want])
    with pytest.raises(DataError, match="no gene of genome 'hg19'; it has"):
        read(table, genome="hg19")


def test_genes_of_no_genome_are_none_of_their_own(table, read, recwarn):
    """Blanks and missing values among genomes are no second genome."""
    table.var["genome"] = ["GRCh38"] * 20 + [None] * 5 + [""] * 5
    read(table)
    assert not [w for w in recwarn if w.category is DataWarning]


def test_genes_of_several_genomes_are_warned_of(table, read):
    """Nodes of two species in one graph are told."""
    with pytest.warns(DataWarning, match=r"genes of 2 genomes \(GRCh38, mm10\).*--genome"):
        assert len(read(barnyard(table)).genes) == 30


def write_old_h5(path, table, genomes):
    """Write a file as Cell Ranger 2 does: a group for every genome."""
    write_10x_h5(path, table)
    with h5py.File(path, "a") as file:
        for genome in genomes:
            file.copy("matrix", genome)
            for new, old in (("genes", "id"), ("gene_names", "name")):
                file[genome][new] = file[genome]["features"][old][()]
            del file[genome]["features"]
        del file["matrix"]
    return path


def test_matrix_of_one_genome_is_read_from_an_old_h5(table, tmp_path):
    """A file with a matrix for each genome is read by --genome, of one matrix as ever."""
    (got,) = read_donors(write_old_h5(tmp_path / "a.h5", table, ["hg19"]), "s", ReadOptions("lung"))
    assert list(got.counts.genes) == NAMES
    both = write_old_h5(tmp_path / "b.h5", table, ["hg19", "mm10"])
    for options in (ReadOptions("lung"), ReadOptions("lung", genome="hg38")):
        with pytest.raises(DataError, match=r"choose one with --genome: hg19, mm10\)$"):
            read_donors(both, "s", options)
    (got,) = read_donors(both, "s", ReadOptions("lung", genome="mm10"))
    np.testing.assert_array_equal(got.counts.counts.toarray(), table.X.toarray())
