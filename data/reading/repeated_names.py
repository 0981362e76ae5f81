"""Give every gene a name of its own: ids without their versions, one gene of each name."""

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from genearena.data.common.errors import DataError
from genearena.data.notes import DataNote
from genearena.data.reading.name_tables import without_version
from genearena.data.reading.renaming import MeasuredGenes, sum_by_name

Duplicates = Literal["sum", "keep", "refuse"]


def settle_names(
    path: Path, genes: MeasuredGenes, duplicates: Duplicates, unique_columns: Sequence[str] = ()
) -> MeasuredGenes:
    """Leave out the versions of Ensembl ids, and settle what becomes of genes of one name.

    Parameters
    ----------
    path
        File, for messages.
    genes
        Genes whose names may repeat.
    duplicates
        ``sum`` to sum their counts; ``keep`` to number them from the second on, as scanpy does
        (``GENE``, ``GENE-1``), or leave the versions that tell them apart; ``refuse``.
    unique_columns
        Columns of the file that name every gene otherwise, for messages.

    Raises
    ------
    DataError
        If names repeat and are to be refused.

    Warns
    -----
    DataNote
        How many versions were left out, and how many genes were summed or numbered.
    """
    names = [without_version(name) for name in genes.names]
    times = Counter(names)
    n_repeats = len(names) - len(times)
    if n_repeats and duplicates == "refuse":
        raise DataError(_refusal(path, times, unique_columns))
    if n_repeats and duplicates == "keep":
        own = zip(names, genes.names, strict=True)
        names = _numbered([full if times[name] > 1 else name for name, full in own])
    changed = [pair for pair in zip(genes.names, names, strict=True) if pair[0] != pair[1]]
    versions = [pair for pair in changed if without_version(pair[0]) == pair[1]]
    if versions:
        was, now = versions[0]
        _note(f"Ensembl ids are read without their versions ({len(versions)}: '{was}' as '{now}')")
    if n_repeats:
        did = "summed into the first" if duplicates == "sum" else "kept apart from the first"
        twice = times.most_common(1)[0][0]
        _note(f"genes {did} of their name: {n_repeats}, such as '{twice}' (--duplicates)")
    if len(set(names)) == len(names):
        return replace(genes, names=tuple(names))
    return sum_by_name(genes, names)


def _numbered(names: list[str]) -> list[str]:
    import pandas as pd
    from anndata.utils import make_index_unique

    return list(make_index_unique(pd.Index(names, dtype=object)))


def _refusal(path: Path, times: Counter[str], unique_columns: Sequence[str]) -> str:
    gene, most = times.most_common(1)[0]
    other = f" ({' or '.join(map(repr, unique_columns))} is unique)" if unique_columns else ""
    return (
        f"'{path}': gene '{gene}' appears {most} times; give --duplicates sum or keep, or name "
        f"genes by another column with --gene-key{other}"
    )


def _note(message: str) -> None:
    warnings.warn(message, DataNote, stacklevel=4)
