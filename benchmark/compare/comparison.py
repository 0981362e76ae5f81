"""Rank tests of methods over tasks: Friedman, Nemenyi and Wilcoxon with Holm's correction."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from genearena.benchmark.compare.aggregate import Floats, rank
from genearena.benchmark.compare.scores import Compared
from genearena.benchmark.compare.signed_rank import holm, rank_biserial, signed_rank_p

MIN_BLOCKS = 5
"""Fewest tasks tested: below this the signed-rank test of one pair cannot reach p < 0.1."""
DIGITS = 10


@dataclass(frozen=True)
class Pair:
    """Two methods, the one that comes first in the order of all first.

    Parameters
    ----------
    better, worse
        Names.
    difference
        Mean over tasks of the value of `better` minus that of `worse`, in the value's own units.
    wins, ties, losses
        Tasks on which `better` is better, equal or worse.
    effect
        Matched-pairs rank-biserial correlation, 1 if `better` wins every task, -1 if none.
    nemenyi, wilcoxon
        p-values for all pairs at once (Nemenyi; Holm over all pairs), None if not tested.
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
        Methods, best first: by mean place if tested, else by mean value.
    pairs
        All pairs in this order, of the better and then of the worse.
    untestable
        Why there are no p-values; empty if there are.
    friedman
        None if not tested or there are fewer than three methods.
    critical_difference
        Distance of mean places from which Nemenyi's p is below `alpha`; None likewise.
    alpha
        Level.

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

    Parameters
    ----------
    compared
        One number per task and method.
    alpha
        Level of the critical difference.
    """
    n_blocks, n_methods = compared.values.shape
    # rounding noise in averages is no difference between methods, nor between differences
    values = np.round(compared.values if compared.higher_is_better else -compared.values, DIGITS)
    ranks = np.array([rank(row) for row in values]).reshape(values.shape)
    mean_places = ranks.mean(axis=0) if values.size else np.zeros(n_methods)
    untestable = _why_untestable(n_blocks, n_methods)
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


def _why_untestable(n_blocks: int, n_methods: int) -> str:
    if n_methods < 2:
        return f"not testable with {n_methods} {'method' if n_methods == 1 else 'methods'}"
    if n_blocks < MIN_BLOCKS:
        return f"not testable with {n_blocks} {'tissue' if n_blocks == 1 else 'tissues'}"
    return ""


def _friedman(ranks: Floats) -> Friedman:
    from scipy.stats import friedmanchisquare

    n_blocks, n_methods = ranks.shape
    if (ranks == ranks[0, 0]).all():
        # all tied everywhere: scipy divides zero by zero
        return Friedman(0.0, 1.0, 0.0)
    statistic, p = friedmanchisquare(*ranks.T)
    return Friedman(float(statistic), float(p), float(statistic) / (n_blocks * (n_methods - 1)))


def _critical_difference(n_blocks: int, n_methods: int, alpha: float) -> float:
    from scipy.stats import studentized_range

    q = studentized_range.ppf(1 - alpha, n_methods, np.inf) / np.sqrt(2)
    return float(q * np.sqrt(n_methods * (n_methods + 1) / (6 * n_blocks)))


def _pairs(
    compared: Compared, values: Floats, order: npt.NDArray[np.intp], *, tested: bool
) -> tuple[Pair, ...]:
    places = list(combinations(order, 2))
    if not places:
        return ()
    better, worse = np.transpose(places)
    gains = np.round(values[:, better] - values[:, worse], DIGITS)
    differences = (compared.values[:, better] - compared.values[:, worse]).mean(axis=0)
    effects = rank_biserial(gains)
    nemenyi = _nemenyi(values)[better, worse] if tested and len(order) > 2 else None
    wilcoxon = holm(signed_rank_p(gains)) if tested else None
    return tuple(
        Pair(
            better=compared.methods[i],
            worse=compared.methods[j],
            difference=float(differences[k]),
            wins=int((gains[:, k] > 0).sum()),
            ties=int((gains[:, k] == 0).sum()),
            losses=int((gains[:, k] < 0).sum()),
            effect=float(effects[k]),
            nemenyi=None if nemenyi is None else float(nemenyi[k]),
            wilcoxon=None if wilcoxon is None else float(wilcoxon[k]),
        )
        for k, (i, j) in enumerate(places)
    )


def _nemenyi(values: Floats) -> Floats:
    from scikit_posthocs import posthoc_nemenyi_friedman

    return np.asarray(posthoc_nemenyi_friedman(values), dtype=np.float64)
