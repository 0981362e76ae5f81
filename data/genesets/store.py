"""Keep gene sets in a folder beside the tasks: a file each, put in place in one step."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from pathlib import Path

from pydantic import ValidationError

from genearena.data.common.atomic import write_atomically
from genearena.data.common.errors import DataError, StoreError, UsageError, did_you_mean
from genearena.data.common.foreign_files import read_whole
from genearena.data.genesets.gene_sets import GeneSet, GeneSets
from genearena.data.genesets.outcomes import task_files
from genearena.data.genesets.reading import UNSAID, Columns, read_gene_sets
from genearena.data.notes import note
from genearena.data.reading.name_tables import kind_of
from genearena.data.reading.renaming import orthologs_for, symbols_for
from genearena.data.reading.synonyms import Synonyms
from genearena.data.store import NAME, check_name, default_folder

FOLDER = "_genesets"
"""Within the data folder; no tissue can be called so."""
NUMBERED = ("id", "versioned id", "number")


@dataclass(frozen=True)
class Statement:
    """What is said of a file of gene sets.

    `species` is that whose genes the sets are to name, `gene_names` a table of ids, symbols and
    other names, `orthologs` one of the genes of two species, by which sets of another species
    become theirs.
    """

    species: str
    licence: str = ""
    source: str = ""
    gene_names: Path | None = None
    orthologs: Path | None = None
    columns: Columns = UNSAID


class GeneSetStore:
    """The gene sets in a data folder, by default that of the tasks."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (default_folder() if folder is None else folder) / FOLDER

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all that is stored, sorted."""
        found = (path.stem for path in self.folder.glob("*.json"))
        return tuple(sorted(name for name in found if NAME.fullmatch(name)))

    def besides(self, sets: GeneSets, *more: str) -> list[GeneSets]:
        """Return all other stored sets of a species, leaving out `more` too."""
        others = (self.get(name) for name in self.names if name not in (sets.name, *more))
        return [each for each in others if each.species == sets.species]

    def path(self, name: str) -> Path:
        """Return where sets of a name are kept; UsageError if there can be none."""
        return self.folder / f"{check_name('gene set', name)}.json"

    def get(self, name: str) -> GeneSets:
        """Return the sets of a name.

        Raises
        ------
        UsageError
            If there are none.
        StoreError
            If their file is damaged.
        """
        path = self.path(name)
        try:
            return _parsed(read_whole(path), path)
        except FileNotFoundError as error:
            none = "there are none yet; add some with 'bench genesets add'"
            known = did_you_mean(name, self.names) if self.names else none
            raise UsageError(f"no gene sets are called '{name}'; {known}") from error
        except (OSError, DataError) as error:
            raise StoreError(f"'{path}' cannot be read ({error}); add the sets again") from error

    def add(self, file: Path, name: str, said: Statement, *, replace: bool = False) -> GeneSets:
        """Read a file of gene sets and keep it under a name.

        Raises
        ------
        UsageError
            If the name is taken and not to be replaced.
        DataError
            If the file cannot be read.
        StoreError
            If the folder cannot be written to; what was there before is untouched.
        """
        self.check_new(name, replace=replace)
        return self.put(made(file, name, said))

    def check_new(self, name: str, *, replace: bool) -> None:
        """Raise UsageError if a name cannot be used, or is taken and not to be replaced."""
        if self.path(name).exists() and not replace:
            raise UsageError(f"gene sets are called '{name}' already; add --force to replace them")

    def put(self, sets: GeneSets) -> GeneSets:
        """Keep sets under their name, in place of others; StoreError if they cannot be written."""
        content = sets.model_dump_json()
        write_atomically(self.path(sets.name), lambda to: to.write_text(content, encoding="utf-8"))
        return sets

    def remove(self, name: str) -> None:
        """Delete sets; UsageError if there are none of the name."""
        self.get(name)
        self.path(name).unlink()


# workers ask for the same sets at every run
@lru_cache(maxsize=8)
def _parsed(content: bytes, path: Path) -> GeneSets:
    try:
        return GeneSets.model_validate_json(content)
    except ValidationError as error:
        raise StoreError(f"'{path}' is damaged; add the sets again with --force") from error


def made(file: Path, name: str, said: Statement) -> GeneSets:
    """Read a file of gene sets, and name their genes as is said.

    What is done to the names is noted, and kept with the sets. DataError if it cannot be read.
    """
    sets, others, n_twice = read_gene_sets(file, name, said.columns)
    notes = [f"{n_twice} genes stood in a set more than once"] if n_twice else []
    genes = list(dict.fromkeys([*(gene for each in sets for gene in each.genes), *others]))
    new, told = _renamed(genes, said)
    sets = tuple(each for old in sets if (each := _with_names(old, new)).genes)
    others = tuple(dict.fromkeys(to for gene in others if (to := new[gene]) is not None))
    notes += told
    synonyms = _synonyms(said.gene_names)
    named = chain(others, *(each.genes for each in sets))
    for line in notes:
        note(line)
    return GeneSets(
        name=name,
        species=said.species.casefold(),
        file=file.absolute().name,
        sha256=_sha256(file),
        added=datetime.now(UTC).date().isoformat(),
        licence=said.licence,
        source=said.source,
        notes=tuple(notes),
        names=() if synonyms is None else synonyms.of(named),
        sets=sets,
        others=others,
    )


def _sha256(file: Path) -> str:
    """Return the checksum of a file, or of the files of a task, one after another."""
    found = hashlib.sha256()
    for path in task_files(file) if file.is_dir() else (file,):
        found.update(path.read_bytes())
    return found.hexdigest()


def _renamed(genes: Sequence[str], said: Statement) -> tuple[dict[str, str | None], list[str]]:
    """Return gene -> what it is called now, None if it is left out; and what is to be told."""
    names: list[str | None] = list(genes)
    told = []
    if said.gene_names is not None and kind_of(genes) in NUMBERED:
        found = symbols_for(genes, said.gene_names)
        names = [min(of) if len(of) == 1 else old for of, old in zip(found, genes, strict=True)]
        n = sum(len(of) == 1 for of in found)
        told.append(f"'{said.gene_names.name}' has a symbol for {n} of {len(genes)} ids")
    if said.orthologs is not None:
        own = list(map(str, names))
        orthologs = orthologs_for(own, said.orthologs)
        told.append(orthologs.told([to is None for to in orthologs.partners]))
        names = list(orthologs.partners)
    return dict(zip(genes, names, strict=True)), told


def _with_names(each: GeneSet, new: dict[str, str | None]) -> GeneSet:
    genes = dict.fromkeys(to for gene in each.genes if (to := new[gene]) is not None)
    return each.model_copy(update={"genes": tuple(genes)})


def _synonyms(table: Path | None) -> Synonyms | None:
    if table is None:
        return None
    try:
        return Synonyms.read(table)
    except DataError:
        # a table of ids and symbols that is none of Ensembl's has done its part
        return None
