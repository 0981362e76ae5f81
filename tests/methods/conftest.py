"""Fixtures the tests of all methods share."""

import numpy as np
import pytest
from scipy import sparse

from genearena.data.graphs import GeneGraph, GraphCollection
from genearena.methods.example import example_graphs


@pytest.fixture(scope="session")
def graphs() -> GraphCollection:
    """Three small graphs: 40, 32 and 26 genes, 16 of them common, two groups, isolated genes."""
    return example_graphs()


@pytest.fixture(scope="session")
def one_graph(graphs: GraphCollection) -> GraphCollection:
    """A task of a single graph."""
    return graphs.with_graphs(graphs.graphs[:1])


@pytest.fixture(scope="session")
def modules() -> GraphCollection:
    """Three graphs of the same 80 genes in four dense modules, few edges between."""
    rng = np.random.default_rng(7)
    truth = np.arange(80) % 4
    likely = np.where(truth[:, None] == truth, 0.6, 0.03)

    def graph(position: int) -> GeneGraph:
        edges = np.triu(rng.random(likely.shape) < likely, k=1)
        return GeneGraph(
            name=f"donor_{position}",
            tissue="example",
            modality="scrna",
            species="human",
            genes=tuple(f"GENE{gene:02d}" for gene in range(80)),
            x=rng.standard_normal((80, 20)).astype(np.float32),
            adjacency=sparse.csr_array((edges | edges.T).astype(np.int8)),
            truth=truth,
        )

    return GraphCollection("example", "simulated", tuple(graph(i) for i in range(3)))
