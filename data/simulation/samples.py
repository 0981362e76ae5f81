"""The samples of a simulated tissue, and how each departs from the tissue's gene pool."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import cycle

import numpy as np

from genearena.data.cards.tissues import TissueSpec
from genearena.data.graphs import IntArray, Modality
from genearena.data.simulation.pool import Array, GenePool, Mask
from genearena.data.simulation.streams import stream

MAX_DONORS = 15
CONTROL, REWIRED = "control", "rewired"
ACTIVE_SHARE = 0.36
"""Chance that a sample expresses an accessory gene."""
SILENCED = 0.12
"""Mean of an accessory gene where it is not expressed, relative to where it is."""


@dataclass(frozen=True)
class Departure:
    """How far samples of one kind are from the tissue's pool.

    Parameters
    ----------
    rewired, strength
        Share of the programme genes that change programme, and factor on every loading.
    depth, depth_spread
        Factor on the median depth, and standard deviation of log depth between cells.
    gene_scale, technique_scale
        Standard deviation of the log scale a single sample gives each gene (batch effect), and of
        that which all samples of this modality and species share.
    cells_per_unit
        Cells averaged in one measured unit: 1, or several for a spatial spot.
    """

    rewired: float = 0.12
    strength: float = 1.0
    depth: float = 1.0
    depth_spread: float = 0.45
    gene_scale: float = 0.3
    technique_scale: float = 0.0
    cells_per_unit: int = 1


DONOR = Departure()
SCATAC = Departure(rewired=0.18, strength=0.9, depth=0.75, depth_spread=0.5, technique_scale=0.35)
SPATIAL = Departure(depth=1.3, depth_spread=0.35, technique_scale=0.25, cells_per_unit=8)
OTHER_SPECIES = Departure(rewired=0.24, technique_scale=0.4)


@dataclass(frozen=True)
class SampleSpec:
    """Which sample to simulate; `cells` may be spots.

    `number` labels the programme that only this sample has, counted from the shared ones.
    """

    name: str
    modality: Modality
    species: str
    number: int
    cells: int
    departure: Departure
    condition: str


@dataclass(frozen=True, eq=False)
class SampleModel:
    """The distribution the cells of one sample are drawn from; G genes, K programmes, T types.

    Parameters
    ----------
    truth
        (G,) programme of each gene in this sample, -1 for none.
    mean, noise
        (G,) mean latent expression of a cell whose programmes are at rest, and the standard
        deviation of a gene's own log expression.
    loadings
        (G, K + 1) weights; the last column is the sample's own programme.
    markers, proportions
        (T, K + 1) mean activity per type, and the (T,) share of each type.
    depth
        Median depth of its cells.
    """

    truth: IntArray
    mean: Array
    loadings: Array
    noise: Array
    markers: Array
    proportions: Array
    depth: float


def plan_samples(
    spec: TissueSpec,
    donors: int,
    cells: int,
    modalities: Sequence[str],
    second_species: bool,
    seed: int,
    conditions: Sequence[str],
) -> list[SampleSpec]:
    """List the samples of a tissue: scRNA donors, scATAC, spatial, other species.

    scRNA donors take the conditions in turn, so that more of them change none; others have none.
    """

    def sample(
        name: str,
        modality: Modality,
        species: str,
        number: int,
        departure: Departure,
        condition: str = "",
    ) -> SampleSpec:
        own = f"{spec.name}_{name}"
        varied = cells * stream(seed, spec.name, "size", own).uniform(0.88, 1.25)
        return SampleSpec(own, modality, species, number, round(varied), departure, condition)

    found = []
    if "scrna" in modalities:
        for n, condition in zip(range(donors), cycle(conditions), strict=False):
            found.append(sample(f"scrna_{n + 1}", "scrna", "human", n, DONOR, condition))
    if "scatac" in modalities:
        found.append(sample("scatac_1", "scatac", "human", MAX_DONORS, SCATAC))
    if "spatial" in modalities:
        found.append(sample("spatial_1", "spatial", "human", MAX_DONORS + 1, SPATIAL))
    if second_species:
        for number, species in enumerate(spec.other_species, start=MAX_DONORS + 2):
            found.append(sample(f"{species}_1", "scrna", species, number, OTHER_SPECIES))
    return found


def sample_model(
    pool: GenePool, sample: SampleSpec, tissue: str, depth: float, seed: int
) -> SampleModel:
    """Draw one sample's departures from its tissue, whose average donor has a median `depth`."""
    rng = stream(seed, tissue, "sample", sample.name)
    drawn = rng.random(len(pool.genes)) < ACTIVE_SHARE
    active = (pool.programme >= 0) & (pool.core | drawn)
    column = _rewire(pool, active, sample.departure.rewired, rng)
    return SampleModel(
        truth=np.where(column == pool.n_programmes, column + sample.number, column),
        mean=_mean(pool, active, sample, tissue, seed, rng),
        loadings=_loadings(pool, column, sample.departure.strength),
        noise=pool.noise,
        markers=np.hstack([pool.markers, rng.normal(0.0, 0.5, (len(pool.markers), 1))]),
        proportions=rng.dirichlet(np.full(pool.markers.shape[0], 8.0)),
        depth=depth * sample.departure.depth * float(rng.lognormal(0.0, 0.15)),
    )


def without_programmes(model: SampleModel) -> SampleModel:
    """Return the sample with all genes independent: as variable each by itself, in no programme."""
    truth = np.full_like(model.truth, -1)
    return replace(model, truth=truth, loadings=np.zeros_like(model.loadings))


def _rewire(pool: GenePool, active: Mask, share: float, rng: np.random.Generator) -> IntArray:
    column = np.where(active, pool.programme, -1)
    moved = active & (rng.random(column.size) < share)
    # half of the moved genes form the sample's own programme, the others join another shared one
    other = (column + rng.integers(1, pool.n_programmes, column.size)) % pool.n_programmes
    own = rng.random(column.size) < 0.5
    return np.where(moved, np.where(own, pool.n_programmes, other), column)


def _mean(
    pool: GenePool,
    active: Mask,
    sample: SampleSpec,
    tissue: str,
    seed: int,
    rng: np.random.Generator,
) -> Array:
    technique = stream(seed, tissue, "technique", sample.modality, sample.species)
    log_scale = sample.departure.gene_scale * rng.normal(size=len(pool.genes))
    log_scale += sample.departure.technique_scale * technique.normal(size=len(pool.genes))
    silent = (pool.programme >= 0) & ~active
    mean = pool.mean * np.exp(log_scale) * np.where(silent, SILENCED, 1.0)
    return np.asarray(mean / mean.sum())


def _loadings(pool: GenePool, column: IntArray, strength: float) -> Array:
    loadings = np.pad(pool.loadings, ((0, 0), (0, 1)))
    loadings[column < 0] = 0.0
    moved = np.flatnonzero((column >= 0) & (column != pool.programme))
    # a moved gene weighs as much in its new programme as it did in the old one
    loadings[moved, column[moved]] = loadings[moved, pool.programme[moved]]
    loadings[moved, pool.programme[moved]] = 0.0
    return strength * loadings
