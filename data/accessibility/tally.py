"""Count how often pairs of a cell and a gene are seen, many at a time and in little memory."""

import numpy as np
import numpy.typing as npt
from scipy import sparse

from genearena.data.accessibility.regions import Positions

MIN_PENDING = 4_000_000
"""Pairs that may wait to be merged, at the least: 50 MB."""


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
