"""Counts of genes from those of peaks, against a loop."""

from pathlib import Path

import numpy as np
import pytest
from atac_files import overlap, random_genes
from scipy import sparse

from genearena.data.accessibility.gene_activity import ActivityOptions, holds_peaks, sum_peaks
from genearena.data.accessibility.gtf import Gene
from genearena.data.accessibility.regions import GeneRegions
from genearena.data.common.errors import DataError

FILE = Path("peaks.h5ad")


def regions_of(genes, promoter):
    return GeneRegions.of(
        [Gene(n, c, first - 1, last, strand) for n, c, first, last, strand in genes], promoter
    )


@pytest.mark.parametrize("promoter", [0, 2000])
def test_sums_are_those_of_a_loop(promoter):
    """A gene's count is the sum of the peaks that overlap its body or promoter, each in full."""
    rng = np.random.default_rng(0)
    genes = random_genes(4)
    peaks = [
        (f"chr{c}", int(s), int(s + k))
        for c, s, k in zip(
            rng.choice(["1", "2", "M", "Un"], 150),
            rng.integers(0, 70_000, 150),
            rng.integers(1, 900, 150),
            strict=True,
        )
    ]
    counts = rng.poisson(0.5, (9, 150))
    want = np.zeros((9, len(genes)), dtype=int)
    for g, gene in enumerate(genes):
        for p, (chromosome, start, end) in enumerate(peaks):
            if chromosome == gene[1] and overlap(gene, promoter, start, end):
                want[:, g] += counts[:, p]
    names = [f"{c}:{s}-{e}" for c, s, e in peaks]
    found = sum_peaks(FILE, sparse.csr_array(counts), names, regions_of(genes, promoter))
    assert want.any()
    np.testing.assert_array_equal(found.toarray(), want)


def test_names_of_peaks():
    """The field's three spellings are peaks; genes, also numbered ones, are not."""
    with_gtf, without = ActivityOptions(Path("genes.gtf")), ActivityOptions()
    peaks = ("chr1:1-2", "1:10-20", "GL1.1-5-9", "chr1_7_8", "KI_1v1:5-9")
    assert holds_peaks(FILE, peaks, "scatac", with_gtf)
    for gene in ("TP53", "HLA-A", "chr1:5", "LOC100", "chr1:a-b", "MIR7-3HG", "chr1:1-2 "):
        assert not holds_peaks(FILE, ("chr1:1-2", gene), "scatac", without)


@pytest.mark.parametrize("name", ["chr1:20-20", "chr1:20-10"])
def test_peak_that_ends_before_it_starts(name):
    """It is named in the message."""
    with pytest.raises(DataError, match=f"'{name}' is no peak"):
        sum_peaks(FILE, sparse.csr_array([[1]]), [name], regions_of(random_genes(4), 0))


def test_nothing_matches():
    """Foreign chromosomes and another assembly are told apart."""
    regions = regions_of([("A", "1", 100, 200, "+")], 0)
    with pytest.raises(DataError, match=r"share no chromosome: NC_1, NC_2, NC_3, … against 1"):
        sum_peaks(FILE, sparse.csr_array([[1] * 4]), [f"NC_{i}:1-9" for i in (1, 2, 3, 4)], regions)
    with pytest.raises(DataError, match="none of 2 peaks overlaps a gene"):
        sum_peaks(FILE, sparse.csr_array([[1, 1]]), ["chr1:90-99", "chr1:200-300"], regions)
