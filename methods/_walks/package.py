"""The node2vec package as the reference our walks are compared with."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from scipy import sparse

from genearena.data.graphs import FloatArray
from genearena.methods._walks.skip_gram import quiet


def walk_by_package(
    adjacency: sparse.csr_array,
    *,
    dim: int,
    walks_per_gene: int,
    length: int,
    p: float,
    q: float,
    seed: int,
) -> Any:
    """Return the package's Node2Vec object, whose `walks` are lists of gene indices as text.

    Parameters are those of `second_order_walks`, with the vector length the object keeps.
    """
    import networkx as nx
    from node2vec import Node2Vec

    graph = nx.from_scipy_sparse_array(adjacency)
    graph.remove_nodes_from(list(nx.isolates(graph)))
    with _global_seeds_restored():
        return Node2Vec(
            graph,
            dimensions=dim,
            walk_length=length,
            num_walks=walks_per_gene,
            p=p,
            q=q,
            workers=1,
            quiet=True,
            seed=seed,
        )


def train_by_package(
    adjacency: sparse.csr_array,
    *,
    dim: int,
    window: int,
    epochs: int,
    rates: tuple[float, float],
    seed: int,
    **walking: Any,
) -> FloatArray:
    """Walk as `walk_by_package` does and train, with the package alone.

    Returns
    -------
    (n, dim) vectors, zero for genes without an edge.
    """
    walker = walk_by_package(adjacency, dim=dim, seed=seed, **walking)
    with quiet():
        model = walker.fit(
            window=window,
            epochs=epochs,
            alpha=rates[0],
            min_alpha=rates[1],
            min_count=1,
            sample=0,
            seed=seed,
        )
    vectors = np.zeros((adjacency.shape[0], dim), dtype=np.float32)
    vectors[[int(token) for token in model.wv.index_to_key]] = model.wv.vectors
    return vectors


@contextmanager
def _global_seeds_restored() -> Iterator[None]:
    # the package seeds and draws from Python's and numpy's global generators
    before = random.getstate(), np.random.get_state()  # noqa: NPY002
    try:
        yield
    finally:
        random.setstate(before[0])
        np.random.set_state(before[1])  # noqa: NPY002
