"""What is asked about a task's genes: sets to learn from, and genes to tell by what was learned."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from genearena.benchmark.biology.stored_vectors import Combined
from genearena.data.common.errors import DataError, did_you_mean
from genearena.data.genesets.gene_sets import (
    FEWEST,
    MOST,
    BoolArray,
    GeneSets,
    Membership,
    membership,
    named_members,
)
from genearena.data.graphs import IntArray
from genearena.metrics._annotation.evidence import SetScores
from genearena.metrics._annotation.held_out import (
    Trial,
    held_out,
    later_trials,
    single_gene_trials,
)
from genearena.metrics._annotation.prediction import PREDICTORS, GeneTable, Splits, predicted
from genearena.metrics._annotation.voting import levels, levels_later, voted, voted_later
from genearena.metrics._shared.nearest_rows import DoubleArray

SVM, VOTING = "svm", "voting"
WAYS = (*PREDICTORS, VOTING)
USUAL = tuple(way for way in WAYS if way != SVM)
"""Ways to ask unless others are named: machines take minutes."""
LEAST_ADDED = 5
"""Genes that joined a set, at least, if it is asked about: of fewer little can be said."""


@dataclass(frozen=True)
class FunctionOptions:
    """How functions are asked for.

    `ways` are some of `WAYS`, `vectors` says what a gene's vector is, `only` which sets to ask
    about, `fewest` and `most` how many genes of the task they have, and `k` is that of the nearest.
    `permutations` is how often names are permuted to tell how likely a mean area is by chance.
    """

    ways: tuple[str, ...] = USUAL
    vectors: Combined = "mean"
    fewest: int = FEWEST
    most: int = MOST
    only: tuple[str, ...] = ()
    splits: Splits = Splits()  # noqa: RUF009 - it is frozen
    k: int = 5
    permutations: int = 0


DEFAULTS = FunctionOptions()


@dataclass(frozen=True, eq=False)
class Question:
    """Sets whose genes are to be told from others.

    `known` has the genes to learn from; `added` are (n, T) those that joined a set later, which are
    to be told from those that never did, None if genes of `known` itself are held out.
    """

    known: Membership
    options: FunctionOptions
    added: BoolArray | None = None

    @cached_property
    def folds(self) -> tuple[IntArray, ...]:
        """Folds of names for every repeat."""
        return self.options.splits.of(self.known.members)

    @cached_property
    def _trials(self) -> list[list[Trial]]:
        members, splits = self.known.members, self.options.splits
        streams = np.random.default_rng(splits.seed).spawn(splits.n_repeats)
        if self.added is None:
            return [single_gene_trials(members, rng) for rng in streams]
        after = members | self.added
        return [later_trials(members, after, splits.n_folds, rng) for rng in streams]

    def predicted(self, tables: Sequence[GeneTable], way: str) -> SetScores:
        """Return how well tables of vectors tell the genes, by one of `PREDICTORS`."""
        k, seed = self.options.k, self.options.splits.seed
        if self.added is None and way != SVM:
            return predicted(tables, self.known.members, self.folds, way, k=k, seed=seed)
        asked = self.known.members if self.added is None else self.added
        return held_out(tables, asked, self._trials, way, k=k)

    def voted(self, directions: Sequence[DoubleArray], rows: Sequence[IntArray]) -> SetScores:
        """Return how well votes of other donors tell the genes; see `voting.voted`."""
        members = self.known.members
        if self.added is None:
            return voted(directions, rows, members, self.folds)
        return voted_later(directions, rows, members, self.added)

    def levels(self, values: Sequence[DoubleArray], rows: Sequence[IntArray]) -> SetScores:
        """Return how well one number a gene tells those that votes are asked about."""
        members = self.known.members
        if self.added is None:
            return levels(values, rows, members, self.folds)
        return levels_later(values, rows, members, self.added)


def question(
    sets: GeneSets, genes: Sequence[str], options: FunctionOptions, added: GeneSets | None = None
) -> Question:
    """Look genes up in gene sets, and in those of a later date if there are any.

    Sets of the two are matched by their names. A gene that the later ones alone have is asked about
    too, as in no set before.

    Raises
    ------
    DataError
        If no set of the right size has genes of these, or none has joined any since.
    """
    look_up = partial(membership, sets, genes, fewest=options.fewest, most=options.most)
    if added is None:
        return Question(look_up(only=options.only), options)
    later = {each.key: each for each in added.sets}
    shared = [each.key for each in sets.sets if each.key in later]
    if not shared:
        raise DataError(
            f"'{added.name}' and '{sets.name}' have no set in common, by whose names they are "
            f"matched; they have sets such as '{added.sets[0].key}' and '{sets.sets[0].key}'"
        )
    for key in options.only:
        if key not in shared:
            few = f"they share {len(shared)}, such as '{shared[0]}'"
            raise DataError(
                f"'{added.name}' and '{sets.name}' share no set '{key}'; "
                f"{did_you_mean(key, shared, few)}"
            )
    named = named_members(added, genes)
    known = look_up(only=options.only or shared, told=named)
    members = np.zeros_like(known.members)
    for term, key in enumerate(known.keys):
        own = set(later[key].genes)
        members[:, term] = [named.get(gene) in own for gene in known.genes]
    new, never = members & ~known.members, ~members & ~known.members
    n_new = new.sum(axis=0)
    kept = (n_new >= LEAST_ADDED) & (never.sum(axis=0) >= options.splits.n_folds)
    if not kept.any():
        raise DataError(
            f"no set of '{sets.name}' has got {LEAST_ADDED} or more of the genes in "
            f"'{added.name}', at most {n_new.max()}; is it a later state of the same sets?"
        )
    keys, titles = (
        tuple(name for name, keep in zip(names, kept, strict=True) if keep)
        for names in (known.keys, known.titles)
    )
    known = replace(known, keys=keys, titles=titles, members=known.members[:, kept])
    return Question(known, options, new[:, kept])
