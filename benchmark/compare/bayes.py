"""Bayesian signed-rank comparison of methods over tasks."""

from dataclasses import dataclass

from genearena.benchmark.compare.comparison import Comparison
from genearena.data.common.errors import UsageError

ROPE = 0.01


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
