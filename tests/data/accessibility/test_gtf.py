"""Genes of a GTF: where they lie, what they are called, and which line is damaged."""

import gzip
import warnings

import pytest
from atac_files import gene_line, gtf_line, write

from genearena.data.accessibility.gtf import Gene, read_genes
from genearena.data.common.errors import DataError
from genearena.data.notes import DataWarning

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


def part(gene_id, first, last, strand="+", more="", chromosome="1", feature="exon", source="x"):
    line = gtf_line(chromosome, first, last, strand, f'gene_id "{gene_id}"; {more}', feature)
    return line.replace("made-up", source, 1)


def test_genes_of_a_file_without_them_reach_over_their_parts(read):
    """First to last base of exons, transcripts and coding parts, whatever their order."""
    lines = [
        part("A", 100, 200, feature="transcript"),
        part("A", 500, 600),
        part("B", 700, 800, "-", 'gene_name "Bb";'),
        part("A", 50, 60, feature="CDS"),
        part("A", 5, 9, feature="intron"),
        part("B", 650, 660, "-"),
    ]
    assert read(*lines) == (Gene("A", "1", 49, 600, "+"), Gene("Bb", "1", 649, 800, "-"))


def test_parts_are_passed_over_where_there_are_genes(read):
    """A line of a gene tells where it is, before its parts or after them."""
    lines = [part("TP53", 1, 9000, "-", chromosome="chr17"), GOOD, part("B", 1, 9)]
    assert read(*lines) == read(GOOD)
    assert len(read(GOOD, "chr1\tx\texon\tno\tnumber\t.\t.\t.\tx\n")) == 1


def test_copies_of_a_gene_elsewhere_are_not_joined(read):
    """A gene of UCSC on two chromosomes or strands is two, of which the longest is kept."""
    lines = [part("A", 1, 50), part("A", 10, 90, chromosome="2"), part("A", 900, 920, "-")]
    with pytest.warns(DataWarning, match="2 genes have the name of another"):
        assert read(*lines) == (Gene("A", "2", 9, 90, "+"),)


CODES = 'gene_name "A"; transcript_biotype "protein_coding";'
INTRON = 'gene_name "A"; transcript_biotype "retained_intron";'


@pytest.mark.parametrize(
    "lines",
    [
        [part("A", 1, 9, more=INTRON), part("A", 20, 29, more=CODES)],
        [part("A", 1, 9, source="retained_intron"), part("A", 20, 29, source="protein_coding")],
        [part("A", 1, 9, more='gene_biotype "protein_coding";'), part("A", 20, 29)],
    ],
)
def test_gene_codes_if_a_part_of_it_does(lines, read):
    """Kinds are those of the transcripts, or in the second column as Ensembl wrote them once."""
    kind = 'transcript_biotype "snoRNA";' if "biotype" in lines[0] else ""
    other = [part("B", 1, 9, more=kind, source="snoRNA")]
    (gene,) = read(*lines, *other)
    assert (gene.start, gene.end, gene.biotype) == (0, 29, "protein_coding")
    if "gene_biotype" not in lines[0]:
        assert [gene.start for gene in read(*lines, *other, biotype="snoRNA")] == [0]


def test_sources_are_no_kinds(read):
    """The second column of RefSeq and UCSC names who says so; such a file is taken whole."""
    lines = [part("A", 1, 9, source="refGene"), part("B", 1, 9, source="ensembl")]
    assert [gene.name for gene in read(*lines)] == ["A", "B"]


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
        (gtf_line("1", 1, 9, "+", ""), "gene without gene_name and gene_id"),
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
    with pytest.raises(DataError, match="no line of feature gene, transcript, exon, CDS"):
        read("# nothing\n")
    with pytest.raises(DataError, match=r"line 1: exon from '0' to '9'"):
        read(part("A", 0, 9))
