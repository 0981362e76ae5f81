"""How far the order of methods rests on single metrics, tasks and methods."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from genearena.benchmark.compare.aggregate import Bools, Floats
from genearena.benchmark.compare.comparison import DIGITS
from genearena.benchmark.compare.scores import Average, Block, Scores

Kind = Literal["metric", "tissue", "method"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, eq=False)
class Removal:
    """The order without one metric, tissue or method (`removed`, of a `kind`).

    `places` is (methods,), 1 for the best, equal methods sharing the better place. A method left
    out has NaN, and its former place stays empty, so that nobody moves up for its absence alone.
    """

    kind: Kind
    removed: str
    places: Floats


@dataclass(frozen=True, eq=False)
class Stability:
    """Places of the methods with everything, and with one thing left out at a time.

    The average `by` orders the methods, the other one decides between equals. `methods` are those
    with an average on every task, best first, `places` theirs with everything; of the removals
    those of metrics come first, then tissues, then methods.
    """

    by: Average
    methods: tuple[str, ...]
    places: Floats
    removals: tuple[Removal, ...]

    def first(self, method: str, kind: Kind | None = None) -> tuple[int, int]:
        """Return how often a method is first (alone or with others), and out of how many."""
        i = self.methods.index(method)
        places = [r.places[i] for r in self.removals if kind in (None, r.kind)]
        known = [p for p in places if not np.isnan(p)]
        return sum(p == 1 for p in known), len(known)

    @property
    def leaders(self) -> tuple[str, ...]:
        """Methods in the first place with everything."""
        return tuple(m for m, p in zip(self.methods, self.places, strict=True) if p == 1)


def stability(scores: Scores, by: Average = "rank") -> Stability | None:
    """Leave out every metric, every tissue and every method in turn and order the rest anew.

    Only what leaves something to order is left out: no metric where one is scored, no tissue
    where there is one, no method where there are two. None if no method has an average on every
    task.
    """
    rows = np.flatnonzero(~np.isnan(scores.averages("score")).any(axis=0))
    if not len(rows) or not scores.blocks:
        return None
    rows = rows[np.argsort(_places(scores, by, rows), kind="stable")]
    places = _places(scores, by, rows)
    return Stability(
        by=by,
        methods=tuple(scores.methods[i] for i in rows),
        places=places,
        removals=tuple(
            Removal(kind, removed, _places_left(_places(rest, by, rows), places))
            for kind, removed, remaining in _removals(scores, rows)
            # a task may have nothing left to say
            if (rest := remaining.answered()).blocks
        ),
    )


def _places_left(left: Floats, everything: Floats) -> Floats:
    for gone in np.flatnonzero(np.isnan(left)):
        # the last of the places that the method shared with its equals
        empty = (everything <= everything[gone]).sum()
        left = left + (left >= empty)
    return left


def _removals(
    scores: Scores, compared: npt.NDArray[np.int64]
) -> Iterator[tuple[Kind, str, Scores]]:
    labels = list(dict.fromkeys(m.label for block in scores.blocks for m in block.metrics))
    for label in labels if len(labels) > 1 else []:
        blocks = tuple(_without_metric(block, label) for block in scores.blocks)
        yield "metric", label, replace(scores, blocks=blocks)
    for i, block in enumerate(scores.blocks if len(scores.blocks) > 1 else ()):
        rest = scores.blocks[:i] + scores.blocks[i + 1 :]
        yield "tissue", block.name, replace(scores, blocks=rest)
    for i in compared if len(compared) > 2 else []:
        blocks = tuple(_without_method(block, int(i)) for block in scores.blocks)
        yield "method", scores.methods[i], replace(scores, blocks=blocks)


def _without_metric(block: Block, label: str) -> Block:
    keep = np.array([m.label != label for m in block.metrics], dtype=bool)
    metrics = tuple(m for m in block.metrics if m.label != label)
    return replace(block, metrics=metrics, means=block.means[:, keep], runs=block.runs[:, keep])


def _without_method(block: Block, row: int) -> Block:
    gone: Bools = np.arange(len(block.means)) == row
    return replace(
        block,
        means=np.where(gone[:, None], np.nan, block.means),
        runs=np.where(gone[:, None, None], np.nan, block.runs),
    )


def _places(scores: Scores, by: Average, rows: npt.NDArray[np.int64]) -> Floats:
    """Return (rows,) places by the mean over tasks; NaN for a method without one."""
    rank = np.round(scores.averages("rank").mean(axis=0)[rows], DIGITS)
    score = np.round(scores.averages("score").mean(axis=0)[rows], DIGITS)
    keys = list(zip(rank, -score, strict=True) if by == "rank" else zip(-score, rank, strict=True))
    known = [key for key in keys if not np.isnan(key).any()]
    return np.array(
        [np.nan if np.isnan(key).any() else 1.0 + sum(k < key for k in known) for key in keys]
    )
