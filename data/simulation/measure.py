"""Draw the counts of one sample: latent log-normal expression, seen through Poisson counts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from genearena.data.common.errors import UsageError
from genearena.data.reading.counts import CountMatrix
from genearena.data.simulation.activity import activity_by_place, activity_by_type, spot_grid
from genearena.data.simulation.departures import SampleModel, SampleSpec
from genearena.data.simulation.latent import (
    FLUCTUATION,
    correlation,
    latent_moments,
    log_means,
    log_variance,
)
from genearena.data.simulation.pool import Array
from genearena.data.simulation.streams import stream


@dataclass(frozen=True, eq=False)
class SimulatedSample:
    """Counts of one sample with everything they were drawn from.

    Parameters
    ----------
    counts
        What an experiment would see, with the programme of each gene as `counts.truth` and the
        places of spots as `counts.coordinates`.
    depth
        (units,) expected counts of each unit whose latent expression sums to 1.
    activity
        (members, units, programmes) mean programme activity of the cells in each unit.
    model
        The distribution of the sample.
    """

    counts: CountMatrix
    depth: Array
    activity: Array
    model: SampleModel

    def latent_moments(self, genes: Sequence[str] | None = None) -> tuple[Array, Array]:
        """Return true mean (genes,) and covariance (genes, genes) of latent expression.

        Parameters
        ----------
        genes
            Gene names in the order wanted; all genes by default.

        Raises
        ------
        UsageError
            If a gene is unknown.
        """
        rows = self._rows(genes)
        model = self.model
        return latent_moments(
            model.mean[rows], model.loadings[rows], model.noise[rows], self.activity
        )

    def latent_correlation(self, genes: Sequence[str] | None = None) -> Array:
        """Return the true (genes, genes) correlation of latent expression, CS-CORE's estimand."""
        return correlation(self.latent_moments(genes)[1])

    def _rows(self, genes: Sequence[str] | None) -> npt.NDArray[np.int64]:
        index = {gene: row for row, gene in enumerate(self.counts.genes)}
        wanted = self.counts.genes if genes is None else genes
        unknown = next((gene for gene in wanted if gene not in index), None)
        if unknown is not None:
            raise UsageError(f"gene '{unknown}' is not in sample '{self.counts.name}'")
        return np.array([index[gene] for gene in wanted], dtype=np.int64)


def measure(
    sample: SampleSpec, model: SampleModel, tissue: str, genes: tuple[str, ...], seed: int
) -> SimulatedSample:
    """Draw the cells of a sample and count their transcripts.

    Parameters
    ----------
    sample
        Which sample.
    model
        The distribution its cells are drawn from.
    tissue
        Name of the tissue.
    genes
        Names of all genes.
    seed
        Seed of the simulation.
    """
    rng = stream(seed, tissue, "cells", sample.cells, sample.name)
    activity, coordinates = _activity(sample, model, rng)
    spread = rng.lognormal(0.0, sample.departure.depth_spread, activity.shape[1])
    depth = np.asarray(model.depth * spread)
    latent = np.zeros((len(depth), len(genes)))
    for cells in activity:
        latent += _latent(model, cells, rng) / len(activity)
    counts = CountMatrix(
        name=sample.name,
        tissue=tissue,
        modality=sample.modality,
        species=sample.species,
        genes=genes,
        counts=sparse.csr_array(rng.poisson(depth[:, None] * latent).astype(np.int32)),
        truth=model.truth,
        simulated=True,
        coordinates=coordinates,
    )
    return SimulatedSample(counts, depth, activity, model)


def _activity(
    sample: SampleSpec, model: SampleModel, rng: np.random.Generator
) -> tuple[Array, Array | None]:
    if sample.modality != "spatial":
        return activity_by_type(model, sample.cells, rng), None
    coordinates = spot_grid(sample.cells)
    members = sample.departure.cells_per_unit
    return activity_by_place(model, coordinates, members, rng), coordinates


def _latent(model: SampleModel, activity: Array, rng: np.random.Generator) -> Array:
    moving = activity + FLUCTUATION * rng.normal(size=activity.shape)
    log_latent = log_means(model.mean, model.loadings, moving)
    log_latent += model.noise * rng.standard_normal(log_latent.shape)
    log_latent -= log_variance(model.loadings, model.noise) / 2
    return np.asarray(np.exp(log_latent))
