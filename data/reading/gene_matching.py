"""Which row of a file of vectors belongs to which gene of a task, and why others have none."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from genearena.data.common.errors import DataError
from genearena.data.reading.gene_vectors import GeneVectors
from genearena.data.reading.synonyms import Synonyms, name_key

SHOWN = 3

EXACT, SPELLED, BY_TABLE = FOUND = (
    "by their name",
    "by their name in another case or version",
    "by the table",
)
ABSENT = "not in the file"
ZERO = "a row of zeros"
DIFFER = "several rows of this name that differ"
AMBIGUOUS = "a name of several genes of the table"
OTHER_NAME = "another name of a gene that is there too"
SEVERAL = "several rows are of the gene"
FOREIGN = "not in the task"
NAMELESS = "without a name"


class Fate(NamedTuple):
    """What became of a gene of the task or of a row of the file, and the name on the other side.

    Of a gene without a vector, and a row that is not used, `other` is the name in its way, if any.
    """

    what: str
    other: str = ""


@dataclass(frozen=True, eq=False)
class Matching:
    """The vectors of a file for the genes of a task.

    Parameters
    ----------
    rows
        Gene of the task -> its row of the file.
    genes
        Gene of the task -> how it was found, or why it has no vector.
    unused
        Name in the file -> why no gene of the task has its row.
    n_names
        Number of names in the file.
    """

    rows: Mapping[str, int]
    genes: Mapping[str, Fate]
    unused: Mapping[str, Fate]
    n_names: int

    def lines(self) -> tuple[str, ...]:
        """Return what is to be told: the coverage, and the reasons with counts and examples."""
        n, found = len(self.genes), len(self.rows)
        with_one = {gene: self.genes[gene] for gene in self.rows}
        without = {gene: fate for gene, fate in self.genes.items() if gene not in self.rows}
        lines = [f"{found} of {n} genes have a vector ({found / n:.1%}): {_counted(with_one)}"]
        if without:
            lines.append(f"{len(without)} have none: {_counted(without)}")
        if self.unused:
            counted = _counted(self.unused)
            lines.append(f"{len(self.unused)} of the file's {self.n_names} are not used: {counted}")
        return tuple(lines)


def match(table: GeneVectors, wanted: Iterable[str], synonyms: Synonyms) -> Matching:
    """Find the row of every wanted gene.

    A row of the gene's own name is its, whatever a table says. Without one, it is the row whose
    name means the same gene: by the table, of an Ensembl id, the current symbol, a previous symbol
    and an alias the first that the file has; without a table, the same but for case and version.

    No gene has a row by guess. Names that mean several genes, or rows of one name that differ, give
    none, and of several names of one gene in the task the best alone is served: where the task has
    both, they are two genes to it, and vectors that are the same would say that they are one.

    Raises
    ------
    DataError
        If no gene has a row, or all that have have the same vector.
    """
    genes = list(dict.fromkeys(wanted))
    own, unused = _own_rows(table)
    fates = {gene: Fate(EXACT, gene) for gene in genes if gene in own}
    fates |= {gene: unused[gene] for gene in genes if gene in unused}
    fates |= _by_meaning(genes, own, fates, synonyms)
    rows = {gene: own[fate.other] for gene, fate in fates.items() if fate.what in FOUND}
    _check(table, genes, rows)
    used = {fates[gene].other for gene in rows}
    unused |= _left_over([name for name in own if name not in used], genes, synonyms)
    for gene in [gene for gene, row in rows.items() if not table.vectors[row].any()]:
        del rows[gene]
        fates[gene] = Fate(ZERO, fates[gene].other)
    told = {gene: fates.get(gene, Fate(ABSENT)) for gene in genes}
    return Matching(rows, told, unused, len(used) + len(unused))


def matched_names(
    names: Iterable[str], wanted: Iterable[str], synonyms: Synonyms
) -> dict[str, Fate]:
    """Find the name that a file has for every wanted gene, by the rules of `match`.

    Returns
    -------
    Gene -> how it was found, or in what doubt it is; genes that the file does not have are absent.
    """
    own = dict.fromkeys(names)
    genes = list(dict.fromkeys(wanted))
    fates = {gene: Fate(EXACT, gene) for gene in genes if gene in own}
    return fates | _by_meaning(genes, own, fates, synonyms)


def _own_rows(table: GeneVectors) -> tuple[dict[str, int], dict[str, Fate]]:
    """Return the only row of every name, and the names whose rows differ, or that are none."""
    places: dict[str, list[int]] = defaultdict(list)
    for row, name in enumerate(table.gene):
        places[name.strip()].append(row)
    dropped = {"": Fate(NAMELESS)} if places.pop("", None) else {}
    for name, several in places.items():
        if any((table.vectors[row] != table.vectors[several[0]]).any() for row in several[1:]):
            dropped[name] = Fate(DIFFER)
    return {name: some[0] for name, some in places.items() if name not in dropped}, dropped


def _by_meaning(
    genes: Sequence[str],
    own: Iterable[str],
    decided: Mapping[str, Fate],
    synonyms: Synonyms,
) -> dict[str, Fate]:
    """Return the fates of genes that the file has under another name, and of those in doubt."""
    here, there = _names_of(genes, synonyms), _names_of(own, synonyms)
    found = {}
    for gene in genes:
        if gene in decided:
            continue
        meaning = synonyms.meaning(gene)
        offered = there.get(meaning.gene)
        if not offered:
            if len(meaning.genes) > 1 and not there.keys().isdisjoint(meaning.genes):
                found[gene] = Fate(AMBIGUOUS)
            continue
        rivals = [
            name
            for kind, name in here[meaning.gene]
            if name != gene and (kind <= meaning.kind or name in own)
        ]
        best = [name for kind, name in offered if kind == offered[0][0]]
        if rivals:
            found[gene] = Fate(OTHER_NAME, rivals[0])
        elif len(best) > 1:
            found[gene] = Fate(SEVERAL, best[0])
        else:
            alike = name_key(best[0]) == name_key(gene)
            found[gene] = Fate(SPELLED if alike else BY_TABLE, best[0])
    return found


def _names_of(names: Iterable[str], synonyms: Synonyms) -> dict[str, list[tuple[int, str]]]:
    """Return the names of every gene, with their kinds, best first."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for name in names:
        meaning = synonyms.meaning(name)
        found[meaning.gene].append((meaning.kind, name))
    return {gene: sorted(names, key=itemgetter(0)) for gene, names in found.items()}


def _left_over(names: Iterable[str], genes: Sequence[str], synonyms: Synonyms) -> dict[str, Fate]:
    """Return why rows are not used though their names are sound."""
    here = _names_of(genes, synonyms)
    found = {}
    for name in names:
        meaning = synonyms.meaning(name)
        if meaning.gene in here:
            found[name] = Fate(OTHER_NAME, here[meaning.gene][0][1])
        elif here.keys().isdisjoint(meaning.genes):
            found[name] = Fate(FOREIGN)
        else:
            found[name] = Fate(AMBIGUOUS)
    return found


def _check(table: GeneVectors, genes: Sequence[str], rows: Mapping[str, int]) -> None:
    if not rows:
        raise DataError(
            f"none of its {len(table.gene)} genes, such as '{table.gene[0]}', is among the task's "
            f"{len(genes)}, such as '{genes[0]}'; a table of names may help (vectors.table=TABLE)"
        )
    vectors = table.vectors[list(rows.values())]
    if len(rows) > 1 and (vectors == vectors[0]).all():
        raise DataError("it has the same vector for every gene of the task")


def _counted(fates: Mapping[str, Fate]) -> str:
    """Name what became of genes, each with its number and some examples."""
    by_what: dict[str, list[str]] = defaultdict(list)
    for name, (what, other) in fates.items():
        by_what[what].append(f"'{name}' ('{other}')" if other not in ("", name) else f"'{name}'")
    told = []
    for what, names in sorted(by_what.items(), key=lambda item: -len(item[1])):
        more = ", …" if len(names) > SHOWN else ""
        examples = "" if what == EXACT else f" ({', '.join(names[:SHOWN])}{more})"
        told.append(f"{what} {len(names)}{examples}")
    return "; ".join(told)
