"""Common-gene graph connectivity against a walk through the graph."""

import numpy as np
import pytest
from scipy import sparse

from genearena.metrics.base import NotDefined
from genearena.metrics.graph_connectivity import METRIC, largest_shares


def largest_component(adjacency, members):
    """Count the rows of the largest component among `members` by walking from each."""
    unseen, largest = set(members), 0
    while unseen:
        front, size = [unseen.pop()], 1
        while front:
            reached = {j for j in unseen if adjacency[front[-1], j]}
            front.pop()
            unseen -= reached
            front += list(reached)
            size += len(reached)
        largest = max(largest, size)
    return largest


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_equals_a_walk_through_the_common_rows(space, task, seed):
    """Paths may use common rows of the cluster only; the mean is over clusters."""
    made = space(*task(seed, sizes=(60, 70, 65), n_common=12))
    whole, common = made.connectivities.toarray(), set(made.common.tolist())
    shares = []
    for cluster in np.unique(made.clusters[made.common]):
        members = [r for r in np.flatnonzero(made.clusters == cluster) if r in common]
        shares.append(largest_component(whole, members) / len(members))
    assert METRIC(made).value == pytest.approx(np.mean(shares), abs=1e-12)
    assert METRIC(made).value < 1


def test_best_and_worst():
    """A path through the cluster gives 1, no edge inside it 1 / size."""
    path = sparse.csr_array(np.eye(6, k=1) + np.eye(6, k=-1))
    assert largest_shares(path, np.zeros(6, int)) == [1.0]
    assert largest_shares(path, np.tile([4, 9], 3)) == [1 / 3, 1 / 3]


def test_one_data_set_is_enough(space, task):
    """All genes of a single data set are common to all data sets, so GC is defined."""
    assert 0 < METRIC(space(*task(0, sizes=(50,)))).value <= 1


def test_not_defined_without_common_genes(space, task):
    """With no gene in every data set there is nothing to connect."""
    with pytest.raises(NotDefined, match="no gene is in every data set"):
        METRIC(space(*task(0, n_common=0)))
