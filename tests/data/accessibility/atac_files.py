"""Made-up genes, fragments and their files, for the tests of what reads them."""

import gzip

import numpy as np


def gtf_line(chromosome, first, last, strand, attributes, feature="gene"):
    return f"{chromosome}\tmade-up\t{feature}\t{first}\t{last}\t.\t{strand}\t.\t{attributes}\n"


def gene_line(name, chromosome, first, last, strand, kind="protein_coding"):
    attributes = f'gene_id "ENS{name}"; gene_name "{name}"; gene_type "{kind}";'
    return gtf_line(chromosome, first, last, strand, attributes)


def write(path, lines):
    """Write lines to a file, gzipped if it is named so."""
    text = "".join(lines).encode()
    path.write_bytes(gzip.compress(text) if path.name.endswith(".gz") else text)
    return path


def random_genes(seed, n=40, chromosomes=("chr1", "chr2", "chrM"), length=60_000):
    """Genes of very different lengths, many within each other: (name, chromosome, span, strand)."""
    rng = np.random.default_rng(seed)
    genes = []
    for i in range(n):
        first = int(rng.integers(1, length))
        last = first + int(rng.lognormal(7, 1.5))
        genes.append((f"N{i}", chromosomes[i % len(chromosomes)], first, last, "+-."[i % 3]))
    return genes


def random_fragments(seed, n=3000, cells=12, chromosomes=("chr1", "chr2", "chrM"), length=70_000):
    """Fragments in no order: (chromosome, start, end, barcode)."""
    rng = np.random.default_rng(seed)
    where, cell = rng.integers(len(chromosomes), size=n), rng.integers(cells, size=n)
    start, size = rng.integers(0, length, n), rng.integers(1, 900, n)
    return [
        (chromosomes[c], int(s), int(s + k), f"CELL{b:02d}-1")
        for c, s, k, b in zip(where, start, size, cell, strict=True)
    ]


def write_fragments(path, fragments):
    lines = [f"{c}\t{s}\t{e}\t{b}\t2\n" for c, s, e, b in fragments]
    return write(path, ["# id=made-up\n", *lines])


def span(gene, promoter):
    """Return the first base of a gene's region and the last, both counted from 1."""
    _, _, first, last, strand = gene
    before, after = promoter * (strand == "+"), promoter * (strand == "-")
    return max(first - before, 1), last + after


def overlap(gene, promoter, start, end):
    """Return whether any base of the interval is one of the gene's region."""
    first, last = span(gene, promoter)
    return start + 1 <= last and end >= first
