"""Fixtures the tests of all methods share."""

import pytest

from genearena.data.graphs import GraphCollection
from genearena.methods.example import example_graphs


@pytest.fixture(scope="session")
def graphs() -> GraphCollection:
    """Three small graphs: 40, 32 and 26 genes, 16 of them common, two groups, isolated genes."""
    return example_graphs()


@pytest.fixture(scope="session")
def one_graph(graphs: GraphCollection) -> GraphCollection:
    """A task of a single graph."""
    return graphs.with_graphs(graphs.graphs[:1])
