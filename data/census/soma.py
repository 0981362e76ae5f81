"""CELLxGENE Census through its own client, the package cellxgene_census.

Written after the documentation of cellxgene_census 1.18 and the Census schema 2; nothing but this
file knows how either is called.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from genearena.data.cards.stored_card import PublishedDataset
from genearena.data.census.terms import ARCHIVE, CellFilter
from genearena.data.common.errors import DataError, GeneArenaError

if TYPE_CHECKING:
    import anndata
    import pandas as pd

JoinIds = npt.NDArray[np.int64]

CELL_COLUMNS = ("soma_joinid", "dataset_id", "donor_id", "assay", "suspension_type", "nnz")
"""The number of a cell, its sample, and its number of counts above 0."""
KEPT_OBS = (
    *CELL_COLUMNS[:-1],
    "tissue_general",
    "tissue",
    "disease",
    "cell_type",
    "development_stage",
    "sex",
)
KEPT_VAR = ("soma_joinid", "feature_id", "feature_name", "feature_length")
DATASET_COLUMNS = {
    "dataset_id": "dataset_id",
    "version_id": "dataset_version_id",
    "title": "dataset_title",
    "collection_id": "collection_id",
    "collection": "collection_name",
    "doi": "collection_doi",
    "citation": "citation",
    "licence": "license",
}
"""Our names of what is known about a dataset, and those of the Census' table."""


class SomaClient:
    """The releases that cellxgene_census finds; DataError if it is not installed."""

    def __init__(self) -> None:
        try:
            import cellxgene_census
        except ImportError as error:
            raise DataError(
                "fetching needs cellxgene_census; install it with: pip install 'genearena[census]'"
            ) from error
        self._package: Any = cellxgene_census

    def versions(self) -> Mapping[str, str]:
        """Return name -> build date of the releases on offer; names are dates and aliases."""
        with _reaching("list the releases of"):
            found = self._package.get_census_version_directory()
            return {name: str(release["release_build"]) for name, release in found.items()}

    @contextmanager
    def open(self, version: str) -> Iterator["SomaCensus"]:
        """Open a release for reading."""
        with _reaching(f"open release {version} of"):
            opened = self._package.open_soma(census_version=version)
        with opened:
            yield SomaCensus(self._package, opened)


class SomaCensus:
    """One opened release; `opened` is the SOMA collection that ``open_soma`` returns.

    Every method raises DataError with one line if the Census cannot be reached or read.
    """

    def __init__(self, package: Any, opened: Any) -> None:
        self._package = package
        self._opened = opened

    def terms(self, organism: str) -> Mapping[str, Mapping[str, int]]:
        """Return category (``assay``, ``tissue``, …) -> term -> number of cells of an organism."""
        with _reaching("read the terms of"):
            table = self._info("summary_cell_counts")
            table = table[table["organism"].astype(str) == organism]
            found: dict[str, dict[str, int]] = {}
            columns = (table["category"], table["label"], table["unique_cell_count"])
            for category, label, n in zip(*columns, strict=True):
                found.setdefault(str(category), {})[str(label)] = int(n)
            return found

    def cells(self, wanted: CellFilter) -> "pd.DataFrame":
        """Return the cells that match, a row each, with `CELL_COLUMNS`."""
        with _reaching("read the cells of"):
            return self._package.get_obs(
                self._opened,
                wanted.organism,
                value_filter=value_filter(wanted),
                column_names=list(CELL_COLUMNS),
            )[list(CELL_COLUMNS)]

    def counts(self, organism: str, cells: JoinIds) -> "anndata.AnnData":
        """Return the raw counts of these cells, in any order.

        ``obs`` has the column ``soma_joinid``, ``var`` the columns ``feature_id`` (Ensembl) and
        ``feature_name`` (symbol).
        """
        with _reaching("read counts from"):
            return cast(
                "anndata.AnnData",
                self._package.get_anndata(
                    self._opened,
                    organism,
                    X_name="raw",
                    obs_coords=cells.tolist(),
                    obs_column_names=list(KEPT_OBS),
                    var_column_names=list(KEPT_VAR),
                ),
            )

    def datasets(self, dataset_ids: Sequence[str]) -> tuple[PublishedDataset, ...]:
        """Return what is known about datasets, in the order asked."""
        with _reaching("read the datasets of"):
            table = self._info("datasets").set_index("dataset_id", drop=False)
            return tuple(_published(table.loc[dataset_id]) for dataset_id in dataset_ids)

    def _info(self, name: str) -> "pd.DataFrame":
        return self._opened["census_info"][name].read().concat().to_pandas()


def value_filter(wanted: CellFilter) -> str:
    """Write a filter in the language of SOMA, which is that of Python's comparisons."""
    tissues = list(wanted.tissues)
    parts = ["is_primary_data == True", f"(tissue_general in {tissues} or tissue in {tissues})"]
    parts += [f"assay in {list(wanted.assays)}"] if wanted.assays else []
    parts += [f"disease == {wanted.disease!r}"] if wanted.disease is not None else []
    return " and ".join(parts)


def _published(row: Any) -> PublishedDataset:
    known = {ours: row.get(theirs) for ours, theirs in DATASET_COLUMNS.items()}
    # what is not known is None or NaN
    return PublishedDataset(**{k: v.strip() for k, v in known.items() if isinstance(v, str)})


@contextmanager
def _reaching(attempt: str) -> Iterator[None]:
    """Turn whatever the client raises, from sockets to TileDB, into one line."""
    try:
        yield
    except GeneArenaError:
        raise
    except Exception as error:
        lines = str(error).strip().splitlines()
        reason = f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
        raise DataError(
            f"cannot {attempt} {ARCHIVE} ({reason[:200]}); check the network, then run the same "
            "command again: donors that are complete are kept"
        ) from error
