"""Which genes a file measures and what they are called: every gene one name of its own."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from scipy import sparse

from genearena.data.common.errors import DataError
from genearena.data.notes import note, warn
from genearena.data.quality.filtering import BoolArray, mitochondrial_genes

NAME_COLUMNS = (
    "gene_symbols",
    "gene_symbol",
    "feature_name",
    "gene_name",
    "gene_names",
    "symbol",
    "gene",
    "var_names",
    "feature_id",
    "gene_ids",
    "gene_id",
    "ensembl_id",
    "accession",
)
"""Where files keep names, symbols first; in lower case."""
COUNTERS = ("soma_joinid",)
"""Names of indices that number genes: the Census client's."""
PROBES, GENOME = "probe_ids", "genome"
NAMELESS = ("", "-", "--", "---", ".")
"""What tables write for a gene without a name."""
MISSING = ("na", "nan", "n/a", "none", "null")
"""What programs write for a missing value, in lower case."""
DISTINCT = 0.5
"""Share of different values that names have at least."""

ENSEMBL_VERSION = re.compile(r"^(ENS[A-Z]*\d{11})(?:\.\d+(?:_PAR_Y)?|_PAR_Y)$", re.IGNORECASE)
_NUMBERED = re.compile(r"([VX]?)(\d{1,9})")

Duplicates = Literal["sum", "keep", "refuse"]


@dataclass(frozen=True, eq=False)
class MeasuredGenes:
    """The n genes of a file, their (cells, n) counts, and (n,) which are mitochondrial."""

    names: tuple[str, ...]
    counts: sparse.csr_array
    mitochondrial: BoolArray


def apart(genes: MeasuredGenes, species: str) -> MeasuredGenes:
    """Write their species before names of genes, so that nobody takes two species' genes for one.

    That is what methods do that join data sets by names; whether they find orthologs without being
    told can only be asked of genes named apart. Their order, that of the alphabet in many files, is
    another in every species, so that places do not tell either.
    """
    names = [f"{species}:{name}" for name in genes.names]
    order = sorted(
        range(len(names)), key=lambda place: hashlib.sha256(names[place].encode()).digest()
    )
    return MeasuredGenes(
        tuple(names[place] for place in order), genes.counts[:, order], genes.mitochondrial[order]
    )


def own_name(name: str, species: str) -> str:
    """Return the name of a gene without the species that `apart` wrote before it."""
    before = f"{species}:".casefold()
    return name[len(before) :] if name.casefold().startswith(before) else name


def some_genes(genes: MeasuredGenes, names: Sequence[str | None]) -> MeasuredGenes:
    """Give genes new names, None for genes to leave out; those of one name stay apart."""
    kept = np.array([i for i, name in enumerate(names) if name is not None], dtype=np.int64)
    named = tuple(name for name in names if name is not None)
    return MeasuredGenes(named, genes.counts[:, kept], genes.mitochondrial[kept])


def sum_by_name(genes: MeasuredGenes, names: Sequence[str | None]) -> MeasuredGenes:
    """Give genes new names, None for genes to leave out, and sum the counts of those of one name.

    Genes keep the order of the first of their name.
    """
    kept = some_genes(genes, names)
    place = {name: i for i, name in enumerate(dict.fromkeys(kept.names))}
    to = np.array([place[name] for name in kept.names], dtype=np.int64)
    shape = (len(kept.names), len(place))
    merge = sparse.csr_array((np.ones(len(to), np.int64), (np.arange(len(to)), to)), shape)
    flags = mitochondrial_genes(tuple(place))
    flags[to[kept.mitochondrial]] = True
    return MeasuredGenes(tuple(place), sparse.csr_array(kept.counts @ merge), flags)


def naming_column(path: Path, var: Any) -> str | None:
    """Return the column that names the genes where the index numbers them, None where it names.

    ``0``, ``1``, ``2``… are what AnnData writes without names, and ``V1``, ``V2``… what R does.
    Names of Entrez are numbers too, but never one after the other. That a column of the table `var`
    is taken, or all names are numbers, is noted.

    Raises
    ------
    DataError
        If genes are numbered and it is not known which column has their names.
    """
    index = [str(name) for name in var.index]
    if not is_numbered(var):
        if index and all(map(str.isdecimal, index)):
            note(f"names of genes are numbers such as '{index[0]}', taken for those of Entrez")
        return None
    texts = [column for column in var.columns if _holds_names(var[column])]
    lower = {str(column).lower(): column for column in reversed(texts)}
    known = [lower[name] for name in NAME_COLUMNS if name in lower]
    if not known and len(texts) != 1:
        have = ", ".join(f"'{column}'" for column in texts) or "none"
        raise DataError(
            f"'{path}': genes are numbered {index[0]} to {index[-1]}, not named; add --gene-key "
            f"and a column with their names, of which it has {have}"
        )
    column = str((known or texts)[0])
    note(f"genes are numbered in the index and named by their column '{column}' (--gene-key)")
    return column


def is_numbered(var: Any) -> bool:
    """Return whether the index of a table of genes only numbers them."""
    if var.index.name in COUNTERS:
        return True
    found = [_NUMBERED.fullmatch(str(name)) for name in var.index]
    parts = [(of[1], int(of[2])) for of in found if of]
    if len(parts) < max(len(found), 2):
        return False
    prefix, first = parts[0]
    return parts == [(prefix, number) for number in range(first, first + len(parts))]


def warn_of_probes(path: Path, var: Any) -> None:
    """Warn if the genes of a table are probes, several of which may be of one gene."""
    if PROBES in var.columns:
        genes = next((c for c in ("gene_name", "gene_ids") if c in var.columns), "COLUMN")
        warn(
            f"'{path.name}' counts {len(var)} probes, not genes; --gene-key {genes} sums those of "
            "a gene"
        )


def clean_names(names: Iterable[object]) -> list[str]:
    """Return names without blanks around them, nothing where they only say that there is none.

    A gene may be called ``NA`` or ``nan``, several may not.
    """
    texts = [str(name).strip() for name in names]
    times = Counter(texts)
    nameless = {text for text in times if text in NAMELESS}
    nameless |= {text for text, n in times.items() if n > 1 and text.lower() in MISSING}
    return ["" if text in nameless else text for text in texts]


def drop_nameless(path: Path, genes: MeasuredGenes) -> MeasuredGenes:
    """Leave out genes whose name is empty, with a warning; raise DataError if none has one."""
    n_named = sum(map(bool, genes.names))
    if n_named == len(genes.names):
        return genes
    if not n_named:
        raise DataError(f"'{path}': no gene has a name; give --gene-key, or a file with names")
    warn(
        f"'{path.name}': {len(genes.names) - n_named} of {len(genes.names)} genes have no name and "
        "are left out"
    )
    return some_genes(genes, [name or None for name in genes.names])


def of_genome(path: Path, genes: MeasuredGenes, var: Any, genome: str | None) -> MeasuredGenes:
    """Keep the genes of a genome, named without it (``TP53`` for ``GRCh38_TP53``).

    The column ``genome`` of the table `var` tells theirs, or else their names begin with it. How
    many there are is noted; without a genome all are kept, with a warning if they are of several.
    None of the genome raises DataError.
    """
    listed = list(var[GENOME].astype(object).fillna("").map(str)) if GENOME in var else []
    genomes = [own for own in dict.fromkeys(listed) if own]
    if genome is None:
        if len(genomes) > 1:
            warn(
                f"'{path.name}' has genes of {len(genomes)} genomes ({', '.join(genomes[:4])}) "
                "that become nodes of one graph; --genome takes those of one"
            )
        return genes
    prefix = f"{genome}_"
    kept = [own == genome for own in listed] or [n.startswith(prefix) for n in genes.names]
    if not any(kept):
        has = ", ".join(genomes) if genomes else "names without a genome in front"
        raise DataError(f"'{path}' has no gene of genome '{genome}'; it has {has}")
    note(f"{sum(kept)} of {len(kept)} genes are of genome '{genome}'")
    named = zip(kept, genes.names, strict=True)
    return some_genes(genes, [_without(prefix, name) if own else None for own, name in named])


def without_version(name: str) -> str:
    """Return an Ensembl id without its version or the mark of its copy on Y, others as they are."""
    return ENSEMBL_VERSION.sub(r"\1", name)


def settle_names(
    path: Path, genes: MeasuredGenes, duplicates: Duplicates, unique_columns: Sequence[str] = ()
) -> MeasuredGenes:
    """Leave out the versions of Ensembl ids, and settle what becomes of genes of one name.

    Their counts are summed (``sum``), they are numbered from the second on, as scanpy does
    (``GENE``, ``GENE-1``), or keep the versions that tell them apart (``keep``), or raise DataError
    (``refuse``), which offers the `unique_columns` of the file. How many versions are left out, and
    how many genes summed or numbered, is noted.
    """
    names = [without_version(name) for name in genes.names]
    times = Counter(names)
    n_repeats = len(names) - len(times)
    twice, most = times.most_common(1)[0] if times else ("", 0)
    if n_repeats and duplicates == "refuse":
        other = f" ({' or '.join(map(repr, unique_columns))} is unique)" if unique_columns else ""
        raise DataError(
            f"'{path}': gene '{twice}' appears {most} times; give --duplicates sum or keep, or "
            f"name genes by another column with --gene-key{other}"
        )
    if n_repeats and duplicates == "keep":
        own = zip(names, genes.names, strict=True)
        names = _numbered([full if times[name] > 1 else name for name, full in own])
    changed = [pair for pair in zip(genes.names, names, strict=True) if pair[0] != pair[1]]
    versions = [pair for pair in changed if without_version(pair[0]) == pair[1]]
    if versions:
        was, now = versions[0]
        note(f"Ensembl ids are read without their versions ({len(versions)}: '{was}' as '{now}')")
    if n_repeats:
        did = "summed into the first" if duplicates == "sum" else "kept apart from the first"
        note(f"genes {did} of their name: {n_repeats}, such as '{twice}' (--duplicates)")
    if len(set(names)) == len(names):
        return replace(genes, names=tuple(names))
    return sum_by_name(genes, names)


def _numbered(names: list[str]) -> list[str]:
    import pandas as pd
    from anndata.utils import make_index_unique

    return list(make_index_unique(pd.Index(names, dtype=object)))


def _holds_names(values: Any) -> bool:
    """Return whether a column has text that tells most genes apart."""
    texts = [str(value) for value in values.dropna()]
    if not any(isinstance(value, str) for value in values) or all(map(str.isdecimal, texts)):
        return False
    return len(set(texts)) > DISTINCT * len(values)


def _without(prefix: str, name: str) -> str:
    # short names of genomes are padded with more than one "_"
    return name.removeprefix(prefix).lstrip("_") if name.startswith(prefix) else name
