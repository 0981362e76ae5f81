"""Genes of a GTF: where they lie, what they are called, and which line is damaged."""

import gzip
import warnings

import pytest
from atac_files import gene_line, gtf_line, write

from genearena.data.accessibility.gtf import Gene, read_genes
from genearena.data.errors import DataError
from genearena.data.quality import DataWarning

GOOD = gene_line("TP53", "chr17", 101, 200, "-")


@pytest.fixture
def read(tmp_path):
    """Return a function that reads genes from the lines of a GTF."""

    def run(*lines, name="g.gtf", **options):
        return read_genes(write(tmp_path / name, lines), **options)

    return run


@pytest.mark.parametrize("name", ["g.gtf", "g.gtf.gz"])
def test_only_genes_are_read_and_bases_count_from_zero(read, name):
    """Comments, blank lines and other features are passed over; the first base becomes start-1."""
    exon = gtf_line("chr17", 101, 120, "-", 'gene_id "ENSTP53";', feature="exon")
    found = read("#!build x\n", "\n", GOOD, exon, name=name)
    assert found == (Gene("TP53", "chr17", 100, 200, "-", "protein_coding"),)


def test_gzip_is_told_by_the_content(tmp_path):
    """A gzipped file without .gz in its name is read all the same."""
    (tmp_path / "g.gtf").write_bytes(gzip.compress(GOOD.encode()))
    assert len(read_genes(tmp_path / "g.gtf")) == 1


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ('gene_id "E1.2"; gene_name "A; B";', "A; B"),
        ('gene_id "E1.2"; gene_type "protein_coding"', "E1.2"),
        ('gene_id "E1.2"; gene_name "";', "E1.2"),
        ("gene_id E1.2; level 2;", "E1.2"),
        ('gene_id "E1.2"; tag "x"; tag "y"; gene_name "A"; gene_name "B";', "A"),
    ],
)
def test_name_is_gene_name_or_else_gene_id(read, attributes, name):
    """Names may hold semicolons, be empty or unquoted; of a repeated one the first counts."""
    assert read(gtf_line("1", 1, 9, "+", attributes))[0].name == name


def test_biotype(read):
    """Other kinds than the asked one are left out, unless all are asked for."""
    lines = [GOOD, gene_line("XIST", "X", 1, 9, "-", "lncRNA"), gene_line("B", "X", 1, 9, "+", "")]
    assert [gene.name for gene in read(*lines)] == ["TP53"]
    assert [gene.name for gene in read(*lines, biotype="lncRNA")] == ["XIST"]
    assert [gene.name for gene in read(*lines, biotype="all")] == ["TP53", "XIST", "B"]
    with pytest.raises(DataError, match=r"no gene of biotype 'exotic'; it has .*lncRNA"):
        read(*lines, biotype="exotic")


def test_ensembl_names_the_biotype_otherwise(read):
    """Ensembl's gene_biotype serves as GENCODE's gene_type does."""
    lines = [
        gtf_line("1", 1, 9, "+", f'gene_id "{kind}"; gene_biotype "{kind}";')
        for kind in ("lincRNA", "protein_coding")
    ]
    assert [gene.name for gene in read(*lines)] == ["protein_coding"]


def test_file_without_biotypes_is_taken_whole(read):
    """Where no gene has a kind, none is left out."""
    assert len(read(gtf_line("1", 1, 9, "+", 'gene_id "A";'))) == 1


def test_longest_gene_of_a_name_is_kept(read):
    """Of a repeated name the longest gene stays, of equally long ones the first, and it is said."""
    lines = [
        gene_line("CD99", "chrX", 1, 50, "+"),
        gene_line("CD99", "chrY", 1, 50, "+"),
        gene_line("MATR3", "chr5", 10, 20, "+"),
        gene_line("MATR3", "chr5", 5, 90, "-"),
    ]
    with pytest.warns(DataWarning, match="2 genes have the name of another"):
        found = read(*lines)
    assert [(gene.name, gene.chromosome, gene.start) for gene in found] == [
        ("CD99", "chrX", 0),
        ("MATR3", "chr5", 4),
    ]


def test_no_warning_without_repeated_names(read):
    """A sound file is read in silence."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read(GOOD)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("chr1\tx\tgene\t1\n", "4 columns, want the 9"),
        ("<html>\n", "1 columns"),
        (gtf_line("1", "one", 9, "+", 'gene_id "A";'), "from 'one' to '9'"),
        (gtf_line("1", 0, 9, "+", 'gene_id "A";'), "from '0' to '9'"),
        (gtf_line("1", 10, 9, "+", 'gene_id "A";'), "want 1 <= start <= end"),
        (gtf_line("1", 1, 9, "x", 'gene_id "A";'), "strand 'x'"),
        (gtf_line("1", 1, 9, "+", "ID=gene:A;Name=A"), "looks like GFF3"),
        (gtf_line("1", 1, 9, "+", ""), "without gene_name and gene_id"),
    ],
)
def test_damaged_line_is_named(read, line, says):
    """The message is one line with the number of the first damaged line, comments counted."""
    with pytest.raises(DataError, match=r"g\.gtf', line 3: ") as caught:
        read("# comment\n", GOOD, line, "another bad line\n")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_unusable_files(tmp_path, read):
    """Truncated gzip, binary, absent, folder and gene-less files each give one line."""
    packed = gzip.compress("".join(f"{GOOD}" for _ in range(5000)).encode())
    (tmp_path / "cut.gtf.gz").write_bytes(packed[: len(packed) // 2])
    (tmp_path / "flipped.gtf.gz").write_bytes(packed[:40] + b"\0\0\0\0\0\0" + packed[46:])
    (tmp_path / "binary.gtf").write_bytes(bytes(range(128, 256)))
    for name in ("cut.gtf.gz", "flipped.gtf.gz", "binary.gtf", "absent.gtf", ""):
        with pytest.raises(DataError) as caught:
            read_genes(tmp_path / name)
        assert "\n" not in str(caught.value)
        assert str(tmp_path / name) in str(caught.value)
    with pytest.raises(DataError, match="no line of feature 'gene'"):
        read("# nothing\n")
