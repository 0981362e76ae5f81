"""The counts of one donor, sample or section, before anything is computed from them."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
import numpy.typing as npt
from scipy import sparse

from genearena.data.errors import DataError
from genearena.data.graphs import IntArray, Modality

Selection = npt.NDArray[np.int64] | npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class CountMatrix:
    """Counts of one donor, sample or section.

    Parameters
    ----------
    name
        Donor or sample, unique within its data set.
    tissue, modality, species
        What was measured; `modality` is ``scrna``, ``scatac`` or ``spatial``.
    genes
        n unique gene names.
    counts
        (cells, n) non-negative integers.
    truth
        (n,) programme of each gene, -1 for none, where the data are simulated.
    simulated
        Whether the counts come from the simulator.

    Raises
    ------
    DataError
        If shapes disagree, a gene name repeats or the modality is unknown.
    """

    name: str
    tissue: str
    modality: Modality
    species: str
    genes: tuple[str, ...]
    counts: sparse.csr_array
    truth: IntArray | None = None
    simulated: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "genes", tuple(str(gene) for gene in self.genes))
        object.__setattr__(self, "counts", sparse.csr_array(self.counts))
        problem = _problem(self)
        if problem:
            raise DataError(f"counts '{self.name}': {problem}")

    @property
    def n_cells(self) -> int:
        """Number of cells or spots."""
        return int(self.counts.shape[0])

    @property
    def n_genes(self) -> int:
        """Number of genes."""
        return len(self.genes)

    def select(
        self, *, cells: Selection | None = None, genes: Selection | None = None
    ) -> "CountMatrix":
        """Return the counts of some cells and genes, each given as positions or a mask."""
        counts = self.counts if cells is None else self.counts[cells]
        if genes is None:
            return replace(self, counts=counts)
        truth = None if self.truth is None else self.truth[genes]
        names = tuple(np.asarray(self.genes, dtype=object)[genes])
        return replace(self, counts=counts[:, genes], genes=names, truth=truth)


def _problem(matrix: CountMatrix) -> str:
    n = len(matrix.genes)
    if matrix.modality not in get_args(Modality):
        return f"modality '{matrix.modality}' is none of {', '.join(get_args(Modality))}"
    if matrix.counts.shape[1] != n:
        return f"shape {matrix.counts.shape}, want (cells, {n} genes)"
    if matrix.truth is not None and matrix.truth.shape != (n,):
        return f"truth has shape {matrix.truth.shape}, want ({n},)"
    if len(set(matrix.genes)) < n:
        twice = Counter(matrix.genes).most_common(1)[0][0]
        return f"gene '{twice}' appears twice; merge or rename it"
    return ""
