"""The counts of one donor, sample or section, before anything is computed from them."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
import numpy.typing as npt
from scipy import sparse

from genearena.data.common.errors import DataError
from genearena.data.graphs import IntArray, Modality

Selection = IntArray | npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class CountMatrix:
    """Counts of one donor, sample or section.

    Parameters
    ----------
    name, tissue, modality, species
        Donor or sample, unique within its data set, and what was measured, as in `GeneGraph`.
    genes, counts
        n unique gene names, and (cells, n) non-negative integers.
    truth, simulated
        (n,) programme of each gene, -1 for none, where the data come from the simulator.
    coordinates
        (cells, 2) places of the spots of a section, where they are known.
    condition, donor
        As in `GeneGraph`.

    Raises
    ------
    DataError
        If shapes disagree, a gene name repeats, the modality is unknown or a place is not finite.
    """

    name: str
    tissue: str
    modality: Modality
    species: str
    genes: tuple[str, ...]
    counts: sparse.csr_array
    truth: IntArray | None = None
    simulated: bool = False
    coordinates: npt.NDArray[np.float64] | None = None
    condition: str = ""
    donor: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "genes", tuple(str(gene) for gene in self.genes))
        object.__setattr__(self, "counts", sparse.csr_array(self.counts))
        if self.coordinates is not None:
            object.__setattr__(self, "coordinates", as_coordinates(self.coordinates))
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
        kept = self
        if cells is not None:
            places = None if self.coordinates is None else self.coordinates[cells]
            kept = replace(kept, counts=kept.counts[cells], coordinates=places)
        if genes is not None:
            truth = None if self.truth is None else self.truth[genes]
            names = tuple(np.asarray(self.genes, dtype=object)[genes])
            kept = replace(kept, counts=kept.counts[:, genes], genes=names, truth=truth)
        return kept


def as_coordinates(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return coordinates as an array of floats, of no spots where they are not numbers."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        return np.empty(0)


def coordinate_problem(coordinates: npt.NDArray[np.float64], spots: int) -> str:
    """Say in a few words why these are not the (spots, 2) places of `spots` spots, or nothing."""
    if coordinates.shape != (spots, 2):
        solid = "; add each flat section by itself, with x and y alone"
        return (
            f"coordinates have shape {coordinates.shape}, want ({spots}, 2) numbers"
            f"{solid if coordinates.shape == (spots, 3) else ''}"
        )
    wrong = np.flatnonzero(~np.isfinite(coordinates).all(axis=1))
    if len(wrong):
        place = ", ".join(f"{value:g}" for value in coordinates[wrong[0]])
        return (
            f"coordinates of {len(wrong)} of {spots} spots are not finite, the first at position "
            f"{wrong[0]} ({place}); leave these spots out"
        )
    return ""


def _problem(matrix: CountMatrix) -> str:
    n = len(matrix.genes)
    if matrix.modality not in get_args(Modality):
        return f"modality '{matrix.modality}' is none of {', '.join(get_args(Modality))}"
    if matrix.counts.shape[1] != n:
        return f"shape {matrix.counts.shape}, want (cells, {n} genes)"
    if matrix.truth is not None and matrix.truth.shape != (n,):
        return f"truth has shape {matrix.truth.shape}, want ({n},)"
    if matrix.coordinates is not None:
        problem = coordinate_problem(matrix.coordinates, matrix.n_cells)
        if problem:
            return problem
    if len(set(matrix.genes)) < n:
        twice = Counter(matrix.genes).most_common(1)[0][0]
        return f"gene '{twice}' appears twice; merge or rename it"
    return ""
