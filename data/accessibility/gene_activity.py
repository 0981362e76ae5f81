"""Gene activity: how open the chromatin of each gene's body and promoter is in each cell."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from genearena.data.accessibility.fragments import count_fragments, is_fragments
from genearena.data.accessibility.gtf import read_genes
from genearena.data.accessibility.regions import GeneRegions
from genearena.data.common.errors import DataError, UsageError
from genearena.data.graphs import Modality
from genearena.data.reading.cells import describe_cells, read_cells
from genearena.data.reading.readers import read_table

if TYPE_CHECKING:
    import anndata

_PEAK = re.compile(r"(.+?)[:_-](\d{1,18})[-_](\d{1,18})")
"""``chr1:100-200``; also ``chr1-100-200`` and ``chr1_100_200``, as Signac and others write."""
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
    """Return the cells x genes counts of a fragment file, as `gene_activity` does."""
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
    """Return the genes, and the cells x genes counts of cells x peaks, as `gene_activity` does."""
    if options.min_fragments is not None:
        raise UsageError(f"--min-fragments is for fragments; '{path}' holds peaks")
    regions = _regions(options)
    return regions.names, sum_peaks(path, counts, peaks, regions)


def holds_peaks(
    path: Path, names: tuple[str, ...], modality: Modality, options: ActivityOptions
) -> bool:
    """Return whether the columns of a matrix are peaks rather than genes.

    Peaks of no scATAC data or without a GTF, and genes with one, raise UsageError.
    """
    gene = next((name for name in names if _PEAK.fullmatch(name) is None), None)
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


def sum_peaks(
    path: Path, counts: sparse.csr_array, names: Sequence[str], regions: GeneRegions
) -> sparse.csr_array:
    """Return (cells, genes) sums of (cells, peaks) counts of peaks that overlap a gene's region.

    A peak counts in full for every gene it overlaps by a base or more. The bases in the names of
    peaks are counted from 0, the end not included, as in BED files and Cell Ranger's.

    Raises
    ------
    DataError
        If a peak ends before it starts, or none overlaps a gene.
    """
    found = [_peak(path, name) for name in names]
    chromosomes = np.array([chromosome for chromosome, _, _ in found], dtype=object)
    starts = np.array([start for _, start, _ in found], dtype=np.int64)
    ends = np.array([end for _, _, end in found], dtype=np.int64)
    own = {name: regions.chromosome(name) for name in dict.fromkeys(chromosomes)}
    if not any(own.values()):
        raise regions.shares_none(path, tuple(own))
    pairs = [np.empty((2, 0), dtype=np.int64)]
    for name, chromosome in own.items():
        if chromosome is not None:
            here = np.flatnonzero(chromosomes == name)
            peaks, genes = chromosome.overlaps(starts[here], ends[here])
            pairs.append(np.stack([here[peaks], genes]))
    peak, gene = np.hstack(pairs)
    ones = np.ones(len(peak), dtype=np.int32)
    shape = (len(names), len(regions.names))
    overlap = sparse.csr_array(sparse.coo_array((ones, (peak, gene)), shape=shape))
    if not overlap.nnz:
        raise DataError(
            f"'{path}': none of {len(names)} peaks overlaps a gene; is the GTF of the same "
            "assembly?"
        )
    return sparse.csr_array(counts @ overlap)


def _peak(path: Path, name: str) -> tuple[str, int, int]:
    parts = _PEAK.fullmatch(name)
    if parts is None or int(parts[2]) >= int(parts[3]):
        raise DataError(f"'{path}': '{name}' is no peak, want chromosome:start-end, start < end")
    return parts[1], int(parts[2]), int(parts[3])


def _regions(options: ActivityOptions) -> GeneRegions:
    if options.gtf is None:
        raise UsageError("gene activity needs the genes of the assembly; add --gtf FILE")
    return GeneRegions.of(read_genes(options.gtf, options.biotype), options.promoter)
