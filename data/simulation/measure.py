"""Draw the counts of one sample: latent log-normal expression, seen through Poisson counts.

Log expression of gene g in a cell of activity a is log m_g + w_g·a + w_g·f + e_g − v_g/2, with
f ~ N(0, τ² I) the cell's fluctuation, e_g ~ N(0, σ_g²) the gene's own noise and
v_g = τ²|w_g|² + σ_g², so that its mean is m_g exp(w_g·a). A unit averages several such cells.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from genearena.data.common.errors import UsageError
from genearena.data.reading.counts import CountMatrix
from genearena.data.simulation.pool import Array
from genearena.data.simulation.samples import SampleModel, SampleSpec
from genearena.data.simulation.streams import stream

FLUCTUATION = 0.75
"""Standard deviation τ of programme activity between cells of one type."""
FIELD_STRENGTH = 1.1
"""Standard deviation of a programme's spatial field."""
N_WAVES = 6


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

        They are of all genes, or those named, in their order; an unknown one raises UsageError.
        """
        index = {gene: row for row, gene in enumerate(self.counts.genes)}
        wanted = self.counts.genes if genes is None else genes
        unknown = next((gene for gene in wanted if gene not in index), None)
        if unknown is not None:
            raise UsageError(f"gene '{unknown}' is not in sample '{self.counts.name}'")
        rows = np.array([index[gene] for gene in wanted], dtype=np.int64)
        model = self.model
        return latent_moments(
            model.mean[rows], model.loadings[rows], model.noise[rows], self.activity
        )

    def latent_correlation(self, genes: Sequence[str] | None = None) -> Array:
        """Return the true (genes, genes) correlation of latent expression, CS-CORE's estimand.

        It is 0 where a variance is 0.
        """
        covariance = self.latent_moments(genes)[1]
        scale = np.sqrt(np.diag(covariance))
        inverse = np.divide(1.0, scale, out=np.zeros_like(scale), where=scale > 0)
        return np.asarray(covariance * inverse[:, None] * inverse[None, :])


def latent_moments(
    mean: Array, loadings: Array, noise: Array, activity: Array
) -> tuple[Array, Array]:
    """Return mean and covariance of the latent expression of a unit picked at random.

    The covariance is that of the units' means plus, per member cell, the log-normal one
    mean_g mean_h (exp(τ² w_g·w_h + [g = h] σ_g²) − 1).

    Parameters
    ----------
    mean, noise
        (genes,) expression at rest and standard deviation of a gene's own log expression.
    loadings
        (genes, programmes) weights.
    activity
        (members, units, programmes) mean activity of the cells that make up each unit.
    """
    cells = np.exp(_log_means(mean, loadings, activity))
    units = cells.mean(axis=0)
    between = np.cov(units, rowvar=False, bias=True)
    flat = cells.reshape(-1, mean.size)
    log_covariance = FLUCTUATION**2 * loadings @ loadings.T + np.diag(noise**2)
    within = (flat.T @ flat / len(flat)) * np.expm1(log_covariance) / activity.shape[0]
    return units.mean(axis=0), between + within


def measure(
    sample: SampleSpec, model: SampleModel, tissue: str, genes: tuple[str, ...], seed: int
) -> SimulatedSample:
    """Draw the cells of a sample from its model and count their transcripts of all `genes`."""
    rng = stream(seed, tissue, "cells", sample.cells, sample.name)
    coordinates = _spot_grid(sample.cells) if sample.modality == "spatial" else None
    if coordinates is None:
        activity = _activity_by_type(model, sample.cells, rng)
    else:
        activity = _activity_by_place(model, coordinates, sample.departure.cells_per_unit, rng)
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
        condition=sample.condition,
    )
    return SimulatedSample(counts, depth, activity, model)


def _activity_by_type(model: SampleModel, cells: int, rng: np.random.Generator) -> Array:
    """Return the (1, cells, programmes) mean activity of cells whose types are drawn at random."""
    types = rng.choice(model.proportions.size, cells, p=model.proportions)
    return model.markers[types][None]


def _spot_grid(spots: int) -> Array:
    """Return (spots, 2) coordinates of an offset-row grid with unit spacing."""
    width = int(np.ceil(np.sqrt(spots)))
    row, column = np.divmod(np.arange(spots), width)
    return np.stack([column + 0.5 * (row % 2), row * np.sqrt(0.75)], axis=1)


def _activity_by_place(
    model: SampleModel, coordinates: Array, members: int, rng: np.random.Generator
) -> Array:
    """Return the (members, spots, programmes) mean activity of the cells under every spot.

    It is the markers of each cell's type, drawn by regional type composition, plus a smooth field
    per programme.
    """
    place = coordinates / max(float(np.ptp(coordinates)), 1.0)
    taste = np.log(model.proportions) + 1.5 * _fields(place, model.proportions.size, rng)
    gumbel = rng.gumbel(size=(members, *taste.shape))
    types = np.argmax(taste + gumbel, axis=2)
    field = FIELD_STRENGTH * _fields(place, model.markers.shape[1], rng)
    return np.asarray(model.markers[types] + field)


def _fields(place: Array, count: int, rng: np.random.Generator) -> Array:
    wave = rng.normal(0.0, 6.0, (count, N_WAVES, 2))
    phase = rng.uniform(0.0, 2 * np.pi, (count, N_WAVES))
    angle = np.einsum("sd,kwd->skw", place, wave) + phase
    return np.asarray(np.sqrt(2 / N_WAVES) * np.cos(angle).sum(axis=2))


def _log_means(mean: Array, loadings: Array, activity: Array) -> Array:
    """Return the (..., genes) log mean expression of cells of (..., programmes) activity."""
    return np.asarray(np.log(mean) + activity @ loadings.T, dtype=np.float64)


def _latent(model: SampleModel, activity: Array, rng: np.random.Generator) -> Array:
    moving = activity + FLUCTUATION * rng.normal(size=activity.shape)
    log_latent = _log_means(model.mean, model.loadings, moving)
    log_latent += model.noise * rng.standard_normal(log_latent.shape)
    log_latent -= (FLUCTUATION**2 * (model.loadings**2).sum(axis=1) + model.noise**2) / 2
    return np.asarray(np.exp(log_latent))
