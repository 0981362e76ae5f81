"""Counts of fragments, against a loop, however the file is cut, packed, ordered or damaged."""

import gzip
from collections import Counter

import numpy as np
import pytest
from atac_files import overlap, random_fragments, random_genes, write, write_fragments

from genearena.data.accessibility.counter import PairTally
from genearena.data.accessibility.fragments import count_fragments, is_fragments
from genearena.data.accessibility.gtf import Gene
from genearena.data.accessibility.regions import GeneRegions
from genearena.data.common.errors import DataError
from genearena.data.notes import DataWarning

PROMOTER = 2000


def regions_of(genes):
    return GeneRegions.of(
        [Gene(n, c, first - 1, last, strand) for n, c, first, last, strand in genes], PROMOTER
    )


def loop(genes, fragments, cells):
    """Count, one fragment and gene at a time."""
    counts = np.zeros((len(cells), len(genes)), dtype=int)
    for chromosome, start, end, barcode in fragments:
        for g, gene in enumerate(genes):
            if barcode in cells and gene[1] == chromosome and overlap(gene, PROMOTER, start, end):
                counts[cells.index(barcode), g] += 1
    return counts


@pytest.mark.parametrize("name", ["fragments.tsv", "fragments.tsv.gz"])
@pytest.mark.parametrize("chunk", [7, 1000, 10**6])
def test_counts_are_those_of_a_loop(tmp_path, name, chunk):
    """Overlapping genes, all strands, several chromosomes: every chunking gives the same."""
    genes, fragments = random_genes(2), random_fragments(3, n=600)
    path = write_fragments(tmp_path / name, fragments)
    barcodes, per_cell, counts = count_fragments(path, regions_of(genes), chunk=chunk)
    assert list(barcodes) == sorted({f[3] for f in fragments})
    assert dict(zip(barcodes, per_cell, strict=True)) == Counter(f[3] for f in fragments)
    want = loop(genes, fragments, list(barcodes))
    assert want.max() > 5
    np.testing.assert_array_equal(counts.toarray(), want)


def test_order_of_the_file_does_not_matter(tmp_path):
    """Sorted by place or by cell, the counts are the same."""
    genes, fragments = random_genes(2), random_fragments(3, n=600)
    regions = regions_of(genes)
    sorts = (lambda f: f, lambda f: (f[3], f[1]), lambda f: (f[1], f[0]))
    found = [
        count_fragments(
            write_fragments(tmp_path / f"{i}.tsv", sorted(fragments, key=key)), regions, chunk=50
        )
        for i, key in enumerate(sorts)
    ]
    for barcodes, _, counts in found[1:]:
        assert barcodes == found[0][0]
        np.testing.assert_array_equal(counts.toarray(), found[0][2].toarray())


def test_merging_pairs_changes_no_count(monkeypatch):
    """A tally that merges after every few pairs counts as one that merges at the end."""
    monkeypatch.setattr("genearena.data.accessibility.counter.MIN_PENDING", 3)
    rng = np.random.default_rng(0)
    cells, genes = rng.integers(5, size=400), rng.integers(7, size=400)
    tally = PairTally(7)
    for at in range(0, 400, 11):
        tally.add(cells[at : at + 11], genes[at : at + 11])
    want = np.zeros((6, 7), dtype=int)
    np.add.at(want, (cells, genes), 1)
    np.testing.assert_array_equal(tally.counts(6).toarray(), want)


def test_listed_cells_keep_their_order_and_leave_out_others(tmp_path):
    """Only listed barcodes are counted; listed ones without fragments are named and dropped."""
    genes, fragments = random_genes(2), random_fragments(3, n=600)
    path = write_fragments(tmp_path / "f.tsv", fragments)
    listed = ("CELL05-1", "ABSENT-1", "CELL02-1")
    with pytest.warns(DataWarning, match="1 of 3 listed barcodes, the first 'ABSENT-1'"):
        barcodes, _, counts = count_fragments(path, regions_of(genes), barcodes=listed, chunk=70)
    assert barcodes == ("CELL05-1", "CELL02-1")
    np.testing.assert_array_equal(counts.toarray(), loop(genes, fragments, list(barcodes)))


def test_barcodes_of_another_spelling_are_shown(tmp_path):
    """Where no listed barcode is in the file, the message shows one of each."""
    path = write_fragments(tmp_path / "f.tsv", random_fragments(3, n=50))
    with pytest.raises(DataError, match=r"none of the 1 listed barcodes such as 'CELL05'.*'CELL"):
        count_fragments(path, regions_of(random_genes(2)), barcodes=("CELL05",))


def test_min_fragments(tmp_path):
    """The threshold counts all fragments of a barcode, also outside genes, and is inclusive."""
    genes = [("A", "1", 1, 10, "+")]
    fragments = [("1", 0, 5, "few")] + [("1", s, s + 1, "many") for s in (1, 2, 90_000)]
    path = write_fragments(tmp_path / "f.tsv", fragments)
    barcodes, per_cell, counts = count_fragments(path, regions_of(genes), min_fragments=3)
    assert (barcodes, per_cell.tolist(), counts.toarray().tolist()) == (("many",), [3], [[2]])
    with pytest.raises(DataError, match="none of 2 barcodes has 4 fragments, the most is 3"):
        count_fragments(path, regions_of(genes), min_fragments=4)


def test_chromosome_names_match_without_chr(tmp_path):
    """Fragments on chr1 and chrM count for genes on 1 and MT."""
    genes = [("A", "1", 1, 10, "+"), ("B", "MT", 1, 10, "+")]
    path = write_fragments(tmp_path / "f.tsv", [("chr1", 0, 5, "x"), ("chrM", 0, 5, "x")])
    assert count_fragments(path, regions_of(genes))[2].toarray().tolist() == [[1, 1]]


def test_nothing_matches(tmp_path):
    """Foreign chromosomes and another assembly are told apart."""
    genes = regions_of([("A", "chr1", 100_000, 100_010, "+")])
    foreign = write_fragments(tmp_path / "a.tsv", [("NC_1", 0, 5, "x")])
    with pytest.raises(DataError, match="share no chromosome: NC_1 against 1"):
        count_fragments(foreign, genes)
    elsewhere = write_fragments(tmp_path / "b.tsv", [("1", 0, 5, "x")])
    with pytest.raises(DataError, match="same assembly"):
        count_fragments(elsewhere, genes)
    mostly = [("GL1", 0, 5, "x")] * 3 + [("1", 100_000, 100_005, "x")]
    with pytest.warns(DataWarning, match="75 % of fragments lie on chromosomes without genes"):
        count_fragments(write_fragments(tmp_path / "c.tsv", mostly), genes)


@pytest.mark.parametrize("piece", [5, 2**20])
def test_comments_amid_fragments_are_passed_over(tmp_path, monkeypatch, piece):
    """Files written one after the other have them; a ``#`` elsewhere belongs to a name."""
    monkeypatch.setattr("genearena.data.accessibility.fragments.PIECE", piece)
    genes = random_genes(2)
    fragments = [(c, s, e, f"S#{b}") for c, s, e, b in random_fragments(3, n=300)]
    plain = write_fragments(tmp_path / "plain.tsv", fragments)
    lines = plain.read_text().splitlines(keepends=True)
    amid = [*lines[:100], "# id=second\n", "#\tnext\n", *lines[100:], "# end"]
    commented = write(tmp_path / "commented.tsv.gz", amid)
    want, got = (count_fragments(path, regions_of(genes)) for path in (plain, commented))
    assert got[0] == want[0]
    assert got[0][0].startswith("S#")
    np.testing.assert_array_equal(got[1], want[1])
    np.testing.assert_array_equal(got[2].toarray(), want[2].toarray())


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("chr1\t1\n", "2 columns, want chromosome, start, end and barcode"),
        ("chr1\t1\t2\n", "3 columns"),
        ("chr1\tone\t9\tx\t1\n", "from 'one' to '9'"),
        ("chr1\t-5\t9\tx\t1\n", "from '-5' to '9'"),
        ("chr1\t9\t9\tx\t1\n", "want 0 <= start < end"),
        ("chr1\t1.5\t9\tx\t1\n", "from '1.5' to '9'"),
        (f"chr1\t1\t{'9' * 30}\tx\t1\n", "want 0 <= start < end"),
        (f"chr1\t1\t{'9' * 5000}\tx\t1\n", "want 0 <= start < end"),
        ("chr1\t1\t9\t\t1\n", "without chromosome or barcode"),
        ("\t1\t9\tx\t1\n", "without chromosome or barcode"),
        ("comment amid fragments\n", "1 columns"),
    ],
)
def test_damaged_line_is_named(tmp_path, line, says):
    """The message is one line with the number of the damaged line, whatever chunk it is in."""
    good = "chr1\t1\t9\tx\t1\n"
    path = write(tmp_path / "fragments.tsv.gz", ["# id\n", "# more\n", good, good, line, good])
    for chunk in (1, 100):
        with pytest.raises(DataError, match=r"line 5: ") as caught:
            count_fragments(path, regions_of(random_genes(2)), chunk=chunk)
        assert says in str(caught.value)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 300


def test_unusable_files(tmp_path):
    """Truncated gzip, empty and binary files each give one line."""
    lines = "".join(f"chr1\t{i}\t{i + 9}\tx{i}\t1\n" for i in range(20000)).encode()
    packed = gzip.compress(lines)
    (tmp_path / "cut.tsv.gz").write_bytes(packed[: len(packed) // 2])
    (tmp_path / "empty.tsv").write_bytes(b"")
    (tmp_path / "comments.tsv").write_bytes(b"# only\n# this\n")
    (tmp_path / "binary.tsv").write_bytes(bytes(range(128, 256)))
    for name in ("cut.tsv.gz", "empty.tsv", "comments.tsv", "binary.tsv"):
        with pytest.raises(DataError, match=name) as caught:
            count_fragments(tmp_path / name, regions_of(random_genes(2)))
        assert "\n" not in str(caught.value)


def test_fragments_are_told_by_name_or_content(tmp_path):
    """A table of counts is no fragment file, nor is a folder or a file of another kind."""
    row = "chr1\t1\t9\tx\t1\n"
    assert is_fragments(write(tmp_path / "a.tsv.gz", ["# id\n", row]))
    assert is_fragments(write(tmp_path / "b.bed", [row]))
    assert is_fragments(write(tmp_path / "s1_Fragments.tsv", ["damaged\n"]))
    assert not is_fragments(write(tmp_path / "c.tsv", ["cell\tA\tB\tC\tD\n", "x\t1\t2\t3\t4\n"]))
    assert not is_fragments(write(tmp_path / "fragments.h5ad", [row]))
    assert not is_fragments(tmp_path / "absent.tsv")
    assert not is_fragments(tmp_path)
