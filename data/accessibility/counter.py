"""Count fragments per cell and per gene as they are read."""

from typing import Any

import numpy as np
from scipy import sparse

from genearena.data.accessibility.regions import GeneRegions, Positions
from genearena.data.accessibility.tally import PairTally


class FragmentCounter:
    """Counts of fragments per barcode, and per barcode and gene.

    Parameters
    ----------
    regions
        Regions of the genes.
    barcodes
        Those to count; None for all.

    Attributes
    ----------
    per_cell
        Fragments of each barcode, also those that lie in no gene.
    n_read, n_elsewhere
        Fragments of all barcodes, and how many of them lie on chromosomes without genes.
    chromosomes
        Names of the chromosomes, in the order they come.
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
