"""Scaling, ranking and averaging, against scikit-learn, SciPy and sums by hand."""

import numpy as np
import pytest
from scipy.stats import rankdata
from sklearn.preprocessing import minmax_scale

from genearena.benchmark.compare.aggregate import Standings, rank, standings


def stand(means: list[list[float]], **options: object) -> Standings:
    """Call `standings` with every metric scored, higher better, and every method competing."""
    table = np.array(means, dtype=float)
    n_methods, n_metrics = table.shape
    arguments = {
        "higher": np.ones(n_metrics, bool),
        "scored": np.ones(n_metrics, bool),
        "competes": np.ones(n_methods, bool),
    }
    plain = ("ties", "constant_counts")
    arguments |= {k: v if k in plain else np.array(v) for k, v in options.items()}
    return standings(table, **arguments)


def test_three_methods_by_hand():
    """Two metrics of three methods give the scores and ranks worked out on paper."""
    result = stand([[1.0, 0.2], [0.5, 0.4], [0.0, 0.3]])
    np.testing.assert_allclose(result.scaled, [[1, 0], [0.5, 1], [0, 0.5]])
    np.testing.assert_array_equal(result.ranks, [[1, 3], [2, 1], [3, 2]])
    np.testing.assert_allclose(result.avg_score, [0.5, 0.75, 0.25])
    np.testing.assert_allclose(result.avg_rank, [2, 1.5, 2.5])


def test_scaling_is_sklearns():
    """Scaling of complete tables equals scikit-learn's minmax_scale."""
    means = np.random.default_rng(0).normal(size=(9, 6))
    np.testing.assert_allclose(stand(means.tolist()).scaled, minmax_scale(means), atol=1e-12)


@pytest.mark.parametrize("ties", ["average", "min"])
def test_ranks_are_scipys(ties: str):
    """Ranks equal SciPy's rankdata of the negated values, ties included."""
    values = np.random.default_rng(1).integers(0, 5, size=40).astype(float)
    np.testing.assert_array_equal(rank(values, ties), rankdata(-values, method=ties))


def test_lower_is_better():
    """A metric where lower is better gives what its negative gives."""
    means = np.random.default_rng(2).normal(size=(5, 2))
    lower = stand(means.tolist(), higher=[True, False])
    negated = stand((means * [1, -1]).tolist())
    np.testing.assert_array_equal(lower.ranks, negated.ranks)
    np.testing.assert_array_equal(lower.avg_score, negated.avg_score)
    assert lower.scaled[np.argmin(means[:, 1]), 1] == 1


@pytest.mark.parametrize("noise", [0.0, 1e-15, 1e-6])
def test_metric_all_agree_on_does_not_count(noise: float):
    """Equal up to rounding: neither scaled nor ranked nor averaged, but reported."""
    result = stand([[0.3, 1.0], [0.3 + noise, 0.0], [0.3, 0.2]])
    assert result.constant.tolist() == [True, False]
    assert np.isnan(result.scaled[:, 0]).all()
    assert np.isnan(result.ranks[:, 0]).all()
    np.testing.assert_allclose(result.avg_score, [1.0, 0.0, 0.2])
    np.testing.assert_array_equal(result.avg_rank, [1, 3, 2])


def test_metric_all_agree_on_counts_as_in_the_paper_if_asked():
    """Its tables count one as 0 for all, and as a tie."""
    result = stand([[0.3, 1.0], [0.3, 0.0]], constant_counts=True)
    np.testing.assert_array_equal(result.scaled[:, 0], 0)
    np.testing.assert_allclose(result.avg_score, [0.5, 0.0])
    np.testing.assert_array_equal(result.avg_rank, [1.25, 1.75])


def test_nothing_but_agreement_gives_no_average():
    """Without a metric that tells methods apart there is neither score nor rank."""
    result = stand([[0.3], [0.3]])
    assert np.isnan([*result.avg_score, *result.avg_rank]).all()


def test_one_method_agrees_with_nobody():
    """A method alone keeps score 0 and rank 1; a control beside it has no scale to stand on."""
    result = stand([[0.3], [0.9]], competes=[True, False])
    assert result.constant.tolist() == [False]
    assert (result.avg_score[0], result.avg_rank[0]) == (0, 1)
    assert np.isnan(result.avg_score[1])


def test_a_control_far_from_a_tiny_range_has_no_average():
    """A thousandth between methods does not blow a control's distance up into its average."""
    means = [[0.500, 0.1], [0.501, 0.9], [0.9, 0.5], [0.504, 0.5]]
    result = stand(means, competes=[True, True, False, False])
    assert result.scaled[2, 0] == pytest.approx(400)
    assert np.isnan(result.avg_score[2])
    assert result.avg_score[3] == pytest.approx(2.25)


def test_controls_change_nothing():
    """Adding controls, however good or bad, leaves the methods' numbers as they were."""
    means = np.random.default_rng(3).random((4, 3))
    alone = stand(means.tolist())
    controls = [[2.0, -1.0, 0.5], [-1.0, 2.0, 0.1]]
    joined = stand([*means.tolist(), *controls], competes=[True] * 4 + [False] * 2)
    for field in ("scaled", "ranks", "avg_score", "avg_rank"):
        np.testing.assert_array_equal(getattr(joined, field)[:4], getattr(alone, field))
    assert np.isnan(joined.ranks[4:]).all()
    assert joined.scaled[4, 0] > 1
    assert joined.scaled[4, 1] < 0
    assert np.isfinite(joined.avg_score[4:]).all()


def test_missing_value_takes_the_average_away():
    """A method without a metric that others have gets no average; the others keep theirs."""
    result = stand([[0.9, np.nan], [0.5, 0.4], [0.1, 0.8]])
    assert np.isnan(result.avg_score[0])
    assert np.isnan(result.avg_rank[0])
    np.testing.assert_allclose(result.avg_score[1:], [0.25, 0.5])
    np.testing.assert_array_equal(result.ranks[1:, 1], [2, 1])


def test_metric_nobody_has_is_left_out():
    """A metric without any competing value does not enter the averages."""
    result = stand([[0.9, np.nan], [0.1, np.nan]])
    np.testing.assert_array_equal(result.avg_score, [1, 0])
    np.testing.assert_array_equal(result.avg_rank, [1, 2])


def test_unscored_metrics_do_not_count():
    """A metric that is not scored is ranked, but enters no average."""
    result = stand([[0.9, 0.0], [0.1, 1.0]], scored=[True, False])
    np.testing.assert_array_equal(result.avg_rank, [1, 2])
    np.testing.assert_array_equal(result.ranks[:, 1], [2, 1])


def test_nothing_to_average():
    """Without any scored metric there is neither score nor rank."""
    result = stand([[0.9], [0.1]], scored=[False])
    assert np.isnan(result.avg_score).all()
