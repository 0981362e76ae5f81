"""A small made-up task with everything a method may meet: the ground of the conformance checks."""

import numpy as np
from scipy import sparse

from genearena.data.graphs import FloatArray, GeneGraph, GraphCollection, IntArray, Modality

_PROGRAMMES = 4
_COMMON = 16
_LAYOUT: tuple[tuple[str, Modality, int, int], ...] = (
    ("donor_a", "scrna", 40, 36),
    ("donor_b", "scrna", 32, 52),
    ("donor_c", "scatac", 26, 28),
)
"""Name, modality, genes and cells of each graph; the modalities make two groups."""


def example_graphs(seed: int = 0) -> GraphCollection:
    """Make three graphs of different sizes from counts with four gene programmes.

    Sixteen genes are in all graphs, the others are private; the first two graphs share a group;
    genes 0 and 17 of every graph have no edge.

    Parameters
    ----------
    seed
        Seed of the counts.

    Returns
    -------
    A task of tissue "example" with 40, 32 and 26 genes and 36, 52 and 28 cells.
    """
    rng = np.random.default_rng(seed)
    graphs = [_graph(name, modality, n, cells, rng) for name, modality, n, cells in _LAYOUT]
    return GraphCollection("example", "simulated", tuple(graphs))


def _graph(
    name: str, modality: Modality, n: int, cells: int, rng: np.random.Generator
) -> GeneGraph:
    genes = np.array(
        [f"COMMON{i:02d}" for i in range(_COMMON)]
        + [f"{name.upper()}{i:02d}" for i in range(n - _COMMON)]
    )
    truth = (np.arange(n) % _PROGRAMMES).astype(np.int64)
    order = rng.permutation(n)
    genes, truth = genes[order], truth[order]
    activity = rng.gamma(2.0, 1.0, (_PROGRAMMES, cells))
    level = rng.gamma(2.0, 1.5, n)
    counts = rng.poisson(level[:, None] * activity[truth])
    scaled = np.log1p(counts)
    return GeneGraph(
        name=name,
        tissue="example",
        modality=modality,
        species="human",
        genes=tuple(genes),
        x=(scaled - scaled.mean(axis=1, keepdims=True)).astype(np.float32),
        adjacency=_adjacency(truth, rng),
        counts=sparse.csr_array(counts),
        truth=truth,
        latent=_correlation(truth),
        simulated=True,
    )


def _adjacency(truth: IntArray, rng: np.random.Generator) -> sparse.csr_array:
    same = truth[:, None] == truth
    edges = np.triu(rng.random(same.shape) < np.where(same, 0.7, 0.05), k=1)
    edges[[0, 17]] = False
    edges[:, [0, 17]] = False
    return sparse.csr_array((edges | edges.T).astype(np.int8))


def _correlation(truth: IntArray) -> FloatArray:
    same = truth[:, None] == truth
    return np.where(same, np.where(np.eye(len(truth)), 1.0, 0.6), 0.0).astype(np.float32)
