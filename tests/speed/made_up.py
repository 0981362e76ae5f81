"""Made-up tasks with a given number of edges; only their sizes matter to a clock."""

import numpy as np
from scipy import sparse

from genearena.data.graphs import FloatArray, GeneGraph, GraphCollection

SHARED_GENES = 0.6
PROGRAMMES = 20


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
