"""Made-up tasks with a given number of edges; only their sizes matter to a clock."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from scipy import sparse

from genearena.data.graphs import FloatArray, GeneGraph, GraphCollection

SHARED_GENES = 0.6
PROGRAMMES = 20


@dataclass(frozen=True)
class Size:
    """Dimensions of the made-up tasks.

    Parameters
    ----------
    genes, cells
        Of every graph.
    edges
        Undirected edges at which MuSe-GNN's step is timed, ascending.
    usual_edges
        The one of them at which everything else is timed.
    tissue_graphs
        Graphs of the largest tissue, on which metrics are timed and whole runs reckoned.
    loop_graphs
        Graphs on which the loop over pairs of genes is timed.
    walks_per_gene, walk_length
        Of node2vec.
    runs
        Of the runner, whose growth is measured.
    many_cells
        Of graphs whose profiles are turned into fewer features.
    """

    genes: int
    cells: int
    edges: tuple[int, ...]
    usual_edges: int
    tissue_graphs: int
    loop_graphs: int
    walks_per_gene: int
    walk_length: int
    runs: tuple[int, ...]
    many_cells: tuple[int, ...] = ()


SIZES: Mapping[str, Size] = MappingProxyType(
    {
        "full": Size(
            1000,
            1000,
            (25_000, 50_000, 150_000),
            50_000,
            15,
            4,
            10,
            80,
            (1000, 5000, 20_000),
            (5000, 27_000),
        ),
        "small": Size(60, 40, (300,), 300, 3, 2, 2, 10, (10,), (90,)),
    }
)


def usual_task(size: Size, n_graphs: int = 2) -> GraphCollection:
    """Return graphs of a size with the usual number of edges."""
    return random_task(n_graphs, size.genes, size.cells, size.usual_edges)


def random_task(
    n_graphs: int, genes: int, cells: int, edges: int, seed: int = 0
) -> GraphCollection:
    """Return graphs of one group that have three genes in five in common.

    Parameters
    ----------
    n_graphs
        Number of graphs.
    genes, cells, edges
        Size and number of undirected edges of each.
    seed
        Seed of profiles and edges.
    """
    rng = np.random.default_rng(seed)
    graphs = tuple(_graph(rng, position, genes, cells, edges) for position in range(n_graphs))
    return GraphCollection("lung", "made up", graphs)


def programme_vectors(graphs: GraphCollection, dim: int = 32, seed: int = 0) -> list[FloatArray]:
    """Return (n_genes, dim) vectors that scatter around the centres of twenty programmes."""
    rng = np.random.default_rng(seed)
    centres = 3 * rng.standard_normal((PROGRAMMES, dim))
    return [
        (centres[np.arange(graph.n_genes) % PROGRAMMES] + rng.standard_normal((graph.n_genes, dim)))
        .astype(np.float32)
        for graph in graphs
    ]  # fmt: skip


def with_truth(graphs: GraphCollection) -> GraphCollection:
    """Return graphs with all that can be known: programmes, latent correlations, the other half."""
    return graphs.with_graphs([_with_truth(graph) for graph in graphs])


def _with_truth(graph: GeneGraph) -> GeneGraph:
    """Return the graph with the programmes of its vectors, some of them moved, and the rest."""
    shift = graph.n_cells // 7 + int(graph.name.rpartition("_")[2])
    truth = (np.arange(graph.n_genes) + (np.arange(graph.n_genes) % 9 == shift % 9)) % PROGRAMMES
    latent = np.where(truth[:, None] == truth, 0.5, 0.0).astype(np.float32)
    known = {"truth": truth, "latent": latent, "simulated": True}
    return replace(graph, replicate=graph.adjacency, **known)


def _graph(
    rng: np.random.Generator, position: int, genes: int, cells: int, edges: int
) -> GeneGraph:
    first, second = np.triu_indices(genes, k=1)
    chosen = rng.choice(len(first), edges, replace=False)
    ends = first[chosen], second[chosen]
    half = sparse.coo_array((np.ones(edges, np.int8), ends), (genes, genes))
    n_shared = round(SHARED_GENES * genes)
    return GeneGraph(
        name=f"donor_{position}",
        tissue="lung",
        modality="scrna",
        species="human",
        genes=tuple(f"G{g}" if g < n_shared else f"P{position}_{g}" for g in range(genes)),
        x=rng.standard_normal((genes, cells), dtype=np.float32),
        adjacency=sparse.csr_array(half + half.T),
    )
