"""What is known about stored graphs without reading them: one JSON card per data set.

Of those from a public archive also what they owe to it: its release, the datasets, whom to cite.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from genearena.data.common.line_field import Line
from genearena.data.graphs import GeneGraph, Modality

SCHEMA_VERSION: Literal[2] = 2
"""Cards of schema 1 have exact digests, see `graph_digest`."""


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


class GraphCard(_Frozen):
    """One stored graph; `density` is the share of gene pairs that are edges.

    `genes_by` names the rule that picked the genes, ``variance`` or ``sparkx``, and
    `n_replicate_edges` are those of the cells kept back, None if all cells are in the graph.
    `condition` and `donor` are empty where they are not known.
    """

    name: Line
    modality: Modality
    species: Line
    genes: tuple[str, ...]
    n_cells: int
    n_edges: int
    n_isolated: int
    density: float
    simulated: bool
    digest: str
    genes_by: Line = ""
    n_replicate_edges: int | None = None
    condition: Line = ""
    donor: Line = ""

    @property
    def n_genes(self) -> int:
        """Number of genes (nodes)."""
        return len(self.genes)


class DonorOutcome(_Frozen):
    """What quality control left of one donor; `refused` says why it has no graph.

    `genes_read` are the genes after renaming by symbols or orthologs.
    """

    name: Line
    cells_read: int
    genes_read: int
    cells_kept: int = 0
    genes_kept: int = 0
    refused: Line = ""


class Origin(_Frozen):
    """Where stored graphs come from: a file or the simulator, and how they were made.

    `notes` say what was done to the data on the way, `warnings` what its user should look at.
    """

    file: Line = ""
    sha256: Line = ""
    parameters: dict[str, Any] = {}
    warnings: tuple[Line, ...] = ()
    suite_version: Line = ""
    created: Line = ""
    provenance: Provenance | None = None
    licence: Line = ""
    citation: Line = ""
    notes: tuple[Line, ...] = ()
    donors: tuple[DonorOutcome, ...] = ()
    versions: dict[str, str] = {}


class SourceCard(_Frozen):
    """One data set of a tissue; its graphs lie in the subfolder `folder`, in order."""

    schema_version: Literal[1, 2] = SCHEMA_VERSION
    tissue: Line
    source: Line
    fingerprint: Line
    folder: str
    graphs: tuple[GraphCard, ...]
    origin: Origin = Origin()

    @property
    def simulated(self) -> bool:
        """Whether any graph comes from the simulator."""
        return any(graph.simulated for graph in self.graphs)

    @property
    def split(self) -> bool:
        """Whether cells of any graph were kept back."""
        return any(graph.n_replicate_edges is not None for graph in self.graphs)


def describe(graph: GeneGraph) -> GraphCard:
    """Return the card of a graph."""
    degree = graph.adjacency.sum(axis=0)
    return GraphCard(
        name=graph.name,
        modality=graph.modality,
        species=graph.species,
        genes=graph.genes,
        n_cells=graph.n_cells,
        n_edges=graph.n_edges,
        n_isolated=int((degree == 0).sum()),
        density=graph.density,
        simulated=graph.simulated,
        digest=graph.digest,
        genes_by=graph.genes_by,
        n_replicate_edges=None if graph.replicate is None else graph.replicate.nnz // 2,
        condition=graph.condition,
        donor=graph.donor,
    )
