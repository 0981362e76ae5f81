"""Exact neighbours: the same as a full distance matrix, ties by row number."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from genearena.metrics._shared import nearest_rows as module
from genearena.metrics._shared.nearest_rows import nearest_rows


def from_distance_matrix(points, k):
    """Sort every row of the distance matrix, earlier rows first among equals."""
    distance = cdist(points, points)
    np.fill_diagonal(distance, np.inf)
    order = np.argsort(distance, axis=1, kind="stable")[:, :k]
    return order, np.take_along_axis(distance, order, axis=1)


@pytest.mark.parametrize(("n", "dim", "k"), [(5, 1, 4), (40, 3, 14), (700, 8, 14), (400, 6, 90)])
def test_finds_what_the_full_distance_matrix_shows(n, dim, k):
    """Neighbours and distances equal those of scipy's distance matrix."""
    points = np.random.default_rng(n).normal(size=(n, dim))
    neighbour, distance = nearest_rows(points, k)
    expected, expected_distance = from_distance_matrix(points, k)
    np.testing.assert_array_equal(neighbour, expected)
    np.testing.assert_allclose(distance, expected_distance, rtol=1e-12)


@pytest.mark.parametrize("offset", [0, 1000])
def test_ties_go_to_the_earlier_row_and_copies_are_at_distance_zero(offset):
    """On a coarse integer grid, full of ties and copies, the order is by distance, then row."""
    points = np.random.default_rng(1).integers(0, 3, size=(300, 3)).astype(float) + offset
    neighbour, distance = nearest_rows(points, 20)
    expected, expected_distance = from_distance_matrix(points, 20)
    np.testing.assert_array_equal(neighbour, expected)
    np.testing.assert_array_equal(distance, expected_distance)


def test_block_size_does_not_matter(monkeypatch):
    """Working in many small blocks gives the same neighbours as in one."""
    points = np.random.default_rng(2).integers(0, 5, size=(257, 4)).astype(float)
    whole = nearest_rows(points, 15)
    monkeypatch.setattr(module, "_BLOCK_ELEMENTS", 7 * 257 * 4)
    np.testing.assert_array_equal(nearest_rows(points, 15)[0], whole[0])


def test_tight_cloud_far_from_another_is_resolved():
    """Neighbours at 1e-6 are told apart although another cloud is at 1e6."""
    rng = np.random.default_rng(3)
    points = np.concatenate([1e-6 * rng.normal(size=(60, 4)), 1e6 + rng.normal(size=(60, 4))])
    np.testing.assert_array_equal(nearest_rows(points, 10)[0], from_distance_matrix(points, 10)[0])
