"""Predict sets of genes from their vectors; genes are split by name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol as Contract

import numpy as np
from scipy.special import logit

from genearena.data.genesets.gene_sets import BoolArray
from genearena.data.graphs import IntArray
from genearena.metrics._annotation.evidence import Evidence, SetScores
from genearena.metrics._annotation.folds import stratified_folds
from genearena.metrics._annotation.logistic import logistic_scores, standardised
from genearena.metrics._annotation.nearest import nearest_scores, squared_distances
from genearena.metrics._annotation.support_vectors import SupportVectors
from genearena.metrics._shared.nearest_rows import DoubleArray


@dataclass(frozen=True)
class Splits:
    """How genes are split: into how many folds, how often, by which seed."""

    n_folds: int = 5
    n_repeats: int = 3
    seed: int = 0

    def of(self, members: BoolArray) -> tuple[IntArray, ...]:
        """Return the (n,) folds of every repeat."""
        streams = np.random.default_rng(self.seed).spawn(self.n_repeats)
        return tuple(stratified_folds(members, self.n_folds, rng) for rng in streams)


@dataclass(frozen=True, eq=False)
class GeneTable:
    """Vectors of genes, each gene once.

    Parameters
    ----------
    rows
        (n,) which of the genes with memberships they are of.
    blocks
        (n, d) vectors and the (T,) sets they are to tell, for all sets together.
    """

    rows: IntArray
    blocks: tuple[tuple[DoubleArray, BoolArray], ...]


class Predictor(Contract):
    """Scores genes, given vectors of all and the memberships of others."""

    even: float
    """Score of a gene that is as likely a member as not."""

    def scores(self, train: IntArray, labels: BoolArray, test: IntArray) -> DoubleArray:
        """Return (q, T) scores of some of the genes by others with (m, T) memberships."""

    def prior(self, share: DoubleArray) -> DoubleArray:
        """Return the score that is worth a share of members."""


class Nearest:
    """Share of members among the k nearest genes."""

    even = 0.5

    def __init__(self, vectors: DoubleArray, k: int) -> None:
        self._distance, self._k = squared_distances(vectors), k

    def scores(self, train: IntArray, labels: BoolArray, test: IntArray) -> DoubleArray:
        """Return shares."""
        return nearest_scores(self._distance[np.ix_(test, train)], labels, self._k)

    def prior(self, share: DoubleArray) -> DoubleArray:
        """Return the share itself."""
        return share


class Logistic:
    """Log odds by logistic regression on standardised vectors."""

    even = 0.0

    def __init__(self, vectors: DoubleArray) -> None:
        self._vectors = standardised(vectors)

    def scores(self, train: IntArray, labels: BoolArray, test: IntArray) -> DoubleArray:
        """Return log odds."""
        return logistic_scores(self._vectors[train], labels, self._vectors[test])

    def prior(self, share: DoubleArray) -> DoubleArray:
        """Return the log odds of the share."""
        return np.asarray(logit(share))


PREDICTORS: Mapping[str, str] = {
    "knn": "k nearest genes",
    "logistic": "logistic regression",
    "svm": "support vector machines",
}


def predicted(
    tables: Iterable[GeneTable],
    members: BoolArray,
    folds: Sequence[IntArray],
    predictor: str,
    *,
    k: int = 5,
    seed: int = 0,
) -> SetScores:
    """Score how vectors tell the members of sets, fold by fold and repeat by repeat.

    A fold's genes are predicted from all other genes: a gene is never predicted from its own
    vector in another graph, which would ask whether the gene is recognised.

    Parameters
    ----------
    tables
        Vectors: one table, or one of every graph, each of which predicts by itself.
    members
        (n, T) memberships.
    folds
        (n,) fold of every gene, for every repeat.
    predictor
        One of `PREDICTORS`.
    k
        Neighbours of the nearest.
    seed
        Of the order of genes, by which equally near ones are told apart.
    """
    order = np.random.default_rng(seed)
    made = [
        (table.rows, [(predictor_of(predictor, z, k), sets) for z, sets in table.blocks])
        for table in tables
    ]
    evidence = Evidence(members)
    for fold in folds:
        evidence.begin_repeat()
        for rows, blocks in made:
            mixed = order.permutation(len(rows))
            for number in range(int(fold.max()) + 1):
                inside = fold[rows[mixed]] == number
                _add(evidence, members, rows, blocks, mixed[~inside], mixed[inside])
    return evidence.scores()


def predictor_of(name: str, vectors: DoubleArray, k: int) -> Predictor:
    """Return one of `PREDICTORS` for some vectors, with k neighbours if it is the nearest."""
    if name == "knn":
        return Nearest(vectors, k)
    return Logistic(vectors) if name == "logistic" else SupportVectors(vectors)


def _add(
    evidence: Evidence,
    members: BoolArray,
    rows: IntArray,
    blocks: Sequence[tuple[Predictor, BoolArray]],
    train: IntArray,
    test: IntArray,
) -> None:
    labels = members[rows[train]]
    if not test.size or not train.size:
        return
    share = labels.mean(axis=0)
    taught = (share > 0) & (share < 1)
    scores, prior = np.zeros((len(test), len(share))), np.zeros(len(share))
    even = 0.0
    for predictor, sets in blocks:
        asked = sets & taught
        even = predictor.even
        if asked.any():
            scores[:, asked] = predictor.scores(train, labels[:, asked], test)
            prior[asked] = predictor.prior(share[asked])
    known = np.ones(len(test), dtype=bool)
    evidence.add(rows[test], scores, known, even=even, prior=prior)
