"""Gene activity: how open the chromatin of each gene's body and promoter is in each cell."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from genearena.data.accessibility.fragments import count_fragments, is_fragments
from genearena.data.accessibility.gtf import read_genes
from genearena.data.accessibility.peaks import first_non_peak, sum_peaks
from genearena.data.accessibility.regions import GeneRegions
from genearena.data.common.errors import UsageError
from genearena.data.graphs import Modality
from genearena.data.reading.cells import describe_cells, read_cells
from genearena.data.reading.readers import read_table

if TYPE_CHECKING:
    import anndata

MIN_FRAGMENTS = 1000
"""Fragments that make a barcode a cell where cells are not listed, ArchR's threshold."""


@dataclass(frozen=True)
class ActivityOptions:
    """How fragments or peaks become counts of genes.

    Parameters
    ----------
    gtf
        Genes of the assembly the reads were mapped to; None if the data are counts of genes.
    promoter
        Bases upstream of a gene that count as the gene.
    biotype
        Kind of gene to keep, or ``all``; without effect if the GTF tells no kinds.
    min_fragments
        Fragments below which a barcode is no cell; by default none where cells are listed, and
        `MIN_FRAGMENTS` elsewhere.
    """

    gtf: Path | None = None
    promoter: int = 2000
    biotype: str = "protein_coding"
    min_fragments: int | None = None

    def check(self, path: Path, modality: Modality, fragments: bool) -> None:
        """Raise UsageError if these options contradict each other, the file or the modality."""
        if fragments and (modality != "scatac" or self.gtf is None):
            raise UsageError(f"'{path}' holds fragments; add --modality scatac --gtf FILE")
        if self.gtf is None and self.min_fragments is not None:
            raise UsageError("--min-fragments is for scATAC fragments; add --gtf FILE")
        if self.gtf is not None and modality != "scatac":
            raise UsageError("--gtf makes gene activity of scATAC data; add --modality scatac")


def gene_activity(
    path: Path | str,
    gtf: Path | str,
    *,
    promoter: int = 2000,
    biotype: str = "protein_coding",
    cells: Path | str | None = None,
    min_fragments: int | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> "anndata.AnnData":
    """Count what is accessible of each gene, its body and its promoter, in each cell.

    Fragments are counted, and counts of peaks summed, that overlap the region of a gene by a base
    or more, once for every gene they overlap. The region reaches from `promoter` bases upstream,
    which is before a gene on the + strand and after one on the - strand, to its other end. This
    is the rule of Signac's ``GeneActivity`` (Stuart et al. 2021), but for its limit on the length
    of genes; see `accessibility.gtf.read_genes` for which genes of a GTF are taken. Chromosomes
    are the same whether or not their names begin with ``chr``, and so are M and MT.

    Parameters
    ----------
    path
        Fragments, see `accessibility.fragments.count_fragments`, or an h5ad, 10x h5 or other
        matrix of cells and peaks, peaks named ``chr1:100-200``.
    gtf, promoter, biotype, min_fragments
        As in `ActivityOptions`.
    cells
        Barcodes of the cells and what is known of them, see `reading.cell_metadata.read_cells`.
    progress
        Called with a line now and then while fragments are read.

    Returns
    -------
    Cells and genes: `X` sparse counts; `obs` the table of the peak matrix, or for fragments
    their number ``n_fragments``, and the columns of `cells`.

    Raises
    ------
    UsageError
        If a matrix is not one of peaks, or `min_fragments` is given for it.
    DataError
        If a file cannot be used, or nothing overlaps a gene.
    """
    import anndata
    import pandas as pd

    listed = None if cells is None else Path(cells)
    options = ActivityOptions(Path(gtf), promoter, biotype, min_fragments)
    path = Path(path)
    if is_fragments(path):
        return activity_of_fragments(path, options, listed, progress)
    table = read_table(path, peaks=True)
    if listed is not None:
        table = describe_cells(path, table, listed)
    peaks, counts = tuple(map(str, table.var_names)), sparse.csr_array(table.X)
    holds_peaks(path, peaks, "scatac", options)
    genes, summed = activity_of_peaks(path, peaks, counts, options)
    return anndata.AnnData(sparse.csr_matrix(summed), table.obs, pd.DataFrame(index=list(genes)))


def activity_of_fragments(
    path: Path,
    options: ActivityOptions,
    cells: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> "anndata.AnnData":
    """Return the cells x genes counts of a fragment file, see `gene_activity`.

    Raises
    ------
    DataError
        If a file cannot be used, or nothing overlaps a gene.
    """
    import anndata
    import pandas as pd

    regions = _regions(options)
    listed = None if cells is None else read_cells(cells)
    least = options.min_fragments
    if least is None:
        least = MIN_FRAGMENTS if listed is None else 0
    barcodes, per_cell, counts = count_fragments(
        path,
        regions,
        barcodes=None if listed is None else tuple(listed.index),
        min_fragments=least,
        progress=progress,
    )
    obs = pd.DataFrame(index=list(barcodes)) if listed is None else listed.loc[list(barcodes)]
    obs = obs.assign(n_fragments=np.asarray(per_cell))
    return anndata.AnnData(sparse.csr_matrix(counts), obs, pd.DataFrame(index=list(regions.names)))


def activity_of_peaks(
    path: Path, peaks: tuple[str, ...], counts: sparse.csr_array, options: ActivityOptions
) -> tuple[tuple[str, ...], sparse.csr_array]:
    """Return the genes, and the cells x genes counts of cells x peaks, see `gene_activity`.

    Raises
    ------
    UsageError
        If `options.min_fragments` is given, which is for fragments.
    DataError
        If the GTF cannot be used, or no peak overlaps a gene.
    """
    if options.min_fragments is not None:
        raise UsageError(f"--min-fragments is for fragments; '{path}' holds peaks")
    regions = _regions(options)
    return regions.names, sum_peaks(path, counts, peaks, regions)


def holds_peaks(
    path: Path, names: tuple[str, ...], modality: Modality, options: ActivityOptions
) -> bool:
    """Return whether the columns of a matrix are peaks rather than genes.

    Raises
    ------
    UsageError
        If they are peaks of no scATAC data or without a GTF, or a GTF comes with genes.
    """
    gene = first_non_peak(names)
    if gene is None and modality != "scatac":
        raise UsageError(
            f"'{path}' holds peaks such as '{names[0]}'; add --modality scatac --gtf FILE"
        )
    if gene is None and options.gtf is None:
        raise UsageError(f"'{path}' holds peaks; add --gtf FILE, the genes of their assembly")
    if gene is not None and options.gtf is not None:
        raise UsageError(
            f"'{path}' holds '{gene}', which is no peak (chr1:100-200); leave out --gtf if the "
            "columns are genes"
        )
    return gene is None


def _regions(options: ActivityOptions) -> GeneRegions:
    if options.gtf is None:
        raise UsageError("gene activity needs the genes of the assembly; add --gtf FILE")
    return GeneRegions.of(read_genes(options.gtf, options.biotype), options.promoter)
