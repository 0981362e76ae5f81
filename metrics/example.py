"""Small embedding spaces whose quality is known, for trying a metric out."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy import sparse

from genearena.data.graphs import FloatArray, GeneGraph, GraphCollection, IntArray
from genearena.metrics._shared.nearest_rows import DoubleArray
from genearena.metrics.embedding_space import EmbeddingSpace, NewDonor

_DATASETS = 3
_MODULES = 5
_COMMON = 5 * _MODULES
_PRIVATE = 15 * _MODULES
_MOVED = 5
_DIM = 16


def example_graphs(
    n_datasets: int = _DATASETS, n_common: int = _COMMON, n_genes: int = _COMMON + _PRIVATE
) -> GraphCollection:
    """Make graphs in which the genes of a module are all connected, and no others.

    Some of the edges are in the other half of the cells only. The last common genes are in other
    modules in the first graph than in the others.

    Parameters
    ----------
    n_datasets
        Number of graphs.
    n_common
        How many of their genes are in every graph.
    n_genes
        Genes of each graph.
    """
    return GraphCollection(
        "example",
        "simulated",
        tuple(_example_graph(position, n_common, n_genes) for position in range(n_datasets)),
    )


def ideal_space(graphs: GraphCollection | None = None, seed: int = 0) -> EmbeddingSpace:
    """Place genes by module, and the rows of one gene next to each other in all data sets."""
    graphs = example_graphs() if graphs is None else graphs
    rng = np.random.default_rng(seed)
    names = sorted({gene for graph in graphs for gene in graph.genes})
    own = dict(zip(names, rng.normal(size=(len(names), _DIM)), strict=True))
    return _space(graphs, tuple(_ideal_vectors(graph, own, rng) for graph in graphs), seed)


def poor_space(graphs: GraphCollection | None = None, seed: int = 0) -> EmbeddingSpace:
    """Place genes anywhere within their data set, and the data sets apart."""
    graphs = example_graphs() if graphs is None else graphs
    rng = np.random.default_rng(seed)
    places = 20 * rng.normal(size=(len(graphs), _DIM))
    vectors = [
        place + rng.normal(size=(graph.n_genes, _DIM))
        for place, graph in zip(places, graphs, strict=True)
    ]
    return _space(graphs, tuple(z.astype(np.float32) for z in vectors), seed)


def random_space(graphs: GraphCollection | None = None, seed: int = 0) -> EmbeddingSpace:
    """Place every row anywhere."""
    graphs = example_graphs() if graphs is None else graphs
    rng = np.random.default_rng(seed)
    vectors = [rng.normal(size=(graph.n_genes, _DIM)).astype(np.float32) for graph in graphs]
    return _space(graphs, tuple(vectors), seed)


def rotation(seed: int = 0) -> DoubleArray:
    """Draw an orthogonal matrix of the dimension of these spaces."""
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(_DIM, _DIM)))[0]


def edge_cases() -> dict[str, EmbeddingSpace]:
    """Make spaces that lack something, by what they lack."""
    full = random_space()
    graphs = [replace(graph, truth=None, simulated=False) for graph in full.graphs]
    edgeless = [
        replace(graph, adjacency=sparse.csr_array(graph.adjacency.shape, dtype=np.float32))
        for graph in full.graphs
    ]
    return {
        "one data set": random_space(example_graphs(n_datasets=1)),
        "no common gene": random_space(example_graphs(n_common=0)),
        "one common gene": random_space(example_graphs(n_common=1)),
        "two common genes": random_space(example_graphs(n_common=2)),
        "one gene per graph": random_space(example_graphs(n_genes=1)),
        "two genes per graph": random_space(example_graphs(n_genes=2)),
        "no truth and no hidden edges": EmbeddingSpace(
            full.graphs.with_graphs(graphs), full.vectors
        ),
        "no edges": random_space(full.graphs.with_graphs(edgeless)),
        "no vector for common genes": _with_vectors(full, lambda z, _: _blank(z, slice(_COMMON))),
        "no vector for private genes": _with_vectors(
            full, lambda z, _: _blank(z, slice(_COMMON, None))
        ),
        "no vector in one data set": _with_vectors(full, lambda z, b: z * (b > 0)),
        "one vector per data set": _with_vectors(full, lambda z, b: np.full_like(z, b + 1)),
        "one vector for most genes": _with_vectors(
            full, lambda z, _: np.where(np.arange(len(z))[:, None] < 5, z, 1)
        ),
    }


def _with_vectors(
    space: EmbeddingSpace, change: Callable[[FloatArray, int], FloatArray]
) -> EmbeddingSpace:
    vectors = tuple(change(z, b).astype(np.float32) for b, z in enumerate(space.vectors))
    new_donor = space.new_donor and replace(space.new_donor, vectors=vectors)
    return replace(space, vectors=vectors, new_donor=new_donor)


def _blank(z: FloatArray, rows: slice) -> FloatArray:
    kept = z.copy()
    kept[rows] = 0
    return kept


def moved(space: EmbeddingSpace, change: Callable[[DoubleArray], DoubleArray]) -> EmbeddingSpace:
    """Change the vectors of every graph in one way, those of the second training too."""

    def each(vectors: tuple[FloatArray, ...]) -> tuple[FloatArray, ...]:
        return tuple(change(z.astype(np.float64)).astype(np.float32) for z in vectors)

    new_donor = space.new_donor
    if new_donor is not None:
        new_donor = replace(new_donor, vectors=each(new_donor.vectors))
    return replace(space, vectors=each(space.vectors), new_donor=new_donor)


def reordered(space: EmbeddingSpace, seed: int = 0) -> EmbeddingSpace:
    """Put the graphs in reverse and the genes of each in random order, clusters kept.

    Leiden visits rows in their order, so that clusters found anew might be others.
    """
    rng = np.random.default_rng(seed)
    turned = range(len(space.graphs))[::-1]
    orders = {i: rng.permutation(space.graphs[i].n_genes) for i in turned}
    graphs = [_in_order(space.graphs[i], orders[i]) for i in turned]
    new_donor = space.new_donor and NewDonor(
        list(turned).index(space.new_donor.position),
        tuple(space.new_donor.vectors[i][orders[i]] for i in turned),
    )
    again = EmbeddingSpace(
        space.graphs.with_graphs(graphs),
        tuple(space.vectors[i][orders[i]] for i in turned),
        new_donor,
        space.seed,
    )
    rows = np.concatenate([space.offsets[i] + orders[i] for i in turned])
    vars(again)["clusters"] = space.clusters[rows]
    return again


def _in_order(graph: GeneGraph, order: IntArray) -> GeneGraph:
    return replace(
        graph,
        genes=tuple(graph.genes[g] for g in order),
        x=graph.x[order],
        adjacency=graph.adjacency[order][:, order],
        truth=None if graph.truth is None else graph.truth[order],
        replicate=None if graph.replicate is None else graph.replicate[order][:, order],
        latent=None if graph.latent is None else graph.latent[order][:, order],
    )


def _example_graph(position: int, n_common: int, n: int) -> GeneGraph:
    module = np.arange(n) % _MODULES
    if position == 0:
        moved = slice(max(min(n, n_common) - _MOVED, 0), min(n, n_common))
        module[moved] = (module[moved] + 1) % _MODULES
    connected = module[:, None] == module
    np.fill_diagonal(connected, val=False)
    shown = connected & ((np.arange(n)[:, None] + np.arange(n)) % 9 > 0)
    genes = [f"C{g:03d}" if g < n_common else f"P{position}{g:03d}" for g in range(n)]
    return GeneGraph(
        name=f"donor{position}",
        tissue="example",
        modality="scrna",
        species="simulated",
        genes=tuple(genes),
        x=np.eye(n, _MODULES, dtype=np.float32),
        adjacency=sparse.csr_array(shown.astype(np.float32)),
        replicate=sparse.csr_array(connected.astype(np.float32)),
        truth=module.astype(np.int64),
        simulated=True,
        latent=np.where(connected, 0.5, 0.0).astype(np.float32) + np.eye(n, dtype=np.float32),
    )


def _ideal_vectors(
    graph: GeneGraph, own: dict[str, np.ndarray], rng: np.random.Generator
) -> FloatArray:
    # the common genes come first in a graph and sit at the heart of their module
    spread = np.where(np.arange(graph.n_genes) < _COMMON, 0.5, 1.0)[:, None]
    centre = 10 * np.eye(_MODULES, _DIM)[graph.truth]
    noise = 0.01 * rng.normal(size=centre.shape)
    particular = np.stack([own[gene] for gene in graph.genes])
    return np.asarray(centre + spread * particular + noise, dtype=np.float32)


def _space(graphs: GraphCollection, vectors: tuple[FloatArray, ...], seed: int) -> EmbeddingSpace:
    new_donor = NewDonor(0, vectors) if len(graphs) > 1 else None
    return EmbeddingSpace(graphs, vectors, new_donor, seed)
