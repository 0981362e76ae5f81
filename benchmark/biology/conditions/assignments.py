"""Which donors had which condition, which could have had it, and how much a condition explains."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from math import comb

import numpy as np

from genearena.benchmark.biology.clusters import adjusted
from genearena.data.common.errors import DataError, UsageError, did_you_mean
from genearena.data.genesets.gene_sets import BoolArray
from genearena.data.graphs import GraphCollection
from genearena.metrics._shared.nearest_rows import DoubleArray

MOST_ASSIGNMENTS = 10_000
"""Past so many ways to give donors their conditions, so many are drawn."""
_AT_ONCE = 256


@dataclass(frozen=True, eq=False)
class Design:
    """Two conditions, the n donors under them, and the ways in which these could be exchanged.

    A donor under both is a pair, within which the conditions are exchanged; all others are
    exchanged with one another. Several graphs of a donor under one condition count as one.

    Parameters
    ----------
    conditions
        The two.
    graphs
        Positions of the k graphs that are compared.
    averages
        (n, k) weights that make the graphs of a donor under a condition one.
    blocks
        (n,) number of the pair, or -1 for those without.
    contrasts
        (m, n) rows of length 1, without the means of the blocks: second condition less first, as it
        was in the first row, and as it could have been.
    exact
        Whether these are all, and not drawn.
    left_out
        Donors with whom nobody can exchange a condition.
    """

    conditions: tuple[str, str]
    graphs: tuple[int, ...]
    averages: DoubleArray
    blocks: tuple[int, ...]
    contrasts: DoubleArray
    exact: bool
    left_out: tuple[str, ...] = ()

    @property
    def n_pairs(self) -> int:
        """Number of donors under both conditions."""
        return max(self.blocks) + 1

    @property
    def n_alone(self) -> tuple[int, int]:
        """Number of other donors under each."""
        alone = self.second[np.array(self.blocks) < 0]
        return int((~alone).sum()), int(alone.sum())

    @cached_property
    def second(self) -> BoolArray:
        """(n,) whether a donor is under the second condition."""
        return np.asarray(self.contrasts[0] > 0)

    @cached_property
    def same(self) -> BoolArray:
        """(m,) which assignments say the same as the true one: it, and all conditions swapped."""
        return np.asarray(np.abs(self.contrasts @ self.contrasts[0]) > 1 - 1e-9)

    @property
    def smallest_p(self) -> float:
        """The least p that any gene can have."""
        return float(self.same.mean())

    @cached_property
    def within(self) -> DoubleArray:
        """(n, n) projection that takes the means of the blocks away."""
        blocks = np.array(self.blocks)
        same = (blocks[:, None] == blocks).astype(np.float64)
        return np.asarray(np.eye(len(blocks)) - same / same.sum(axis=1))


@dataclass(frozen=True, eq=False)
class Compared:
    """What a condition explains of G genes, clusters, or whatever there is of every donor.

    Parameters
    ----------
    share
        (G,) share of what differs between donors that the conditions explain; see `compared`.
    p, q, family_wise
        (G,) how many assignments explain as much, adjusted for the share of false discoveries
        (Benjamini-Hochberg), and how many explain as much of any of the G (Westfall & Young).
    overall
        p of the mean share.
    by_chance
        Mean share over all assignments.
    """

    share: DoubleArray
    p: DoubleArray
    q: DoubleArray
    family_wise: DoubleArray
    overall: float
    by_chance: float


def design(
    graphs: GraphCollection, by: str = "condition", between: Sequence[str] = (), seed: int = 0
) -> Design:
    """Tell from the graphs of a task who had which condition, and who could have had it.

    Parameters
    ----------
    graphs
        The task.
    by
        Attribute of a graph: ``condition``, or ``species`` or ``modality``.
    between
        The two to compare; needed where there are more.
    seed
        Of the assignments that are drawn where there are too many.

    Raises
    ------
    UsageError
        If there are not two conditions, or not those asked for.
    DataError
        If conditions can be exchanged in no other way: there are too few donors.
    """
    conditions = _two(graphs, by, between)
    under: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, graph in enumerate(graphs):
        if getattr(graph, by) in conditions:
            under[graph.donor or graph.name][getattr(graph, by)].append(place)
    pairs = [donor for donor, own in under.items() if len(own) == 2]
    alone = [(donor, *own) for donor, own in under.items() if len(own) == 1]
    left_out = alone if len({condition for _, condition in alone}) < 2 else []
    alone = [] if left_out else alone
    units = [(donor, condition) for donor in pairs for condition in conditions] + alone
    blocks = [number for number in range(len(pairs)) for _ in conditions] + [-1] * len(alone)
    second = np.array([condition == conditions[1] for _, condition in alone], dtype=bool)
    labels, exact = _assignments(len(pairs), second, seed)
    used = sorted(place for donor, condition in units for place in under[donor][condition])
    averages = np.zeros((len(units), len(used)))
    for row, (donor, condition) in enumerate(units):
        own = [used.index(place) for place in under[donor][condition]]
        averages[row, own] = 1 / len(own)
    contrasts = labels - 0.5
    if alone:
        contrasts[:, 2 * len(pairs) :] -= contrasts[:, 2 * len(pairs) :].mean(axis=1, keepdims=True)
    length = np.linalg.norm(contrasts, axis=1, keepdims=True)
    found = Design(
        conditions=conditions,
        graphs=tuple(used),
        averages=averages,
        blocks=tuple(blocks),
        contrasts=contrasts / length,
        exact=exact,
        left_out=tuple(donor for donor, _ in left_out),
    )
    if found.smallest_p == 1:
        counts = Counter(condition for own in under.values() for condition in own)
        have = " and ".join(f"{counts[condition]} of {condition}" for condition in conditions)
        raise DataError(
            f"{graphs.tissue} ({graphs.source}) has {have}: too few donors to tell a difference of "
            "the conditions from one of donors; it takes two donors of each, or two under both"
        )
    return found


def _two(graphs: GraphCollection, by: str, between: Sequence[str]) -> tuple[str, str]:
    have = sorted({getattr(graph, by) for graph in graphs} - {""})
    where = f"{graphs.tissue} ({graphs.source})"
    for name in between:
        if name not in have:
            raise UsageError(f"{where} has no {by} '{name}'; {did_you_mean(name, have, 'none')}")
    chosen = tuple(dict.fromkeys(between or have))
    if len(chosen) == 2:
        return chosen
    if not have and by == "condition":
        raise UsageError(
            f"no graph of {where} has a condition; add the data with --condition-key COLUMN or "
            "--condition NAME"
        )
    listed = ", ".join(have)
    raise UsageError(f"{where} has the {by} {listed}; want two, chosen by --between FIRST,SECOND")


def _assignments(n_pairs: int, alone: BoolArray, seed: int) -> tuple[DoubleArray, bool]:
    """Return (m, n) whether every donor has the second condition, the true ones first.

    The others come in no order, so that any first part of them speaks for all.
    """
    n_second = int(alone.sum())
    true = np.concatenate([np.tile([0.0, 1.0], n_pairs), alone.astype(np.float64)])
    rng = np.random.default_rng(seed)
    if 2**n_pairs * comb(len(alone), n_second) > MOST_ASSIGNMENTS:
        drawn = [true]
        for _ in range(MOST_ASSIGNMENTS - 1):
            first = rng.integers(2, size=n_pairs)
            pairs = np.stack([first, 1 - first], axis=1).ravel()
            drawn.append(np.concatenate([pairs, rng.permutation(alone)]))
        return np.array(drawn, dtype=np.float64), False
    every = []
    for firsts in product((0, 1), repeat=n_pairs):
        for chosen in combinations(range(len(alone)), n_second):
            row = np.zeros(len(true))
            row[[2 * number + 1 - first for number, first in enumerate(firsts)]] = 1
            row[[2 * n_pairs + place for place in chosen]] = 1
            every.append(row)
    found = rng.permutation(np.array(every))
    itself = int(np.flatnonzero((found == true).all(axis=1))[0])
    found[[0, itself]] = found[[itself, 0]]
    return found, True


def explained(gram: DoubleArray, made: Design) -> Iterator[DoubleArray]:
    """Yield (some, G) shares explained under some assignments after others, the true one first.

    Those of the first part have it in their first row; see `compared`.
    """
    total = np.einsum("rs,grs->g", made.within, gram)
    scale = total + np.median(total)
    scale = np.where(scale > 1e-9, scale, np.inf)
    flat = gram.reshape(len(gram), -1).T
    for start in range(0, len(made.contrasts), _AT_ONCE):
        part = made.contrasts[start : start + _AT_ONCE]
        products = (part[:, :, None] * part[:, None, :]).reshape(len(part), -1)
        # rounded, so that assignments that say the same are equal
        yield np.round(products @ flat / scale, 9)


def compared(gram: DoubleArray, made: Design) -> Compared:
    """Test whether donors differ between conditions more than by any other assignment of these.

    The share is that of the sum of squares between donors, the means of pairs taken away, which the
    condition explains, as in a permutational analysis of variance. The median of these sums is
    added to each: a gene that hardly differs between any donors is not to be foremost. That changes
    no p, as no assignment changes the sums.

    Parameters
    ----------
    gram
        (G, n, n) products of what is compared, of any two donors: squared distances between donors
        r and s are ``gram[rr] + gram[ss] - 2 gram[rs]``.
    made
        Of the n donors.

    References
    ----------
    Anderson, Austral Ecology 2001; Tusher, Tibshirani & Chu, PNAS 2001 (the added term);
    Westfall & Young 1993.
    """
    truth = next(explained(gram, made))[0]
    as_much, any_as_much = np.zeros(len(truth)), np.zeros(len(truth))
    means = []
    for shares in explained(gram, made):
        as_much += (shares >= truth).sum(axis=0)
        any_as_much += (shares.max(axis=1)[:, None] >= truth).sum(axis=0)
        means.append(shares.mean(axis=1))
    mean = np.round(np.concatenate(means), 9)
    m = len(mean)
    p = as_much / m
    return Compared(
        share=truth,
        p=p,
        q=adjusted(p),
        family_wise=any_as_much / m,
        overall=float(np.mean(mean >= mean[0])),
        by_chance=float(mean.mean()),
    )
