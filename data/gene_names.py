"""Rename genes by a table: ids to symbols, or the genes of one species to those of another.

Names match whatever their case and the version of an Ensembl id (``ENSG00000139618.15``), since
mouse symbols are often written in capitals and few tables have the versions of a file.
"""

import csv
import re
import warnings
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

from genearena.data.errors import DataError
from genearena.data.packed_text import open_text
from genearena.data.quality import BoolArray, DataNote, DataWarning, mitochondrial_genes

ENSEMBL_VERSION = re.compile(r"^(ENS[A-Z]*\d{11})\.\d+(?:_PAR_Y)?$", re.IGNORECASE)
FEW = 0.5
"""Share of genes a table should name; below it, it may be that of another species."""

Pair = tuple[str, str]


@dataclass(frozen=True, eq=False)
class MeasuredGenes:
    """The genes of a file and their counts.

    Parameters
    ----------
    names
        n gene names, unique.
    counts
        (cells, n) integers.
    mitochondrial
        (n,) which genes are mitochondrial.
    """

    names: tuple[str, ...]
    counts: sparse.csr_array
    mitochondrial: BoolArray


def sum_by_name(genes: MeasuredGenes, names: Sequence[str | None]) -> MeasuredGenes:
    """Give genes new names, summing the counts of those that share one.

    Parameters
    ----------
    genes
        n genes.
    names
        n new names, None for genes to leave out; genes keep the order of their first.
    """
    place: dict[str, int] = {}
    for name in names:
        if name is not None:
            place.setdefault(name, len(place))
    kept = np.array([i for i, name in enumerate(names) if name is not None], dtype=np.int64)
    to = np.array([place[name] for name in names if name is not None], dtype=np.int64)
    shape = (len(names), len(place))
    merge = sparse.csr_array((np.ones(len(kept), np.int64), (kept, to)), shape)
    flags = mitochondrial_genes(tuple(place))
    flags[to[genes.mitochondrial[kept]]] = True
    return MeasuredGenes(tuple(place), sparse.csr_array(genes.counts @ merge), flags)


def name_by_symbols(genes: MeasuredGenes, table: Path) -> MeasuredGenes:
    """Replace ids by the symbols a table has for them.

    An id without a symbol, or with several, keeps its own name, less the version; counts of ids
    with one symbol are summed, since every read was counted for one of them.

    Parameters
    ----------
    genes
        Genes named by ids.
    table
        Text with an id and a symbol in its first two columns, separated by tabs or commas,
        possibly gzipped; a header does no harm.

    Raises
    ------
    DataError
        If the table cannot be read or has none of the ids.

    Warns
    -----
    DataNote
        How many genes were renamed and summed.
    DataWarning
        If less than half of the genes are in the table.
    """
    pairs = read_pairs(table)
    symbols = defaultdict(set)
    for identifier, symbol in pairs:
        symbols[_key(identifier)].add(symbol)
    found = [symbols.get(_key(name), set()) for name in genes.names]
    _check_found(genes.names, [bool(of) for of in found], table, pairs, (0,))
    names = [
        next(iter(of)) if len(of) == 1 else _without_version(name)
        for of, name in zip(found, genes.names, strict=True)
    ]
    renamed = sum_by_name(genes, names)
    several = sum(len(of) > 1 for of in found)
    _note(
        f"'{table.name}' has a symbol for {sum(len(of) == 1 for of in found)} of {len(names)} ids; "
        f"{len(names) - len(renamed.names)} were summed into another of their symbol; "
        f"{sum(not of for of in found)} without a symbol and {several} with several keep their id"
    )
    return renamed


def name_by_orthologs(genes: MeasuredGenes, table: Path) -> MeasuredGenes:
    """Rename the genes of one species to those of another, and leave out the others.

    Only pairs that are one-to-one in the whole table are used, so that the same name means the
    same gene, whatever else a file measures. Mitochondrial genes stay, for quality control to
    see, which then drops them.

    Parameters
    ----------
    genes
        Genes of one species.
    table
        Text with the names of a pair of genes in its first two columns, separated by tabs or
        commas, possibly gzipped; a header does no harm. The column that names more of the genes
        is theirs (on a tie, that which names more of them in their case), and they are renamed
        to the other.

    Raises
    ------
    DataError
        If the table cannot be read, has none of the genes, or as many in either column.

    Warns
    -----
    DataNote
        How many genes were renamed and dropped, and why.
    DataWarning
        If less than half of the genes are in the table.
    """
    pairs = read_pairs(table)
    column = _own_column(genes.names, pairs, table)
    partner = {_key(pair[column]): pair[1 - column] for pair in _one_to_one(pairs)}
    listed = {_key(pair[column]) for pair in pairs}
    new = [partner.get(_key(name)) for name in genes.names]
    n_renamed = sum(name is not None for name in new)
    if not n_renamed:
        raise DataError(f"'{table}' has no one-to-one pair of these genes; give one of orthologs")
    for i in np.flatnonzero(genes.mitochondrial):
        new[i] = new[i] or genes.names[i]
    dropped = [name for name, to in zip(genes.names, new, strict=True) if to is None]
    n_several = sum(_key(name) in listed for name in dropped)
    _note(
        f"'{table.name}' renames {n_renamed} of {len(new)} genes from its {_ORDINALS[column]} to "
        f"its {_ORDINALS[1 - column]} column; dropped are {len(dropped) - n_several} it does not "
        f"have and {n_several} without a one-to-one partner"
    )
    return sum_by_name(genes, new)


def read_pairs(table: Path) -> tuple[Pair, ...]:
    """Return the distinct pairs in the first two columns of a tab- or comma-separated text.

    Raises
    ------
    DataError
        If it does not exist, is not text, or has no two columns.
    """
    try:
        with open_text(table, whole=True) as file:
            lines = [line for line in file if line.strip()]
        separator = "\t" if lines and "\t" in lines[0] else ","
        rows = [tuple(map(str.strip, row[:2])) for row in csv.reader(lines, delimiter=separator)]
    except FileNotFoundError as error:
        raise DataError(f"'{table}' does not exist; give a table of gene names") from error
    except (OSError, EOFError, zlib.error, csv.Error, ValueError) as error:
        raise DataError(f"'{table}' cannot be read as text ({error})") from error
    pairs = tuple(dict.fromkeys(row for row in rows if len(row) == 2 and all(row)))
    if not pairs:
        raise DataError(f"'{table}' has no two columns; separate them by tabs or commas")
    return pairs


_ORDINALS = ("first", "second")


def _without_version(name: str) -> str:
    return ENSEMBL_VERSION.sub(r"\1", name)


def _key(name: str) -> str:
    return _without_version(name).casefold()


def _one_to_one(pairs: Iterable[Pair]) -> list[Pair]:
    distinct = list({(_key(left), _key(right)): (left, right) for left, right in pairs}.values())
    times = [Counter(_key(pair[column]) for pair in distinct) for column in (0, 1)]
    return [p for p in distinct if times[0][_key(p[0])] == 1 and times[1][_key(p[1])] == 1]


def _own_column(names: Sequence[str], pairs: Sequence[Pair], table: Path) -> int:
    """Return the column that names the genes of the file."""
    found = [[_key(name) in of for name in names] for of in _columns(pairs, _key)]
    exact = [sum(name in of for name in names) for of in _columns(pairs, str)]
    # the letters' case tells short panels apart whose names are alike in both species
    strength = [(sum(of), same) for of, same in zip(found, exact, strict=True)]
    own = 0 if strength[0] > strength[1] else 1
    _check_found(names, found[own], table, pairs, (0, 1))
    if strength[0] == strength[1]:
        raise DataError(
            f"both columns of '{table}' name {sum(found[0])} of {len(names)} genes, so it is not "
            "known which is theirs; give a table of their species and another"
        )
    return own


def _columns(pairs: Sequence[Pair], key: Callable[[str], str]) -> list[set[str]]:
    return [{key(pair[column]) for pair in pairs} for column in (0, 1)]


def _check_found(
    names: Sequence[str],
    found: Sequence[bool],
    table: Path,
    pairs: Sequence[Pair],
    columns: tuple[int, ...],
) -> None:
    """Refuse a table that names no gene, and warn of one that names few."""
    if not any(found):
        where = " or ".join(_ORDINALS[column] for column in columns)
        # the last row: the first may be a header
        has = " and ".join(f"'{pairs[-1][column]}'" for column in columns)
        raise DataError(
            f"none of {len(names)} genes, such as '{names[0]}', is in the {where} column of "
            f"'{table}', which has names such as {has}; give the table for these names"
        )
    if sum(found) < FEW * len(found):
        message = (
            f"'{table.name}' has only {sum(found)} of {len(found)} genes, not such as "
            f"'{names[list(found).index(False)]}'; is it of this species and kind of name?"
        )
        warnings.warn(message, DataWarning, stacklevel=4)


def _note(message: str) -> None:
    warnings.warn(message, DataNote, stacklevel=3)
