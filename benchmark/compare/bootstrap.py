"""Intervals of averages by resampling tasks, then donors and seeds within them, and ranks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from genearena.benchmark.compare.aggregate import Bools, Floats, Ties, rank, scale
from genearena.benchmark.compare.comparison import DIGITS
from genearena.benchmark.compare.headline import with_headline
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.compare.scores import AVERAGES, Average, Block, Scores, read_scores

LEVEL = 0.95
RESAMPLES = 2000


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """Means over the tasks `blocks` of the averages that scores have, as they are and resampled.

    `methods` are those with an average on every task and something to resample; by average,
    `observed` is (methods,) and `resampled` (resamples, methods); intervals hold `level` of the
    latter.
    """

    methods: tuple[str, ...]
    blocks: tuple[str, ...]
    observed: Mapping[Average, Floats]
    resampled: Mapping[Average, Floats]
    level: float

    @property
    def n_resamples(self) -> int:
        """How often was drawn."""
        return len(next(iter(self.resampled.values())))

    def interval(self, which: Average) -> Floats:
        """(2, methods) percentile interval."""
        return self._interval(self.resampled[which])

    def differences(self, which: Average, method: str) -> Floats:
        """(2, methods) percentile interval of a method's average less that of every method."""
        resampled = self.resampled[which]
        return self._interval(resampled[:, [self.methods.index(method)]] - resampled)

    def difference(self, which: Average, first: str, second: str) -> tuple[float, float, float]:
        """Return the observed difference first - second and its percentile interval."""
        i, j = self.methods.index(first), self.methods.index(second)
        observed, resampled = self.observed[which], self.resampled[which]
        low, high = self._interval(resampled[:, [i]] - resampled[:, [j]])[:, 0]
        return float(observed[i] - observed[j]), float(low), float(high)

    def first(self, which: Average) -> Floats:
        """(methods,) share of resamples that a method leads; ties share the lead."""
        # resampled sums tie up to rounding noise
        sign = 1 if AVERAGES[which][1] else -1
        values = np.round(sign * self.resampled[which], DIGITS)
        best = values == np.nanmax(values, axis=1, keepdims=True)
        share: Floats = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
        return share

    def _interval(self, resampled: Floats) -> Floats:
        tail = (1 - self.level) / 2
        # a resample in which a method has no value says nothing about it
        # the same without, and twenty times faster
        quantile = np.nanquantile if np.isnan(resampled).any() else np.quantile
        interval: Floats = quantile(resampled, [tail, 1 - tail], axis=0)
        return interval


def bootstrap(
    scores: Scores, *, n_resamples: int = RESAMPLES, level: float = LEVEL, seed: int = 0
) -> Bootstrap | None:
    """Resample tasks with replacement, and in each task drawn its donors and seeds.

    For the headline donors and seeds are drawn, the same for all methods: a donor's value is the
    mean over the seeds drawn that have one, a question's that over the donors drawn. For the
    paper's averages every method's seeds are drawn, and what is drawn is scaled, ranked and
    averaged anew, as the leaderboard is. With one task the intervals hold the spread of its donors
    and seeds alone. With few tasks percentile intervals are too narrow; with many they are a little
    wide, since the means of tasks already vary by what is in them.

    `level` is the share of resamples inside an interval. None if no method has an average on every
    task, or, of one task, if the records tell nothing of its donors.

    References
    ----------
    Davison & Hinkley (1997), Bootstrap Methods and their Application, section 3.8.
    """
    observed = {which: scores.averages(which) for which in scores.kinds}
    n_blocks = len(scores.blocks)
    whole = np.asarray(~np.isnan(observed[scores.kinds[0]]).any(axis=0))
    if n_blocks == 1 and (parts := scores.blocks[0].parts) is not None:
        whole &= _has_parts(parts)
    if not n_blocks or not whole.any():
        return None
    # the report's script draws the same: this generator is in every language, and never changes
    rng = np.random.RandomState(seed)
    drawn = _counts(rng, n_blocks, n_resamples)
    sums = np.zeros((len(scores.kinds), n_resamples, len(scores.methods)))
    for block, times in zip(scores.blocks, drawn.T, strict=True):
        # one draw of donors or seeds for every time the task was drawn
        resample = np.repeat(np.arange(n_resamples), times)
        for total, average in zip(sums, _drawn(block, len(resample), rng, scores), strict=True):
            np.add.at(total, resample, average)
    return Bootstrap(
        methods=tuple(m for m, w in zip(scores.methods, whole, strict=True) if w),
        blocks=tuple(block.name for block in scores.blocks),
        observed={which: values[:, whole].mean(axis=0) for which, values in observed.items()},
        resampled=dict(zip(scores.kinds, sums[:, :, whole] / n_blocks, strict=True)),
        level=level,
    )


def _counts(rng: np.random.RandomState, n: int, size: int) -> npt.NDArray[np.int64]:
    """Return (size, n) how often each of n things is drawn when n are drawn with replacement."""
    drawn = (n * rng.random_sample((size, n))).astype(np.int64) + n * np.arange(size)[:, None]
    return np.bincount(drawn.ravel(), minlength=n * size).reshape(size, n)


def _drawn(
    block: Block, n_draws: int, rng: np.random.RandomState, scores: Scores
) -> tuple[Floats, ...]:
    """Return the averages of one task that scores have, each (draws, methods)."""
    if block.parts is not None:
        return (_means_of_donors(block.means, block.parts, n_draws, rng).mean(axis=2),)
    return average_standings(_means_of_seeds(block, n_draws, rng), block.higher, scores.ties)


def _has_parts(parts: Floats) -> Bools:
    """(methods,) whether records tell values of single donors on every metric."""
    known = np.asarray((~np.isnan(parts)).any(axis=(2, 3)))
    return np.asarray(known.all(axis=1))


def _means_of_donors(
    means: Floats, parts: Floats, n_draws: int, rng: np.random.RandomState
) -> Floats:
    """Return (draws, methods, metrics) means over donors and seeds, the same drawn for all methods.

    Where nothing drawn has a value, the mean stays what it is.
    """
    donors, seeds = (
        _counts(rng, n, n_draws).astype(float) for n in (parts.shape[3], parts.shape[2])
    )
    drawn = np.empty((n_draws, *means.shape))
    masks, which = np.unique(~np.isnan(parts), axis=0, return_inverse=True)
    for k, known in enumerate(masks.astype(float)):  # methods that lack the same in one go
        rows = which.ravel() == k
        counts = np.tensordot(seeds, known, (1, 1))
        has = (counts > 0).astype(float)
        values = np.where(known, parts[rows], 0.0)
        of_donor = np.tensordot(seeds, values, (1, 2)) / np.maximum(counts, 1)[:, None]
        sums = np.einsum("rd,rmqd->rmq", donors, of_donor)
        counts = np.einsum("rd,rqd->rq", donors, has)[:, None]
        drawn[:, rows] = np.where(counts > 0, sums / np.maximum(counts, 1), means[rows])
    return drawn


def _means_of_seeds(block: Block, n_draws: int, rng: np.random.RandomState) -> Floats:
    """Return (draws, methods, metrics) means over seeds drawn with replacement."""
    means = np.full((n_draws, *block.means.shape), np.nan)
    for i, values in enumerate(block.runs):
        # a run is drawn whole: its metrics belong together
        runs = values[:, ~np.isnan(values).all(axis=0)]
        if not runs.size:
            continue
        n_runs = runs.shape[1]
        weights = _counts(rng, n_runs, n_draws)
        known = ~np.isnan(runs)
        with np.errstate(invalid="ignore"):
            means[:, i] = (weights @ np.where(known, runs, 0.0).T) / (weights @ known.T)
    return means


def average_standings(means: Floats, higher: Bools, ties: Ties) -> tuple[Floats, Floats]:
    """Return (tables, methods) Avg Score and Avg Rank of many tables, each as `standings` does.

    `means` are (tables, methods, metrics), NaN where a method has no value.
    """
    values = np.where(higher, means, -means)
    scaled, constant = scale(values)
    ranks = rank(values.swapaxes(1, 2), ties).swapaxes(1, 2)
    used = ~np.isnan(values).all(axis=1) & ~constant
    n_used = used.sum(axis=1)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        score, place = (
            np.where(used[:, None], x, 0.0).sum(axis=2) / n_used for x in (scaled, ranks)
        )
    return score, place


@dataclass(frozen=True)
class Place:
    """Rank of a method by its headline, and the interval of the headline; None where there is none.

    Methods that are not told apart share ranks: one has 1 and the number of those better than it.
    """

    rank: int | None
    interval: tuple[float, float] | None


def headline_places(boards: Sequence[Leaderboard]) -> dict[str, Place]:
    """Return label -> place of everyone with a headline on all tasks that have one.

    A method is better than another if the interval of the difference of their headlines lies above
    0: of their means over tasks where there are several. Where records tell nothing of single
    donors, so that a task alone gives no interval, it is better if its headline is higher. Only
    competing methods rank.
    """
    return _places(with_headline(boards))


@lru_cache(maxsize=64)  # a table, its notes, its csv and a page ask for the same
def _places(boards: tuple[Leaderboard, ...]) -> dict[str, Place]:
    if not boards:
        return {}
    scores = read_scores(boards, "headline", everyone=True)
    means = np.round(scores.averages("headline").mean(axis=0), DIGITS)
    values = {m: v for m, v in zip(scores.methods, means, strict=True) if not np.isnan(v)}
    found = bootstrap(scores)
    known = found.methods if found else ()
    beaten, intervals = {}, {}
    if found:
        for method, (low, high) in zip(known, found.interval("headline").T, strict=True):
            gains = np.round(found.differences("headline", method)[0], DIGITS)
            beaten[method] = {other for other, gain in zip(known, gains, strict=True) if gain > 0}
            intervals[method] = float(low), float(high)

    def is_better(one: str, other: str) -> bool:
        if one in beaten and other in beaten:
            return other in beaten[one]
        return bool(values[one] > values[other])

    apart = {row.label for board in boards for row in board.rows if not row.competes}
    ranked = [method for method in values if method not in apart]
    ranks = {m: 1 + sum(is_better(other, m) for other in ranked) for m in ranked}
    return {m: Place(ranks.get(m), intervals.get(m)) for m in values}
