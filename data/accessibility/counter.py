"""Count fragments per cell and per gene as they are read, in little memory."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from genearena.data.accessibility.regions import GeneRegions, Positions

MIN_PENDING = 4_000_000
"""Pairs that may wait to be merged, at the least: 50 MB."""


class FragmentCounter:
    """Counts of fragments per barcode, and per barcode and gene.

    Only the given barcodes are counted, or all. `per_cell` has the fragments of each, also those
    that lie in no gene; `n_read` and `n_elsewhere` count those of all barcodes, and those of them
    on chromosomes without genes; `chromosomes` are named in the order they come.
    """

    def __init__(self, regions: GeneRegions, barcodes: tuple[str, ...] | None) -> None:
        self.regions = regions
        self._rows = {barcode: row for row, barcode in enumerate(barcodes or ())}
        self._open = barcodes is None
        self._tally = PairTally(len(regions.names))
        self.per_cell: Positions = np.zeros(len(self._rows), dtype=np.int64)
        self.n_read = 0
        self.n_elsewhere = 0
        self.chromosomes: dict[str, None] = {}

    @property
    def barcodes(self) -> tuple[str, ...]:
        """Barcodes in the order of the rows."""
        return tuple(self._rows)

    def counts(self) -> sparse.csr_array:
        """Return the (barcodes, genes) counts."""
        return self._tally.counts(len(self._rows))

    def add(self, chunk: Any) -> None:
        """Count the fragments of a data frame with the columns of a fragment file."""
        self.n_read += len(chunk)
        self.chromosomes.update(dict.fromkeys(chunk["chromosome"].cat.categories))
        cells = self._cells(chunk["barcode"])
        counted = np.bincount(cells[cells >= 0], minlength=len(self._rows))
        counted[: len(self.per_cell)] += self.per_cell
        self.per_cell = counted
        self._add_pairs(chunk, cells)

    def _add_pairs(self, chunk: Any, cells: Positions) -> None:
        starts, ends = chunk["start"].to_numpy(), chunk["end"].to_numpy()
        codes = chunk["chromosome"].cat.codes.to_numpy()
        for code, name in enumerate(chunk["chromosome"].cat.categories):
            chromosome = self.regions.chromosome(name)
            if chromosome is None:
                self.n_elsewhere += int((codes == code).sum())
                continue
            here = np.flatnonzero((codes == code) & (cells >= 0))
            fragments, genes = chromosome.overlaps(starts[here], ends[here])
            self._tally.add(cells[here[fragments]], genes)

    def _cells(self, barcodes: Any) -> Positions:
        """Return the row of each barcode, -1 for those that are not counted."""
        names = barcodes.cat.categories
        if self._open:
            for name in names:
                self._rows.setdefault(name, len(self._rows))
        rows = np.array([self._rows.get(name, -1) for name in names], dtype=np.int64)
        codes: Positions = barcodes.cat.codes.to_numpy()
        return rows[codes]


class PairTally:
    """Counts of pairs.

    New pairs wait until they are as many as the counted ones and are then merged with them, so
    that memory stays in proportion to the number of distinct pairs and each is merged a few times
    at most, whatever the order of the file.
    """

    def __init__(self, n_genes: int) -> None:
        self._n_genes = n_genes
        self._keys: list[Positions] = [np.empty(0, dtype=np.int64)]
        self._counts: list[npt.NDArray[np.int32]] = [np.empty(0, dtype=np.int32)]
        self._n_pending = 0

    def add(self, cells: Positions, genes: Positions) -> None:
        """Count each pair of ``cells[i]`` and ``genes[i]`` once more."""
        keys, counts = np.unique(cells * self._n_genes + genes, return_counts=True)
        self._keys.append(keys)
        self._counts.append(counts.astype(np.int32))
        self._n_pending += len(keys)
        if self._n_pending > max(len(self._keys[0]), MIN_PENDING):
            self._merge()

    def counts(self, n_cells: int) -> sparse.csr_array:
        """Return the (n_cells, genes) counts."""
        self._merge()
        keys, counts = self._keys[0], self._counts[0]
        rows = np.searchsorted(keys, np.arange(n_cells + 1) * self._n_genes)
        return sparse.csr_array(
            (counts, keys % self._n_genes, rows), shape=(n_cells, self._n_genes)
        )

    def _merge(self) -> None:
        keys, places = np.unique(np.concatenate(self._keys), return_inverse=True)
        counts = np.bincount(places, weights=np.concatenate(self._counts), minlength=len(keys))
        self._keys, self._counts = [keys], [counts.astype(np.int32)]
        self._n_pending = 0
