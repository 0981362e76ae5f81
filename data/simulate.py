"""Simulate the counts of a tissue's donors, with the truth kept."""

from collections.abc import Sequence

from genearena.data.cards.tissues import TissueSpec, tissue_spec
from genearena.data.common.errors import UsageError
from genearena.data.reading.counts import CountMatrix
from genearena.data.simulation.departures import sample_model, without_programmes
from genearena.data.simulation.measure import SimulatedSample, measure
from genearena.data.simulation.plans import MAX_DONORS, plan_samples
from genearena.data.simulation.pool import gene_pool

MIN_GENES = 20
MIN_CELLS = 20


def simulate_tissue(
    tissue: str,
    *,
    donors: int | None = None,
    genes: int = 300,
    cells: int = 350,
    modalities: Sequence[str] | None = None,
    second_species: bool = False,
    seed: int = 0,
) -> tuple[CountMatrix, ...]:
    """Simulate the counts of every sample of a tissue.

    Counts are Poisson with mean depth × latent expression, the measurement model of CS-CORE;
    depth is log-normal, and latent expression log-normal with gene programmes, cell types, a
    departure of every donor from the others, and a background of genes without programme.

    Parameters
    ----------
    tissue
        One of the ten tissues.
    donors
        scRNA donors, 1 to 15; by default what the catalogue says.
    genes
        Genes that a graph will keep, at least 20; several times as many are simulated.
    cells
        Cells per sample, at least 20; samples have 0.88 to 1.25 times as many.
    modalities
        Which of ``scrna``, ``scatac`` and ``spatial``; by default all that the paper has.
    second_species
        Add a sample of each other species the paper has, with the same gene names.
    seed
        Non-negative seed. A sample depends on nothing but seed, tissue, `genes`, `cells` and its
        own name: further donors or modalities leave it as it is.

    Returns
    -------
    One count matrix per sample: scRNA donors, then scATAC, spatial and other species.

    Raises
    ------
    UsageError
        If the tissue is unknown, a number is out of range, or the paper lacks the modality or
        species asked for.
    """
    samples = simulate_samples(
        tissue,
        donors=donors,
        genes=genes,
        cells=cells,
        modalities=modalities,
        second_species=second_species,
        seed=seed,
    )
    return tuple(sample.counts for sample in samples)


def simulate_samples(
    tissue: str,
    *,
    donors: int | None = None,
    genes: int = 300,
    cells: int = 350,
    modalities: Sequence[str] | None = None,
    second_species: bool = False,
    seed: int = 0,
    programmes: bool = True,
) -> tuple[SimulatedSample, ...]:
    """Simulate a tissue as `simulate_tissue` does and keep what the counts were drawn from.

    Without `programmes` no gene follows one, whatever its type of cell: all are independent.
    """
    spec = tissue_spec(tissue)
    donors = spec.donors if donors is None else donors
    for what, got, low, high in (
        ("donors", donors, 1, MAX_DONORS),
        ("genes", genes, MIN_GENES, None),
        ("cells", cells, MIN_CELLS, None),
        ("seed", seed, 0, None),
    ):
        _check_range(what, got, low, high)
    _check_offered(spec, modalities, second_species)
    wanted = spec.modalities if modalities is None else modalities
    plans = plan_samples(spec, donors, cells, wanted, second_species, seed)
    pool = gene_pool(spec, genes, seed)
    models = [sample_model(pool, plan, tissue, spec.depth, seed) for plan in plans]
    if not programmes:
        models = [without_programmes(model) for model in models]
    return tuple(
        measure(plan, model, tissue, pool.genes, seed)
        for plan, model in zip(plans, models, strict=True)
    )


def _check_range(what: str, got: int, low: int, high: int | None) -> None:
    if got < low or (high is not None and got > high):
        want = f"at least {low}" if high is None else f"{low} to {high}"
        raise UsageError(f"{what} is {got}, want {want}")


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
