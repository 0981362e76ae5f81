"""Keep what was downloaded: an h5ad per sample, and beside it a manifest with its checksum.

The manifest is put in place last: a sample without one, or whose file has another checksum, was
not finished and is fetched again.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from genearena.data.cards.stored_card import PublishedDataset, PublishedSample
from genearena.data.census.plan import DonorSample
from genearena.data.census.soma import JoinIds
from genearena.data.census.terms import ARCHIVE, LICENCE
from genearena.data.common.errors import DataError, StoreError
from genearena.data.common.foreign_files import read_whole
from genearena.data.make import sha256_of

if TYPE_CHECKING:
    import anndata

CACHE_VARIABLE = "GENEARENA_CACHE"


class Manifest(BaseModel):
    """What one downloaded file holds and where it comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = 1
    archive: str = ARCHIVE
    version: str
    organism: str
    licence: str
    dataset: PublishedDataset
    donor_id: str
    assay: str
    suspension: str
    n_available: int
    n_cells: int
    n_genes: int
    file: str
    n_bytes: int
    sha256: str
    fetched: str

    def describe(self, name: str) -> PublishedSample:
        """Return this sample under the name its graph has."""
        same = self.model_dump(include=set(PublishedSample.model_fields))
        own = {"name": name, "dataset_id": self.dataset.dataset_id}
        return PublishedSample.model_validate(same | own)


def default_cache() -> Path:
    """Return the folder of downloads: ``$GENEARENA_CACHE`` or the user's cache folder."""
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("genearena"))


class SampleCache:
    """The downloaded samples of one organism (Latin name) in one release.

    `folder` has all downloads, and is made when something is stored.
    """

    def __init__(self, folder: Path, version: str, organism: str) -> None:
        self.version = version
        self.organism = organism
        self.folder = folder / "census" / version / organism.lower().replace(" ", "_")

    def path(self, cells: JoinIds) -> Path:
        """Return where the counts of these cells are or will be."""
        digest = hashlib.sha256(cells.astype("<i8").tobytes()).hexdigest()
        return self.folder / f"{digest[:20]}.h5ad"

    def find(self, sample: DonorSample) -> Manifest | None:
        """Return the manifest of a sample that is complete and has its checksum, else None."""
        path = self.path(sample.cells)
        try:
            manifest = Manifest.model_validate_json(read_whole(path.with_suffix(".json")))
            return manifest if sha256_of(path) == manifest.sha256 else None
        except (OSError, ValidationError, DataError):
            return None

    def has_file(self, sample: DonorSample) -> bool:
        """Return whether there is a file, complete or not."""
        return self.path(sample.cells).exists()

    def store(self, sample: DonorSample, counts: "anndata.AnnData") -> Manifest:
        """Keep the counts of a sample, whole or not at all; StoreError if it cannot be written."""
        path = self.path(sample.cells)
        with self.working_folder() as temporary:
            new = temporary / path.name
            counts.write_h5ad(new, compression="gzip")
            manifest = self._manifest(sample, counts.n_vars, new)
            record = new.with_suffix(".json")
            record.write_text(manifest.model_dump_json(indent=1))
            os.replace(new, path)
            os.replace(record, path.with_suffix(".json"))
        return manifest

    @contextmanager
    def working_folder(self) -> Iterator[Path]:
        """Lend a folder beside the downloads, gone afterwards; StoreError if it cannot be made."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".new-", dir=self.folder) as temporary:
                yield Path(temporary)
        except StoreError:
            raise
        except OSError as error:
            raise StoreError(
                f"cannot write to '{self.folder}' ({error.strerror or error}); "
                f"free space, or choose another folder with --cache-dir or {CACHE_VARIABLE}"
            ) from error

    def _manifest(self, sample: DonorSample, n_genes: int, file: Path) -> Manifest:
        return Manifest(
            version=self.version,
            organism=self.organism,
            licence=sample.dataset.licence or LICENCE,
            dataset=sample.dataset,
            donor_id=sample.donor_id,
            assay=sample.assay,
            suspension=sample.suspension,
            n_available=sample.n_available,
            n_cells=len(sample.cells),
            n_genes=n_genes,
            file=file.name,
            n_bytes=file.stat().st_size,
            sha256=sha256_of(file),
            fetched=datetime.now(UTC).isoformat(timespec="seconds"),
        )
