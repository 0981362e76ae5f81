"""New edges: what memorises the graph is at chance."""

import numpy as np
import pytest

from genearena.metrics.base import NotDefined
from genearena.metrics.new_edges import METRIC
from genearena.metrics.replicated_edges import METRIC as ALL_EDGES


def rows(matrix):
    """Return vectors whose cosines are 1 for the pairs of a matrix of groups, and 0 elsewhere."""
    return matrix.astype(float) + np.eye(len(matrix))


def test_a_lookup_of_the_graph_finds_no_new_edge(graph, space):
    """Pairs the graph shows as edges come first in the ranking, and are not in this one."""
    group = np.arange(60) // 10
    other = group[:, None] == group
    np.fill_diagonal(other, val=False)
    # of each group of ten the graph shows the edges within its halves
    half = np.arange(60) // 5
    shown = half[:, None] == half
    np.fill_diagonal(shown, val=False)
    made = graph("a", [f"G{g}" for g in range(60)], shown, None, other)
    memory, knowledge = np.eye(12)[half], np.eye(6)[group]
    assert METRIC(space([made], [memory])).value == pytest.approx(0, abs=1e-9)
    assert ALL_EDGES(space([made], [memory])).value > 0.3
    assert METRIC(space([made], [knowledge])).value == 1


def test_not_defined_without_new_edges(graph, space):
    """Where the halves agree there is none to be found."""
    edges = np.ones((4, 4)) - np.eye(4)
    made = graph("a", "ABCD", edges, None, edges)
    with pytest.raises(NotDefined, match="no edges or nothing else"):
        METRIC(space([made], [np.eye(4)]))
