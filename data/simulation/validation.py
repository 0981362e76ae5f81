"""Whether CS-CORE finds in simulated counts what was planted, and nothing else.

The true correlation of two genes' latent expression is known in closed form, and is exactly 0 if
either is in no programme. Edges between such genes are false. There are two depths to test with:
the one the counts were drawn with, and a cell's total count, all that real data offer. Totals rise
where programmes are active, so that genes outside them seem to fall (closure of compositions);
without programmes this cannot be, and the difference shows how much of it there is.
"""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from genearena.data.graphs import Modality
from genearena.data.notes import DataWarning
from genearena.data.options import ALPHA, RESIDUALS, Simulation
from genearena.data.preprocessing.cscore import cscore
from genearena.data.preprocessing.residuals import fit_residuals
from genearena.data.preprocessing.selection import resolve_rule, select_genes
from genearena.data.simulate import simulate_samples
from genearena.data.simulation.measure import SimulatedSample
from genearena.data.simulation.pool import Array

Depth = Literal["true", "total"]
DEPTHS: tuple[Depth, ...] = ("true", "total")
INDEPENDENT = 1e-9
"""True correlation below which two genes are independent; the closed form gives 0 but for
rounding."""
BINS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.65, 0.8)
FEWEST = 20
"""Pairs below which the power in a bin is not told."""


@dataclass(frozen=True, eq=False)
class PairCalls:
    """The pairs of one simulated sample's genes, whether it had programmes or not.

    `true` (pairs,) is the correlation of their latent expression in closed form, and `edge`
    (pairs,) whether CS-CORE, given the `depth`, finds p below the level of the test.
    """

    tissue: str
    sample: str
    modality: Modality
    seed: int
    programmes: bool
    depth: Depth
    true: Array
    edge: npt.NDArray[np.bool_]

    @property
    def independent(self) -> npt.NDArray[np.bool_]:
        """(pairs,) whether the two genes are independent in truth."""
        return np.asarray(np.abs(self.true) < INDEPENDENT)

    @property
    def false_edge_rate(self) -> float:
        """Share of the independent pairs that are edges; nan if there are none."""
        chosen = self.edge[self.independent]
        return float(chosen.mean()) if len(chosen) else float("nan")

    def power(self, bins: Sequence[float] = BINS) -> Array:
        """Return the (k,) shares of edges among the dependent pairs of each bin of true |r|.

        `bins` are k + 1 ascending limits; the share is nan in one of fewer than `FEWEST` pairs.
        """
        edge = self.edge[~self.independent]
        place = np.digitize(np.abs(self.true[~self.independent]), bins) - 1
        counts = np.array([(place == k).sum() for k in range(len(bins) - 1)])
        found = np.array([edge[place == k].sum() for k in range(len(bins) - 1)])
        return np.where(counts >= FEWEST, found / np.maximum(counts, 1), np.nan)


def validate_simulator(
    tissue: str,
    seeds: Sequence[int],
    *,
    genes: int = 300,
    cells: int = 350,
    alpha: float = ALPHA,
) -> Iterator[PairCalls]:
    """Simulate a tissue with and without programmes, and test its genes with both depths.

    Yields the pairs of every seed, sample and kind, as they are ready. `genes` of each sample are
    chosen as for its graph, `cells` is about how many it has, and `alpha` the level of the test.

    Raises
    ------
    UsageError
        If the tissue is unknown or a number out of range.
    """
    for seed in seeds:
        sizes = Simulation(genes=genes, cells=cells, seed=seed)
        for programmes in (True, False):
            for sample in simulate_samples(tissue, sizes, programmes=programmes):
                yield from _tested(sample, seed, programmes, genes, alpha)


def _tested(
    sample: SimulatedSample, seed: int, programmes: bool, n_genes: int, alpha: float
) -> Iterator[PairCalls]:
    counts = sample.counts
    fitted = fit_residuals(RESIDUALS, counts.counts)
    with warnings.catch_warnings():
        # without programmes no gene depends on place, as it should be
        warnings.simplefilter("ignore", DataWarning)
        chosen = select_genes(counts, fitted, n_genes, resolve_rule("auto", counts.modality))
    kept = counts.select(genes=chosen)
    row, col = np.triu_indices(kept.n_genes, k=1)
    true = sample.latent_correlation(kept.genes)[row, col]
    depths = {"true": sample.depth, "total": np.asarray(counts.counts.sum(axis=1))}
    for depth in DEPTHS:
        edges = cscore(kept.counts, depth=depths[depth]).edges(alpha).toarray()
        origin = (counts.tissue, counts.name, counts.modality, seed, programmes, depth)
        yield PairCalls(*origin, true, edges[row, col] > 0)
