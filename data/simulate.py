"""Simulate the counts of a tissue's donors, with the truth kept."""

from collections.abc import Sequence

from genearena.data.cards.tissues import TissueSpec, tissue_spec
from genearena.data.common.errors import UsageError
from genearena.data.options import Simulation
from genearena.data.simulation.measure import SimulatedSample, measure
from genearena.data.simulation.pool import gene_pool, rewired_pool
from genearena.data.simulation.samples import (
    CONTROL,
    MAX_DONORS,
    REWIRED,
    plan_samples,
    sample_model,
    without_programmes,
)

LIMITS = {
    "donors": (1, MAX_DONORS),
    "genes": (20, None),
    "cells": (20, None),
    "rewired": (0, 1),
    "seed": (0, None),
}
"""Least and most of each number."""


def simulate_samples(
    tissue: str, sizes: Simulation | None = None, *, programmes: bool = True
) -> tuple[SimulatedSample, ...]:
    """Simulate the counts of every sample of a tissue, and keep what they were drawn from.

    Counts are Poisson with mean depth × latent expression, the measurement model of CS-CORE;
    depth is log-normal, and latent expression log-normal with gene programmes, cell types, a
    departure of every donor from the others, and a background of genes without programme.

    Parameters
    ----------
    tissue
        One of the ten tissues.
    sizes
        How much is simulated of it.
    programmes
        Whether genes follow programmes; without, all are independent whatever the type of cell.

    Returns
    -------
    Samples with a count matrix each: scRNA donors, then scATAC, spatial and other species.

    Raises
    ------
    UsageError
        If the tissue is unknown, a number is out of range, or the paper lacks the modality or
        species asked for.
    """
    sizes = sizes or Simulation()
    spec = tissue_spec(tissue)
    donors = spec.donors if sizes.donors is None else sizes.donors
    for what, (low, high) in LIMITS.items():
        got = donors if what == "donors" else getattr(sizes, what)
        if got < low or (high is not None and got > high):
            want = f"at least {low}" if high is None else f"{low} to {high}"
            raise UsageError(f"{what} is {got}, want {want}")
    _check_offered(spec, sizes.modalities, sizes.second_species)
    wanted = spec.modalities if sizes.modalities is None else sizes.modalities
    two = (CONTROL, REWIRED) if sizes.rewired else ("",)
    plans = plan_samples(spec, donors, sizes.cells, wanted, sizes.second_species, sizes.seed, two)
    pool = gene_pool(spec, sizes.genes, sizes.seed)
    rewired = rewired_pool(pool, sizes.rewired, tissue, sizes.seed)
    pools = {"": pool, CONTROL: pool, REWIRED: rewired}
    models = [
        sample_model(pools[plan.condition], plan, tissue, spec.depth, sizes.seed) for plan in plans
    ]
    if not programmes:
        models = [without_programmes(model) for model in models]
    return tuple(
        measure(plan, model, tissue, pool.genes, sizes.seed)
        for plan, model in zip(plans, models, strict=True)
    )


def _check_offered(
    spec: TissueSpec, modalities: Sequence[str] | None, second_species: bool
) -> None:
    unknown = [name for name in modalities or () if name not in spec.modalities]
    if unknown:
        raise UsageError(
            f"{spec.name} has no modality '{unknown[0]}'; choose from {', '.join(spec.modalities)}"
        )
    if modalities is not None and not modalities and not second_species:
        raise UsageError(f"no modality asked for; choose from {', '.join(spec.modalities)}")
    if second_species and not spec.other_species:
        raise UsageError(f"the paper has no second species of {spec.name}; leave it out")
