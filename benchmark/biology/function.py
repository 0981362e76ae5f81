"""Whether vectors tell the functions of genes: by prediction, and by votes across donors."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from genearena.benchmark.biology.baselines import (
    DEGREE,
    EXPRESSION,
    NEIGHBOURHOODS,
    RANDOM,
    Baselines,
    studied,
)
from genearena.benchmark.biology.stored_vectors import (
    Combined,
    RunVectors,
    TaskRuns,
    combined,
    covered,
)
from genearena.data.common.errors import DataError
from genearena.data.genesets.gene_sets import (
    FEWEST,
    MOST,
    GeneSets,
    Membership,
    check_species,
    membership,
    named_members,
)
from genearena.data.graphs import IntArray
from genearena.metrics._annotation.evidence import Estimate, SetScores
from genearena.metrics._annotation.prediction import PREDICTORS, GeneTable, Splits, predicted
from genearena.metrics._annotation.voting import levels, voted

VOTING = "voting"
WAYS = (*PREDICTORS, VOTING)
FLOORS = (DEGREE, EXPRESSION)
"""What vectors have to be better than if they know more than what is easily had."""


@dataclass(frozen=True)
class FunctionOptions:
    """How functions are asked for.

    `ways` are some of `WAYS`, `vectors` says what a gene's vector is, `only` which sets to ask
    about, `fewest` and `most` how many genes of the task they have, and `k` is that of the nearest.
    `permutations` is how often names are permuted to tell how likely a mean area is by chance.
    """

    ways: tuple[str, ...] = WAYS
    vectors: Combined = "mean"
    fewest: int = FEWEST
    most: int = MOST
    only: tuple[str, ...] = ()
    splits: Splits = Splits()  # noqa: RUF009 - it is frozen
    k: int = 5
    permutations: int = 0


@dataclass(frozen=True, eq=False)
class FunctionRow:
    """How well one method, control or baseline tells functions.

    `own` are its scores on all genes that it has, where these are more than all methods have; `p`
    is how likely permuted names have as large a mean area, None if they were not.
    """

    label: str
    control: bool
    n_runs: int
    scores: SetScores
    own: SetScores | None = None
    p: float | None = None


@dataclass(frozen=True, eq=False)
class FunctionTable:
    """All rows of one task by one way of asking; `notes` say what is to be known of them."""

    tissue: str
    source: str
    sets: GeneSets
    way: str
    options: FunctionOptions
    known: Membership
    rows: tuple[FunctionRow, ...]
    notes: tuple[str, ...] = ()

    def above(self, row: FunctionRow, floor: str) -> Estimate | None:
        """Return by how much a row exceeds a baseline, None if there is none such or it is it."""
        found = next((r for r in self.rows if r.label == floor and r.control), None)
        return None if found is None or found is row else row.scores.above(found.scores)

    @property
    def better(self) -> tuple[str, ...]:
        """Methods whose lead on every floor has an interval above 0."""
        return tuple(
            row.label
            for row in self.rows
            if not row.control
            and all((lead := self.above(row, f)) is not None and lead.low > 0 for f in FLOORS)
        )


def function_tables(
    task: TaskRuns,
    sets: GeneSets,
    options: FunctionOptions = FunctionOptions(),
    others: Iterable[GeneSets] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> list[FunctionTable]:
    """Ask every method and baseline of a task, in every way, which genes are in which sets.

    Parameters
    ----------
    task
        Graphs and stored vectors.
    sets
        The gene sets.
    options
        How to ask.
    others
        Further gene sets, by which it is known how well a gene is studied where `sets` are few.
    progress
        Told what is being done.

    Raises
    ------
    DataError
        If the sets are of another species, or none of the right size has genes of the task.
    """
    check_species(sets, task.graphs)
    have = {id(run): covered(task.graphs, run.directions) for run in task.runs}
    names = task.graphs.all_genes
    common = [gene for gene in names if all(gene in own for own in have.values())]
    if not common:
        raise DataError("no gene has a vector of every method; choose some with --methods")
    known = _membership(sets, common, options)
    elsewhere = _counted(others, known.genes)
    ways = [way for way in options.ways if way != VOTING or len(task.graphs) > 1]
    lost = [way for way in options.ways if way not in ways]
    notes = [f"{way} compares donors, and there is one" for way in lost]
    notes += [f"left out: {line}" for line in task.missing]
    asked = _Asked(task, known, options, elsewhere)
    if studied(known, elsewhere) is None:
        notes.append(
            f"study bias is not known: {len(known.keys)} sets are too few to count in, and no "
            f"others of {sets.species} are stored"
        )
    rows: dict[str, list[FunctionRow]] = {way: [] for way in ways}
    for label, runs in task.by_label.items():
        progress(f"{task.graphs.tissue} ({task.graphs.source}): {label}")
        more = have[id(runs[0])]
        wider = None
        if len(more) > len(common):
            own = _membership(sets, [gene for gene in names if gene in more], options)
            wider = _Asked(task, own, options, None)
        for way in ways:
            scores = averaged([asked.of(run, way) for run in runs])
            own_scores = None if wider is None else averaged([wider.of(r, way) for r in runs])
            p = asked.chance_of(runs[0], way)
            row = FunctionRow(label, runs[0].control, len(runs), scores, own_scores, p)
            rows[way].append(row)
    for way in ways:
        progress(f"{task.graphs.tissue} ({task.graphs.source}): baselines by {way}")
        rows[way] += [FunctionRow(n, True, 1, s) for n, s in asked.baselines(way).items()]
    about = (task.graphs.tissue, task.graphs.source, sets)
    return [
        FunctionTable(*about, way, options, known, tuple(rows[way]), tuple(notes)) for way in ways
    ]


def averaged(scores: Sequence[SetScores]) -> SetScores:
    """Average the scores of several runs of one method on the same genes, sets and folds."""
    means = {
        name: np.mean([getattr(each, name) for each in scores], axis=0)
        for name in ("auroc", "precision", "prior", "accuracy", "balanced", "majority", "influence")
    }
    of_repeat = np.concatenate([each.of_repeat for each in scores])
    return replace(scores[0], of_repeat=of_repeat, **means)


class _Asked:
    """Memberships of a task's genes with everything that all methods are asked alike."""

    def __init__(
        self,
        task: TaskRuns,
        known: Membership,
        options: FunctionOptions,
        elsewhere: Mapping[str, int] | None,
    ) -> None:
        self.known, self.options, self.task = known, options, task
        self.rows = [known.rows(graph.genes) for graph in task.graphs]
        self.folds = options.splits.of(known.members)
        self._elsewhere = elsewhere

    def of(self, run: RunVectors, way: str, names: IntArray | None = None) -> SetScores:
        """Return the scores of a run, its names permuted if another row is given for each gene."""
        rows = self.rows
        if names is not None:
            rows = [np.where(of >= 0, names[of], -1) for of in rows]
        if way == VOTING:
            return voted(run.directions, rows, self.known.members, self.folds)
        every = np.ones(len(self.known.keys), dtype=bool)
        tables = combined(run.directions, rows, self.options.vectors)
        return self._predicted([GeneTable(of, ((z, every),)) for of, z in tables], way)

    def chance_of(self, run: RunVectors, way: str) -> float | None:
        """Return how often permuted names, all donors' alike, do as well as a run; None if unasked.

        The run itself is counted among them: p is at most its level as often as the level says.
        """
        if not self.options.permutations:
            return None
        rng = np.random.default_rng(self.options.splits.seed)
        n, own = len(self.known.genes), self.of(run, way).mean().value
        drawn = (rng.permutation(n) for _ in range(self.options.permutations))
        better = sum(self.of(run, way, names).mean().value >= own for names in drawn)
        return (1 + better) / (1 + self.options.permutations)

    def baselines(self, way: str) -> dict[str, SetScores]:
        """Return the scores of all baselines."""
        seed = self.options.splits.seed
        bias = studied(self.known, self._elsewhere, seed)
        baselines = Baselines(self.task.graphs, self.known, self.rows, bias, seed)
        if way != VOTING:
            tables = baselines.tables(self.options.vectors)
            return {name: self._predicted(own, way) for name, own in tables.items()}
        vectors = {NEIGHBOURHOODS: baselines.neighbourhoods(), RANDOM: baselines.random()}
        members, folds = self.known.members, self.folds
        found = {name: voted(z, self.rows, members, folds) for name, z in vectors.items()}
        one = {n: levels(v, self.rows, members, folds) for n, v in baselines.levels().items()}
        return found | one

    def _predicted(self, tables: Sequence[GeneTable], way: str) -> SetScores:
        seed = self.options.splits.seed
        return predicted(tables, self.known.members, self.folds, way, k=self.options.k, seed=seed)


def _membership(sets: GeneSets, genes: Sequence[str], options: FunctionOptions) -> Membership:
    sizes = {"fewest": options.fewest, "most": options.most}
    return membership(sets, genes, only=options.only, **sizes)


def _counted(others: Iterable[GeneSets], genes: Sequence[str]) -> dict[str, int] | None:
    """Return in how many sets of other files every gene is, None if there are no other files."""
    counts: dict[str, int] = {}
    for sets in others:
        times: dict[str, int] = defaultdict(int)
        for each in sets.sets:
            for gene in each.genes:
                times[gene] += 1
        for gene, name in named_members(sets, genes).items():
            counts[gene] = counts.get(gene, 0) + times[name]
    return counts or None
