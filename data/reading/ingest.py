"""From the table in a file to the counts of each of its donors, refusing what are not counts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from genearena.data.accessibility.fragments import is_fragments
from genearena.data.accessibility.gene_activity import (
    ActivityOptions,
    activity_of_fragments,
    activity_of_peaks,
    holds_peaks,
)
from genearena.data.common.errors import DataError
from genearena.data.common.one_line import check_printable
from genearena.data.graphs import Modality
from genearena.data.quality.filtering import BoolArray, mitochondrial_genes
from genearena.data.reading.cells import (
    describe_cells,
    nearest_first,
    only_species,
    read_column,
    samples_in_order,
)
from genearena.data.reading.counts import CountMatrix, as_coordinates, coordinate_problem
from genearena.data.reading.gene_names import (
    Duplicates,
    MeasuredGenes,
    apart,
    clean_names,
    drop_nameless,
    is_numbered,
    naming_column,
    of_genome,
    settle_names,
    warn_of_probes,
)
from genearena.data.reading.name_checks import (
    check_genes,
    check_not_dates,
    check_one_species,
    check_orientation,
    check_species,
)
from genearena.data.reading.raw_counts import checked_counts, warn_of_detection
from genearena.data.reading.readers import read_table, settled
from genearena.data.reading.renaming import name_by_orthologs, name_by_symbols

if TYPE_CHECKING:
    import anndata

MITOCHONDRIAL_FLAGS = ("mt", "mito", "mitochondrial", "is_mt", "is_mito")
COORDINATES = ("spatial", "X_spatial")
ID_COLUMNS = ("gene_ids", "gene_id", "feature_id", "ensembl_id")
SYMBOL_COLUMNS = ("gene_symbols", "gene_symbol", "feature_name", "gene_name", "symbol")


@dataclass(frozen=True)
class ReadOptions:
    """What of a file is read, and how.

    Parameters
    ----------
    tissue, modality, species
        What was measured.
    donor_key
        Column that tells the donor of each cell; None if the file is one sample.
    species_key
        Column that tells the species of each cell, instead of `species`.
    condition, condition_key
        The condition of all cells, or the column that tells that of each: a donor of several has a
        graph for each, named by both. Neither if nothing is known.
    gene_key
        Column of the genes' table with the names to use, instead of its index; genes without a
        name keep that of the index. None for the index, or where it only numbers the genes the
        column that names them, if it is known.
    gene_names
        Table of ids and symbols, see `renaming.name_by_symbols`.
    orthologs
        Table of the genes of two species, see `renaming.name_by_orthologs`.
    names_apart
        Whether the species stands before the names of genes, see `gene_names.apart`.
    duplicates
        What becomes of genes of one name, see `gene_names.settle_names`.
    genome
        Genome whose genes are read from a file with those of several.
    layer
        Layer with the counts, or ``raw``; None for the main matrix.
    round_counts
        Whether fractional counts are rounded.
    transpose
        Whether a file has genes in rows.
    cells
        List or table of barcodes: the cells that are read, and columns that describe them.
    activity
        How scATAC fragments or peaks become counts of genes.
    """

    tissue: str
    modality: Modality = "scrna"
    species: str = "human"
    donor_key: str | None = None
    species_key: str | None = None
    condition: str = ""
    condition_key: str | None = None
    gene_key: str | None = None
    gene_names: Path | None = None
    orthologs: Path | None = None
    names_apart: bool = False
    duplicates: Duplicates = "sum"
    genome: str | None = None
    layer: str | None = None
    round_counts: bool = False
    transpose: bool = False
    cells: Path | None = None
    activity: ActivityOptions = field(default_factory=ActivityOptions)


@dataclass(frozen=True, eq=False)
class DonorCounts:
    """Counts of one donor, and which of their genes are mitochondrial if not by their names."""

    counts: CountMatrix
    mitochondrial: BoolArray | None = None


def read_donors(
    path: Path, name: str, options: ReadOptions, progress: Callable[[str], None] = lambda _: None
) -> tuple[DonorCounts, ...]:
    """Read a file and return the counts of its donors, by condition, in the order of their names.

    What was done to the data on the way is noted, and what looks wrong with them warned of.

    Parameters
    ----------
    path
        File or 10x folder, see `readers.read_table`, or scATAC fragments or peaks, see
        `gene_activity.gene_activity`.
    name
        Name of the only sample where `options.donor_key` is None.
    options
        What is read.
    progress
        Called with a line now and then while fragments are read.

    Raises
    ------
    UsageError
        If scATAC fragments or peaks come without a GTF, or a GTF with anything else.
    DataError
        If the file cannot be read or has genes in rows, its values are not non-negative integers,
        a gene's name repeats or has control characters, a layer or column does not exist, places of
        spots are not finite pairs, the cells are of several species without a `species_key`, or a
        table of gene names does not fit.
    """
    fragments = is_fragments(path)
    options.activity.check(path, options.modality, fragments)
    if fragments:
        table = activity_of_fragments(path, options.activity, options.cells, progress)
        return _donors(path, table, name, options, peaks=False)
    return _donors(path, _table(path, options), name, options)


def donors_of(table: "anndata.AnnData", name: str, options: ReadOptions) -> tuple[DonorCounts, ...]:
    """Return the counts of the donors of a table in memory, as `read_donors` does of a file.

    The table is left as it is; messages call it by the `name`.

    Raises
    ------
    UsageError, DataError
        As `read_donors`.
    """
    path = Path(name)
    options.activity.check(path, options.modality, fragments=False)
    table = settled(path, table.to_memory() if table.isbacked else table, options.transpose)
    return _donors(path, _of_cells(path, table, options), name, options)


def _donors(
    path: Path, table: "anndata.AnnData", name: str, options: ReadOptions, *, peaks: bool = True
) -> tuple[DonorCounts, ...]:
    """Return the counts of the donors of a table, which may hold `peaks` in place of genes."""
    matrix, var = _matrix(path, table, options.layer)
    genes = _measured(path, table, matrix, var, options)
    if peaks and holds_peaks(path, genes.names, options.modality, options.activity):
        activity = activity_of_peaks(path, genes.names, genes.counts, options.activity)
        genes = MeasuredGenes(*activity, mitochondrial_genes(activity[0]))
    unique = [str(column) for column in var.columns if var[column].is_unique]
    check_not_dates(path, genes.names)
    genes = settle_names(path, genes, options.duplicates, unique)
    places = _coordinates(path, table) if options.modality == "spatial" else None
    donors = read_column(path, table.obs, options.donor_key, name)
    species = read_column(path, table.obs, options.species_key, options.species)
    samples = samples_in_order(path, donors, _conditions(path, table.obs, options))
    if options.species_key is None:
        check_species(path, table.obs, options.species)
        check_genes(path, _ids(var), options.species)
    if options.orthologs is not None:
        check_one_species(path, set(species))
    if options.gene_names is not None:
        genes = name_by_symbols(genes, options.gene_names)
    if options.orthologs is not None:
        genes = name_by_orthologs(genes, options.orthologs)
    check_printable(path, "gene", genes.names)
    check_printable(path, "donor", [sample.name for sample in samples])
    found = []
    for sample in samples:
        of = only_species(path, sample.name, species[sample.cells])
        named = apart(genes, of) if options.names_apart else genes
        counts = CountMatrix(
            sample.name,
            options.tissue,
            options.modality,
            of,
            named.names,
            named.counts[sample.cells],
            coordinates=None if places is None else places[sample.cells],
            condition=sample.condition,
            donor=sample.donor,
        )
        found.append(DonorCounts(counts, named.mitochondrial))
    return tuple(found)


def _conditions(path: Path, obs: Any, options: ReadOptions) -> npt.NDArray[Any] | None:
    if options.condition_key is None and not options.condition:
        return None
    return read_column(path, obs, options.condition_key, options.condition)


def _table(path: Path, options: ReadOptions) -> "anndata.AnnData":
    """Read the cells that are listed, or all, in rows."""
    named = (options.donor_key, options.species_key, options.condition_key, options.gene_key)
    keys = tuple(key for key in named if key)
    peaks = options.modality == "scatac"
    table = read_table(
        path, text_columns=keys, transpose=options.transpose, peaks=peaks, genome=options.genome
    )
    return _of_cells(path, table, options)


def _of_cells(path: Path, table: "anndata.AnnData", options: ReadOptions) -> "anndata.AnnData":
    """Return the cells of a table that are listed, or all, once cells are in rows."""
    rows, columns = (tuple(map(str, names)) for names in (table.obs_names, table.var_names))
    check_orientation(path, rows, columns, transposed=options.transpose)
    return table if options.cells is None else describe_cells(path, table, options.cells)


def _matrix(path: Path, table: "anndata.AnnData", layer: str | None) -> tuple[Any, Any]:
    if layer is None:
        return table.X, table.var
    if layer == "raw" and table.raw is not None:
        return table.raw.X, table.raw.var
    if layer in table.layers:
        return table.layers[layer], table.var
    have = [*table.layers, *(["raw"] if table.raw is not None else [])]
    raise DataError(f"'{path}' has no layer '{layer}'; it has {nearest_first(layer, have)}")


def _measured(
    path: Path, table: "anndata.AnnData", matrix: Any, var: Any, options: ReadOptions
) -> MeasuredGenes:
    """Return the genes, or peaks, of a genome that have a name, and their counts."""
    key = options.gene_key
    if key is None:
        warn_of_probes(path, var)
        key = naming_column(path, var)
    names = _gene_names(path, var, key)
    counts = checked_counts(
        path, table, matrix, names, layer=options.layer, rounded=options.round_counts
    )
    if options.modality != "scatac":  # where open or not is what is measured
        warn_of_detection(path, counts)
    genes = MeasuredGenes(names, counts, _mitochondrial(var) | mitochondrial_genes(names))
    return drop_nameless(path, of_genome(path, genes, var, options.genome))


def _gene_names(path: Path, var: Any, gene_key: str | None) -> tuple[str, ...]:
    if gene_key is not None and gene_key not in var.columns:
        have = nearest_first(gene_key, list(var.columns))
        raise DataError(f"'{path}' has no column '{gene_key}' of genes; it has {have}")
    if gene_key is not None:
        own = var[gene_key].astype(object).where(var[gene_key].notna(), "")
        index = [""] * len(var) if is_numbered(var) else clean_names(var.index)
        return tuple(name or i for name, i in zip(clean_names(own), index, strict=True))
    return tuple(clean_names(var.index))


def _coordinates(path: Path, table: "anndata.AnnData") -> npt.NDArray[np.float64] | None:
    for key in COORDINATES:
        if key in table.obsm:
            places = as_coordinates(table.obsm[key])
            problem = coordinate_problem(places, table.n_obs)
            if problem:
                raise DataError(f"'{path}': obsm['{key}']: {problem}")
            return places
    return None


def _ids(var: Any) -> Iterator[str]:
    """Yield the names of genes, and what columns of ids beside them hold."""
    for names in (var.index, *(var[column] for column in ID_COLUMNS if column in var.columns)):
        yield from map(str, names)


def _mitochondrial(var: Any) -> BoolArray:
    found = mitochondrial_genes(tuple(map(str, var.index)))
    for column in SYMBOL_COLUMNS:
        if column in var.columns:
            found |= mitochondrial_genes(tuple(str(g) for g in var[column]))
    for column in MITOCHONDRIAL_FLAGS:
        if column in var.columns and var[column].dtype == bool:
            found |= var[column].to_numpy()
    return found
