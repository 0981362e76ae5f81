"""Tables 1 and 14 computed from Tables 15 to 24, and where the paper contradicts itself."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from genearena.benchmark.compare.aggregate import Bools, Floats, Standings, Ties, standings
from genearena.benchmark.show.paper.published import RANK_TABLE, SCORE_TABLE, TissueTables

Quantity = Literal["avg_score", "avg_rank"]
TABLE_OF: dict[Quantity, int] = {"avg_score": SCORE_TABLE, "avg_rank": RANK_TABLE}
LABEL_OF: dict[Quantity, str] = {"avg_score": "Avg Score", "avg_rank": "Avg Rank"}

HALF_STEP = 0.005
"""Largest rounding error of a number printed to two decimals."""
_DUST = 1e-9

FAR = {"avg_score": 0.02, "avg_rank": 0.34}
"""Differences worth counting even where rounding explains them."""


@dataclass(frozen=True, eq=False)
class Recomputed:
    """One quantity of one tissue's methods, as printed and as it follows from the metrics.

    Parameters
    ----------
    tissue, methods, quantity
        What it is about.
    printed, ours
        (methods,) the paper's average, and ours from its metrics.
    low, high
        (methods,) what the average can be, given that the metrics were rounded.
    """

    tissue: str
    methods: tuple[str, ...]
    quantity: Quantity
    printed: Floats
    ours: Floats
    low: Floats
    high: Floats

    @property
    def explained(self) -> Bools:
        """(methods,) whether rounding can explain the difference."""
        above = self.printed >= self.low - HALF_STEP - _DUST
        return np.asarray(above & (self.printed <= self.high + HALF_STEP + _DUST))

    @property
    def far(self) -> Bools:
        """(methods,) whether the difference exceeds `FAR`."""
        return np.asarray(np.abs(self.ours - self.printed) > FAR[self.quantity])


def recompute(tables: TissueTables, quantity: Quantity, ties: Ties = "average") -> Recomputed:
    """Compute Avg Score or Avg Rank of a tissue from its printed metrics."""
    result = paper_standings(tables.mean, ties)
    bounds = score_bounds if quantity == "avg_score" else rank_bounds
    low, high = bounds(tables.mean)
    return Recomputed(
        tables.tissue,
        tables.methods,
        quantity,
        printed=getattr(tables, quantity),
        ours=getattr(result, quantity),
        low=low,
        high=high,
    )


def paper_standings(means: Floats, ties: Ties = "average") -> Standings:
    """Scale and rank (methods, metrics) means of which all compete and higher is better."""
    higher = np.ones(means.shape[1], dtype=bool)
    return standings(means, higher=higher, ties=ties, constant_counts=True)


def score_bounds(printed: Floats) -> tuple[Floats, Floats]:
    """Return the lowest and highest Avg Score that unrounded values allow each method.

    A min-max scaled value rises with the method's own value and falls with any other's, so each
    bound lies where the own value has one extreme of its rounding interval and all others the
    opposite one; metrics move independently of each other. Of (methods, metrics) means to two
    decimals, higher being better, it makes two (methods,) arrays.
    """
    steps = np.rint(printed * 100)
    low = [_scaled(steps, i, own=-0.5).mean() for i in range(len(steps))]
    high = [_scaled(steps, i, own=+0.5).mean() for i in range(len(steps))]
    return np.array(low), np.array(high)


def _scaled(steps: Floats, method: int, own: float) -> Floats:
    moved = steps - own
    moved[method] = steps[method] + own
    low, span = moved.min(axis=0), np.ptp(moved, axis=0)
    # all meet only in the limit: until then the method is the one best, or the one worst
    limit = 1.0 if own < 0 else 0.0
    return np.where(span > 0, (moved[method] - low) / np.where(span > 0, span, 1), limit)


def rank_bounds(printed: Floats) -> tuple[Floats, Floats]:
    """Return the best and worst Avg Rank that unrounded values allow each method.

    Rounding keeps order: of two printed values the larger was the larger before, so that ranks are
    uncertain only where values are equal. Shapes are those of `score_bounds`; the best rank is the
    lowest, and the worst holds whatever rank equal values are given.
    """
    steps = np.rint(printed * 100)
    above = steps[None, :, :] > steps[:, None, :]
    equal = steps[None, :, :] == steps[:, None, :]
    best = 1 + above.sum(axis=1)
    worst = (above | equal).sum(axis=1)
    return best.mean(axis=1), worst.mean(axis=1)


def findings(parts: Iterable[Recomputed]) -> tuple[str, ...]:
    """Say in sentences where printed averages and printed metrics disagree, over tissues."""
    parts = tuple(parts)
    return (*_contradictions(parts), *_far(parts), *_rank_sums(parts))


def _contradictions(parts: tuple[Recomputed, ...]) -> Iterator[str]:
    for part in parts:
        for i in np.flatnonzero(~part.explained):
            yield (
                f"† {part.tissue}, {part.methods[i]}: Table {TABLE_OF[part.quantity]} prints "
                f"{part.printed[i]:.2f}, its metrics give {part.ours[i]:.2f} (between "
                f"{part.low[i]:.2f} and {part.high[i]:.2f} whatever was rounded): "
                "no rounding explains it"
            )


def _far(parts: tuple[Recomputed, ...]) -> Iterator[str]:
    for quantity in dict.fromkeys(part.quantity for part in parts):
        own = [part for part in parts if part.quantity == quantity]
        chosen = {part.tissue: np.flatnonzero(part.far & part.explained) for part in own}
        names = {part.tissue: part.methods for part in own}
        where = [
            f"{tissue}: {', '.join(names[tissue][i] for i in rows)}"
            for tissue, rows in chosen.items()
            if rows.size
        ]
        if where:
            count = sum(rows.size for rows in chosen.values())
            yield (
                f"{LABEL_OF[quantity]}: {count} of {sum(map(len, names.values()))} differ by more "
                f"than {FAR[quantity]}, though no more than rounding the metrics to two decimals "
                f"allows ({'; '.join(where)})"
            )


def _rank_sums(parts: tuple[Recomputed, ...]) -> Iterator[str]:
    """Ranks 1 to n add up to n(n+1)/2 unless equal values share a rank other than their mean."""
    short = []
    for part in (part for part in parts if part.quantity == "avg_rank"):
        n = len(part.methods)
        gap = n * (n + 1) / 2 - float(part.printed.sum())
        if gap > n * HALF_STEP:
            short.append(f"{part.tissue} by {gap:.2f}")
    if short:
        yield (
            f"Printed ranks add up to less than ranks do ({', '.join(short)}): equal values were "
            "given the best of their ranks there (--ties min), or an entry is too low"
        )
