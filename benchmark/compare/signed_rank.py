"""Wilcoxon's signed-rank test of many pairs of methods at once."""

import numpy as np

from genearena.benchmark.compare.aggregate import Floats

MAX_EXACT = 13
"""Most tasks whose sign flips are all counted, as in scipy.stats.wilcoxon."""


def signed_ranks(gains: Floats) -> Floats:
    """Return the ranks of absolute gains with the signs of the gains.

    Parameters
    ----------
    gains
        (tasks, pairs) differences; those of zero keep their place in the ranking and become 0.
    """
    from scipy.stats import rankdata

    ranked: Floats = np.sign(gains) * rankdata(np.abs(gains), axis=0)
    return ranked


def signed_rank_p(gains: Floats) -> Floats:
    """Return (pairs,) two-sided p-values, as ``scipy.stats.wilcoxon(zero_method="zsplit")``.

    With ties scipy evaluates its statistic once per sign flip and pair (minutes for twelve
    methods); here its permutation test flips the signed ranks of all pairs together.

    Parameters
    ----------
    gains
        (tasks, pairs) differences.
    """
    from scipy.stats import permutation_test, wilcoxon

    if len(gains) > MAX_EXACT:
        p = wilcoxon(gains, zero_method="zsplit", axis=0).pvalue
    else:
        flips = permutation_test(
            (signed_ranks(gains),), np.sum, permutation_type="samples", vectorized=True
        )
        p = flips.pvalue
    return np.asarray(p, dtype=np.float64)


def holm(p: Floats) -> Floats:
    """Return (pairs,) p-values by Holm's step-down procedure."""
    from statsmodels.stats.multitest import multipletests

    return np.asarray(multipletests(p, method="holm")[1], dtype=np.float64)


def rank_biserial(gains: Floats) -> Floats:
    """Return (pairs,) matched-pairs rank-biserial correlations, 1 where every gain is positive.

    References
    ----------
    Kerby (2014), The simple difference formula, Comprehensive Psychology 3.
    """
    n = len(gains)
    effect: Floats = signed_ranks(gains).sum(axis=0) / (n * (n + 1) / 2)
    return effect
