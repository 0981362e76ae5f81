"""Average precision of rankings, its value by chance, and the rule for pairs without a vector."""

import numpy as np
import numpy.typing as npt

from genearena.metrics._shared.nearest_rows import DoubleArray

Mask = npt.NDArray[np.bool_]


def average_precision(
    scores: DoubleArray, relevant: Mask, *, ranked: Mask | None = None, known: Mask | None = None
) -> DoubleArray:
    """Return the average precision of each row's ranking, highest score first.

    Equal scores are taken together, so that no order within them counts: scikit-learn's
    ``average_precision_score``. Items without a known score lie anywhere with equal chance, and
    each precision is what it is on average then: leaving out what it finds hard gains a method no
    more than guessing it would.

    Parameters
    ----------
    scores, relevant
        (rows, items); something ranked is relevant in every row.
    ranked
        (rows, items) which items are in the ranking, all if None.
    known
        (rows, items) which of them have a score, all if None.
    """
    used = np.ones(scores.shape, dtype=bool) if ranked is None else ranked
    scored = used if known is None else used & known
    order = np.argsort(-np.where(scored, scores, -np.inf), axis=1)
    value = np.take_along_axis(np.where(scored, scores, -np.inf), order, axis=1)
    real = np.take_along_axis(scored, order, axis=1)
    found = np.take_along_axis(scored & relevant, order, axis=1)
    # every item is judged at the last one of its score
    last = np.full(scores.shape, scores.shape[1] - 1)
    np.copyto(last[:, :-1], np.arange(scores.shape[1] - 1), where=value[:, :-1] != value[:, 1:])
    last = np.minimum.accumulate(last[:, ::-1], axis=1)[:, ::-1]
    hits = np.take_along_axis(np.cumsum(found, axis=1), last, axis=1)
    place = last + 1.0
    count = np.maximum(real.sum(axis=1, keepdims=True), 1)
    absent = (used & ~scored).sum(axis=1, keepdims=True)
    wanted = (used & ~scored & relevant).sum(axis=1, keepdims=True)
    share = place / count
    precision = (hits + wanted * share) / (place + absent * share)
    # one of the others, wherever it lies, has itself before it
    guessed = (hits + 1 + (wanted - 1) * share) / (place + 1 + (absent - 1) * share)
    average = (guessed * real).sum(axis=1, keepdims=True) / count
    everything = found.sum(axis=1, keepdims=True) + wanted
    total = ((precision * found).sum(axis=1, keepdims=True) + wanted * average) / everything
    blind = (used & relevant).sum(axis=1) / np.maximum(used.sum(axis=1), 1)
    return np.asarray(np.where(scored.any(axis=1), total[:, 0], blind))


def chance_precision(items: npt.ArrayLike, relevant: npt.ArrayLike) -> DoubleArray:
    """Return the mean average precision over all orders of `items`, some of them `relevant`.

    A relevant item at place k has 1 + (k - 1)(r - 1)/(n - 1) relevant ones up to it on average,
    which gives (H + (r - 1)/(n - 1) (n - H)) / n with H the n-th harmonic number.
    """
    n, r = np.asarray(items, dtype=np.int64), np.asarray(relevant, dtype=np.float64)
    harmonic = np.cumsum(1 / np.arange(1, n.max(initial=1) + 1))[n - 1]
    rest = np.divide(r - 1, n - 1, out=np.zeros_like(r + n), where=n > 1)
    return np.asarray((harmonic + rest * (n - harmonic)) / n)


def adjusted(value: float, chance: float) -> float:
    """Return (value - chance) / (1 - chance), 0 at chance and 1 at the optimum; -1 at least."""
    return max((value - chance) / (1 - chance), -1.0)
