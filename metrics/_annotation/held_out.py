"""Score genes that are held out for one set each: by chance, or because they were added later."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from genearena.data.genesets.gene_sets import BoolArray
from genearena.data.graphs import IntArray
from genearena.metrics._annotation.evidence import Evidence, SetScores
from genearena.metrics._annotation.prediction import GeneTable, Predictor, predictor_of

HELD_OUT = 0.2
NEGATIVES = 10
"""Genes of other sets for each of a set's."""


@dataclass(frozen=True, eq=False)
class Trial:
    """Genes that a set is learned from, whether they are in it, and genes that are asked about."""

    set_: int
    train: IntArray
    labels: BoolArray
    test: IntArray


def single_gene_trials(members: BoolArray, rng: np.random.Generator) -> list[Trial]:
    """Draw for every set what is held out by the protocol of the single-gene GO benchmark.

    A fifth of its genes are, and of ten times as many others, at least one of each.

    Parameters
    ----------
    members
        (n, T) memberships.
    rng
        Draws genes.

    References
    ----------
    Zhong, Li, Dannenfelser & Yao (2025), Benchmarking gene embeddings. There the others are genes
    of GO slim terms above none of which the set is; files of sets do not tell what is above what.
    """
    trials = []
    for term, own in enumerate(members.T):
        inside, others = rng.permutation(np.flatnonzero(own)), rng.permutation(np.flatnonzero(~own))
        others = others[: NEGATIVES * len(inside)]
        first, second = (max(1, int(HELD_OUT * len(genes))) for genes in (inside, others))
        test = np.concatenate([inside[:first], others[:second]])
        train = rng.permutation(np.concatenate([inside[first:], others[second:]]))
        trials.append(Trial(term, train, own[train], test))
    return trials


def later_trials(
    before: BoolArray, after: BoolArray, n_folds: int, rng: np.random.Generator
) -> list[Trial]:
    """Ask about genes that came into sets later, among those that never did.

    A set is learned from all genes that it had before, and from those that it never has, but for
    a fold of the latter. These are told from the genes that it has got since, from which nothing
    is learned: every fold is asked about beside all of them.

    Parameters
    ----------
    before, after
        (n, T) memberships then and now.
    n_folds
        Number of folds.
    rng
        Draws genes.
    """
    trials = []
    for term, (old, new) in enumerate(zip(before.T, (after & ~before).T, strict=True)):
        added, never = np.flatnonzero(new), rng.permutation(np.flatnonzero(~old & ~new))
        for number in range(n_folds):
            held_out = np.arange(len(never)) % n_folds == number
            train = rng.permutation(np.concatenate([np.flatnonzero(old), never[~held_out]]))
            test = np.concatenate([added, never[held_out]])
            trials.append(Trial(term, train, old[train], test))
    return trials


def held_out(
    tables: Iterable[GeneTable],
    members: BoolArray,
    repeats: Sequence[Sequence[Trial]],
    predictor: str,
    *,
    k: int = 5,
) -> SetScores:
    """Score how vectors tell the genes that are held out.

    Parameters
    ----------
    tables
        Vectors: one table, or one of every graph, each of which predicts by itself. Genes that it
        does not have are neither learned from nor asked about.
    members
        (n, T) whether genes that are asked about are in the sets.
    repeats
        Trials of every repeat.
    predictor
        One of `PREDICTORS`.
    k
        Neighbours of the nearest.
    """
    made = []
    for table in tables:
        place = np.full(len(members), -1, dtype=np.int64)
        place[table.rows] = np.arange(len(table.rows))
        made.append((place, [(predictor_of(predictor, z, k), sets) for z, sets in table.blocks]))
    evidence = Evidence(members)
    for trials in repeats:
        evidence.begin_repeat()
        for place, blocks in made:
            for trial in trials:
                by = next((predictor for predictor, sets in blocks if sets[trial.set_]), None)
                if by is not None:
                    _add(evidence, trial, place, by)
    return evidence.scores()


def _add(evidence: Evidence, trial: Trial, place: IntArray, predictor: Predictor) -> None:
    train, test = trial.train[place[trial.train] >= 0], trial.test[place[trial.test] >= 0]
    labels = trial.labels[place[trial.train] >= 0][:, None]
    if not 0 < labels.sum() < len(labels) or not test.size:
        return
    scores = predictor.scores(place[train], labels, place[test])
    prior = predictor.prior(labels.mean(axis=0))
    known, sets = np.ones(len(test), dtype=bool), np.array([trial.set_])
    evidence.add(test, scores, known, sets=sets, even=predictor.even, prior=prior)
