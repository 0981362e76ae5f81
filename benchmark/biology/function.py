"""Whether vectors tell the functions of genes: by prediction, and by votes across donors."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from genearena.benchmark.biology.baselines import (
    DEGREE,
    EXPRESSION,
    NEIGHBOURHOODS,
    RANDOM,
    Baselines,
    studied,
)
from genearena.benchmark.biology.question import (
    DEFAULTS,
    VOTING,
    FunctionOptions,
    Question,
    question,
)
from genearena.benchmark.biology.stored_vectors import (
    RunVectors,
    TaskRuns,
    combined,
    covered,
)
from genearena.data.common.errors import DataError
from genearena.data.genesets.gene_sets import GeneSets, check_species, named_members
from genearena.data.graphs import IntArray
from genearena.metrics._annotation.evidence import Estimate, SetScores
from genearena.metrics._annotation.prediction import GeneTable
from genearena.metrics._shared.nearest_rows import DoubleArray

FLOORS = (DEGREE, EXPRESSION)
"""What vectors have to be better than if they know more than what is easily had."""


@dataclass(frozen=True, eq=False)
class FunctionRow:
    """How well one method, control or baseline tells functions.

    `own` are its scores on all genes that it has, where these are more than all methods have, and
    `own_asked` what was asked of these; `p` is how likely permuted names have as large a mean area,
    None if they were not.
    """

    label: str
    control: bool
    n_runs: int
    scores: SetScores
    own: SetScores | None = None
    own_asked: Question | None = None
    p: float | None = None


@dataclass(frozen=True, eq=False)
class FunctionTable:
    """All rows of one task by one way of asking; `notes` say what is to be known of them.

    `added` are the sets of a later date, if genes that joined them are asked about.
    """

    tissue: str
    source: str
    sets: GeneSets
    way: str
    asked: Question
    rows: tuple[FunctionRow, ...]
    notes: tuple[str, ...] = ()
    added: GeneSets | None = None

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
    options: FunctionOptions = DEFAULTS,
    others: Iterable[GeneSets] = (),
    progress: Callable[[str], None] = lambda _: None,
    added: GeneSets | None = None,
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
    added
        Gene sets of a later date: `sets` are learned, and genes that joined one since are told from
        those that are in neither. Study bias is then in how many of `sets` a gene is.

    Raises
    ------
    DataError
        If the sets are of another species, none of the right size has genes of the task, or no
        genes have joined any.
    """
    for each in filter(None, (sets, added)):
        check_species(each, task.graphs)
    have = {id(run): covered(task.graphs, run.directions) for run in task.runs}
    names = task.graphs.all_genes
    common = [gene for gene in names if all(gene in own for own in have.values())]
    if not common:
        raise DataError("no gene has a vector of every method; choose some with --methods")
    asked = _Asked(task, question(sets, common, options, added), others)
    ways = [way for way in options.ways if way != VOTING or len(task.graphs) > 1]
    lost = [way for way in options.ways if way not in ways]
    notes = [f"{way} compares donors, and there is one" for way in lost]
    notes += [f"left out: {line}" for line in task.missing]
    if asked.bias is None:
        notes.append(
            f"study bias is not known: {len(asked.known.keys)} sets are too few to count in, and "
            f"no others of {sets.species} are stored"
        )
    rows: dict[str, list[FunctionRow]] = {way: [] for way in ways}
    for label, runs in task.by_label.items():
        progress(f"{task.graphs.tissue} ({task.graphs.source}): {label}")
        more = have[id(runs[0])]
        wider = None
        if len(more) > len(common):
            own = [gene for gene in names if gene in more]
            wider = _Asked(task, question(sets, own, options, added))
        for way in ways:
            scores = asked.of_all(runs, way)
            own_scores = None if wider is None else wider.of_all(runs, way)
            p = asked.chance_of(runs[0], way)
            own_asked = None if wider is None else wider.question
            of = (label, runs[0].control, len(runs))
            rows[way].append(FunctionRow(*of, scores, own_scores, own_asked, p))
    for way in ways:
        progress(f"{task.graphs.tissue} ({task.graphs.source}): baselines by {way}")
        rows[way] += [FunctionRow(n, True, 1, s) for n, s in asked.baselines(way).items()]
    about, told = (task.graphs.tissue, task.graphs.source, sets), tuple(notes)
    return [
        FunctionTable(*about, way, asked.question, tuple(rows[way]), told, added) for way in ways
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
    """A task and a question, with everything that all methods are asked alike."""

    def __init__(self, task: TaskRuns, what: Question, others: Iterable[GeneSets] = ()) -> None:
        self.task, self.question, self.known = task, what, what.known
        self.rows = [self.known.rows(graph.genes) for graph in task.graphs]
        self._others = tuple(others)

    @cached_property
    def bias(self) -> DoubleArray | None:
        """(n, T) how well genes are studied, the set itself aside; None if it is not known."""
        if self.question.added is not None:
            return np.asarray(self.known.n_sets[:, None] - self.known.members, dtype=np.float64)
        elsewhere = _counted(self._others, self.known.genes)
        return studied(self.known, elsewhere, self.question.options.splits.seed)

    def of(self, run: RunVectors, way: str, names: IntArray | None = None) -> SetScores:
        """Return the scores of a run, its names permuted if another row is given for each gene."""
        rows = self.rows
        if names is not None:
            rows = [np.where(of >= 0, names[of], -1) for of in rows]
        if way == VOTING:
            return self.question.voted(run.directions, rows)
        every = np.ones(len(self.known.keys), dtype=bool)
        tables = combined(run.directions, rows, self.question.options.vectors)
        return self.question.predicted([GeneTable(of, ((z, every),)) for of, z in tables], way)

    def of_all(self, runs: Sequence[RunVectors], way: str) -> SetScores:
        """Return the mean scores of runs; vectors alike at several seeds are asked once."""
        found: list[SetScores] = []
        for run in runs:
            before = (s for s, other in zip(found, runs, strict=False) if run.has_vectors_of(other))
            found.append(next(before, None) or self.of(run, way))
        return averaged(found)

    def chance_of(self, run: RunVectors, way: str) -> float | None:
        """Return how often permuted names, all donors' alike, do as well as a run; None if unasked.

        The run itself is counted among them: p is at most its level as often as the level says.
        """
        options = self.question.options
        if not options.permutations:
            return None
        rng = np.random.default_rng(options.splits.seed)
        n, own = len(self.known.genes), self.of(run, way).mean().value
        drawn = (rng.permutation(n) for _ in range(options.permutations))
        better = sum(self.of(run, way, names).mean().value >= own for names in drawn)
        return (1 + better) / (1 + options.permutations)

    def baselines(self, way: str) -> dict[str, SetScores]:
        """Return the scores of all baselines."""
        options = self.question.options
        about = (self.task.graphs, self.known, self.rows, self.bias)
        baselines = Baselines(*about, options.splits.seed)
        if way != VOTING:
            tables = baselines.tables(options.vectors)
            return {name: self.question.predicted(own, way) for name, own in tables.items()}
        vectors = {NEIGHBOURHOODS: baselines.neighbourhoods(), RANDOM: baselines.random()}
        found = {name: self.question.voted(z, self.rows) for name, z in vectors.items()}
        one = {n: self.question.levels(v, self.rows) for n, v in baselines.levels().items()}
        return found | one


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
