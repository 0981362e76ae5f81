"""Choose the donors of a tissue and a sample of the cells of each."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from genearena.data.cards.stored_card import PublishedDataset
from genearena.data.census.soma import JoinIds, SomaCensus
from genearena.data.census.terms import ARCHIVE, organism_of, resolve_filter
from genearena.data.common.errors import DataError
from genearena.data.simulation.streams import stream

if TYPE_CHECKING:
    import pandas as pd

NOT_ONE_DONOR = ("pooled", "unknown", "na", "")
"""Values of donor_id that name no single person."""
SAMPLE_KEY = ["dataset_id", "donor_id", "assay", "suspension_type"]
BYTES_PER_COUNT = 8
"""A stored count above 0: its value and its gene, four bytes each, before compression."""


@dataclass(frozen=True)
class FetchRequest:
    """Which donors of which tissue are fetched, and how much of each.

    Parameters
    ----------
    tissue, census_tissues
        The suite's name of the tissue, and the Census' where they differ.
    donors, min_cells
        Donors wanted: those with most cells, and no fewer than these.
    cells_per_donor, seed
        Cells taken of each at random, all where there are fewer, and the seed of the choice.
    species
        Name in `terms.ORGANISMS`, or a Latin one.
    assay, disease
        Terms of the Census; ``any`` for all.
    """

    tissue: str
    donors: int = 5
    cells_per_donor: int = 1000
    species: str = "human"
    assay: str = "10x"
    disease: str = "normal"
    census_tissues: tuple[str, ...] = ()
    min_cells: int = 40
    seed: int = 0


@dataclass(frozen=True, eq=False)
class DonorSample:
    """Cells of one donor in one dataset, measured by one assay on cells or on nuclei.

    `cells` holds the numbers of those to take, ascending; `nnz` their counts above 0.
    """

    name: str
    donor_id: str
    dataset: PublishedDataset
    assay: str
    suspension: str
    n_available: int
    cells: JoinIds
    nnz: int

    @property
    def n_bytes(self) -> int:
        """Size of the counts in bytes before compression."""
        return self.nnz * BYTES_PER_COUNT


@dataclass(frozen=True)
class FetchPlan:
    """The samples to fetch from a release, largest donor first."""

    request: FetchRequest
    version: str
    organism: str
    tissues: tuple[str, ...]
    n_donors_found: int
    samples: tuple[DonorSample, ...]

    @property
    def datasets(self) -> tuple[PublishedDataset, ...]:
        """The datasets that the samples come from, each once."""
        return tuple({s.dataset.dataset_id: s.dataset for s in self.samples}.values())


def plan_fetch(census: SomaCensus, version: str, request: FetchRequest) -> FetchPlan:
    """Choose donors and cells; nothing is downloaded but what describes cells.

    A sample is what one donor gave to one dataset by one assay as cells or as nuclei, so that no
    sample mixes techniques. Donor names are unique within a collection of datasets only: of each
    donor of a collection the largest sample is taken, and the donors with most cells.

    Raises
    ------
    UsageError
        If the Census has no such species, tissue, assay or disease.
    DataError
        If no donor has enough such cells, or the Census cannot be read.
    """
    organism = organism_of(request.species)
    wanted = resolve_filter(
        census.terms(organism),
        organism,
        request.tissue,
        census_tissues=request.census_tissues,
        assay=request.assay,
        disease=request.disease,
    )
    cells = census.cells(wanted)
    sizes = _sample_sizes(cells, request.min_cells)
    ids = sorted(set(sizes["dataset_id"]))
    datasets = dict(zip(ids, census.datasets(ids), strict=True))
    chosen = _largest_of_each_donor(sizes, datasets)
    if not len(chosen):
        raise DataError(_nobody(cells, request))
    top = chosen.head(request.donors)
    samples = [_sample(cells, row, datasets, version, request) for _, row in top.iterrows()]
    return FetchPlan(request, version, organism, wanted.tissues, len(chosen), _named_apart(samples))


def _sample_sizes(cells: "pd.DataFrame", min_cells: int) -> "pd.DataFrame":
    described = cells[SAMPLE_KEY].astype(str)
    described = described[~described["donor_id"].str.strip().isin(NOT_ONE_DONOR)]
    sizes = described.groupby(SAMPLE_KEY).size().rename("n").reset_index()
    return sizes[sizes["n"] >= min_cells]


def _largest_of_each_donor(
    sizes: "pd.DataFrame", datasets: Mapping[str, PublishedDataset]
) -> "pd.DataFrame":
    collections = [datasets[i].collection_id or i for i in sizes["dataset_id"]]
    ordered = sizes.assign(collection=collections).sort_values(
        ["n", *SAMPLE_KEY], ascending=[False, *[True] * len(SAMPLE_KEY)]
    )
    return ordered.drop_duplicates(["collection", "donor_id"])


def _sample(
    cells: "pd.DataFrame",
    row: "pd.Series[object]",
    datasets: Mapping[str, PublishedDataset],
    version: str,
    request: FetchRequest,
) -> DonorSample:
    key = [str(row[column]) for column in SAMPLE_KEY]
    mine = np.logical_and.reduce(
        [cells[column].astype(str) == value for column, value in zip(SAMPLE_KEY, key, strict=True)]
    )
    have = cells.loc[mine, ["soma_joinid", "nnz"]].sort_values("soma_joinid")
    rng = stream(request.seed, version, *key)
    n = min(request.cells_per_donor, len(have))
    taken = have.iloc[np.sort(rng.choice(len(have), n, replace=False))]
    dataset_id, donor_id, assay, suspension = key
    return DonorSample(
        name=donor_id,
        donor_id=donor_id,
        dataset=datasets[dataset_id],
        assay=assay,
        suspension=suspension,
        n_available=len(have),
        cells=taken["soma_joinid"].to_numpy(np.int64),
        nnz=int(taken["nnz"].sum()),
    )


def _named_apart(samples: list[DonorSample]) -> tuple[DonorSample, ...]:
    """Add the dataset to names that donors of different collections share."""
    times = Counter(sample.donor_id for sample in samples)
    return tuple(
        replace(sample, name=f"{sample.donor_id}@{sample.dataset.dataset_id[:8]}")
        if times[sample.donor_id] > 1
        else sample
        for sample in samples
    )


def _nobody(cells: "pd.DataFrame", request: FetchRequest) -> str:
    asked = f"{request.species} {request.tissue}, assay {request.assay}, disease {request.disease}"
    if not len(cells):
        return f"{ARCHIVE} has no cells of {asked}; widen it with --assay any or --disease any"
    return (
        f"no donor has {request.min_cells} cells of {asked} in {ARCHIVE}, which has {len(cells)} "
        "of all donors; widen it with --assay any or --disease any"
    )
