"""Read the genes of a GTF file, such as those of GENCODE and Ensembl."""

import re
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from genearena.data.accessibility.text import is_position, numbered_lines
from genearena.data.errors import DataError
from genearena.data.quality import DataWarning

N_COLUMNS = 9
STRANDS = ("+", "-", ".", "?")
BIOTYPES = ("gene_type", "gene_biotype")
"""What GENCODE and Ensembl call the kind of a gene."""

EVERY_BIOTYPE = "all"

_ATTRIBUTE = re.compile(r'\s*(\S+)\s+(?:"([^"]*)"|([^;"]*))\s*(?:;|$)')


class Gene(NamedTuple):
    """A gene: bases `start` to `end` of its chromosome, counted from 0, the last not included."""

    name: str
    chromosome: str
    start: int
    end: int
    strand: str
    biotype: str = ""


def read_genes(path: Path, biotype: str = "protein_coding") -> tuple[Gene, ...]:
    """Read the lines of feature ``gene`` of a GTF file, each name once.

    A gene is named by ``gene_name`` or, where it has none, ``gene_id``. Of genes of one name the
    longest is kept, of equally long ones the first.

    Parameters
    ----------
    path
        GTF file, possibly gzipped.
    biotype
        Kind of gene to keep, by ``gene_type`` or ``gene_biotype``; ``all`` for every kind. A file
        whose genes have no kind is taken whole.

    Raises
    ------
    DataError
        If the file cannot be read, a line is damaged, or no gene is left.

    Warns
    -----
    DataWarning
        If names repeat.
    """
    genes = list(_genes(path))
    if not genes:
        raise DataError(
            f"'{path}' has no line of feature 'gene'; want the GTF of GENCODE, Ensembl or 10x"
        )
    return _one_per_name(path, _of_biotype(path, genes, biotype))


def _genes(path: Path) -> Iterator[Gene]:
    for number, line in numbered_lines(path):
        if not line or line.startswith("#"):
            continue
        try:
            gene = _parse(line)
        except ValueError as error:
            raise DataError(f"'{path}', line {number}: {error}") from error
        if gene is not None:
            yield gene


def _parse(line: str) -> Gene | None:
    """Return the gene a line tells of, None if it tells of something else."""
    columns = line.split("\t")
    if len(columns) != N_COLUMNS:
        raise ValueError(f"{len(columns)} columns, want the {N_COLUMNS} of a GTF file")
    chromosome, _, feature, first, last, _, strand, _, described = columns
    if feature != "gene":
        return None
    if not (is_position(first) and is_position(last) and 1 <= int(first) <= int(last)):
        raise ValueError(f"gene from '{first}' to '{last}', want 1 <= start <= end")
    if strand not in STRANDS:
        raise ValueError(f"strand '{strand}', want one of {' '.join(STRANDS)}")
    attributes = _attributes(described)
    name = attributes.get("gene_name") or attributes.get("gene_id")
    if not name:
        looks = " (it looks like GFF3)" if "=" in described else ""
        raise ValueError(f"gene without gene_name and gene_id{looks}, want GTF attributes")
    kind = next((attributes[key] for key in BIOTYPES if key in attributes), "")
    return Gene(name, chromosome, int(first) - 1, int(last), strand, kind)


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
        message = (
            f"'{path.name}': {len(genes) - len(kept)} genes have the name of another; of each name "
            "the longest gene is kept"
        )
        warnings.warn(message, DataWarning, stacklevel=3)
    return tuple(kept.values())
