"""Read sets of genes from text: GMT, tables of genes and sets, regulators and targets, lists."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from genearena.data.common.errors import DataError
from genearena.data.genesets.gene_sets import GeneSet
from genearena.data.genesets.outcomes import NOWHERE, Pairs, read_task
from genearena.data.reading.formats.text import (
    TAB,
    letters_of,
    numbered_lines,
    separator_of,
    split_line,
)
from genearena.data.reading.name_tables import SYMBOLS

GENES = (
    *SYMBOLS, "gene", "genes", "target", "targets", "targetgene", "targetgenesymbol", "geneid",
    "ensembl", "ensemblid", "ensemblgeneid", "entrez", "entrezid", "entrezgeneid", "ncbigeneid",
)  # fmt: skip
"""Letters of headings over genes, those before others preferred."""
SETS = (
    "set", "geneset", "gsname", "term", "termid", "pathway", "pathwayname", "source", "tf",
    "regulator", "label", "class", "module", "cluster", "phenotype", "hpoid", "goid",
)  # fmt: skip
YES, NO = ("yes", "true", "1", "y", "x"), ("no", "false", "0", "n", "", "na")
"""What marks a member of the set that a column is, and what marks others."""
MODES = ("activation", "repression", "unknown")
"""Third column of TRRUST, whose files have no headings: regulator, target, mode, references."""
COMMENT = "#"


class Columns(NamedTuple):
    """Which columns of a table hold genes and sets, by their headings; empty if not said."""

    genes: str = ""
    sets: str = ""


UNSAID = Columns()


class SetsRead(NamedTuple):
    """What a file has: sets, genes that it tells of and has in none, and how many stood twice."""

    sets: tuple[GeneSet, ...]
    others: tuple[str, ...]
    n_twice: int


def read_gene_sets(path: Path, name: str, columns: Columns = UNSAID) -> SetsRead:
    """Read the sets of a text file, gzipped or not, or of a folder; see `read_task`.

    ``.gmt``: a set a line, its name, what it is, then its genes, between tabs. Other files are
    tables with tabs, commas or semicolons: a gene and one of its sets a line; a regulator and one
    of its targets, as those of TRRUST, CollecTRI and DoRothEA; a gene a line and a column a set,
    with yes or 1 for its members; or one column of genes, the set `name`. Headings tell the
    columns, or `columns` does; of two without headings the first are the genes.

    Returns
    -------
    The sets, each gene once, in the order of the file.

    Raises
    ------
    DataError
        If the file cannot be read, has no set with a gene, or it is not known what its columns are.
    """
    pairs, titles = _pairs_of(path, name, columns)
    found: dict[str, list[str]] = {}
    for key, gene in pairs:
        found.setdefault(key, []).append(gene)
    told = found.pop(NOWHERE, [])
    if not found:
        raise DataError(f"'{path.name}' has no set with a gene")
    once = {key: tuple(dict.fromkeys(genes)) for key, genes in found.items()}
    n_twice = sum(len(genes) - len(once[key]) for key, genes in found.items())
    inside = {gene for genes in once.values() for gene in genes}
    others = (gene for gene in dict.fromkeys(told) if gene not in inside)
    sets = (GeneSet(key=key, title=titles.get(key, ""), genes=once[key]) for key in once)
    return SetsRead(tuple(sets), tuple(others), n_twice)


def _pairs_of(path: Path, name: str, columns: Columns) -> tuple[Pairs, dict[str, str]]:
    if path.is_dir():
        return read_task(path, name), {}
    lines = [(n, line) for n, line in numbered_lines(path) if line.strip()]
    if not lines:
        raise DataError(f"'{path.name}' is empty; give a file of gene sets")
    if ".gmt" in path.suffixes[-2:]:
        return _of_gmt(path, lines)
    rows = [line for _, line in lines if not line.startswith(COMMENT)]
    return _of_table(path, rows, name, columns), {}


def _of_gmt(path: Path, lines: Sequence[tuple[int, str]]) -> tuple[Pairs, dict[str, str]]:
    pairs: Pairs = []
    titles: dict[str, str] = {}
    for number, line in lines:
        key, *rest = (field.strip() for field in line.split(TAB))
        genes = list(filter(None, rest[1:]))
        if not key or not rest:
            raise DataError(
                f"'{path.name}', line {number}: want a name, a description and genes between tabs"
            )
        if key in titles:
            raise DataError(f"'{path.name}', line {number}: a second set '{key}'; rename one")
        titles[key] = rest[0] if not re.match(r"https?://", rest[0]) else ""
        pairs += [(key, gene) for gene in genes]
    return pairs, titles


def _of_table(path: Path, lines: Sequence[str], name: str, columns: Columns) -> Pairs:
    if not lines:
        raise DataError(f"'{path.name}' has comments only; give a file of gene sets")
    separator = separator_of(lines[0], lines[min(1, len(lines) - 1)])
    try:
        rows = [[field.strip() for field in split_line(line, separator)] for line in lines]
    except ValueError as error:
        raise DataError(f"'{path.name}' cannot be read as a table ({error})") from error
    width = max(map(len, rows))
    if width == 1:
        headed = letters_of(rows[0][0]) in GENES
        return [(name, row[0]) for row in rows[headed:] if row[0]]
    rows = [(row + [""] * width)[:width] for row in rows]
    genes = _place(rows[0], columns.genes, GENES, path)
    sets = _place(rows[0], columns.sets, SETS, path)
    if genes is not None and sets is not None:
        return _pairs(rows[1:], sets, genes)
    if genes is not None and (marked := _marked(rows, genes)):
        return marked
    if genes is None and sets is None:
        if width >= 3 and all(row[2].casefold() in MODES for row in rows):
            return _pairs(rows, 0, 1)
        if width == 2:
            return _pairs(rows, 1, 0)
    elif width == 2:
        places = (1 - genes, genes) if genes is not None else (sets or 0, 1 - (sets or 0))
        return _pairs(rows[1:], *places)
    headings = ", ".join(f"'{heading}'" for heading in rows[0][:6])
    raise DataError(
        f"'{path.name}' has {width} columns, headed {headings}, and it is not known which are "
        "genes and sets; say so with --gene-key and --set-key"
    )


def _place(headings: Sequence[str], said: str, known: Iterable[str], path: Path) -> int | None:
    if said:
        if said not in headings:
            have = ", ".join(f"'{heading}'" for heading in headings[:8])
            raise DataError(f"'{path.name}' has no column '{said}'; it has {have}")
        return headings.index(said)
    letters = [letters_of(heading) for heading in headings]
    return next((letters.index(word) for word in known if word in letters), None)


def _pairs(rows: Iterable[Sequence[str]], sets: int, genes: int) -> Pairs:
    return [(row[sets], row[genes]) for row in rows if row[sets] and row[genes]]


def _marked(rows: Sequence[Sequence[str]], genes: int) -> Pairs:
    """Return the pairs of a table with a column for each set, none if it has no such columns."""
    marks: Mapping[int, set[str]] = {
        place: {row[place].casefold() for row in rows[1:]} for place in range(len(rows[0]))
    }
    sets = [p for p, found in marks.items() if found <= {*YES, *NO} and found & {*YES}]
    return [
        (rows[0][place] if row[place].casefold() in YES else NOWHERE, row[genes])
        for place in sets
        if place != genes
        for row in rows[1:]
        if row[genes]
    ]
