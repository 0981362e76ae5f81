"""PCA gives the principal components scikit-learn gives."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.decomposition import PCA as Reference
from sklearn.preprocessing import StandardScaler

from genearena.data.common.errors import DataError
from genearena.data.graphs import GraphCollection
from genearena.methods.pca import PCA, principal_scores


@pytest.mark.parametrize("shape", [(60, 25), (25, 60), (40, 40)])
def test_scores_are_scikit_learns_up_to_sign(shape: tuple[int, int]) -> None:
    """More genes than cells or fewer, the scores agree with another implementation."""
    x = np.random.default_rng(1).normal(size=shape) @ np.diag(np.linspace(1, 3, shape[1]))
    x = x.astype(np.float32)
    scaled = StandardScaler().fit_transform(x.astype(np.float64))
    want = Reference(6, svd_solver="full").fit_transform(scaled)
    got = principal_scores(x, 6)
    signs = np.sign((got * want).sum(axis=0))
    np.testing.assert_allclose(got * signs, want, rtol=1e-4, atol=1e-4)


def test_the_largest_loading_is_positive() -> None:
    """Mirrored data give the same scores with the opposite sign, by the sign rule."""
    x = np.random.default_rng(2).normal(size=(30, 20)).astype(np.float32)
    scores = principal_scores(x, 4)
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    loadings = np.linalg.lstsq(scores, z, rcond=None)[0]
    assert (loadings[np.arange(4), np.abs(loadings).argmax(axis=1)] > 0).all()
    np.testing.assert_allclose(principal_scores(-x, 4), -scores, atol=1e-4)


def test_a_constant_cell_counts_for_nothing() -> None:
    """A cell without variation neither breaks nor changes the scores."""
    x = np.random.default_rng(3).normal(size=(30, 20)).astype(np.float32)
    constant = np.hstack([x, np.full((30, 1), 7, dtype=np.float32)])
    np.testing.assert_allclose(principal_scores(constant, 4), principal_scores(x, 4), atol=1e-4)


def test_directions_without_variation_score_zero() -> None:
    """Profiles of rank one have one component; the others are zero, not noise."""
    rng = np.random.default_rng(4)
    x = np.outer(rng.normal(size=20), rng.normal(size=40)).astype(np.float32)
    scores = principal_scores(x, 5)
    assert np.abs(scores[:, 0]).max() > 1
    np.testing.assert_allclose(scores[:, 1:], 0, atol=1e-2)


def test_too_few_cells_are_a_reason_to_skip(graphs: GraphCollection) -> None:
    """As many components as cells are declined with the graph's name, before and in fit."""
    narrow = graphs.with_graphs([graphs[0], replace(graphs[1], x=graphs[1].x[:, :9], counts=None)])
    assert PCA(dim=8).skip(narrow) is None
    assert "graph 'donor_b' has 32 genes and 9 cells" in (PCA(dim=9).skip(narrow) or "")
    with pytest.raises(DataError, match=r"donor_b.*lower dim"):
        PCA(dim=9).fit(narrow)
