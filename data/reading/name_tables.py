"""Read tables that name genes in several ways, and tell what each of their columns holds."""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from genearena.data.common.errors import DataError
from genearena.data.reading.formats.text import (
    is_number,
    letters_of,
    open_text,
    separator_of,
    split_line,
)
from genearena.data.reading.gene_names import ENSEMBL_VERSION

IDS = re.compile(r"ENS[A-Z]*G\d{11}|FBgn\d{7}|WBGene\d{8}", re.IGNORECASE)
SYMBOLS = (
    "genename", "symbol", "genesymbol", "hgncsymbol", "mgisymbol", "approvedsymbol",
    "externalgenename", "associatedgenename", "featurename",
)  # fmt: skip
"""Letters of the headers over symbols: BioMart's, HGNC's, biomaRt's, that of 10x."""
VARIED = 0.5
"""Different names per gene that a column needs to name genes, so that none is a kind of gene."""

Kind = Literal["id", "versioned id", "number", "symbol", "text"]


@dataclass(frozen=True)
class NameTable:
    """A table of the names of genes.

    Parameters
    ----------
    path
        Its file.
    rows
        Its lines, equally long. The first may be a header, which does no harm: it is no gene.
    """

    path: Path
    rows: tuple[tuple[str, ...], ...]

    @property
    def places(self) -> range:
        """Places of its columns."""
        return range(len(self.rows[0]))

    def column(self, place: int) -> tuple[str, ...]:
        """Return what a column holds but for blanks."""
        return tuple(row[place] for row in self.rows if row[place])

    def pairs(self, left: int, right: int) -> tuple[tuple[str, str], ...]:
        """Return the distinct pairs of names in two columns."""
        pairs = dict.fromkeys((row[left], row[right]) for row in self.rows)
        return tuple(pair for pair in pairs if all(pair))

    def symbols(self, genes: int) -> int:
        """Return the column of symbols beside that of the genes, by its header or what it holds.

        None raises DataError.
        """
        others = [place for place in self.places if place != genes]
        headed = [place for place in others if letters_of(self.rows[0][place]) in SYMBOLS]
        found = headed or self._naming(genes, others, "symbol")
        if not found:
            raise DataError(
                f"'{self.path}' has no column of symbols beside that of {self._shown(genes)}; give "
                "a table of the genes' names and symbols"
            )
        return found[0]

    def partners(self, genes: int) -> int:
        """Return the only column that names genes of another species as that of `genes` does.

        None or several raise DataError.
        """
        others = [place for place in self.places if place != genes]
        found = self._naming(genes, others, kind_of(self.column(genes)))
        if len(others) == 1:  # of a pair, ids may become symbols
            found = found or self._naming(genes, others, "symbol")
        if len(found) != 1:
            shown = f" ({', '.join(map(self._shown, found))})" if found else ""
            raise DataError(
                f"'{self.path}' has {len(found)} columns{shown} with names of the same kind as "
                f"that of {self._shown(genes)}, so its orthologs are not known; give a table of "
                "these two columns alone"
            )
        return found[0]

    def _naming(self, genes: int, places: Sequence[int], kind: Kind) -> list[int]:
        """Return the places whose columns have names of a kind, and nearly one for each gene."""
        few = VARIED * len(set(self.column(genes))) if len(places) > 1 else 0
        names = {place: self.column(place) for place in places}
        return [p for p in places if kind_of(names[p]) == kind and len(set(names[p])) > few]

    def _shown(self, place: int) -> str:
        return f"'{next(iter(self.column(place)), '')}'"


def read_name_table(path: Path) -> NameTable:
    """Read a text of two columns or more, separated by tabs, commas or semicolons.

    One that does not exist, is not text, or has no two columns raises DataError.
    """
    try:
        with open_text(path, whole=True) as file:
            lines = [line.rstrip("\r\n") for line in file if line.strip()]
        separator = separator_of(*lines[:1], *lines[:2][-1:]) if lines else ","
        rows = [tuple(map(str.strip, split_line(line, separator))) for line in lines]
    except FileNotFoundError as error:
        raise DataError(f"'{path}' does not exist; give a table of gene names") from error
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise DataError(f"'{path}' cannot be read as text ({error})") from error
    width = max(map(len, rows[:2]), default=0)
    if rows and len(rows[0]) < width:  # R writes no name over those of the rows
        rows[0] = ("", *rows[0])
    even = tuple((*row, *[""] * width)[:width] for row in rows)
    if width < 2 or not any(sum(map(bool, row)) > 1 for row in even):
        raise DataError(f"'{path}' has no two columns; separate them by tabs or commas")
    return NameTable(path, even)


def kind_of(names: Sequence[str]) -> Kind:
    """Return what most names are, the first of which may be a header."""
    own = names[1:] or names
    if _mostly([IDS.fullmatch(name) for name in own]):
        return "id"
    if _mostly([ENSEMBL_VERSION.match(name) for name in own]):
        return "versioned id"
    if _mostly([is_number(name) for name in own]):
        return "number"
    return "text" if _mostly([" " in name or name.startswith("ENS") for name in own]) else "symbol"


def _mostly(told: Sequence[object]) -> bool:
    return sum(map(bool, told)) > len(told) / 2
