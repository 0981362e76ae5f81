"""Neighbour voting: genes that resemble the members of a set are in it."""

from collections.abc import Iterable, Sequence

import numpy as np

from genearena.data.genesets.gene_sets import BoolArray
from genearena.data.graphs import IntArray
from genearena.metrics._annotation.evidence import Evidence, SetScores
from genearena.metrics._annotation.mean_ranks import mean_ranks
from genearena.metrics._shared.nearest_rows import DoubleArray


def ranked(similarity: DoubleArray, known: BoolArray) -> DoubleArray:
    """Return the ranks of (q, m) similarities between 0 and 1, 0 for genes that have no vote.

    `known` are the (m,) genes that have one. Ranks make weights of what may be negative, whatever
    the distribution is, as EGAD makes its networks.
    """
    weight = np.zeros_like(similarity)
    if known.any():
        voting = similarity[:, known]
        weight[:, known] = mean_ranks(voting.ravel()).reshape(voting.shape) / voting.size
    return weight


def votes(weight: DoubleArray, labels: BoolArray) -> DoubleArray:
    """Return (q, T) the share of the weights of a gene's neighbours that is of a set's members.

    Parameters
    ----------
    weight
        (q, m) of the genes that vote, for every gene asked about; none is negative.
    labels
        (m, T) which of them are in which sets.

    References
    ----------
    Ballouz, Weber, Pavlidis & Gillis (2017), EGAD: ``neighbor_voting``.
    """
    total = weight.sum(axis=1, keepdims=True)
    share: DoubleArray = np.divide(
        weight @ labels.astype(np.float64),
        total,
        out=np.zeros((len(weight), labels.shape[1])),
        where=total > 0,
    )
    return share


def voted(
    directions: Sequence[DoubleArray],
    rows: Sequence[IntArray],
    members: BoolArray,
    folds: Sequence[IntArray],
    tested: Iterable[int] | None = None,
) -> SetScores:
    """Score how genes of one donor are told by those of another, of other names.

    Genes of a fold in one donor are ranked for every set by the votes of all other genes in
    another donor, over all ordered pairs of donors. A gene without a vector has no vote, and counts
    as a guess where it is asked about.

    Parameters
    ----------
    directions
        Vectors of each donor's genes, of length 1, or zeros for a gene without one.
    rows
        Row of the memberships that each of them is of, -1 for a gene that is not asked about.
    members
        (n, T) memberships.
    folds
        (n,) fold of every gene, for every repeat.
    tested
        Places of the donors whose genes are asked about, all if None.
    """
    evidence = Evidence(members)
    asked = range(len(directions)) if tested is None else tuple(tested)
    own, z, known = _asked_about(directions, rows)
    weights = _weights(z, known, asked)
    for fold in folds:
        evidence.begin_repeat()
        for (i, j), weight in weights.items():
            for number in range(int(fold.max()) + 1):
                test, vote = fold[own[i]] == number, fold[own[j]] != number
                scores = votes(weight[np.ix_(test, vote)], members[own[j][vote]])
                evidence.add(own[i][test], scores, known[i][test])
    return evidence.scores()


def _asked_about(
    directions: Sequence[DoubleArray], rows: Sequence[IntArray]
) -> tuple[list[IntArray], list[DoubleArray], list[BoolArray]]:
    """Return the rows of the memberships of every donor's genes, their vectors, who has one."""
    own = [of[of >= 0] for of in rows]
    z = [vectors[of >= 0] for vectors, of in zip(directions, rows, strict=True)]
    return own, z, [np.asarray(vectors.any(axis=1)) for vectors in z]


def _weights(
    z: Sequence[DoubleArray], known: Sequence[BoolArray], asked: Iterable[int]
) -> dict[tuple[int, int], DoubleArray]:
    """Return the weights of the genes of every other donor for those of each that is asked."""
    weights: dict[tuple[int, int], DoubleArray] = {}
    for i in asked:
        for j in range(len(z)):
            if i == j:
                continue
            # ranking takes longest, and where all vote ranks are the same both ways
            if (j, i) in weights and known[i].all() and known[j].all():
                weights[i, j] = weights[j, i].T
            else:
                weights[i, j] = ranked(np.round(z[i] @ z[j].T, 12), known[j])
    return weights


def voted_later(
    directions: Sequence[DoubleArray],
    rows: Sequence[IntArray],
    before: BoolArray,
    added: BoolArray,
) -> SetScores:
    """Score how genes that joined a set are told by those that were in it, in another donor.

    Genes that were in no way to be told, members of before, are asked about no more, and no gene
    votes for its own name.

    Parameters
    ----------
    directions, rows
        As for `voted`.
    before, added
        (n, T) members that vote for a set, and genes that joined it later.
    """
    evidence = Evidence(added)
    evidence.begin_repeat()
    own, z, known = _asked_about(directions, rows)
    for (i, j), weight in _weights(z, known, range(len(z))).items():
        others = np.where(own[i][:, None] == own[j], 0, weight)
        _add_later(evidence, own[i], votes(others, before[own[j]]), known[i], before)
    return evidence.scores()


def levels_later(
    values: Sequence[DoubleArray], rows: Sequence[IntArray], before: BoolArray, added: BoolArray
) -> SetScores:
    """Score one number a gene on the genes that `voted_later` asks about; see `levels`."""
    evidence = Evidence(added, taught=False)
    evidence.begin_repeat()
    for value, of in zip(values, rows, strict=True):
        own = of[of >= 0]
        scores = np.broadcast_to(value[of >= 0].reshape(len(own), -1), (len(own), before.shape[1]))
        _add_later(evidence, own, scores.astype(np.float64), np.ones(len(own), bool), before)
    return evidence.scores()


def _add_later(
    evidence: Evidence, own: IntArray, scores: DoubleArray, known: BoolArray, before: BoolArray
) -> None:
    for term in range(before.shape[1]):
        asked = ~before[own, term]
        sets = np.array([term])
        evidence.add(own[asked], scores[asked][:, sets], known[asked], sets=sets)


def levels(
    values: Sequence[DoubleArray],
    rows: Sequence[IntArray],
    members: BoolArray,
    folds: Sequence[IntArray],
    tested: Iterable[int] | None = None,
) -> SetScores:
    """Score one number a gene, such as its degree, on the genes that `voted` asks about.

    Parameters
    ----------
    values
        (n_genes,) of each donor, or (n_genes, T).
    rows, members, folds, tested
        As for `voted`.
    """
    evidence = Evidence(members, taught=False)
    asked = range(len(values)) if tested is None else tuple(tested)
    for fold in folds:
        evidence.begin_repeat()
        for i in asked:
            used = rows[i] >= 0
            own, value = rows[i][used], values[i][used].reshape(int(used.sum()), -1)
            scores = np.broadcast_to(value, (len(value), members.shape[1])).astype(np.float64)
            for number in range(int(fold.max()) + 1):
                test = fold[own] == number
                evidence.add(own[test], scores[test], np.ones(int(test.sum()), dtype=bool))
    return evidence.scores()
