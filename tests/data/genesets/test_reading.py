"""Files of gene sets: every form, and what is wrong with those that are none."""

import gzip

import pytest

from genearena.data.common.errors import DataError
from genearena.data.genesets.reading import Columns, read_gene_sets


def read(tmp_path, name, text, *, columns=None):
    """Write a file and return its sets as name -> genes."""
    path = tmp_path / name
    path.write_text(text)
    sets, _, _ = read_gene_sets(path, "mine", columns or Columns())
    return {each.key: each.genes for each in sets}


EXPECTED = {"S1": ("A", "B"), "S2": ("B", "C")}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sets.gmt", "S1\tfirst\tA\tB\nS2\thttps://a.b\tB\tC\t\n"),
        ("table.csv", "gene,set\nA,S1\nB,S1\nB,S2\nC,S2\n"),
        ("table.tsv", "term\tgene_symbol\nS1\tA\nS1\tB\nS2\tB\nS2\tC\n"),
        ("bare.csv", "A,S1\nB,S1\nB,S2\nC,S2\n"),
        (
            "trrust.tsv",
            "S1\tA\tActivation\t1\nS1\tB\tUnknown\t2;3\n"
            "S2\tB\tRepression\t4\nS2\tC\tUnknown\t5\n",
        ),
        ("collectri.csv", "source,target,weight\nS1,A,1\nS1,B,-1\nS2,B,1\nS2,C,1\n"),
        ("marked.csv", "ensembl_id,gene_name,S1,S2\n1,A,Yes,\n2,B,yes,Yes\n3,C,,Yes\n4,D,,\n"),
        ("numbers.tsv", "gene\tS1\tS2\nA\t1\t0\nB\t1\t1\nC\t0\t1\n"),
    ],
)  # fmt: skip
def test_every_form_gives_the_same_sets(tmp_path, name, text):
    """Whatever the sets are written in."""
    assert read(tmp_path, name, text) == EXPECTED


def test_a_column_of_genes_is_one_set(tmp_path):
    """A list, with a heading or without one."""
    assert read(tmp_path, "tfs.txt", "SOX2\nGATA1\n") == {"mine": ("SOX2", "GATA1")}
    assert read(tmp_path, "tfs.csv", "gene\nSOX2\n") == {"mine": ("SOX2",)}


def test_gzipped_and_told_columns(tmp_path):
    """Compression is seen, and columns may be said."""
    path = tmp_path / "sets.gmt.gz"
    path.write_bytes(gzip.compress(b"S1\tx\tA\tA\n"))
    sets, _, n_twice = read_gene_sets(path, "mine")
    assert (sets[0].genes, sets[0].title, n_twice) == (("A",), "x", 1)
    text = "what,who,n\nS1,A,3\nS1,B,4\nS2,B,5\nS2,C,5\n"
    assert read(tmp_path, "odd.csv", text, columns=Columns("who", "what")) == EXPECTED


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.gmt", "", "is empty"),
        ("a.gmt", "S1 A B\n", "line 1: want a name"),
        ("a.gmt", "S1\tx\tA\nS1\tx\tB\n", "a second set 'S1'"),
        ("a.gmt", "S1\tx\n", "no set with a gene"),
        ("a.csv", "one,two,three\n1,2,3\n", "--gene-key"),
        ("a.csv", "# nothing\n", "comments only"),
    ],
)
def test_what_is_no_file_of_sets_is_refused(tmp_path, name, text, message):
    """In a line that says what to do."""
    with pytest.raises(DataError, match=message):
        read(tmp_path, name, text)


def test_unknown_columns_are_named(tmp_path):
    """Those that there are stand beside."""
    with pytest.raises(DataError, match="no column 'who'; it has 'gene', 'set'"):
        read(tmp_path, "a.csv", "gene,set\nA,S1\n", columns=Columns("who", ""))
