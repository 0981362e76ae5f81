"""What the suite asks of CELLxGENE Census, whoever answers."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from genearena.data.cards.provenance import PublishedDataset

if TYPE_CHECKING:
    import anndata
    import pandas as pd

JoinIds = npt.NDArray[np.int64]

ARCHIVE = "CELLxGENE Census"
LICENCE = "CC BY 4.0"
"""Licence under which the Census offers its data, where a dataset names no other."""

CELL_COLUMNS = ("soma_joinid", "dataset_id", "donor_id", "assay", "suspension_type", "nnz")
"""Columns of `Census.cells`: the number of a cell, its sample, and its number of counts above 0."""


@dataclass(frozen=True)
class CellFilter:
    """Which cells are asked for; only those that no other dataset repeats ever are.

    Parameters
    ----------
    organism
        Latin name, ``Homo sapiens``.
    tissues
        Tissues in the Census' words; a cell matches by its tissue or the general one.
    assays
        Assays in the Census' words; none for all.
    disease
        Disease in the Census' words; None for all.
    """

    organism: str
    tissues: tuple[str, ...]
    assays: tuple[str, ...] = ()
    disease: str | None = None


class Census(Protocol):
    """One release of the Census, open for reading.

    Every method raises DataError with one line if the Census cannot be reached or read.
    """

    def terms(self, organism: str) -> Mapping[str, Mapping[str, int]]:
        """Return category (``assay``, ``tissue``, …) -> term -> number of cells of an organism."""

    def cells(self, wanted: CellFilter) -> "pd.DataFrame":
        """Return the cells that match, a row each, with `CELL_COLUMNS`."""

    def counts(self, organism: str, cells: JoinIds) -> "anndata.AnnData":
        """Return the raw counts of these cells, in any order.

        ``obs`` has the column ``soma_joinid``, ``var`` the columns ``feature_id`` (Ensembl) and
        ``feature_name`` (symbol).
        """

    def datasets(self, dataset_ids: Sequence[str]) -> tuple[PublishedDataset, ...]:
        """Return what is known about datasets, in the order asked."""


class CensusClient(Protocol):
    """The way to the releases of the Census."""

    def versions(self) -> Mapping[str, str]:
        """Return name -> build date of the releases; names are dates and aliases (``stable``)."""

    def open(self, version: str) -> AbstractContextManager[Census]:
        """Open a release for reading."""
