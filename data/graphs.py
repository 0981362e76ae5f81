"""The gene co-expression graph of one data set, and the graphs of one benchmark task."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np
import numpy.typing as npt

from genearena.data.common.errors import DataError
from genearena.data.graph_checks import check_graph
from genearena.data.graph_digest import graph_digest, task_fingerprint

if TYPE_CHECKING:
    import scipy.sparse
    from anndata import AnnData
    from networkx import Graph
    from pandas import DataFrame
    from torch_geometric.data import Data

    from genearena.data.cards.stored_card import Origin

Modality = Literal["scrna", "scatac", "spatial"]
FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
_Number = TypeVar("_Number", bound=np.generic)

FEWEST_COMMON = 10
"""Genes that data sets must share for metrics of shared genes to be defined.

Of three simulated tasks whose common genes were thinned out at random, nine methods on each: which
ten genes are left moves ASW by a fifth to a quarter of the spread between methods, iLISI by a ninth
to a sixth, MRR by up to a tenth. With five ASW moves by two fifths to a half, with three by seven
tenths, and with one it is 0 for all. GC moves by more than the spread below a hundred. CGR and NO
hardly move, as they rest on the genes that any two data sets share.
"""


@dataclass(frozen=True, eq=False)
class GeneGraph:
    """Genes of one data set with their expression profiles and co-expression edges.

    Parameters
    ----------
    name
        Data set or donor, unique within a task.
    tissue, modality, species
        What was measured; `modality` is ``scrna``, ``scatac`` or ``spatial``.
    genes
        n unique gene names.
    x
        (n, cells) float32 residuals; row g is the expression profile of gene g.
    adjacency
        (n, n) symmetric 0/1 sparse matrix without self-loops.
    counts
        (n, cells) integer counts the profiles were made from, if kept.
    truth
        (n,) programme of each gene, -1 for none, where the data are simulated.
    simulated
        Whether the data come from the simulator.
    genes_by
        Rule that picked the genes, ``variance`` or ``sparkx``; empty if not known.
    replicate
        (n, n) edges of the same genes in the other half of the donor's cells, which only metrics
        may read; None if all cells went into `x` and `adjacency`.
    latent
        (n, n) float32 true correlation of latent expression, where the data are simulated.
    condition, donor
        What the cells were exposed to or came from, and whose they are: graphs of one donor under
        several conditions are compared with each other. Empty if not known.

    Raises
    ------
    DataError
        If shapes disagree, a gene name repeats, `x` is not finite, or `adjacency` or `replicate` is
        not a symmetric 0/1 matrix with an empty diagonal.
    """

    name: str
    tissue: str
    modality: Modality
    species: str
    genes: tuple[str, ...]
    x: FloatArray
    adjacency: "scipy.sparse.csr_array"
    counts: "scipy.sparse.csr_array | None" = None
    truth: IntArray | None = None
    simulated: bool = False
    genes_by: str = ""
    replicate: "scipy.sparse.csr_array | None" = None
    latent: FloatArray | None = None
    condition: str = ""
    donor: str = ""

    def __post_init__(self) -> None:
        freeze = object.__setattr__
        freeze(self, "genes", tuple(str(gene) for gene in self.genes))
        freeze(self, "x", _read_only(np.asarray(self.x, dtype=np.float32)))
        freeze(self, "adjacency", _canonical(self.adjacency))
        if self.replicate is not None:
            freeze(self, "replicate", _canonical(self.replicate))
        if self.latent is not None:
            freeze(self, "latent", _read_only(np.asarray(self.latent, dtype=np.float32)))
        check_graph(self)

    @property
    def n_genes(self) -> int:
        """Number of genes (nodes)."""
        return len(self.genes)

    @property
    def n_cells(self) -> int:
        """Number of cells or spots the profiles span."""
        return int(self.x.shape[1])

    @property
    def n_edges(self) -> int:
        """Number of undirected edges."""
        return int(self.adjacency.nnz // 2)

    @property
    def density(self) -> float:
        """Share of gene pairs that are edges."""
        pairs = self.n_genes * (self.n_genes - 1) / 2
        return self.n_edges / pairs if pairs else 0.0

    @property
    def group(self) -> str:
        """Technique and tissue, the unit that shares encoder weights (``scrna_lung``)."""
        return f"{self.modality}_{self.tissue}"

    @cached_property
    def edges(self) -> IntArray:
        """(2, E) gene indices of the undirected edges, each once with first < second."""
        return upper_pairs(self.adjacency)

    @cached_property
    def index(self) -> dict[str, int]:
        """Row of each gene."""
        return {gene: row for row, gene in enumerate(self.genes)}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that is compared, of numbers three digits; see `graph_digest`."""
        return graph_digest(self)

    def to_pyg(self) -> "Data":
        """Return the graph as torch_geometric has it.

        Returns
        -------
        Data with `x` (n, cells) float32, `edge_index` (2, 2E) int64 in both directions and without
        self-loops, and `genes` and `name`.
        """
        from genearena.data.graph_forms import as_pyg

        return as_pyg(self)

    def to_networkx(self) -> "Graph":
        """Return the graph as networkx has it.

        Returns
        -------
        Undirected graph whose nodes are the names of the genes, isolated ones too, in their order;
        of the graph itself `name`, `tissue`, `modality` and `species` are kept.
        """
        from genearena.data.graph_forms import as_networkx

        return as_networkx(self)

    def to_anndata(self) -> "AnnData":
        """Return the profiles and edges as scanpy has them, cells in rows.

        Returns
        -------
        AnnData of cells and genes: `X` the profiles (residuals), ``layers["counts"]`` the counts
        they were made from, if kept, ``varp["coexpression"]`` the edges, ``var["degree"]``, and for
        simulated data ``var["truth"]``. Edges that were kept back stay with the graph.
        """
        from genearena.data.graph_forms import as_anndata

        return as_anndata(self)

    def with_adjacency(self, adjacency: "scipy.sparse.sparray") -> "GeneGraph":
        """Return the same genes and profiles under other edges."""
        from scipy import sparse

        return replace(self, adjacency=sparse.csr_array(adjacency))

    def __repr__(self) -> str:
        return (
            f"GeneGraph '{self.name}': {self.n_genes} genes x {self.n_cells} cells, "
            f"{self.n_edges} edges; {self.modality}, {self.tissue}, {self.species}"
        )


@dataclass(frozen=True, eq=False)
class GraphCollection:
    """The ordered graphs of one benchmark task.

    Parameters
    ----------
    tissue
        Tissue the task is about.
    source
        Where the graphs come from: ``simulated`` or the names of the stored data sets.
    graphs
        At least one graph; names are unique.
    origin
        What the graphs were made from and how, None if not known; no part of the data.

    Raises
    ------
    DataError
        If there is no graph or two graphs share a name.
    """

    tissue: str
    source: str
    graphs: tuple[GeneGraph, ...]
    origin: "Origin | None" = field(default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "graphs", tuple(self.graphs))
        if not self.graphs:
            raise DataError(f"task '{self.tissue}' has no graphs; add data or use the simulator")
        if len(set(self.names)) < len(self.graphs):
            raise DataError(f"task '{self.tissue}' has graphs of equal name: {self.names}")

    def __iter__(self) -> Iterator[GeneGraph]:
        return iter(self.graphs)

    def __len__(self) -> int:
        return len(self.graphs)

    def __getitem__(self, position: int) -> GeneGraph:
        return self.graphs[position]

    def __repr__(self) -> str:
        heading = f"GraphCollection {self.tissue} ({self.source}), {len(self)} graphs"
        return "\n  ".join([heading, *map(repr, self.graphs)])

    def _repr_html_(self) -> str:
        from genearena.data.graph_forms import as_html

        return as_html(self)

    def to_pandas(self) -> "DataFrame":
        """Return a table of the graphs: a row each, with what its card tells in numbers."""
        from genearena.data.graph_forms import as_table

        return as_table(self)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the graphs, in order."""
        return tuple(graph.name for graph in self.graphs)

    @property
    def simulated(self) -> bool:
        """Whether any graph comes from the simulator."""
        return any(graph.simulated for graph in self.graphs)

    @property
    def groups(self) -> tuple[str, ...]:
        """Distinct technique-tissue groups, in order of first appearance."""
        return tuple(dict.fromkeys(graph.group for graph in self.graphs))

    @property
    def n_rows(self) -> int:
        """Number of (data set, gene) rows over all graphs."""
        return sum(graph.n_genes for graph in self.graphs)

    @cached_property
    def all_genes(self) -> tuple[str, ...]:
        """Genes of any graph, each once, sorted."""
        return tuple(sorted({gene for graph in self.graphs for gene in graph.genes}))

    @cached_property
    def common_genes(self) -> tuple[str, ...]:
        """Genes present in every graph, sorted."""
        first, *others = (set(graph.genes) for graph in self.graphs)
        return tuple(sorted(first.intersection(*others)))

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of everything a method or metric can read from the graphs."""
        return task_fingerprint(
            self.tissue, self.source, ((graph.name, graph.digest) for graph in self.graphs)
        )

    def split(self, rows: npt.NDArray[_Number]) -> list[npt.NDArray[_Number]]:
        """Return the parts of an array with a row for every gene of every graph, one a graph."""
        return np.split(rows, np.cumsum([graph.n_genes for graph in self.graphs])[:-1])

    def with_graphs(self, graphs: Sequence[GeneGraph]) -> "GraphCollection":
        """Return the same task over other graphs."""
        return replace(self, graphs=tuple(graphs))

    def without(self, position: int) -> "GraphCollection":
        """Return the task without a graph; DataError if there is none such, or no other."""
        if len(self) < 2 or not 0 <= position < len(self):
            raise DataError(f"no graph {position} to be left out of {len(self)}")
        return self.with_graphs(self.graphs[:position] + self.graphs[position + 1 :])


def named_apart(names: Sequence[tuple[str, str]]) -> list[str]:
    """Return what graphs are called, by (data set, graph): with both if any two are alike."""
    plain = [name for _, name in names]
    return plain if len({*plain}) == len(plain) else [f"{of}/{name}" for of, name in names]


def upper_pairs(adjacency: "scipy.sparse.csr_array") -> IntArray:
    """Return (2, E) row and column of the entries above the diagonal of an adjacency."""
    from scipy import sparse

    upper = sparse.triu(adjacency, k=1).tocoo()
    return np.stack([upper.row, upper.col]).astype(np.int64)


def _read_only(array: FloatArray) -> FloatArray:
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view


def _canonical(adjacency: "scipy.sparse.sparray") -> "scipy.sparse.csr_array":
    from scipy import sparse

    matrix = sparse.csr_array(adjacency, copy=True)
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    matrix.sort_indices()
    return matrix
