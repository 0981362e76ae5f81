"""Read the genes of a GTF file, such as those of GENCODE and Ensembl."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from genearena.data.common.errors import DataError
from genearena.data.notes import warn
from genearena.data.reading.formats.text import numbered_lines

N_COLUMNS = 9
MOST_DIGITS = 18
STRANDS = ("+", "-", ".", "?")
BIOTYPES = ("gene_type", "gene_biotype")
"""What GENCODE and Ensembl call the kind of a gene."""
PARTS = ("transcript", "exon", "CDS")
KINDS_OF_PARTS = (*BIOTYPES, "transcript_type", "transcript_biotype")
CODING = "protein_coding"

EVERY_BIOTYPE = "all"

_ATTRIBUTE = re.compile(r'\s*(\S+)\s+(?:"([^"]*)"|([^;"]*))\s*(?:;|$)')


def is_position(text: str) -> bool:
    """Return whether a text is a whole number that an int64 holds, with room for a promoter."""
    return text.isdecimal() and len(text) <= MOST_DIGITS


class Gene(NamedTuple):
    """A gene: bases `start` to `end` of its chromosome, counted from 0, the last not included."""

    name: str
    chromosome: str
    start: int
    end: int
    strand: str
    biotype: str = ""


def read_genes(path: Path, biotype: str = "protein_coding") -> tuple[Gene, ...]:
    """Read the genes of a GTF file, each name once.

    They are the lines of feature ``gene`` or, in a file without any, as UCSC and once Ensembl
    wrote them, reach from the first to the last base of what has one ``gene_id`` on a strand of a
    chromosome. A gene is named by ``gene_name`` or, where it has none, ``gene_id``. Of genes of one
    name the longest is kept, of equally long ones the first, with a warning.

    Parameters
    ----------
    path
        GTF file, possibly gzipped.
    biotype
        Kind of gene to keep, by ``gene_type`` or ``gene_biotype``; ``all`` for every kind. A gene
        made of parts has the kind of these, by the same, their transcript's or the second column,
        where Ensembl once wrote it, and codes for a protein if any does. A file whose genes have
        no kind is taken whole.

    Raises
    ------
    DataError
        If the file cannot be read, a line is damaged, or no gene is left.
    """
    genes = _genes(path)
    if not genes:
        raise DataError(
            f"'{path}' has no line of feature gene, {', '.join(PARTS)}; want a GTF of genes"
        )
    return _one_per_name(path, _of_biotype(path, genes, biotype))


def _genes(path: Path) -> list[Gene]:
    genes: list[Gene] = []
    joined = _JoinedParts()
    for number, line in numbered_lines(path):
        if not line or line.startswith("#"):
            continue
        columns = line.split("\t")
        try:
            if len(columns) != N_COLUMNS:
                raise ValueError(f"{len(columns)} columns, want the {N_COLUMNS} of a GTF file")
            if columns[2] == "gene":
                genes.append(_parse(columns, BIOTYPES)[1])
            elif columns[2] in PARTS and not genes:
                joined.add(*_parse(columns, KINDS_OF_PARTS), source=columns[1])
        except ValueError as error:
            raise DataError(f"'{path}', line {number}: {error}") from error
    return genes or joined.genes()


def _parse(columns: Sequence[str], kinds: Sequence[str]) -> tuple[str, Gene]:
    """Return the id of the gene that a line tells of, and the gene as far as it reaches."""
    chromosome, _, feature, first, last, _, strand, _, described = columns
    if not (is_position(first) and is_position(last) and 1 <= int(first) <= int(last)):
        raise ValueError(f"{feature} from '{first}' to '{last}', want 1 <= start <= end")
    if strand not in STRANDS:
        raise ValueError(f"strand '{strand}', want one of {' '.join(STRANDS)}")
    attributes = _attributes(described)
    name = attributes.get("gene_name") or attributes.get("gene_id")
    if not name:
        looks = " (it looks like GFF3)" if "=" in described else ""
        raise ValueError(f"{feature} without gene_name and gene_id{looks}, want GTF attributes")
    kind = next((attributes[key] for key in kinds if key in attributes), "")
    gene = Gene(name, chromosome, int(first) - 1, int(last), strand, kind)
    return attributes.get("gene_id", name), gene


class _JoinedParts:
    """Genes that reach from the first base of their parts to the last."""

    def __init__(self) -> None:
        self._genes: dict[tuple[str, str, str], Gene] = {}
        self._kinds: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        self._sources: dict[tuple[str, str, str], set[str]] = defaultdict(set)

    def add(self, gene_id: str, part: Gene, source: str) -> None:
        """Let a gene reach over a part of it."""
        key = (gene_id, part.chromosome, part.strand)
        gene = self._genes.get(key, part)
        start, end = min(gene.start, part.start), max(gene.end, part.end)
        self._genes[key] = gene._replace(start=start, end=end)
        self._kinds[key].update(filter(None, [part.biotype]))
        self._sources[key].add(source)

    def genes(self) -> list[Gene]:
        """Return them in the order of their first parts."""
        kinds = self._kinds
        if not any(kinds.values()) and any(CODING in of for of in self._sources.values()):
            kinds = self._sources  # where Ensembl once wrote them
        chosen = {key: CODING if CODING in of else min(of, default="") for key, of in kinds.items()}
        return [gene._replace(biotype=chosen[key]) for key, gene in self._genes.items()]


def _attributes(described: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, quoted, bare in _ATTRIBUTE.findall(described):
        found.setdefault(key, quoted or bare.strip())
    return found


def _of_biotype(path: Path, genes: list[Gene], biotype: str) -> list[Gene]:
    kinds = Counter(gene.biotype for gene in genes if gene.biotype)
    if biotype == EVERY_BIOTYPE or not kinds:
        return genes
    if biotype not in kinds:
        have = ", ".join(kind for kind, _ in kinds.most_common(8))
        raise DataError(f"'{path}' has no gene of biotype '{biotype}'; it has {have}")
    return [gene for gene in genes if gene.biotype == biotype]


def _one_per_name(path: Path, genes: Sequence[Gene]) -> tuple[Gene, ...]:
    kept: dict[str, Gene] = {}
    for gene in genes:
        other = kept.get(gene.name)
        if other is None or gene.end - gene.start > other.end - other.start:
            kept[gene.name] = gene
    if len(kept) < len(genes):
        warn(
            f"'{path.name}': {len(genes) - len(kept)} genes have the name of another; of each name "
            "the longest gene is kept"
        )
    return tuple(kept.values())
