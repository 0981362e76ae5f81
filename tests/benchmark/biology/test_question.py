"""Gene sets of two dates: who is learned from, who is asked about, and what cannot be asked."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from genearena.benchmark.biology.baselines import DEGREE, EXPRESSION, STUDY
from genearena.benchmark.biology.function import function_tables
from genearena.benchmark.biology.question import FunctionOptions, Question, question
from genearena.benchmark.biology.stored_vectors import RunVectors, TaskRuns
from genearena.data.common.errors import DataError
from genearena.data.genesets.gene_sets import GeneSet, GeneSets
from genearena.data.graphs import GraphCollection
from genearena.methods.example import example_graphs
from genearena.metrics._annotation.prediction import Splits

ABOUT = {"file": "f", "sha256": "0" * 64, "added": "2026-01-01"}
GENES = [f"G{i:02d}" for i in range(40)]


def sets(members, name="old", species="human"):
    """Return gene sets of these members by name."""
    each = tuple(GeneSet(key=key, genes=tuple(genes)) for key, genes in members.items())
    return GeneSets(name=name, species=species, sets=each, **ABOUT)


def options(**more):
    """Return options that small sets pass."""
    return FunctionOptions(**{"fewest": 3, "most": 30, "splits": Splits(2, 1), **more})


def test_who_joined_is_asked_about_and_everybody_else_is_placed():
    """Genes that only the later file has are in no set before; sets of one file are left out."""
    old = sets({"a": GENES[:10], "b": GENES[5:20], "c": GENES[:4]})
    new = sets({"a": [*GENES[5:18], "G35"], "b": GENES[5:20], "d": GENES[:9]}, "new")
    asked = question(old, GENES, options(), new)
    assert asked.known.keys == ("a",)  # nobody joined b
    assert asked.known.genes == (*GENES[:20], "G35")
    of = dict(zip(asked.known.genes, asked.known.members[:, 0], strict=True))
    assert [gene for gene, member in of.items() if member] == GENES[:10]
    joined = [g for g, new in zip(asked.known.genes, asked.added[:, 0], strict=True) if new]
    assert joined == [*GENES[10:18], "G35"]


@pytest.mark.parametrize(
    ("later", "more", "message"),
    [
        ({"x": GENES[:9]}, {}, "have no set in common, .* such as 'x' and 'a'"),
        ({"a": GENES[:12], "b": GENES[5:20]}, {}, "5 or more of the genes in 'new', at most 2"),
        ({"a": GENES[:18]}, {"only": ("b",)}, "share no set 'b'"),
        ({"a": GENES[:18]}, {"fewest": 11}, "no set of 'old' has 11 to 30"),
        ({"a": GENES}, {}, "has got 5 or more"),  # one class only: nobody is left in neither
    ],
)  # fmt: skip
def test_what_cannot_be_asked_of_two_dates(later, more, message):
    """In a line."""
    old = sets({"a": GENES[:10], "b": GENES[5:20]})
    with pytest.raises(DataError, match=message) as refused:
        question(old, GENES, options(**more), sets(later, "new"))
    assert "\n" not in str(refused.value)


def task(vectors_of):
    """Return the example's task and a run with a vector for each name."""
    graphs = example_graphs()
    graphs = GraphCollection(graphs.tissue, graphs.source, graphs.graphs)
    directions = []
    for graph in graphs:
        z = np.array([vectors_of[gene] for gene in graph.genes])
        directions.append(z / np.linalg.norm(z, axis=1, keepdims=True))
    clusters = np.zeros(sum(graph.n_genes for graph in graphs), dtype=int)
    return TaskRuns(graphs, (RunVectors("mine", False, 0, tuple(directions), clusters),))


def dates(names):
    """Return sets of two dates, of genes that all donors have: three of eight, and all of these."""
    old = sets({"a": names[:3], "b": names[8:11]})
    return old, sets({"a": names[:8], "b": names[8:16], "c": names}, "new")


def test_planted_truth_is_found_in_every_way_and_controls_stand_beside():
    """A later file of another species is refused."""
    names = example_graphs().all_genes
    group = {gene: min(place // 8, 2) for place, gene in enumerate(names)}
    rng = np.random.default_rng(0)
    tells = {gene: np.eye(3)[g] + 0.05 * rng.normal(size=3) for gene, g in group.items()}
    old, new = dates(names)
    ways = ("knn", "logistic", "svm", "voting")
    tables = function_tables(task(tells), old, options(ways=ways), added=new)
    assert tuple(table.way for table in tables) == ways
    for table in tables:
        rows = {row.label: row for row in table.rows}
        assert rows["mine"].scores.mean().value > 0.95
        assert {DEGREE, EXPRESSION, STUDY} <= set(rows)
        assert table.asked.added.sum(axis=0).tolist() == [5, 5]
    with pytest.raises(DataError, match="'new' has mouse genes"):
        function_tables(
            task(tells), old, options(), added=sets({"a": names[:20]}, "new", species="mouse")
        )


def test_what_draws_nothing_is_asked_once(monkeypatch):
    """Seeds with the same vectors count as runs, and as many others are asked as differ."""
    names = example_graphs().all_genes
    rng = np.random.default_rng(0)
    one, other = (task({gene: rng.normal(size=6) for gene in names}).runs[0] for _ in range(2))
    runs = [replace(run, seed=seed) for seed, run in enumerate([one, other, one, one])]
    whole = TaskRuns(example_graphs(), tuple(runs))
    asked = []
    by_votes = Question.voted
    monkeypatch.setattr(Question, "voted", lambda *a: asked.append(1) or by_votes(*a))
    (table,) = function_tables(whole, sets({"a": names[:8]}), options(ways=("voting",)))
    row = next(row for row in table.rows if row.label == "mine")
    alone = [
        function_tables(TaskRuns(whole.graphs, (run,)), table.sets, options(ways=("voting",)))
        for run in (one, other)
    ]
    first, second = (t[0].rows[0].scores.mean().value for t in alone)
    assert row.n_runs == 4
    assert row.scores.mean().value == pytest.approx((3 * first + second) / 4)
    # two runs and two baselines, then a run and two baselines twice
    assert len(asked) == 4 + 3 + 3


@pytest.mark.slow
def test_permuted_names_know_nothing_of_later_genes():
    """One half lies outside the interval no more often than it says, and is the mean."""
    names = example_graphs().all_genes
    old, new = dates(names)
    n, wrong, values = 60, 0, []
    for seed in range(n):
        rng = np.random.default_rng(seed)
        run = task({gene: rng.normal(size=6) for gene in names})
        (table,) = function_tables(run, old, options(ways=("voting",)), added=new)
        estimate = next(row for row in table.rows if row.label == "mine").scores.mean()
        wrong += not estimate.low <= 0.5 <= estimate.high
        values.append(estimate.value)
    assert wrong <= binom.ppf(0.995, n, 0.05)
    assert abs(np.mean(values) - 0.5) < 4 * np.std(values) / np.sqrt(n)
