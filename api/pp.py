"""``ga.pp``: from counts to graphs."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from genearena.data.common.errors import UsageError
from genearena.data.graphs import GraphCollection, Modality
from genearena.data.make import make_graphs
from genearena.data.notes import DataNote, DataWarning
from genearena.data.options import RESIDUALS, BuildOptions, GenesBy, Protocol, QualityControl
from genearena.data.reading.gene_names import Duplicates
from genearena.data.reading.ingest import ReadOptions

if TYPE_CHECKING:
    from anndata import AnnData

__all__ = ["graphs"]


def graphs(
    adata: "AnnData | str | Path | Sequence[AnnData | str | Path] "
    "| Mapping[str, AnnData | str | Path]",
    tissue: str,
    *,
    name: str = "mine",
    donor_key: str | None = None,
    modality: Modality = "scrna",
    species: str = "human",
    species_key: str | None = None,
    condition: str = "",
    condition_key: str | None = None,
    names_apart: bool = False,
    gene_key: str | None = None,
    gene_names: str | Path | None = None,
    orthologs: str | Path | None = None,
    duplicates: Duplicates = "sum",
    layer: str | None = None,
    round_counts: bool = False,
    n_genes: int = 1000,
    genes_by: GenesBy = "auto",
    residuals: str = RESIDUALS,
    alpha: float = 0.005,
    fdr: bool = False,
    protocol: Protocol = "split",
    split_seed: int = 0,
    min_genes: int = 200,
    min_cells: int = 3,
    max_genes: int | None = None,
    max_pct_mt: float | None = None,
    min_donor_cells: int = 40,
    progress: Callable[[str], None] = lambda _: None,
) -> GraphCollection:
    """Turn raw counts into co-expression graphs, one per donor, as ``bench data add`` does.

    What was done to the data on the way is told as `DataNote`, what looks wrong with them as
    `DataWarning`; the tables are left as they are.

    Parameters
    ----------
    adata
        Cells × genes of raw counts, a file that ``bench data add`` reads, or several of either: in
        a list, where those of one sample are numbered from 1, or by the names that such samples
        are to have.
    tissue, modality, species
        What was measured; ``scrna``, ``scatac`` (counts of genes) or ``spatial``, which needs
        ``obsm["spatial"]``.
    name
        What the data set is called.
    donor_key, species_key
        Columns of `obs` with the donor and the species of each cell; without the first a table is
        one sample.
    condition, condition_key
        The condition of all cells, or the column of `obs` with that of each: a donor of several has
        a graph for each.
    names_apart
        Whether names and order of genes are hidden from methods, to ask who finds orthologs.
    gene_key
        Column of `var` with the names of genes, in place of its index.
    gene_names, orthologs
        Tables that turn ids into symbols, and the genes of one species into another's.
    duplicates
        Genes of one name: ``sum`` their counts, ``keep`` them apart by a number, or ``refuse``.
    layer, round_counts
        Layer with the counts, or ``raw``; whether to round counts with fractions.
    n_genes, genes_by
        Genes of each donor, the nodes of its graph; ``variance``, ``sparkx`` or ``auto``.
    residuals
        Null model of the profiles, ``sctransform`` or ``analytic``.
    alpha, fdr
        Pairs with p below it are edges; whether p is adjusted (Benjamini-Hochberg).
    protocol, split_seed
        ``split``: half of each donor's cells make its graph, the others are kept back to score
        methods with; ``paper``: all cells make the graph. And which half.
    min_genes, min_cells, max_genes, max_pct_mt, min_donor_cells
        Quality control: detected genes of a cell, cells of a gene, most genes and largest
        percentage of mitochondrial counts of a cell, cells of a donor.
    progress
        Called with a line about every donor, as `print` is.

    Raises
    ------
    UsageError
        If there is no such null model.
    DataError
        If there are no counts that can be used; the message says what to do.
    """
    read = ReadOptions(
        tissue=tissue,
        modality=modality,
        species=species,
        donor_key=donor_key,
        species_key=species_key,
        condition=condition,
        condition_key=condition_key,
        names_apart=names_apart,
        gene_key=gene_key,
        gene_names=None if gene_names is None else Path(gene_names),
        orthologs=None if orthologs is None else Path(orthologs),
        duplicates=duplicates,
        layer=layer,
        round_counts=round_counts,
    )
    made = make_graphs(
        _named(adata, name),
        name,
        read,
        quality=QualityControl(
            min_genes=min_genes,
            min_cells=min_cells,
            max_genes=max_genes,
            max_pct_mt=max_pct_mt,
            min_donor_cells=min_donor_cells,
        ),
        build=BuildOptions(
            n_genes=n_genes,
            residuals=residuals,
            alpha=alpha,
            fdr=fdr,
            genes_by=genes_by,
            protocol=protocol,
            split_seed=split_seed,
        ),
        progress=progress,
    )
    if made.origin is not None:
        for kind, lines in ((DataNote, made.origin.notes), (DataWarning, made.origin.warnings)):
            for line in lines:
                warnings.warn(line, kind, stacklevel=2)
    return made


def _named(adata: object, name: str) -> "dict[str, AnnData | Path]":
    """Return tables by the names of their samples, paths as such."""
    from anndata import AnnData

    if isinstance(adata, AnnData | str | Path):
        given: Mapping[object, object] = {name: adata}
    elif isinstance(adata, Mapping):
        given = adata
    elif isinstance(adata, Sequence):
        given = {str(number): each for number, each in enumerate(adata, 1)}
    else:
        given = {name: adata}
    for of, table in given.items():
        if not isinstance(table, AnnData | str | Path):
            raise UsageError(f"'{of}' is a {type(table).__name__}, want an AnnData or a file")
    if not given:
        raise UsageError("there is no table; give an AnnData or a file")
    return {
        str(of): table if isinstance(table, AnnData) else Path(str(table))
        for of, table in given.items()
    }
