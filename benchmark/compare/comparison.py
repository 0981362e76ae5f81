"""Tests of methods over tasks: Friedman, Nemenyi, Wilcoxon with Holm's correction, Bayesian."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from genearena.benchmark.compare.aggregate import Floats, rank
from genearena.benchmark.compare.scores import Compared
from genearena.data.common.errors import UsageError

Places = npt.NDArray[np.intp]
MIN_BLOCKS = 5
"""Fewest tasks tested: below this the signed-rank test of one pair cannot reach p < 0.1."""
DIGITS = 10
ROPE = 0.01
MAX_EXACT = 13
"""Most tasks whose sign flips are all counted, as in scipy.stats.wilcoxon."""


@dataclass(frozen=True)
class Pair:
    """Two methods, the one that comes first in the order of all first.

    `difference` is the mean over tasks of the value of `better` minus that of `worse`, in the
    value's own units; `wins`, `ties` and `losses` count the tasks on which `better` is better,
    equal or worse; `effect` is the matched-pairs rank-biserial correlation, 1 if it wins every
    task, -1 if none. `nemenyi` and `wilcoxon` are p-values for all pairs at once (Nemenyi; Holm
    over all pairs), None if not tested.
    """

    better: str
    worse: str
    difference: float
    wins: int
    ties: int
    losses: int
    effect: float
    nemenyi: float | None
    wilcoxon: float | None


@dataclass(frozen=True)
class Friedman:
    """Friedman's test with its effect size, Kendall's W: 0 no agreement of tasks, 1 full."""

    statistic: float
    p: float
    kendall_w: float


@dataclass(frozen=True, eq=False)
class Comparison:
    """Every method against every other over tasks.

    Parameters
    ----------
    compared
        The numbers, one per task and method.
    mean_places
        (methods,) mean over tasks of the place within the task, 1 for the best. The tests' books
        say rank; here a rank is that of a metric's value, and Avg Rank the mean of those.
    order
        Methods, best first: by mean place if tested, else by mean value; `pairs` are in this order.
    untestable
        Why there are no p-values; empty if there are.
    friedman, critical_difference
        The latter is the distance of mean places from which Nemenyi's p is below `alpha`. None if
        not tested or there are fewer than three methods.

    References
    ----------
    Demšar (2006), Statistical comparisons of classifiers over multiple data sets, JMLR 7.
    """

    compared: Compared
    mean_places: Floats
    order: tuple[str, ...]
    pairs: tuple[Pair, ...]
    untestable: str
    friedman: Friedman | None
    critical_difference: float | None
    alpha: float

    @property
    def smallest_wilcoxon(self) -> float:
        """Smallest p that Holm's procedure could give on this many tasks and methods."""
        return float(min(1.0, len(self.pairs) * 2.0 ** (1 - len(self.compared.blocks))))


def compare(compared: Compared, alpha: float = 0.05) -> Comparison:
    """Test whether methods differ over tasks, and which.

    Nemenyi's test compares mean places of all pairs at once. The pairwise test is Wilcoxon's
    signed-rank test, a difference of zero giving half its rank to either side, with Holm's
    correction over all pairs. Tied methods of a task share their mean place.
    """
    n_blocks, n_methods = compared.values.shape
    # rounding noise in averages is no difference between methods, nor between differences
    values = np.round(compared.values if compared.higher_is_better else -compared.values, DIGITS)
    ranks = rank(values)
    mean_places = ranks.mean(axis=0) if values.size else np.zeros(n_methods)
    untestable = ""
    if n_methods < 2:
        untestable = f"not testable with {n_methods} {'method' if n_methods == 1 else 'methods'}"
    elif n_blocks < MIN_BLOCKS:
        untestable = f"not testable with {n_blocks} {'tissue' if n_blocks == 1 else 'tissues'}"
    # a sum orders as a mean does, and exists for no task too
    order = np.argsort(-values.sum(axis=0) if untestable else mean_places, kind="stable")
    several = not untestable and n_methods > 2
    return Comparison(
        compared=compared,
        mean_places=mean_places,
        order=tuple(compared.methods[i] for i in order),
        pairs=_pairs(compared, values, order, tested=not untestable),
        untestable=untestable,
        friedman=_friedman(ranks) if several else None,
        critical_difference=_critical_difference(n_blocks, n_methods, alpha) if several else None,
        alpha=alpha,
    )


# scipy.stats has these tests too, and takes longer to import than all that is done with them here


def _friedman(ranks: Floats) -> Friedman:
    from scipy.special import chdtrc

    n_blocks, n_methods = ranks.shape
    apart = ranks - (n_methods + 1) / 2
    if not apart.any():
        return Friedman(0.0, 1.0, 0.0)
    kendall_w = float((apart.mean(axis=0) ** 2).sum() * n_blocks / (apart**2).sum())
    statistic = kendall_w * n_blocks * (n_methods - 1)
    return Friedman(statistic, float(chdtrc(n_methods - 1, statistic)), kendall_w)


def _critical_difference(n_blocks: int, n_methods: int, alpha: float) -> float:
    low, high = 0.0, 40.0
    for _ in range(60):
        middle = (low + high) / 2
        rarer = _range_sf(np.array([middle]), n_methods)[0] < alpha
        low, high = (low, middle) if rarer else (middle, high)
    return high / float(np.sqrt(2)) * _unit(n_blocks, n_methods)


def _range_sf(widths: Floats, n: int) -> Floats:
    """Return (widths,) probabilities that n standard normal numbers span more than a width."""
    from scipy.special import ndtr

    step = 0.01
    # whoever is the least of them, the others lie within a width above
    least = np.arange(-10.0, 10.0, step)
    density = np.exp(-(least**2) / 2) / np.sqrt(2 * np.pi)
    within = (ndtr(least + widths[:, None]) - ndtr(least)) ** (n - 1)
    wider: Floats = np.clip(1 - n * step * (within * density).sum(axis=1), 0.0, 1.0)
    return wider


def _pairs(compared: Compared, values: Floats, order: Places, *, tested: bool) -> tuple[Pair, ...]:
    places = list(combinations(order, 2))
    if not places:
        return ()
    better, worse = np.transpose(places)
    gains = np.round(values[:, better] - values[:, worse], DIGITS)
    differences = (compared.values[:, better] - compared.values[:, worse]).mean(axis=0)
    untested: list[None] = [None] * len(places)
    numbers = zip(
        differences.tolist(),
        *((sign(gains, 0).sum(axis=0).tolist()) for sign in (np.greater, np.equal, np.less)),
        _rank_biserial(gains).tolist(),
        _nemenyi(values, better, worse) if tested and len(order) > 2 else untested,
        _wilcoxon_holm(gains) if tested else untested,
        strict=True,
    )
    names = compared.methods
    return tuple(
        Pair(names[i], names[j], *each) for (i, j), each in zip(places, numbers, strict=True)
    )


def _nemenyi(values: Floats, better: Places, worse: Places) -> list[float]:
    """Return the p-values of pairs by mean places, as `_critical_difference` judges them."""
    n_blocks, n_methods = values.shape
    places = rank(values).mean(axis=0)
    apart = np.abs(places[better] - places[worse]) / _unit(n_blocks, n_methods)
    p: list[float] = _range_sf(np.sqrt(2) * apart, n_methods).tolist()
    return p


def _unit(n_blocks: int, n_methods: int) -> float:
    """Return the deviation of the difference of two mean places that Nemenyi's test has."""
    return float(np.sqrt(n_methods * (n_methods + 1) / (6 * n_blocks)))


def _signed_ranks(gains: Floats) -> Floats:
    """Rank (tasks, pairs) absolute gains, with their signs; those of zero keep their place."""
    return np.sign(gains) * rank(-np.abs(gains).T).T


def _wilcoxon_holm(gains: Floats) -> list[float]:
    """Return (pairs,) two-sided p-values of ``scipy.stats.wilcoxon(zero_method="zsplit")`` by Holm.

    With ties scipy evaluates its statistic once per sign flip and pair (minutes for twelve
    methods); here the signed ranks of all pairs are flipped together.
    """
    if len(gains) > MAX_EXACT:
        from scipy.stats import wilcoxon

        p = wilcoxon(gains, zero_method="zsplit", axis=0).pvalue
    else:
        ranks = _signed_ranks(gains)
        # sums of halves are exact, so that equal ones compare equal
        signs = 1.0 - 2.0 * (np.arange(2 ** len(ranks))[:, None] >> np.arange(len(ranks)) & 1)
        flipped, found = signs @ ranks, ranks.sum(axis=0)
        tails = (flipped >= found).mean(axis=0), (flipped <= found).mean(axis=0)
        p = np.minimum(2 * np.minimum(*tails), 1.0)
    adjusted: list[float] = _holm(np.asarray(p)).tolist()
    return adjusted


def _holm(p: Floats) -> Floats:
    # statsmodels has it too, and takes longer to import than all else that is done here
    order = np.argsort(p)
    steps = p[order] * np.arange(len(p), 0, -1)
    adjusted = np.empty_like(steps)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return adjusted


def _rank_biserial(gains: Floats) -> Floats:
    """Return (pairs,) matched-pairs rank-biserial correlations, 1 where every gain is positive.

    References
    ----------
    Kerby (2014), The simple difference formula, Comprehensive Psychology 3.
    """
    n = len(gains)
    effect: Floats = _signed_ranks(gains).sum(axis=0) / (n * (n + 1) / 2)
    return effect


@dataclass(frozen=True)
class Posterior:
    """Probabilities that a method is better than, practically equal to or worse than another."""

    better: float
    equal: float
    worse: float


def posteriors(
    comparison: Comparison, *, rope: float = ROPE, n_samples: int = 5000, seed: int = 0
) -> dict[tuple[str, str], Posterior]:
    """Return the posterior of every pair of a tested comparison by (better, worse).

    Differences up to `rope`, in units of the compared value, are of no practical importance.

    Raises
    ------
    UsageError
        If `rope` is not positive.

    References
    ----------
    Benavoli et al. (2014), A Bayesian Wilcoxon signed-rank test based on the Dirichlet process,
    ICML.
    """
    if rope <= 0:
        raise UsageError(f"rope is {rope:g}, want a positive difference; try {ROPE:g}")
    if comparison.untestable:
        return {}
    from baycomp import SignedRankTest

    compared = comparison.compared
    sign = 1.0 if compared.higher_is_better else -1.0
    values = dict(zip(compared.methods, sign * compared.values.T, strict=True))
    found = {}
    for pair in comparison.pairs:
        one, other = values[pair.better], values[pair.worse]
        shares = SignedRankTest.probs(one, other, rope, nsamples=n_samples, random_state=seed)
        found[pair.better, pair.worse] = Posterior(*map(float, shares))
    return found
