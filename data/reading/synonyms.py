"""What a name of a gene means: current symbol, previous symbol, alias or Ensembl id, by a table."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from genearena.data.common.errors import DataError
from genearena.data.reading.formats.text import letters_of
from genearena.data.reading.gene_names import without_version
from genearena.data.reading.name_tables import SYMBOLS, NameTable, kind_of, read_name_table

SEPARATORS = re.compile(r"[|;,]")
"""Between several names in a field: HGNC's files have |, its downloads commas."""


class Meaning(NamedTuple):
    """The genes that a name may stand for, and which kind of name of theirs it is, best first.

    `gene` is the only one; of several none is meant, and the name is a gene of its own.
    """

    genes: Collection[str]
    kind: int
    gene: str


def name_key(name: str) -> str:
    """Return what names are compared by: without case, and without the version of Ensembl ids."""
    return without_version(name.strip()).casefold()


class Synonyms:
    """Names of genes by a table, or without one, where a name stands for itself alone.

    Parameters
    ----------
    kinds
        Key of a name -> genes, for ids, current symbols, previous symbols and aliases, in this
        order: the first that has a name tells what it means.
    """

    def __init__(self, kinds: Sequence[Mapping[str, Collection[str]]] = ()) -> None:
        self._kinds = kinds

    def meaning(self, name: str) -> Meaning:
        """Return the genes a name stands for: itself if the table does not have it."""
        key = name_key(name)
        for kind, known in enumerate(self._kinds):
            if genes := known.get(key):
                return Meaning(genes, kind, next(iter(genes)) if len(genes) == 1 else key)
        return Meaning((key,), 0, key)

    def of(self, names: Iterable[str]) -> tuple[dict[str, tuple[str, ...]], ...]:
        """Return what it knows of the genes that some names mean, as the constructor takes it."""
        genes = {self.meaning(name).gene for name in names}
        return tuple(
            {key: tuple(sorted(of)) for key, of in known.items() if not genes.isdisjoint(of)}
            for known in self._kinds
        )

    @classmethod
    def read(cls, path: Path) -> "Synonyms":
        """Read a table as `read_name_table` does: of HGNC, BioMart, NCBI, or ids and symbols alone.

        The column of symbols is told by its heading, or beside Ensembl ids by what it holds; those
        of previous symbols and aliases by theirs ("prev…"; "alias", "synonym"). A gene may have
        several lines, and a field several names between ``|``, commas or semicolons.

        Raises
        ------
        DataError
            If it cannot be read, or has no column of symbols, or none beside it.
        """
        table = read_name_table(path)
        ids, symbols, previous, aliases = _columns(table)
        if not (ids or previous or aliases):
            raise DataError(
                f"'{path}' has symbols and nothing beside them; want Ensembl ids, or columns "
                "headed as previous symbols or aliases"
            )
        kinds = [defaultdict[str, set[str]](set) for _ in range(4)]
        for row in table.rows:
            gene = name_key(row[symbols[0]]) or next((name_key(row[p]) for p in ids if row[p]), "")
            for known, places in zip(kinds, (ids, symbols, previous, aliases), strict=True):
                for place in places if gene else ():
                    # a symbol is one name, whatever characters it has
                    names = [row[place]] if places is symbols else SEPARATORS.split(row[place])
                    for key in filter(None, map(name_key, names)):
                        known[key].add(gene)
        return cls(kinds)


def _columns(table: NameTable) -> tuple[list[int], list[int], list[int], list[int]]:
    """Return the places of ids, of symbols (one), of previous symbols and of aliases."""
    headings = [letters_of(name) for name in table.rows[0]]
    ids = [p for p in table.places if kind_of(table.column(p)) in ("id", "versioned id")]
    symbols = [p for p in table.places if headings[p] in (*SYMBOLS, "markersymbol")]
    if not symbols and ids:
        symbols = [table.symbols(ids[0])]
    if not symbols:
        raise DataError(
            f"'{table.path}' has no column headed as symbols (such as 'symbol', 'Gene name'); give "
            "one of HGNC or BioMart"
        )
    # names in full words are no symbols
    others = [p for p in table.places if p not in (*ids, *symbols) and "name" not in headings[p]]
    previous = [p for p in others if headings[p].startswith("prev")]
    aliases = [p for p in others if p not in previous and re.search("alias|synonym", headings[p])]
    return ids, symbols[:1], previous, aliases
