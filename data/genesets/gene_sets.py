"""Named sets of genes, where they come from, and which genes of a task are in them."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from genearena.data.common.errors import DataError, did_you_mean
from genearena.data.common.line_field import Line
from genearena.data.graphs import GraphCollection
from genearena.data.reading.gene_matching import FOUND, matched_names
from genearena.data.reading.gene_names import own_name
from genearena.data.reading.synonyms import Synonyms

Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
BoolArray = npt.NDArray[np.bool_]

FEWEST, MOST = 10, 200
"""Genes of the task that a set has if it is asked about: of fewer little can be said, and what most
genes do tells them apart from few."""


class GeneSet(BaseModel):
    """A set of genes: what its source calls it, in words too where it does, and its genes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Line
    title: Line = ""
    genes: Annotated[tuple[Line, ...], Field(min_length=1)]


class GeneSets(BaseModel):
    """The sets of one file.

    `sha256` is that of the file as it was given, by which tables and records name it; `file` and
    `source` say what it was called and where it came from, `added` when, `licence` on which terms.
    `notes` say what was done to the names of its genes. `names` has for each kind of other names
    (Ensembl ids, symbols, previous symbols, aliases) name -> genes, of the genes of the sets.
    `others` are genes that the file tells of and has in no set.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line
    species: Line
    file: Line
    sha256: Sha256
    added: Line
    licence: Line = ""
    source: Line = ""
    notes: tuple[Line, ...] = ()
    names: tuple[dict[str, tuple[str, ...]], ...] = ()
    sets: Annotated[tuple[GeneSet, ...], Field(min_length=1)]
    others: tuple[Line, ...] = ()

    @property
    def label(self) -> str:
        """What tables call it: its name and the beginning of its checksum."""
        return f"{self.name} (sha256 {self.sha256[:12]})"

    @cached_property
    def genes(self) -> tuple[str, ...]:
        """All genes that the file tells of, in alphabetical order."""
        return tuple(sorted({gene for each in self.sets for gene in each.genes}.union(self.others)))

    @cached_property
    def content(self) -> str:
        """SHA-256 of what scores depend on: species, sets, and the names that genes go by."""
        what = {"species", "sha256", "names", "sets"} | ({"others"} if self.others else set())
        said = self.model_dump_json(include=what)
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True, eq=False)
class Membership:
    """Which genes are in which sets.

    Parameters
    ----------
    genes
        The n genes that are asked about, members of some set of the file or not.
    keys, titles
        Names of the T sets, and what they are in words.
    members
        (n, T) whether a gene is in a set.
    n_sets
        (n,) in how many sets of the file a gene is, those that are not asked about too.
    """

    genes: tuple[str, ...]
    keys: tuple[str, ...]
    titles: tuple[str, ...]
    members: BoolArray
    n_sets: npt.NDArray[np.int64]

    @cached_property
    def index(self) -> dict[str, int]:
        """Row of each gene."""
        return {gene: row for row, gene in enumerate(self.genes)}

    def rows(self, genes: Iterable[str]) -> npt.NDArray[np.int64]:
        """Return the row of each of some genes, -1 for one that is not asked about."""
        return np.array([self.index.get(gene, -1) for gene in genes], dtype=np.int64)


def check_species(sets: GeneSets, graphs: GraphCollection) -> None:
    """Raise DataError if the sets are of another species than all graphs.

    Names alone do not tell: mouse symbols are often written in capitals.
    """
    species = {graph.species.casefold() for graph in graphs}
    if sets.species.casefold() not in species:
        other = ", ".join(sorted(species))
        raise DataError(
            f"'{sets.name}' has {sets.species} genes and the graphs of {graphs.tissue} "
            f"({graphs.source}) have {other} ones; add the file once more under another name with "
            f"--species {other.partition(',')[0]} --orthologs TABLE (without --orthologs if the "
            f"graphs' genes bear {sets.species} names)"
        )


def named_members(
    sets: GeneSets, genes: Sequence[str], names: Sequence[str] = ()
) -> dict[str, str]:
    """Return gene -> the name that the sets have for it, of those genes that they have.

    Names mean the same gene as for files of vectors; see `gene_matching.match`. Regulators are
    found likewise where the names of the sets are given as `names`.
    """
    bare = {gene: own_name(gene, sets.species) for gene in genes}
    fates = matched_names(names or sets.genes, bare.values(), Synonyms(sets.names))
    found = {gene: fates.get(name) for gene, name in bare.items()}
    return {gene: fate.other for gene, fate in found.items() if fate and fate.what in FOUND}


def membership(
    sets: GeneSets,
    genes: Sequence[str],
    *,
    fewest: int = FEWEST,
    most: int = MOST,
    only: Iterable[str] = (),
    told: Collection[str] = (),
) -> Membership:
    """Tell which of some genes are in which sets.

    Of a file of several sets those genes are asked about that it tells of: whoever is in none was
    perhaps never looked at. Of a single set, a list, all genes are.

    Parameters
    ----------
    sets
        What the file has.
    genes
        Distinct names, such as all of a task's.
    fewest, most
        Sets with fewer or more of the genes are left out.
    only
        Names of the sets to ask about, all that are large enough if there are none.
    told
        Genes that are asked about too, whether the file tells of them or not.

    Raises
    ------
    DataError
        If no gene is in any set, no set is left, or the sets left hold all genes or none.
    """
    known = named_members(sets, genes)
    if not known:
        raise DataError(
            f"none of the {len(genes)} genes, such as '{genes[0]}', is in '{sets.name}', which has "
            f"genes such as '{sets.genes[0]}'; add its file with --gene-names or --orthologs and a "
            "table of these names"
        )
    several = len(sets.sets) > 1 or sets.others
    asked = [g for g in genes if g in known or g in told] if several else list(genes)
    row = {known[gene]: i for i, gene in enumerate(asked) if gene in known}
    chosen = _chosen(sets, only)
    found = [np.array([row[g] for g in each.genes if g in row], np.int64) for each in sets.sets]
    n_sets = np.bincount(np.concatenate(found), minlength=len(asked))
    kept = [
        (each, rows)
        for each, rows in zip(sets.sets, found, strict=True)
        if each.key in chosen and fewest <= len(rows) <= most and len(rows) < len(asked)
    ]
    if not kept:
        sizes = sorted(
            len(rows) for e, rows in zip(sets.sets, found, strict=True) if e.key in chosen
        )
        if len(asked) in sizes[-1:] and sizes[0] >= fewest and sizes[-1] <= most:
            raise DataError(
                f"all {len(asked)} genes that '{sets.name}' tells of are in the set: there is one "
                "class only; give a file that tells of genes which are not in it too"
            )
        raise DataError(
            f"no set of '{sets.name}' has {fewest} to {most} of the genes; its {len(sizes)} have "
            f"{sizes[0]} to {sizes[-1]}; change --min-size or --max-size"
        )
    members = np.zeros((len(asked), len(kept)), dtype=bool)
    for term, (_, rows) in enumerate(kept):
        members[rows, term] = True
    keys, titles = zip(*((each.key, each.title) for each, _ in kept), strict=True)
    return Membership(tuple(asked), keys, titles, members, n_sets)


def _chosen(sets: GeneSets, only: Iterable[str]) -> Mapping[str, object]:
    keys = {each.key: each for each in sets.sets}
    wanted = list(only)
    for key in wanted:
        if key not in keys:
            few = f"it has {len(keys)}, such as '{next(iter(keys))}'"
            raise DataError(f"'{sets.name}' has no set '{key}'; {did_you_mean(key, keys, few)}")
    return {key: keys[key] for key in wanted} or keys
