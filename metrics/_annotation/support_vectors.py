"""Support vector machines that choose their cost, as benchmarks of single genes use them."""

from collections.abc import Sequence

import numpy as np

from genearena.data.genesets.gene_sets import BoolArray
from genearena.data.graphs import IntArray
from genearena.metrics._annotation.nearest import squared_distances
from genearena.metrics._annotation.placement import placements
from genearena.metrics._shared.nearest_rows import DoubleArray

COSTS = (0.1, 1.0, 10.0, 100.0, 1000.0)
FOLDS = 3


class SupportVectors:
    """Decision values of support vector machines with a radial kernel and balanced classes.

    Each is scikit-learn's ``SVC(C=cost, class_weight="balanced")`` on the vectors as they are, of
    the cost with the largest mean area over three folds of the labelled genes, the lowest of
    equals. Folds are cut from the members as they come, and from the others, so that their order
    must be drawn.

    References
    ----------
    Zhong, Li, Dannenfelser & Yao (2025), Benchmarking gene embeddings.
    """

    even = 0.0

    def __init__(self, vectors: DoubleArray) -> None:
        # distances once for all sets: donors' profiles side by side have thousands of columns
        self._distance = squared_distances(vectors)
        self._width = vectors.shape[1]
        self._sums, self._squares = vectors.sum(axis=1), (vectors**2).sum(axis=1)

    def scores(self, train: IntArray, labels: BoolArray, test: IntArray) -> DoubleArray:
        """Return decision values."""
        columns = [self._decided(train, own, test, [self._cost(train, own)]) for own in labels.T]
        return np.column_stack(columns)

    def prior(self, share: DoubleArray) -> DoubleArray:
        """Return 0: classes are balanced."""
        return np.zeros_like(share)

    def _cost(self, train: IntArray, labels: BoolArray) -> float:
        fold = np.empty(len(labels), dtype=np.int64)
        for one in (labels, ~labels):
            fold[one] = np.arange(FOLDS).repeat(_parts(int(one.sum())))
        areas = np.zeros(len(COSTS))
        for number in range(FOLDS):
            test = fold == number
            own = labels[test]
            if _both(own) and _both(labels[~test]):
                scores = self._decided(train[~test], labels[~test], train[test], COSTS)
                right, _ = placements(
                    scores, np.tile(own, (len(COSTS), 1)).T, np.ones(len(own), bool)
                )
                areas += right[own].mean(axis=0)
        return COSTS[int(np.argmax(areas))]

    def _decided(
        self, train: IntArray, labels: BoolArray, test: IntArray, costs: Sequence[float]
    ) -> DoubleArray:
        """Return (q, costs) decision values."""
        from sklearn.svm import SVC

        size = len(train) * self._width
        variance = self._squares[train].sum() / size - (self._sums[train].sum() / size) ** 2
        # scikit-learn's gamma="scale"
        gamma = 1 / (self._width * variance) if variance > 0 else 1.0
        inner, outer = (
            np.exp(-gamma * self._distance[np.ix_(rows, train)]) for rows in (train, test)
        )
        models = (SVC(C=cost, class_weight="balanced", kernel="precomputed") for cost in costs)
        return np.column_stack([m.fit(inner, labels).decision_function(outer) for m in models])


def _both(labels: BoolArray) -> bool:
    return bool(labels.any() and not labels.all())


def _parts(n: int) -> IntArray:
    """Return how many of n go into each fold, the first taking one more where they must."""
    return np.array([n // FOLDS + (number < n % FOLDS) for number in range(FOLDS)])
