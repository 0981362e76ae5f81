"""Download the samples of a plan, then store their graphs as those of a user's file."""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from genearena.data.add import add_file
from genearena.data.cards.stored_card import Provenance, SourceCard
from genearena.data.census.cache import Manifest, SampleCache
from genearena.data.census.plan import DonorSample, FetchPlan
from genearena.data.census.soma import SomaCensus
from genearena.data.census.terms import ARCHIVE, LICENCE, species_of
from genearena.data.common.errors import DataError
from genearena.data.options import BuildOptions, QualityControl
from genearena.data.reading.ingest import ReadOptions
from genearena.data.store import Store

if TYPE_CHECKING:
    import anndata
    import pandas as pd

DONOR_KEY = "genearena_donor"

Progress = Callable[[str], None]
GeneNames = Literal["symbol", "ensembl"]


@dataclass(frozen=True)
class FetchedDonor:
    """A sample that lies complete in the cache."""

    name: str
    path: Path
    manifest: Manifest


def fetch_samples(
    census: SomaCensus, plan: FetchPlan, cache: SampleCache, progress: Progress = lambda _: None
) -> tuple[FetchedDonor, ...]:
    """Download what the cache does not hold whole; whatever fails, finished samples stay there.

    Raises
    ------
    DataError
        If the Census cannot be read, or gives other cells than asked for.
    StoreError
        If the cache cannot be written to.
    """
    return tuple(
        FetchedDonor(
            sample.name,
            cache.path(sample.cells),
            _fetch(census, sample, cache, progress, f"{i} of {len(plan.samples)}: {sample.name}"),
        )
        for i, sample in enumerate(plan.samples, start=1)
    )


def add_fetched(
    store: Store,
    name: str,
    plan: FetchPlan,
    fetched: tuple[FetchedDonor, ...],
    cache: SampleCache,
    read: ReadOptions,
    *,
    quality: QualityControl | None = None,
    build: BuildOptions | None = None,
    replace: bool = False,
    progress: Progress = lambda _: None,
) -> SourceCard:
    """Store the graphs of fetched donors as one data set, by the path of a user's file.

    Raises
    ------
    UsageError, DataError, StoreError
        As `add.add_file`.
    """
    import anndata

    provenance = Provenance(
        archive=ARCHIVE,
        version=plan.version,
        licence=", ".join(sorted({donor.manifest.licence for donor in fetched})) or LICENCE,
        request=asdict(plan.request),
        datasets=plan.datasets,
        samples=tuple(donor.manifest.describe(donor.name) for donor in fetched),
    )
    with cache.working_folder() as temporary:
        path = temporary / f"census-{plan.version}.h5ad"
        together = anndata.concat([_read(donor) for donor in fetched], merge="same")
        together.write_h5ad(path)
        return add_file(
            store,
            path,
            name,
            read,
            quality=quality,
            build=build,
            provenance=provenance,
            replace=replace,
            progress=progress,
        )


def read_options(tissue: str, organism: str, names: GeneNames = "symbol") -> ReadOptions:
    """Return how the donors' file is read; genes by symbol or by Ensembl identifier."""
    gene_key = "feature_id" if names == "ensembl" else None
    species = species_of(organism)
    return ReadOptions(tissue, species=species, donor_key=DONOR_KEY, gene_key=gene_key)


def unique_symbols(var: "pd.DataFrame") -> list[str]:
    """Return the symbols of genes; those that repeat, or lack, get the Ensembl identifier."""
    symbols = [name if isinstance(name, str) else "" for name in var["feature_name"]]
    times = Counter(symbols)
    return [
        symbol if symbol and times[symbol] == 1 else f"{symbol}_{identifier}".strip("_")
        for symbol, identifier in zip(symbols, var["feature_id"].astype(str), strict=True)
    ]


def _fetch(
    census: SomaCensus, sample: DonorSample, cache: SampleCache, progress: Progress, label: str
) -> Manifest:
    manifest = cache.find(sample)
    if manifest is not None:
        progress(f"{label}: kept from an earlier fetch")
        return manifest
    again = ", the copy at hand being damaged" if cache.has_file(sample) else ""
    progress(f"{label}: fetching {len(sample.cells)} cells{again}")
    return cache.store(sample, _ordered(sample, census.counts(cache.organism, sample.cells)))


def _ordered(sample: DonorSample, counts: "anndata.AnnData") -> "anndata.AnnData":
    """Return the counts in the order of the cells asked for, named by symbol."""
    given = counts.obs["soma_joinid"].to_numpy(np.int64)
    order = np.argsort(given)
    if not np.array_equal(given[order], sample.cells):
        raise DataError(
            f"{ARCHIVE} gave {len(given)} cells of donor '{sample.name}', not the "
            f"{len(sample.cells)} asked for; run the same command again"
        )
    table = counts[order].copy()
    table.obs_names = [f"census-{joinid}" for joinid in sample.cells]
    table.var_names = unique_symbols(table.var)
    return table


def _read(donor: FetchedDonor) -> "anndata.AnnData":
    import anndata

    table = anndata.read_h5ad(donor.path)
    table.obs[DONOR_KEY] = donor.name
    return table
