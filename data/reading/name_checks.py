"""Notice from names alone what is not as it is taken for: genes in rows, dates, another species."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from genearena.data.common.errors import DataError
from genearena.data.notes import warn

GENES = re.compile(r"ENS[A-Z]*G\d{11}.*|chr\w+[:_-]\d+[_-]\d+", re.IGNORECASE)
"""Ensembl ids and peaks."""
BARCODES = re.compile(r"(?:.*[^A-Za-z])?[ACGTN]{8,}(?:[^A-Za-z].*)?")
MITOCHONDRIAL = re.compile(
    r"(?:.*_)?mt[-.:](?:nd[1-6]l?|cox?[1-3i]+|cyt?-?b|atp(?:ase)?[68]|rnr[12])", re.IGNORECASE
)
EVERYWHERE = re.compile(
    "RP[LS][0-9]{1,2}|ACTB|ACTG1|B2M|EEF1A1|EEF2|FTH1|FTL1?|GAPDH|HSP90AB1|HSPA8|MALAT1|NPM1|PPIA|"
    "PTMA|TMSB4X|TMSB10|TPT1|UBA52|UBC|VIM",
    re.IGNORECASE,
)
"""Symbols of genes that are measured in most tissues, in human and mouse."""
FEW, MOST = 2, 0.5
"""Such symbols, and the share of names of another kind, that tell what all names are."""

MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec"
DATES = re.compile(
    rf"\d{{1,4}}[-/. ](?:{MONTHS})(?:[-/. ]\d{{2,4}})?|(?:{MONTHS})[-/. ]\d{{1,4}}|"
    r"\d{4}-\d{2}-\d{2}(?: 00:00:00)?|\d{1,2}/\d{1,2}/\d{2,4}|\d+(?:\.\d+)?E\+\d+",
    re.IGNORECASE,
)

SPECIES_COLUMNS = ("species", "organism")
COMMON = {"homo sapiens": "human", "mus musculus": "mouse", "rattus norvegicus": "rat"}
ENSEMBL = re.compile(r"ENS([A-Z]*)G\d{11}(?!\d)")
PREFIXES = {
    "": "human", "MUS": "mouse", "RNO": "rat", "DAR": "zebrafish", "SSC": "pig", "GAL": "chicken",
    "MMU": "macaque", "PTR": "chimpanzee", "CAF": "dog", "OCU": "rabbit", "BTA": "cow",
}  # fmt: skip
"""Letters of Ensembl's ids that tell the species of a gene."""


def check_orientation(
    path: Path, cells: Sequence[str], genes: Sequence[str], *, transposed: bool
) -> None:
    """Refuse a table whose rows have names of genes while its columns have not.

    That is, the names of what is taken for cells are symbols of common genes, Ensembl ids or peaks,
    or those of genes are barcodes, and not the other way round. `transposed` tells the message
    whether they were the columns and the rows of the file. It is a DataError.
    """
    if not cells or not genes or _gene(genes) is not None:
        return
    gene = _gene(cells)
    if gene is None and _share(BARCODES, genes) > MOST > _share(BARCODES, cells):
        gene = cells[0]
    if gene is not None:
        places = ("columns", "rows", "leave out") if transposed else ("rows", "columns", "add")
        raise DataError(
            f"'{path}' has genes such as '{gene}' in its {places[0]} and cells such as "
            f"'{genes[0]}' in its {places[1]}; {places[2]} --transpose"
        )


def check_not_dates(path: Path, genes: Sequence[str]) -> None:
    """Warn of names that a spreadsheet has changed: MARCH1 to 1-Mar, 2310009E13 to 2.31E+19."""
    changed = [gene for gene in genes if DATES.fullmatch(gene)]
    if changed:
        shown = ", ".join(f"'{gene}'" for gene in changed[:3]) + ", …" * (len(changed) > 3)
        warn(
            f"'{path.name}': genes have names that Excel makes of others ({len(changed)}: {shown}),"
            " so they match no other data; give them their names again (1-Mar may be MARCHF1)"
        )


def check_genes(path: Path, ids: Iterable[str], species: str) -> None:
    """Warn if most Ensembl ids among names of genes are those of another species."""
    found = Counter(match[1] for match in map(ENSEMBL.match, ids) if match)
    if not found:
        return
    letters, most = found.most_common(1)[0]
    named = PREFIXES.get(letters, "")
    if named and named != _common(species) and 2 * most > sum(found.values()):
        warn(
            f"'{path.name}': ids of genes such as ENS{letters}G… are those of {named}, cells are "
            f"read as {species}; give --species {named}"
        )


def check_species(path: Path, obs: Any, species: str) -> None:
    """Compare the species all cells are read as with the columns of `obs` that name one.

    One that names another is warned of; one that names several raises DataError.
    """
    for column in SPECIES_COLUMNS:
        if column not in obs.columns:
            continue
        named = sorted({str(value) for value in obs[column].dropna() if str(value)})
        if len(named) > 1:
            raise DataError(
                f"'{path}' has cells of {len(named)} species ({', '.join(named[:4])}) read as "
                f"'{species}'; give --species-key {column}, with the --donor-key of each"
            )
        if named and _common(named[0]) != _common(species):
            warn(f"'{path.name}': column '{column}' says {named[0]}, cells are read as {species}")


def check_one_species(path: Path, species: set[str]) -> None:
    """Raise DataError if genes of several species would be renamed by one table of orthologs."""
    if len(species) > 1:
        raise DataError(
            f"'{path}' has cells of {', '.join(sorted(species))} over one set of genes, so these "
            "share names already; leave out --orthologs, or add each species from its own file"
        )


def _gene(names: Sequence[str]) -> str | None:
    """Return one of the names that tell that all are those of genes, None if they do not."""
    told = next(filter(MITOCHONDRIAL.fullmatch, names), None)
    common = [name for name in names if EVERYWHERE.fullmatch(name)]
    if told is None and len(common) >= FEW:
        return common[0]
    if told is None and _share(GENES, names) > MOST:
        return next(filter(GENES.fullmatch, names))
    return told


def _share(kind: re.Pattern[str], names: Sequence[str]) -> float:
    return sum(kind.fullmatch(name) is not None for name in names) / max(len(names), 1)


def _common(name: str) -> str:
    return COMMON.get(name.strip().casefold(), name.strip().casefold())
