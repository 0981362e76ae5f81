"""The species a user gives is held against what the file says."""

import warnings

import numpy as np
import pandas as pd
import pytest

from genearena.data.common.errors import DataError
from genearena.data.notes import DataNote, DataWarning
from genearena.data.reading.gene_names import own_name
from genearena.data.reading.ingest import ReadOptions, read_donors


@pytest.fixture
def stored(table, tmp_path):
    """Return a function that stores the table with more columns and returns its path."""

    def store(obs=None, var=None):
        for name, values in (obs or {}).items():
            table.obs[name] = values
        for name, values in (var or {}).items():
            table.var[name] = values
        table.write_h5ad(tmp_path / "t.h5ad")
        return tmp_path / "t.h5ad"

    return store


def test_cells_of_several_species_need_a_species_key(stored):
    """Several species read as one are refused, and read per donor with the key."""
    path = stored({"species": ["mouse", "human"] * 40})
    with pytest.raises(
        DataError, match=r"2 species \(human, mouse\) read as 'human'.*--species-key"
    ):
        read_donors(path, "s", ReadOptions("lung", donor_key="donor"))
    options = ReadOptions("lung", donor_key="donor", species_key="species")
    assert {d.counts.species for d in read_donors(path, "s", options)} == {"human", "mouse"}


def test_other_species_than_the_files_is_warned_of(stored):
    """Reading mouse as human gives a warning; the scientific name is no other species."""
    path = stored({"organism": "Mus musculus"})
    with pytest.warns(DataWarning, match="says Mus musculus, cells are read as human"):
        read_donors(path, "s", ReadOptions("lung"))
    assert read_donors(path, "s", ReadOptions("lung", species="mouse"))[0].counts.n_cells == 80


def test_orthologs_of_a_file_of_two_species_are_refused(stored, tmp_path):
    """Species that share one set of genes have common names already."""
    (tmp_path / "o.txt").write_text("g\tG\n")
    options = {"donor_key": "donor", "species_key": "kind", "orthologs": tmp_path / "o.txt"}
    with pytest.raises(DataError, match="share names already; leave out --orthologs"):
        read_donors(stored({"kind": ["a", "b"] * 40}), "s", ReadOptions("lung", **options))


def test_species_that_are_named_apart_share_no_name(stored, table):
    """Each gene bears its species, and its place tells nothing; counts and flags go with them."""
    table.var_names = ["MT-ND1", *table.var_names[1:]]
    table.obs["species"] = np.where(table.obs["donor"] == "a", "human", "mouse")
    options = {"donor_key": "donor", "species_key": "species", "names_apart": True}
    human, mouse = read_donors(stored(), "s", ReadOptions("lung", **options))
    assert {*human.counts.genes} == {f"human:{gene}" for gene in table.var_names}
    assert not {*human.counts.genes} & {*mouse.counts.genes}
    (place,) = np.flatnonzero(human.mitochondrial)
    assert human.counts.genes[place] == "human:MT-ND1"
    whole, _ = read_donors(stored(), "s", ReadOptions("lung", **options | {"names_apart": False}))
    at = [human.counts.genes.index(f"human:{gene}") for gene in table.var_names]
    assert (human.counts.counts.toarray()[:, at] == whole.counts.counts.toarray()).all()
    bare = [
        [own_name(g, of) for g in d.counts.genes] for d, of in ((human, "human"), (mouse, "mouse"))
    ]
    places = [[names.index(gene) for gene in table.var_names] for names in bare]
    assert abs(np.corrcoef(places)[0, 1]) < 0.6
    assert own_name("Mouse:CD3D", "mouse") == own_name("CD3D", "mouse") == "CD3D"


def test_column_of_symbols_is_summed_and_blanks_keep_their_id(stored, table):
    """Genes of one symbol become one; a gene without a symbol has the name of the index."""
    symbols = pd.Series([f"S{i // 2}" for i in range(30)], index=table.var_names, dtype=object)
    symbols.iloc[29] = None
    counts = table.X.toarray()
    path = stored(var={"symbol": symbols})
    with pytest.warns(DataNote, match="genes summed into the first of their name: 14"):
        (got,) = read_donors(path, "s", ReadOptions("lung", gene_key="symbol"))
    assert got.counts.genes == (*(f"S{i}" for i in range(15)), "G29")
    want = [
        *(counts[:, 2 * i] + counts[:, 2 * i + 1] for i in range(14)),
        counts[:, 28],
        counts[:, 29],
    ]
    np_counts = got.counts.counts.toarray()
    for column, values in enumerate(want):
        assert (np_counts[:, column] == values).all()


def test_symbols_come_before_orthologs(stored, table, tmp_path):
    """Ids are named by symbols first, which the table of orthologs then renames."""
    (tmp_path / "names.csv").write_text("".join(f"{g},m{g}\n" for g in table.var_names))
    (tmp_path / "o.txt").write_text("".join(f"m{g}\tH{g}\n" for g in table.var_names[:20]))
    options = {"gene_names": tmp_path / "names.csv", "orthologs": tmp_path / "o.txt"}
    with pytest.warns(DataNote):
        (got,) = read_donors(stored(), "s", ReadOptions("lung", **options))
    assert got.counts.genes == tuple(f"H{g}" for g in table.var_names[:20])


def ids(prefix, n=30):
    return [f"{prefix}{i:011d}.3" for i in range(n)]


@pytest.mark.parametrize("place", ["names", "column"])
def test_ids_of_another_species_are_warned_of(place, stored, table):
    """Mouse ids read as human give one warning with the option, as names or beside symbols."""
    if place == "names":
        table.var_names = ids("ENSMUSG")
    path = stored(var={} if place == "names" else {"gene_ids": ids("ENSMUSG")})
    with pytest.warns(DataWarning, match=r"ENSMUSG… are those of mouse.*give --species mouse"):
        read_donors(path, "s", ReadOptions("lung"))


@pytest.mark.parametrize(
    ("names", "species"),
    [
        (ids("ENSG"), "human"),
        (ids("ENSG"), "Homo sapiens"),
        (ids("ENSMUSG"), "Mus musculus"),
        ([*ids("ENSG", 20), *ids("ENSMUSG", 10)], "human"),
        (ids("ENSXETG"), "frog"),
        ([f"G{i}" for i in range(30)], "mouse"),
        ([f"ENSMUST{i:011d}" for i in range(30)], "human"),
    ],
)
def test_ids_that_tell_no_other_species_are_let_be(names, species, stored, table):
    """Ids of the species given, of one that is not known here, and symbols say nothing."""
    table.var_names = names
    with warnings.catch_warnings():
        warnings.simplefilter("error", DataWarning)
        read_donors(stored(), "s", ReadOptions("lung", species=species))


EXCEL = ["1-Mar", "2-Sep", "Mar-01", "1/3/2001", "2001-03-01", "01-Dec-21", "2.31E+13", "SEPT 2"]


@pytest.mark.parametrize("name", EXCEL)
def test_names_that_a_spreadsheet_made_are_warned_of(name, stored, table):
    """Dates and exponents are shown, with what they may have been."""
    table.var_names = [name, *table.var_names[1:]]
    with pytest.warns(DataWarning, match=r"names that Excel makes of others \(1: "):
        read_donors(stored(), "s", ReadOptions("lung"))


def test_genes_nearly_called_so_are_no_dates(stored, table):
    """Genes of months' names and of Drosophila are themselves."""
    names = ["MARCH1", "SEPT2", "DEC1", "Mar", "1E5", "MARCHF1", "NOV", "OCT4", "RP11-1A1.1", "7SK"]
    table.var_names = [*names, *table.var_names[len(names) :]]
    with warnings.catch_warnings():
        warnings.simplefilter("error", DataWarning)
        read_donors(stored(), "s", ReadOptions("lung"))
