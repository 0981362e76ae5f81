"""Overlaps of intervals and regions, against loops over both."""

import numpy as np
import pytest
from atac_files import overlap, random_genes, span
from hypothesis import given
from hypothesis import strategies as st

from genearena.data.accessibility.gtf import Gene
from genearena.data.accessibility.regions import Chromosome, GeneRegions, chromosome_key


def pairs(chromosome, intervals):
    starts, ends = (np.array(side, dtype=np.int64) for side in zip(*intervals, strict=True))
    found = list(zip(*chromosome.overlaps(starts, ends), strict=True))
    assert len(set(found)) == len(found), "a pair came twice"
    return sorted(found)


intervals = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda it: (it[0], it[0] + it[1])),
    min_size=1,
    max_size=12,
)


@given(regions=intervals, asked=intervals)
def test_overlaps_are_those_of_a_loop(regions, asked):
    """Whatever the regions, nested, equal or touching, every overlapping pair comes once."""
    starts, ends = (np.array(side, dtype=np.int64) for side in zip(*regions, strict=True))
    chromosome = Chromosome.of(np.arange(len(regions)), starts, ends)
    want = [
        (i, g)
        for i, (start, end) in enumerate(asked)
        for g, (first, last) in enumerate(regions)
        if set(range(start, end)) & set(range(first, last))
    ]
    assert pairs(chromosome, asked) == want


@pytest.mark.parametrize("promoter", [0, 1, 2000])
def test_regions_hold_body_and_promoter(promoter):
    """Single bases around both edges of regions of either strand are in or out as they should."""
    genes = random_genes(1)
    regions = GeneRegions.of(
        [Gene(n, c, first - 1, last, strand) for n, c, first, last, strand in genes], promoter
    )
    for place, gene in enumerate(genes):
        first, last = span(gene, promoter)
        bases = [b for b in (first - 2, first - 1, first, last - 1, last) if b >= 0]
        found = pairs(regions.chromosome(gene[1]), [(b, b + 1) for b in bases])
        own = [bases[i] for i, g in found if g == place]
        assert own == [b for b in bases if overlap(gene, promoter, b, b + 1)]
        assert own == [b for b in bases if first <= b + 1 <= last]


def test_promoter_lies_upstream():
    """It extends a + gene to the left, not below 0, a - gene to the right, others not at all."""
    genes = [Gene("P", "1", 3000, 4000, "+"), Gene("M", "2", 3000, 4000, "-")]
    genes += [Gene("U", "3", 3000, 4000, "."), Gene("Z", "4", 500, 600, "+")]
    regions = GeneRegions.of(genes, 2000)
    spans = {key: (int(one.cuts[0]), int(one.cuts[-1])) for key, one in regions.chromosomes.items()}
    assert spans == {"1": (1000, 4000), "2": (3000, 6000), "3": (3000, 4000), "4": (0, 600)}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("chr1", "1", True),
        ("Chr1", "chr1", True),
        ("chrM", "MT", True),
        ("chrMT", "M", True),
        ("chrX", "X", True),
        ("chr1", "chr11", False),
        ("chrom", "m", False),
        ("chr", "", False),
        ("chr1_KI270706v1_random", "KI270706.1", False),
    ],
)
def test_chromosome_names(one, other, same):
    """Names with and without chr, M and MT are the same; contigs keep theirs."""
    assert (chromosome_key(one) == chromosome_key(other)) is same
