"""Average precision of rankings, its value by chance, and the rule for pairs without a vector."""

import numpy as np
import numpy.typing as npt

from genearena.metrics._shared.nearest_rows import DoubleArray

Mask = npt.NDArray[np.bool_]


def average_precision(scores: DoubleArray, relevant: Mask) -> DoubleArray:
    """Return the average precision of each row's ranking, highest score first.

    Equal scores are taken together, so that no order within them counts: scikit-learn's
    ``average_precision_score``.

    Parameters
    ----------
    scores
        (rows, items); -inf takes an item out of the ranking.
    relevant
        (rows, items), at least one in every row.
    """
    order = np.argsort(-scores, axis=1)
    ranked = np.take_along_axis(scores, order, axis=1)
    found = np.take_along_axis(relevant, order, axis=1)
    hits = np.cumsum(found, axis=1)
    # every item is judged at the last one of its score
    last = np.full(scores.shape, scores.shape[1] - 1)
    np.copyto(last[:, :-1], np.arange(scores.shape[1] - 1), where=ranked[:, :-1] != ranked[:, 1:])
    last = np.minimum.accumulate(last[:, ::-1], axis=1)[:, ::-1]
    precision = np.take_along_axis(hits, last, axis=1) / (last + 1)
    return np.asarray((precision * found).sum(axis=1) / hits[:, -1])


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


def median_where_missing(similarity: DoubleArray, known: Mask) -> DoubleArray:
    """Put the median of the `known` similarities in place of the others, 0 if none is known.

    A method gains nothing by leaving out genes it finds hard.
    """
    if known.all():
        return similarity
    middle = float(np.median(similarity[known])) if known.any() else 0.0
    return np.where(known, similarity, middle)
