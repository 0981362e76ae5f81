"""What predictions of held-out genes amount to, and how sure that is."""

# mypy: disable-error-code="no-untyped-def, no-untyped-call"

from dataclasses import dataclass, field

import numpy as np
from numba import prange

from genearena.data.common.compiled import compiled_parallel
from genearena.data.genesets.gene_sets import BoolArray
from genearena.data.graphs import IntArray
from genearena.metrics._annotation.placement import CHANCE, placements
from genearena.metrics._shared.nearest_rows import DoubleArray

LEVEL_95 = 1.959963984540054


@dataclass(frozen=True, eq=False)
class Estimate:
    """A mean over sets, its standard error, and 95 % interval."""

    value: float
    error: float

    @property
    def low(self) -> float:
        """Lower end of the interval."""
        return self.value - LEVEL_95 * self.error

    @property
    def high(self) -> float:
        """Upper end of the interval."""
        return self.value + LEVEL_95 * self.error


@dataclass(frozen=True, eq=False)
class SetScores:
    """How well the members of every set were told from other genes.

    Parameters
    ----------
    auroc
        (T,) mean over folds of the area under the ROC curve, NaN for a set that no fold could ask
        about.
    precision, prior
        (T,) mean average precision, and mean share of members among the genes asked about.
    accuracy, balanced, majority
        (T,) share of genes called rightly (a member above `even`), the mean of this share over the
        two classes (a member above the share of members among labelled genes), and the share that
        calling all genes none would have.
    influence
        (n, T) how much every gene moves `auroc`; these sum to 0 over the genes of a set.
    of_repeat
        (R,) mean of `auroc` over sets in every repeat.
    n_genes
        Number of genes that had scores.
    """

    auroc: DoubleArray
    precision: DoubleArray
    prior: DoubleArray
    accuracy: DoubleArray
    balanced: DoubleArray
    majority: DoubleArray
    influence: DoubleArray
    of_repeat: DoubleArray
    n_genes: int

    @property
    def gain(self) -> DoubleArray:
        """(T,) log2 of precision over prior: 0 by chance, 1 for twice as many."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.log2(self.precision / self.prior))

    def mean(self) -> Estimate:
        """Return the mean area over sets."""
        return _estimate(self.auroc, self.influence)

    def above(self, other: "SetScores") -> Estimate:
        """Return by how much the mean area exceeds another's on the same genes, sets and folds."""
        return _estimate(self.auroc - other.auroc, self.influence - other.influence)


def _estimate(values: DoubleArray, influence: DoubleArray) -> Estimate:
    """Average over sets; both the genes and the sets might have been others.

    Genes make errors that sets share: a gene's influence on the mean is the mean of its influences,
    and their squares sum to the variance (DeLong's, for a mean of areas). Sets differ among
    themselves by more than these errors: the excess, divided by their number, comes on top.
    """
    kept = ~np.isnan(values)
    values, influence = values[kept], influence[:, kept]
    n_sets = len(values)
    if not n_sets:
        return Estimate(np.nan, np.nan)
    variance = float((influence.mean(axis=1) ** 2).sum())
    if n_sets > 1:
        noise = float((influence**2).sum(axis=0).mean())
        variance += max(float(values.var(ddof=1)) - noise, 0.0) / n_sets
    return Estimate(float(values.mean()), float(np.sqrt(variance)))


@dataclass(eq=False)
class Evidence:
    """Gathers the predictions of folds, repeats and graphs for (n, T) memberships.

    Where genes were `taught`, predicted by other genes, a gene that is moved moves the predictions
    of others as well as its own. Where nothing is to be learned either weighs alike: each pair of
    genes speaks twice, for either of the two, and says the same both times. Errors are then twice
    the variance that those of independent predictions had.
    """

    members: BoolArray
    taught: bool = True
    _repeats: list[tuple[DoubleArray, IntArray]] = field(default_factory=list)

    def __post_init__(self) -> None:
        n_sets = self.members.shape[1]
        self._weighted, self._weight = np.zeros((2, n_sets, len(self.members)))
        self._times = np.zeros(n_sets, dtype=np.int64)
        self._sums = np.zeros((5, n_sets))
        self._seen = np.zeros(len(self.members), dtype=bool)

    def begin_repeat(self) -> None:
        """Begin a repeat: what is added from now on is of another split."""
        self._repeats.append((np.zeros(self.members.shape[1]), 0 * self._times))

    def add(
        self,
        rows: IntArray,
        scores: DoubleArray,
        known: BoolArray,
        *,
        sets: IntArray | None = None,
        even: float = np.nan,
        prior: DoubleArray | None = None,
    ) -> None:
        """Add the scores of the genes of a fold.

        Parameters
        ----------
        rows
            (q,) which genes they are of.
        scores
            (q, T), one for every set.
        known
            (q,) which of the genes have scores; the others count as guesses.
        sets
            (T,) which sets these are, all of them if None.
        even
            Score above which a gene rather is a member than not, NaN if there is none.
        prior
            (T,) score above which it is so more likely than any labelled gene.
        """
        all_sets = np.arange(self.members.shape[1]) if sets is None else sets
        members = self.members[np.ix_(rows, all_sets)]
        right, precision = placements(scores, members, known)
        asked = ~np.isnan(precision)
        if not asked.any():
            return
        of = all_sets[asked]
        n_members = members.sum(axis=0)
        columns = right.T, np.ascontiguousarray(members.T)
        area = _add_up(*columns, rows, all_sets, asked, self._weighted, self._weight)[asked]
        self._times[of] += 1
        self._seen[rows[known]] = True
        total, times = self._repeats[-1]
        total[of] += area
        times[of] += 1
        self._sums[0, of] += precision[asked]
        self._sums[1, of] += n_members[asked] / len(rows)
        if prior is not None:
            self._sums[2:, of] += _called(scores, members, known, even, prior)[:, asked]

    def scores(self) -> SetScores:
        """Return what all that was added amounts to."""
        times = np.where(self._times > 0, self._times, np.nan)
        weighted, weight = self._weighted.T, self._weight.T
        auroc = (weighted * self.members).sum(axis=0) / times
        influence = (weighted - auroc * weight) / times
        # as the variance of few is divided by one less than their number
        tested = weight > 0
        few = np.where(
            self.members, (tested & self.members).sum(0), (tested & ~self.members).sum(0)
        )
        influence *= np.sqrt((1 + self.taught) * few / np.maximum(few - 1, 1))
        of_repeat = [
            (total[n > 0] / n[n > 0]).mean() if n.any() else np.nan for total, n in self._repeats
        ]
        means = self._sums / times
        return SetScores(
            auroc=auroc,
            precision=means[0],
            prior=means[1],
            accuracy=means[2],
            balanced=means[3],
            majority=means[4],
            influence=np.nan_to_num(influence),
            of_repeat=np.array(of_repeat),
            n_genes=int(self._seen.sum()),
        )


@compiled_parallel
def _add_up(right, members, genes, sets, asked, weighted, weight):
    """Add what each class's genes are right about, by their number, and return (T,) areas."""
    area = np.full(len(sets), np.nan)
    for t in prange(len(sets)):
        if not asked[t]:
            continue
        n_members = members[t].sum()
        share, others = 1 / n_members, 1 / (len(genes) - n_members)
        area[t] = 0.0
        for q in range(len(genes)):
            one = share if members[t, q] else others
            weighted[sets[t], genes[q]] += right[t, q] * one
            weight[sets[t], genes[q]] += one
            if members[t, q]:
                area[t] += right[t, q] * one
    return area


def _called(
    scores: DoubleArray, members: BoolArray, known: BoolArray, even: float, prior: DoubleArray
) -> DoubleArray:
    """Return (3, T) accuracy, balanced accuracy and the majority's share in a fold.

    A gene without a score is called none, and of the balanced accuracy it is half right.
    """
    asked = known[:, None]
    called = (scores > even) & asked
    accuracy = (called == members).mean(axis=0)
    right = np.where(asked, (scores > prior) == members, CHANCE)
    with np.errstate(invalid="ignore", divide="ignore"):
        balanced = [
            np.where(one, right, 0).sum(axis=0) / one.sum(axis=0) for one in (members, ~members)
        ]
    share = members.mean(axis=0)
    return np.stack([accuracy, (balanced[0] + balanced[1]) / 2, np.maximum(share, 1 - share)])
