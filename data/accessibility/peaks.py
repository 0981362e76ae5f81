"""Sum the counts of the peaks that overlap each gene's region."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy import sparse

from genearena.data.accessibility.regions import GeneRegions, Positions
from genearena.data.common.errors import DataError

_PEAK = re.compile(r"(.+?)[:_-](\d{1,18})[-_](\d{1,18})")


def first_non_peak(names: Sequence[str]) -> str | None:
    """Return the first name that is no peak, ``chr1:100-200``, None if all are.

    ``chr1-100-200`` and ``chr1_100_200``, as Signac and others write, are peaks too.
    """
    return next((name for name in names if _PEAK.fullmatch(name) is None), None)


def sum_peaks(
    path: Path, counts: sparse.csr_array, names: Sequence[str], regions: GeneRegions
) -> sparse.csr_array:
    """Sum, for every gene, the counts of the peaks that overlap its region by a base or more.

    A peak counts in full for every gene it overlaps.

    Parameters
    ----------
    path
        File the counts come from, for messages.
    counts
        (cells, peaks) counts.
    names
        Peaks, bases counted from 0, the end not included, as in BED files and Cell Ranger's.
    regions
        Regions of the genes.

    Returns
    -------
    (cells, genes) counts.

    Raises
    ------
    DataError
        If a peak ends before it starts, or none overlaps a gene.
    """
    found = [_peak(path, name) for name in names]
    chromosomes = np.array([chromosome for chromosome, _, _ in found], dtype=object)
    starts = np.array([start for _, start, _ in found], dtype=np.int64)
    ends = np.array([end for _, _, end in found], dtype=np.int64)
    pairs = [(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))]
    own = tuple(dict.fromkeys(chromosomes))
    if not any(regions.chromosome(name) for name in own):
        raise regions.shares_none(path, own)
    for name in own:
        chromosome = regions.chromosome(name)
        if chromosome is not None:
            here = np.flatnonzero(chromosomes == name)
            peaks, genes = chromosome.overlaps(starts[here], ends[here])
            pairs.append((here[peaks], genes))
    overlap = _incidence(pairs, (len(names), len(regions.names)))
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


def _incidence(
    pairs: Sequence[tuple[Positions, Positions]], shape: tuple[int, int]
) -> sparse.csr_array:
    peaks = np.concatenate([peak for peak, _ in pairs])
    genes = np.concatenate([gene for _, gene in pairs])
    ones = np.ones(len(peaks), dtype=np.int32)
    return sparse.csr_array(sparse.coo_array((ones, (peaks, genes)), shape=shape))
