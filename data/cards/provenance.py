"""What stored graphs owe to a public archive: its release, the datasets, whom to cite."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PublishedDataset(_Frozen):
    """A dataset of a public archive; empty fields are those the archive does not tell."""

    dataset_id: str
    version_id: str = ""
    title: str = ""
    collection_id: str = ""
    collection: str = ""
    doi: str = ""
    citation: str = ""
    licence: str = ""


class PublishedSample(_Frozen):
    """The cells of one donor as they were downloaded; `sha256` is that of the file kept of them.

    `n_available` counts the cells that the archive has of the donor in this dataset, `n_cells`
    those that were taken.
    """

    name: str
    donor_id: str
    dataset_id: str
    assay: str
    suspension: str
    n_available: int
    n_cells: int
    sha256: str


class Provenance(_Frozen):
    """The archive, its release, what was asked of it, and what the graphs were made from."""

    archive: str
    version: str
    licence: str
    request: dict[str, Any] = {}
    datasets: tuple[PublishedDataset, ...]
    samples: tuple[PublishedSample, ...]

    @property
    def citations(self) -> tuple[str, ...]:
        """What the datasets ask to be cited as, without repeats."""
        said = (dataset.citation or dataset.doi or dataset.title for dataset in self.datasets)
        return tuple(dict.fromkeys(said))
