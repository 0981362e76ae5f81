"""The samples a simulated tissue consists of, and how each kind departs from the tissue."""

from collections.abc import Iterator, Sequence

from genearena.data.cards.tissues import TissueSpec
from genearena.data.graphs import Modality
from genearena.data.simulation.departures import Departure, SampleSpec
from genearena.data.simulation.streams import stream

MAX_DONORS = 15

DONOR = Departure()
SCATAC = Departure(rewired=0.18, strength=0.9, depth=0.75, depth_spread=0.5, technique_scale=0.35)
SPATIAL = Departure(depth=1.3, depth_spread=0.35, technique_scale=0.25, cells_per_unit=8)
OTHER_SPECIES = Departure(rewired=0.24, technique_scale=0.4)


def plan_samples(
    spec: TissueSpec,
    donors: int,
    cells: int,
    modalities: Sequence[str],
    second_species: bool,
    seed: int,
) -> list[SampleSpec]:
    """List the samples of a tissue: scRNA donors, scATAC, spatial, other species."""
    kinds = _kinds(spec, donors, modalities, second_species)
    return [
        SampleSpec(name, modality, species, number, _vary(cells, spec, name, seed), departure)
        for name, modality, species, number, departure in kinds
    ]


def _kinds(
    spec: TissueSpec, donors: int, modalities: Sequence[str], second_species: bool
) -> Iterator[tuple[str, Modality, str, int, Departure]]:
    if "scrna" in modalities:
        for donor in range(donors):
            yield f"{spec.name}_scrna_{donor + 1}", "scrna", "human", donor, DONOR
    if "scatac" in modalities:
        yield f"{spec.name}_scatac_1", "scatac", "human", MAX_DONORS, SCATAC
    if "spatial" in modalities:
        yield f"{spec.name}_spatial_1", "spatial", "human", MAX_DONORS + 1, SPATIAL
    if second_species:
        for number, species in enumerate(spec.other_species, start=MAX_DONORS + 2):
            yield f"{spec.name}_{species}_1", "scrna", species, number, OTHER_SPECIES


def _vary(cells: int, spec: TissueSpec, name: str, seed: int) -> int:
    return round(cells * stream(seed, spec.name, "size", name).uniform(0.88, 1.25))
