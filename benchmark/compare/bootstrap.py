"""Intervals of Avg Score and Avg Rank by resampling tasks, then seeds within tasks."""

from dataclasses import dataclass

import numpy as np

from genearena.benchmark.compare.aggregate import Bools, Floats, Ties, rank, scale
from genearena.benchmark.compare.comparison import DIGITS
from genearena.benchmark.compare.scores import Average, Block, Scores


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """Means over the tasks `blocks` of Avg Score and Avg Rank, as they are and resampled.

    `methods` are those with an average on every task; `score` and `rank` are (methods,),
    `scores` and `ranks` (resamples, methods); intervals hold `level` of the latter.
    """

    methods: tuple[str, ...]
    blocks: tuple[str, ...]
    score: Floats
    rank: Floats
    scores: Floats
    ranks: Floats
    level: float

    def _of(self, which: Average) -> tuple[Floats, Floats]:
        return (self.rank, self.ranks) if which == "rank" else (self.score, self.scores)

    def interval(self, which: Average) -> Floats:
        """(2, methods) percentile interval."""
        return self._interval(self._of(which)[1])

    def difference(self, which: Average, first: str, second: str) -> tuple[float, float, float]:
        """Return the observed difference first - second and its percentile interval."""
        i, j = self.methods.index(first), self.methods.index(second)
        observed, resampled = self._of(which)
        low, high = self._interval(resampled[:, [i]] - resampled[:, [j]])[:, 0]
        return float(observed[i] - observed[j]), float(low), float(high)

    def first(self, which: Average) -> Floats:
        """(methods,) share of resamples that a method leads; ties share the lead."""
        # resampled sums tie up to rounding noise
        values = np.round(-self.ranks if which == "rank" else self.scores, DIGITS)
        best = values == np.nanmax(values, axis=1, keepdims=True)
        share: Floats = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
        return share

    def _interval(self, resampled: Floats) -> Floats:
        tail = (1 - self.level) / 2
        # a resample in which a method has no value says nothing about it
        interval: Floats = np.nanquantile(resampled, [tail, 1 - tail], axis=0)
        return interval


def bootstrap(
    scores: Scores, *, n_resamples: int = 2000, level: float = 0.95, seed: int = 0
) -> Bootstrap | None:
    """Resample tasks with replacement, and in each task drawn every method's seeds.

    Each resample is scaled, ranked and averaged anew, as the leaderboard is. With one task the
    intervals hold the seeds' spread alone. With few tasks percentile intervals are too narrow;
    with many they are a little wide, since the means of tasks already vary by their seeds.

    `level` is the share of resamples inside an interval. None if no method has an average on every
    task.

    References
    ----------
    Davison & Hinkley (1997), Bootstrap Methods and their Application, section 3.8.
    """
    observed = {which: scores.averages(which) for which in ("score", "rank")}
    whole = np.asarray(~np.isnan(observed["score"]).any(axis=0))
    if not scores.blocks or not whole.any():
        return None
    rng = np.random.default_rng(seed)
    n_blocks = len(scores.blocks)
    drawn = rng.multinomial(n_blocks, np.full(n_blocks, 1 / n_blocks), size=n_resamples)
    sums = np.zeros((2, n_resamples, len(scores.methods)))
    for block, times in zip(scores.blocks, drawn.T, strict=True):
        # one draw of seeds for every time the task was drawn
        resample = np.repeat(np.arange(n_resamples), times)
        averages = average_standings(
            _resampled_means(block, len(resample), rng), block.higher, scores.ties
        )
        for total, average in zip(sums, averages, strict=True):
            np.add.at(total, resample, average)
    scored, ranked = sums[:, :, whole] / n_blocks
    return Bootstrap(
        methods=tuple(m for m, w in zip(scores.methods, whole, strict=True) if w),
        blocks=tuple(block.name for block in scores.blocks),
        score=observed["score"][:, whole].mean(axis=0),
        rank=observed["rank"][:, whole].mean(axis=0),
        scores=scored,
        ranks=ranked,
        level=level,
    )


def _resampled_means(block: Block, n_draws: int, rng: np.random.Generator) -> Floats:
    """Return (draws, methods, metrics) means over seeds drawn with replacement."""
    means = np.full((n_draws, *block.means.shape), np.nan)
    for i, values in enumerate(block.runs):
        # a run is drawn whole: its metrics belong together
        runs = values[:, ~np.isnan(values).all(axis=0)]
        if not runs.size:
            continue
        n_runs = runs.shape[1]
        weights = rng.multinomial(n_runs, np.full(n_runs, 1 / n_runs), size=n_draws)
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
