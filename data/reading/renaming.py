"""Rename genes by a table: ids to symbols, or the genes of one species to those of another.

Names match whatever their case and the version of an Ensembl id (``ENSG00000139618.15``), since
mouse symbols are often written in capitals and few tables have the versions of a file.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import permutations
from pathlib import Path
from typing import NamedTuple

import numpy as np

from genearena.data.common.errors import DataError
from genearena.data.notes import note, warn
from genearena.data.reading.gene_names import MeasuredGenes, sum_by_name, without_version
from genearena.data.reading.name_tables import NameTable, kind_of, read_name_table

FEW = 0.5
"""Share of genes a table should name; below it, it may be that of another species."""

Pair = tuple[str, str]


def name_by_symbols(genes: MeasuredGenes, table: Path) -> MeasuredGenes:
    """Replace ids by the symbols a table has for them, and note how many.

    An id without a symbol, or with several, keeps its own name, less the version; counts of ids
    with one symbol are summed, since every read was counted for one of them. The column with most
    of the genes has their ids; that of symbols is told by its header, or else by what it holds.

    Raises
    ------
    DataError
        If the table cannot be read, see `name_tables`, or has none of the ids or no symbols.
    """
    found = symbols_for(genes.names, table)
    names = [
        next(iter(of)) if len(of) == 1 else without_version(name)
        for of, name in zip(found, genes.names, strict=True)
    ]
    renamed = sum_by_name(genes, names)
    several = sum(len(of) > 1 for of in found)
    note(
        f"'{table.name}' has a symbol for {sum(len(of) == 1 for of in found)} of {len(names)} ids; "
        f"{len(names) - len(renamed.names)} were summed into another of their symbol; "
        f"{sum(not of for of in found)} without a symbol and {several} with several keep their id"
    )
    return renamed


def name_by_orthologs(genes: MeasuredGenes, table: Path) -> MeasuredGenes:
    """Rename the genes of one species to those of another, leave out the others, and note it.

    The table has the names of a pair of genes in every line. Only pairs that are one-to-one in all
    of it are used, so that the same name means the same gene, whatever else a file measures.
    Mitochondrial genes stay, for quality control to see, which then drops them.

    The column that names more of the genes is theirs (on a tie, that which names more of them in
    their case); they are renamed to the other, and of several others to the one that has names of
    the same kind: ids for ids, symbols for symbols.

    Raises
    ------
    DataError
        If the table cannot be read, has none of the genes, as many in either column, or several
        columns or none to rename them to.
    """
    found = orthologs_for(genes.names, table)
    new = list(found.partners)
    for i in np.flatnonzero(genes.mitochondrial):
        new[i] = new[i] or genes.names[i]
    note(found.told([to is None for to in new]))
    return sum_by_name(genes, new)


def symbols_for(names: Sequence[str], table: Path) -> list[set[str]]:
    """Return the symbols a table has for each of some ids; DataError as for `name_by_symbols`."""
    read = read_name_table(table)
    own, _ = _own_column(names, read)
    symbols = defaultdict(set)
    for identifier, symbol in read.pairs(own, read.symbols(own)):
        symbols[_key(identifier)].add(symbol)
    return [symbols.get(_key(name), set()) for name in names]


class Orthologs(NamedTuple):
    """What a table has for each of some genes: its partner, None without one.

    `listed` tells which genes the table has at all, `columns` which two of the table were used.
    """

    partners: tuple[str | None, ...]
    listed: tuple[bool, ...]
    table: str
    columns: tuple[int, int]

    def told(self, dropped: Sequence[bool]) -> str:
        """Return what is noted of genes that were renamed, and of those that were dropped."""
        own, other = map(_ordinal, self.columns)
        several = sum(gone and has for gone, has in zip(dropped, self.listed, strict=True))
        return (
            f"'{self.table}' renames {sum(to is not None for to in self.partners)} of "
            f"{len(self.partners)} genes from its {own} to its {other} column; dropped are "
            f"{sum(dropped) - several} it does not have and {several} without a one-to-one partner"
        )


def orthologs_for(names: Sequence[str], table: Path) -> Orthologs:
    """Return the one-to-one partners of genes; DataError as for `name_by_orthologs`."""
    read = read_name_table(table)
    own, tied = _own_column(names, read)
    if tied:
        raise DataError(
            f"both columns of '{table}' name as many of {len(names)} genes, so it is not "
            "known which is theirs; give a table of their species and another"
        )
    other = read.partners(own)
    pairs = read.pairs(own, other)
    partner = {_key(name): to for name, to in _one_to_one(pairs)}
    listed = {_key(name) for name, _ in pairs}
    partners = tuple(partner.get(_key(name)) for name in names)
    if not any(partners):
        raise DataError(f"'{table}' has no one-to-one pair of these genes; give one of orthologs")
    known = tuple(_key(name) in listed for name in names)
    return Orthologs(partners, known, table.name, (own, other))


def ortholog_pairs(
    first: Sequence[str], second: Sequence[str], table: Path | None
) -> list[tuple[int, int]]:
    """Return the places of one-to-one orthologs in the names of genes of two species.

    Of a table those two columns are used that give most pairs. Without one, genes of the same name
    are taken for orthologs, in any case.

    Raises
    ------
    DataError
        If the table cannot be read or has no pair of these genes.
    """
    ours, theirs = ({_key(name): i for i, name in enumerate(of)} for of in (first, second))
    if table is None:
        return [(place, theirs[key]) for key, place in ours.items() if key in theirs]
    read = read_name_table(table)
    found: list[tuple[int, int]] = []
    for columns in permutations(read.places, 2):
        keys = ((_key(a), _key(b)) for a, b in _one_to_one(read.pairs(*columns)))
        pairs = [(ours[a], theirs[b]) for a, b in keys if a in ours and b in theirs]
        found = max(found, pairs, key=len)
    if not found:
        raise DataError(
            f"'{table}' has no pair of genes such as '{first[0]}' and '{second[0]}'; give a table "
            "of the orthologs of the two species by these names"
        )
    return found


_ORDINALS = ("first", "second", "third", "fourth")


def _key(name: str) -> str:
    return without_version(name).casefold()


def _one_to_one(pairs: Iterable[Pair]) -> list[Pair]:
    distinct = list({(_key(left), _key(right)): (left, right) for left, right in pairs}.values())
    times = [Counter(_key(pair[column]) for pair in distinct) for column in (0, 1)]
    return [p for p in distinct if times[0][_key(p[0])] == 1 and times[1][_key(p[1])] == 1]


def _own_column(names: Sequence[str], table: NameTable) -> tuple[int, bool]:
    """Return the column that names the genes of the file, and whether another does so as well."""
    columns = {place: table.column(place) for place in table.places}
    strength = {}
    for place, listed in columns.items():
        keys, exact = set(map(_key, listed)), set(listed)
        # the letters' case tells short panels apart whose names are alike in both species
        found = [sum(_key(name) in keys for name in names), sum(name in exact for name in names)]
        strength[place] = (*found, -place)
    own, *others = sorted(columns, key=strength.__getitem__, reverse=True)
    keys = set(map(_key, columns[own]))
    _check_found(names, [_key(name) in keys for name in names], table)
    tied = [p for p in others if strength[p][:2] == strength[own][:2]]
    kind = kind_of(columns[own])
    return own, any(kind_of(columns[place]) == kind for place in tied)


def _check_found(names: Sequence[str], found: Sequence[bool], table: NameTable) -> None:
    """Refuse a table that names no gene, and warn of one that names few."""
    if not any(found):
        # the last row: the first may be a header
        has = " and ".join(f"'{name}'" for name in table.rows[-1] if name)
        raise DataError(
            f"none of {len(names)} genes, such as '{names[0]}', is in '{table.path}', which has "
            f"names such as {has}; give the table for these names"
        )
    if sum(found) < FEW * len(found):
        warn(
            f"'{table.path.name}' has only {sum(found)} of {len(found)} genes, not such as "
            f"'{names[list(found).index(False)]}'; is it of this species and kind of name?"
        )


def _ordinal(place: int) -> str:
    return _ORDINALS[place] if place < len(_ORDINALS) else f"{place + 1}th"
