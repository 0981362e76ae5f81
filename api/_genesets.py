"""Gene sets of whoever calls: stored ones by their name, a file, or sets in memory."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from genearena.data.genesets.gene_sets import GeneSet, GeneSets
from genearena.data.genesets.store import GeneSetStore, Statement, made

Sets = str | Path | Mapping[str, Iterable[str]]
"""Name of stored sets, path of a file that ``bench genesets add`` reads, or set -> genes."""


def gene_sets(given: Sets, species: str, data_dir: str | Path | None) -> GeneSets:
    """Return gene sets, of a species where they do not say themselves.

    Raises
    ------
    UsageError
        If no stored sets have the name.
    DataError
        If a file cannot be read.
    """
    if isinstance(given, str):
        return _store(data_dir).get(given)
    if isinstance(given, Path):
        return made(given, given.name.partition(".")[0], Statement(species))
    sets = {str(key): tuple(dict.fromkeys(map(str, genes))) for key, genes in given.items()}
    return GeneSets(
        name="gene sets",
        species=species.casefold(),
        file="",
        sha256=hashlib.sha256(json.dumps(sets).encode()).hexdigest(),
        added=datetime.now(UTC).date().isoformat(),
        sets=tuple(GeneSet(key=key, genes=genes) for key, genes in sets.items()),
    )


def stored_besides(
    sets: GeneSets, added: Sets | None, data_dir: str | Path | None
) -> list[GeneSets]:
    """Return all other stored sets of a species."""
    return _store(data_dir).besides(sets, *([added] if isinstance(added, str) else []))


def _store(data_dir: str | Path | None) -> GeneSetStore:
    return GeneSetStore(None if data_dir is None else Path(data_dir))
