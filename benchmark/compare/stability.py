"""How far the order of methods rests on single metrics, tasks and methods."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from genearena.benchmark.compare.aggregate import Bools, Floats
from genearena.benchmark.compare.comparison import DIGITS
from genearena.benchmark.compare.scores import AVERAGES, Average, Block, Scores

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

    The average `by` orders the methods, of the paper's two the other decides between equals; a
    metric of the headline is called a question. `methods` are those
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

    def named(self, kind: Kind) -> str:
        """Return what a kind of removal is called."""
        return "question" if (self.by, kind) == ("headline", "metric") else kind

    @property
    def leaders(self) -> tuple[str, ...]:
        """Methods in the first place with everything."""
        return tuple(m for m, p in zip(self.methods, self.places, strict=True) if p == 1)


def stability(scores: Scores, by: Average) -> Stability | None:
    """Leave out every metric, every tissue and every method in turn and order the rest anew.

    `by` is one of the averages that the scores have.

    Only what leaves something to order is left out: no metric where one is scored, no tissue
    where there is one, no method where there are two. None if no method has an average on every
    task.
    """
    rows = np.flatnonzero(~np.isnan(scores.averages(by)).any(axis=0))
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
    parts = None if block.parts is None else block.parts[:, keep]
    means, runs = block.means[:, keep], block.runs[:, keep]
    return replace(block, metrics=metrics, means=means, runs=runs, parts=parts)


def _without_method(block: Block, row: int) -> Block:
    gone: Bools = np.arange(len(block.means)) == row
    return replace(
        block,
        means=np.where(gone[:, None], np.nan, block.means),
        runs=np.where(gone[:, None, None], np.nan, block.runs),
    )


def _places(scores: Scores, by: Average, rows: npt.NDArray[np.int64]) -> Floats:
    """Return (rows,) places by the mean over tasks; NaN for a method without one."""
    averages = [by, *(kind for kind in scores.kinds if kind != by)]
    columns = []
    for which in averages:
        mean = np.round(scores.averages(which).mean(axis=0)[rows], DIGITS)
        columns.append(-mean if AVERAGES[which][1] else mean)
    keys = list(zip(*columns, strict=True))
    known = [key for key in keys if not np.isnan(key).any()]
    return np.array(
        [np.nan if np.isnan(key).any() else 1.0 + sum(k < key for k in known) for key in keys]
    )
