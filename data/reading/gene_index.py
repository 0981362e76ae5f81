"""Tell whether the index of genes holds names, and leave out genes without one."""

import re
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from genearena.data.common.errors import DataError
from genearena.data.notes import DataNote, DataWarning
from genearena.data.reading.renaming import MeasuredGenes, some_genes

NAME_COLUMNS = (
    "gene_symbols",
    "gene_symbol",
    "feature_name",
    "gene_name",
    "gene_names",
    "symbol",
    "gene",
    "var_names",
    "feature_id",
    "gene_ids",
    "gene_id",
    "ensembl_id",
    "accession",
)
"""Where files keep names, symbols first; in lower case."""
COUNTERS = ("soma_joinid",)
"""Names of indices that number genes: the Census client's."""
PROBES = "probe_ids"
NAMELESS = ("", "-", "--", "---", ".")
"""What tables write for a gene without a name."""
MISSING = ("na", "nan", "n/a", "none", "null")
"""What programs write for a missing value, in lower case."""
DISTINCT = 0.5
"""Share of different values that names have at least."""

_NUMBERED = re.compile(r"([VX]?)(\d{1,9})")


def naming_column(path: Path, var: Any) -> str | None:
    """Return the column that names the genes where the index numbers them, None where it names.

    ``0``, ``1``, ``2``… are what AnnData writes without names, and ``V1``, ``V2``… what R does.
    Names of Entrez are numbers too, but never one after the other.

    Parameters
    ----------
    path
        File, for messages.
    var
        Table of the genes.

    Raises
    ------
    DataError
        If genes are numbered and it is not known which column has their names.

    Warns
    -----
    DataNote
        If a column is taken, or all names are numbers.
    """
    index = [str(name) for name in var.index]
    if not is_numbered(var):
        if index and all(map(str.isdecimal, index)):
            _note(f"names of genes are numbers such as '{index[0]}', taken for those of Entrez")
        return None
    texts = [column for column in var.columns if _holds_names(var[column])]
    lower = {str(column).lower(): column for column in reversed(texts)}
    known = [lower[name] for name in NAME_COLUMNS if name in lower]
    if not known and len(texts) != 1:
        have = ", ".join(f"'{column}'" for column in texts) or "none"
        raise DataError(
            f"'{path}': genes are numbered {index[0]} to {index[-1]}, not named; add --gene-key "
            f"and a column with their names, of which it has {have}"
        )
    column = str((known or texts)[0])
    _note(f"genes are numbered in the index and named by their column '{column}' (--gene-key)")
    return column


def is_numbered(var: Any) -> bool:
    """Return whether the index of a table of genes only numbers them."""
    return var.index.name in COUNTERS or _are_positions([str(name) for name in var.index])


def warn_of_probes(path: Path, var: Any) -> None:
    """Warn if the genes of a table are probes, several of which may be of one gene."""
    if PROBES in var.columns:
        genes = next((c for c in ("gene_name", "gene_ids") if c in var.columns), "COLUMN")
        message = (
            f"'{path.name}' counts {len(var)} probes, not genes; --gene-key {genes} sums those of "
            "a gene"
        )
        warnings.warn(message, DataWarning, stacklevel=3)


def clean_names(names: Iterable[object]) -> list[str]:
    """Return names without blanks around them, nothing where they only say that there is none.

    A gene may be called ``NA`` or ``nan``, several may not.
    """
    texts = [str(name).strip() for name in names]
    times = Counter(texts)
    nameless = {text for text in times if text in NAMELESS}
    nameless |= {text for text, n in times.items() if n > 1 and text.lower() in MISSING}
    return ["" if text in nameless else text for text in texts]


def drop_nameless(path: Path, genes: MeasuredGenes) -> MeasuredGenes:
    """Leave out genes whose name is empty.

    Raises
    ------
    DataError
        If none has a name.

    Warns
    -----
    DataWarning
        How many they are.
    """
    n_named = sum(map(bool, genes.names))
    if n_named == len(genes.names):
        return genes
    if not n_named:
        raise DataError(f"'{path}': no gene has a name; give --gene-key, or a file with names")
    message = (
        f"'{path.name}': {len(genes.names) - n_named} of {len(genes.names)} genes have no name and "
        "are left out"
    )
    warnings.warn(message, DataWarning, stacklevel=3)
    return some_genes(genes, [name or None for name in genes.names])


def _are_positions(index: Sequence[str]) -> bool:
    found = [_NUMBERED.fullmatch(name) for name in index]
    parts = [(of[1], int(of[2])) for of in found if of]
    if len(parts) < max(len(index), 2):
        return False
    prefix, first = parts[0]
    return parts == [(prefix, number) for number in range(first, first + len(parts))]


def _holds_names(values: Any) -> bool:
    """Return whether a column has text that tells most genes apart."""
    texts = [str(value) for value in values.dropna()]
    if not any(isinstance(value, str) for value in values) or all(map(str.isdecimal, texts)):
        return False
    return len(set(texts)) > DISTINCT * len(values)


def _note(message: str) -> None:
    warnings.warn(message, DataNote, stacklevel=4)
