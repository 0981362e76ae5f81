"""Notice genes where cells should be, from the names of rows and columns."""

import re
from collections.abc import Sequence
from pathlib import Path

from genearena.data.common.errors import DataError

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


def check_orientation(
    path: Path, cells: Sequence[str], genes: Sequence[str], *, transposed: bool
) -> None:
    """Refuse a table whose rows have names of genes while its columns have not.

    Parameters
    ----------
    path
        File, for messages.
    cells, genes
        Names of what is taken for cells and for genes.
    transposed
        Whether these were the columns and the rows of the file.

    Raises
    ------
    DataError
        If the names of cells are symbols of common genes, Ensembl ids or peaks, or those of genes
        are barcodes, and not the other way round.
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
