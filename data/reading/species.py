"""Compare the species a user gives with those that the cells and genes of a file name."""

import re
import warnings
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from genearena.data.common.errors import DataError
from genearena.data.notes import DataWarning

COLUMNS = ("species", "organism")
COMMON = {"homo sapiens": "human", "mus musculus": "mouse", "rattus norvegicus": "rat"}

ENSEMBL = re.compile(r"ENS([A-Z]*)G\d{11}(?!\d)")
PREFIXES = {
    "": "human", "MUS": "mouse", "RNO": "rat", "DAR": "zebrafish", "SSC": "pig", "GAL": "chicken",
    "MMU": "macaque", "PTR": "chimpanzee", "CAF": "dog", "OCU": "rabbit", "BTA": "cow",
}  # fmt: skip
"""Letters of Ensembl's ids that tell the species of a gene."""


def check_genes(path: Path, ids: Iterable[str], species: str) -> None:
    """Compare the species all genes are read as with that of their Ensembl ids.

    Parameters
    ----------
    path
        File the genes are from.
    ids
        Names of genes, of which those that are no Ensembl ids tell nothing.
    species
        Species all of them are read as.

    Warns
    -----
    DataWarning
        If most ids are those of another species.
    """
    found = Counter(match[1] for match in map(ENSEMBL.match, ids) if match)
    if not found:
        return
    letters, most = found.most_common(1)[0]
    named = PREFIXES.get(letters, "")
    if named and named != _common(species) and 2 * most > sum(found.values()):
        message = (
            f"'{path.name}': ids of genes such as ENS{letters}G… are those of {named}, cells are "
            f"read as {species}; give --species {named}"
        )
        warnings.warn(message, DataWarning, stacklevel=3)


def check_species(path: Path, obs: Any, species: str) -> None:
    """Compare the species all cells are read as with the columns that name one.

    Parameters
    ----------
    path
        File the cells are from.
    obs
        Table of cells.
    species
        Species all of them are read as.

    Raises
    ------
    DataError
        If a column names several species.

    Warns
    -----
    DataWarning
        If a column names another species.
    """
    for column in COLUMNS:
        if column not in obs.columns:
            continue
        named = sorted({str(value) for value in obs[column].dropna() if str(value)})
        if len(named) > 1:
            raise DataError(
                f"'{path}' has cells of {len(named)} species ({', '.join(named[:4])}) read as "
                f"'{species}'; give --species-key {column}, with the --donor-key of each"
            )
        if named and _common(named[0]) != _common(species):
            message = (
                f"'{path.name}': column '{column}' says {named[0]}, cells are read as {species}"
            )
            warnings.warn(message, DataWarning, stacklevel=3)


def check_one_species(path: Path, species: set[str]) -> None:
    """Raise DataError if genes of several species would be renamed by one table of orthologs."""
    if len(species) > 1:
        raise DataError(
            f"'{path}' has cells of {', '.join(sorted(species))} over one set of genes, so these "
            "share names already; leave out --orthologs, or add each species from its own file"
        )


def _common(name: str) -> str:
    return COMMON.get(name.strip().casefold(), name.strip().casefold())
