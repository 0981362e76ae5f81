"""Genes are renamed as stated: nothing is counted twice, guessed or lost without a word."""

import gzip
import re
import warnings
from collections import defaultdict

import numpy as np
import pytest
from places import SHARED
from scipy import sparse

from genearena.data.common.errors import DataError
from genearena.data.notes import DataNote, DataWarning
from genearena.data.reading.gene_names import MeasuredGenes, sum_by_name
from genearena.data.reading.name_tables import read_name_table
from genearena.data.reading.renaming import (
    name_by_orthologs,
    name_by_symbols,
    ortholog_pairs,
)

SHARED = SHARED


@pytest.fixture
def table(tmp_path):
    """Return a function that writes a table of two columns."""

    def write(*rows, separator="\t", name="table.txt"):
        text = "".join(separator.join(row) + "\n" for row in rows)
        path = tmp_path / name
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
        return path

    return write


def measured(*names, mitochondrial=(), seed=0):
    counts = np.random.default_rng(seed).poisson(2, (7, len(names)))
    flags = np.isin(names, mitochondrial)
    return MeasuredGenes(tuple(names), sparse.csr_array(counts), flags)


def renamed(rename, genes, path):
    """Return the renamed genes and the note about them; no warning is expected."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        got = rename(genes, path)
    assert [w.category for w in caught] == [DataNote]
    return got, str(caught[0].message)


def refused(rename, genes, path):
    with pytest.raises(DataError) as caught:
        rename(genes, path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_sums_equal_those_of_a_loop():
    """Counts of one name are added, those without a name left out, in order of appearance."""
    rng = np.random.default_rng(1)
    genes = measured(*(f"g{i}" for i in range(40)), mitochondrial=("g3",))
    names = [None if i % 7 == 0 else f"n{rng.integers(12)}" for i in range(40)]
    got = sum_by_name(genes, names)
    want = defaultdict(lambda: np.zeros(7, dtype=int))
    for i, name in enumerate(names):
        if name is not None:
            want[name] = want[name] + genes.counts.toarray()[:, i]
    assert got.names == tuple(want)
    np.testing.assert_array_equal(got.counts.toarray(), np.column_stack(list(want.values())))
    assert [n for n, mt in zip(got.names, got.mitochondrial, strict=True) if mt] == [names[3]]


def test_ids_become_symbols_whatever_their_version(table):
    """Versions on either side do not matter, and counts of one symbol are summed."""
    genes = measured("ENSG00000000001.4", "ENSG00000000002", "ENSMUSG00000000003.1", "ENSG9")
    path = table(
        ("gene_id", "symbol", "biotype"),
        ("ENSG00000000001", "AAA", "x"),
        ("ENSG00000000002.7", "AAA", "x"),
        ("ENSMUSG00000000003", "MT-CO1", "x"),
    )
    got, note = renamed(name_by_symbols, genes, path)
    assert got.names == ("AAA", "MT-CO1", "ENSG9")
    counts = genes.counts.toarray()
    np.testing.assert_array_equal(got.counts.toarray()[:, 0], counts[:, 0] + counts[:, 1])
    assert got.mitochondrial.tolist() == [False, True, False]
    assert "a symbol for 3 of 4 ids; 1 were summed" in note
    assert "1 without a symbol and 0 with several" in note


def test_id_with_several_symbols_keeps_its_id(table):
    """An ambiguous id is not guessed, and loses only its version."""
    genes = measured("ENSG00000000001.4", "ENSG00000000002")
    rows = (("ENSG00000000001", "A"), ("ENSG00000000001", "B"), ("ENSG00000000002", "C"))
    got, note = renamed(name_by_symbols, genes, table(*rows))
    assert got.names == ("ENSG00000000001", "C")
    assert "1 with several" in note


def test_both_copies_of_a_pseudoautosomal_gene_are_one(table):
    """The copy on Y has the id of that on X with a suffix."""
    genes = measured("ENSG00000000001.4", "ENSG00000000001.4_PAR_Y")
    got, _ = renamed(name_by_symbols, genes, table(("ENSG00000000001", "P")))
    assert got.names == ("P",)


def test_table_of_other_ids_is_refused_with_examples(table):
    """Where no id is in the table, one of either side is shown."""
    said = refused(name_by_symbols, measured("ENSG1", "ENSG2"), table(("7157", "TP53")))
    assert "none of 2 genes, such as 'ENSG1'" in said
    assert "such as '7157' and 'TP53'" in said
    both = refused(name_by_orthologs, measured("ENSG1"), table(("Trp53", "TP53")))
    assert "'Trp53' and 'TP53'" in both


def test_table_with_few_of_the_genes_is_warned_of(table):
    """A table of which a minority of genes match is probably not theirs."""
    genes = measured(*(f"g{i}" for i in range(10)))
    with (
        pytest.warns(DataWarning, match="only 2 of 10 genes, not such as 'g0'"),
        pytest.warns(DataNote),
    ):
        name_by_symbols(genes, table(("g3", "A"), ("g4", "B")))


ORTHOLOGS = (
    ("mouse", "human"),
    ("Aaa", "AAA"),
    ("Bbb", "BBC"),
    ("C1", "CC"),
    ("C2", "CC"),
    ("Ddd", "D1"),
    ("Ddd", "D2"),
    ("Eee", "EEE"),
)


def test_one_to_one_orthologs_are_renamed_and_others_dropped(table):
    """Neither side of a one-to-many pair is kept, and the note counts what is dropped."""
    genes = measured("Aaa", "Bbb", "C1", "Ddd", "Fff", "Eee")
    got, note = renamed(name_by_orthologs, genes, table(*ORTHOLOGS))
    assert got.names == ("AAA", "BBC", "EEE")
    np.testing.assert_array_equal(got.counts.toarray(), genes.counts.toarray()[:, [0, 1, 5]])
    assert "renames 3 of 6 genes from its first to its second column" in note
    assert "1 it does not have and 2 without a one-to-one partner" in note


def test_direction_is_that_of_the_genes(table):
    """Human genes become mouse genes by the same table."""
    got, note = renamed(name_by_orthologs, measured("AAA", "BBC", "CC"), table(*ORTHOLOGS))
    assert got.names == ("Aaa", "Bbb")
    assert "from its second to its first" in note


def test_mouse_symbols_in_capitals_are_mouse_symbols(table):
    """Case does not matter, so that BBB is the mouse gene Bbb, whose partner is BBC."""
    got, _ = renamed(name_by_orthologs, measured("AAA", "BBB", "EEE"), table(*ORTHOLOGS))
    assert got.names == ("AAA", "BBC", "EEE")


def test_pairs_are_one_to_one_in_the_table_not_in_the_file(table):
    """A gene whose second partner is not measured is ambiguous all the same."""
    got, _ = renamed(name_by_orthologs, measured("Aaa", "C1"), table(*ORTHOLOGS))
    assert got.names == ("AAA",)


def test_repeated_pair_is_one_pair(table):
    """The same pair twice, or in other capitals, does not make it one-to-many."""
    got, _ = renamed(name_by_orthologs, measured("Aaa", "Bbb"), table(*ORTHOLOGS, ("AAA", "aaa")))
    assert got.names[0].upper() == "AAA"


def test_mitochondrial_genes_stay_for_quality_control(table):
    """Genes flagged as mitochondrial are kept without a partner, or cells could not be judged."""
    genes = measured("Aaa", "mt-Nd1", "Bbb", "Odd", mitochondrial=("mt-Nd1",))
    got, _ = renamed(name_by_orthologs, genes, table(*ORTHOLOGS))
    assert got.names == ("AAA", "mt-Nd1", "BBC")
    assert got.mitochondrial.tolist() == [False, True, False]


def test_table_that_tells_no_direction_is_refused(table):
    """Where both columns name as many genes, neither is taken."""
    said = refused(name_by_orthologs, measured("A", "B"), table(("A", "B"), ("B", "A")))
    assert "both columns" in said
    assert "as many of 2 genes" in said


def test_table_without_one_to_one_pair_is_refused(table):
    """A table that names genes but pairs none is an error, not an empty data set."""
    rows = (("Ddd", "D1"), ("Ddd", "D2"), ("Ddd", "D3"))
    assert "no one-to-one pair" in refused(name_by_orthologs, measured("Ddd"), table(*rows))


@pytest.mark.parametrize(
    ("separator", "name"), [("\t", "t.tsv"), (",", "t.csv"), (",", "t.csv.gz"), (";", "t.csv")]
)
def test_tables_are_read_whatever_their_separator(separator, name, table):
    """Tabs, commas and gzip give the same pairs; blanks and repeats are left out."""
    rows = (("a", "A"), ("b", ""), ("", ""), ("c", " C ", "more"), ("a", "A"))
    path = table(*rows, separator=separator, name=name)
    assert read_name_table(path).pairs(0, 1) == (("a", "A"), ("c", "C"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "does not exist"),
        (b"", "has no two columns"),
        (b"one\ntwo\n", "has no two columns"),
        (b"\xff\xfe\x00\x81", "cannot be read as text"),
    ],
)
def test_file_that_is_no_table_is_one_line(content, words, tmp_path):
    """Absent, empty, one-column and binary files are refused naming the file."""
    path = tmp_path / "t.txt"
    if content is not None:
        path.write_bytes(content)
    said = refused(name_by_symbols, measured("a"), path)
    assert words in said
    assert "t.txt" in said


def ids(prefix="ENSG", n=6):
    return [f"{prefix}{i:011d}" for i in range(n)]


def test_symbols_are_found_by_their_header(table):
    """A table as BioMart writes it: ids, ids with versions, a kind of gene, then names."""
    head = ("Gene stable ID", "Gene stable ID version", "Transcript stable ID", "Gene type")
    rows = [
        (i, f"{i}.4", i.replace("G", "T", 1), "kind", f"S{n // 2}") for n, i in enumerate(ids())
    ]
    path = table((*head, "Gene name"), *rows)
    for genes in (ids(), [f"{i}.9" for i in ids()]):
        got, _ = renamed(name_by_symbols, measured(*genes), path)
        assert got.names == ("S0", "S1", "S2")


def test_symbols_are_found_without_a_header(table):
    """The column that names nearly every gene otherwise, and is none of ids or numbers."""
    rows = [(str(n), f"{i}.4", "kind", f"S{n}", "a long word") for n, i in enumerate(ids())]
    got, _ = renamed(name_by_symbols, measured(*ids()), table(*rows))
    assert got.names == tuple(f"S{n}" for n in range(6))


@pytest.mark.parametrize("head", [(), (("Gene stable ID", "Gene stable ID version"),)])
def test_table_of_ids_alone_has_no_symbols(head, table):
    """Ids with a version are no symbols, nor are symbols to become ids."""
    path = table(*head, *((i, f"{i}.4") for i in ids()))
    assert "no column of symbols" in refused(name_by_symbols, measured(*ids()), path)
    names = [f"S{i}" for i in range(6)]
    path = table(*zip(ids(), names, strict=True))
    assert "no column of symbols" in refused(name_by_symbols, measured(*names), path)


def test_quotation_mark_between_tabs_swallows_no_line(table):
    """A description that begins with one is a description."""
    rows = [(i, f"S{n}", '"5 prime' if n == 1 else "x") for n, i in enumerate(ids())]
    got, note = renamed(name_by_symbols, measured(*ids()), table(*rows))
    assert got.names == tuple(f"S{n}" for n in range(6))
    assert "6 of 6 ids" in note
    quoted = table(*((f'"{i}"', f'"S{n}"') for n, i in enumerate(ids())))
    assert renamed(name_by_symbols, measured(*ids()), quoted)[0].names == got.names


HOMOLOGUES = [
    ("Gene stable ID", "Gene name", "Mouse gene stable ID", "Mouse gene name", "Homology type"),
    *(
        (human, f"GENE{n}", mouse, f"Gene{n}", "ortholog_one2one")
        for n, (human, mouse) in enumerate(zip(ids(), ids("ENSMUSG"), strict=True))
    ),
]


@pytest.mark.parametrize(
    ("genes", "want"),
    [
        ([f"Gene{n}" for n in range(6)], [f"GENE{n}" for n in range(6)]),
        ([f"GENE{n}" for n in range(6)], [f"Gene{n}" for n in range(6)]),
        (ids("ENSMUSG"), ids()),
        ([f"{i}.2" for i in ids("ENSMUSG")], ids()),
    ],
)
def test_orthologs_have_names_of_the_same_kind(genes, want, table):
    """Of a table with ids and symbols of both species, symbols become symbols and ids ids."""
    got, _ = renamed(name_by_orthologs, measured(*genes), table(*HOMOLOGUES, separator=","))
    assert list(got.names) == want


def test_orthologs_that_are_not_told_are_refused(table):
    """Mouse symbols are not renamed by a table that has ids alone of mouse, nor by one of three."""
    genes = measured(*(f"Gene{n}" for n in range(6)))
    for columns in ((1, 2), (0, 1, 2)):
        path = table(*([row[c] for c in columns] for row in HOMOLOGUES))
        assert "has 0 columns with names of the same kind as that of 'Gene name'" in refused(
            name_by_orthologs, genes, path
        )
    path = table(*((*row, row[1] + "A") for row in HOMOLOGUES))
    assert "has 2 columns ('Gene name', 'Gene nameA')" in refused(name_by_orthologs, genes, path)


def test_ids_become_the_other_species_symbols(table):
    """A table of two columns may name its two species in two ways."""
    path = table(*(row[1:3] for row in HOMOLOGUES))
    got, _ = renamed(name_by_orthologs, measured(*ids("ENSMUSG")), path)
    assert got.names == tuple(f"GENE{n}" for n in range(6))


@pytest.mark.shared
def test_real_mouse_and_human_sections_share_genes_after_renaming():
    """Mouse genes share almost no name with human ones, and thousands once renamed."""
    anndata = pytest.importorskip("anndata")
    homologs = SHARED / "genesets" / "mouse_human_homologs.txt"
    if not homologs.is_file():
        pytest.skip("no development data")
    mouse, human = (anndata.read_h5ad(SHARED / "data" / f"{n}_st.h5ad") for n in ("mob", "bcl"))
    flags = np.zeros(mouse.n_vars, dtype=bool)
    genes = MeasuredGenes(tuple(mouse.var_names), sparse.csr_array(mouse.X), flags)
    got, note = renamed(name_by_orthologs, genes, homologs)
    n_renamed = int(re.search(r"renames (\d+) of", note)[1])
    assert n_renamed == len(got.names) > 13000
    assert len(set(mouse.var_names) & set(human.var_names)) < 20
    assert len(set(got.names) & set(human.var_names)) > 9000


def test_pairs_of_orthologs_are_those_of_the_columns_that_give_most(table):
    """In any case, one-to-one in all of the table, and by equal names without one."""
    rows = [("id", "mouse", "human"), ("1", "Cd3d", "CD3D"), ("2", "Trp53", "TP53")]
    rows += [("3", "Twice", "A"), ("4", "Twice", "B"), ("5", "TP53", "OTHER")]
    path = table(*rows)
    human, mouse = ["TP53", "A", "CD3D", "OTHER"], ["CD3D", "TRP53", "TWICE"]
    assert sorted(ortholog_pairs(human, mouse, path)) == [(0, 1), (2, 0)]
    assert sorted(ortholog_pairs(mouse, human, path)) == [(0, 2), (1, 0)]
    assert ortholog_pairs(human, mouse, None) == [(2, 0)]
    with pytest.raises(DataError, match="no pair of genes such as 'X' and 'CD3D'"):
        ortholog_pairs(["X"], mouse, path)
