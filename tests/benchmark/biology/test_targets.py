"""Targets of factors: against scikit-learn, extremes, chance, and as the command shows them."""

import csv
import io

import numpy as np
import pytest
from frames import frame_of, same
from scipy.stats import binom
from sklearn.metrics import roc_auc_score
from tiny_task import SOURCE, bench
from vector_tasks import gene_graph, gene_sets, task_of

import genearena as ga
from genearena.benchmark.biology.baselines import DEGREE, RANDOM, STUDY
from genearena.benchmark.biology.regulators.targets import (
    CORRELATION,
    _pairs,
    matched_pairs,
    target_table,
)
from genearena.benchmark.biology.resampling import mean_of
from genearena.data.common.errors import DataError, UsageError

GENES = [f"G{i:03d}" for i in range(150)]


def regulation(rng, n_factors=50, n_pairs=260):
    """Return a table of factors and targets in which few have most, as in those of papers."""
    factors = rng.choice(GENES, n_factors, replace=False)
    eager, known = rng.lognormal(size=n_factors), rng.lognormal(0, 1, len(GENES))
    pairs = zip(
        rng.choice(n_factors, n_pairs, p=eager / eager.sum()),
        rng.choice(len(GENES), n_pairs, p=known / known.sum()),
        strict=True,
    )
    members = {}
    for factor, gene in pairs:
        if GENES[gene] != factors[factor]:
            members.setdefault(str(factors[factor]), {})[GENES[gene]] = None
    return gene_sets(members)


def two_graphs(rng):
    """Return two graphs that share most of their genes."""
    return [gene_graph("a", GENES[:140], rng), gene_graph("b", GENES[10:], rng)]


def noise(graphs, rng, dim=12):
    """Return vectors that a gene has in all graphs, more or less, and that know nothing else."""
    own = {gene: rng.normal(size=dim) for gene in GENES}
    return [
        np.array([own[g] for g in x.genes]) + 0.3 * rng.normal(size=(x.n_genes, dim))
        for x in graphs
    ]


def planted(graphs, sets, sign):
    """Return vectors of which targets, and nobody else, have something of their factors'."""
    axis = {each.key: i for i, each in enumerate(sets.sets)}
    vectors = []
    for graph in graphs:
        z = np.zeros((graph.n_genes, 2 * len(axis) + graph.n_genes))
        z[:, 2 * len(axis) :] = 0.01 * np.eye(graph.n_genes)
        for row, gene in enumerate(graph.genes):
            for each in sets.sets:
                z[row, axis[each.key]] = sign * (gene in each.genes)
            if gene in axis:
                z[row, axis[gene]] = 3
        vectors.append(z)
    return vectors


def test_areas_are_those_of_scikit_learn():
    """One target at a time, the genes it is compared with by their weights."""
    rng = np.random.default_rng(0)
    graph, sets = gene_graph("a", GENES, rng), regulation(rng)
    pairs = _pairs(graph, sets)
    near = np.round(rng.normal(size=(len(sets.sets), graph.n_genes)), 1)  # with equal ones
    known = np.ones(graph.n_genes, dtype=bool)
    areas = {}
    for factor, target, others, weights in zip(
        pairs.factor, pairs.target, pairs.others, pairs.weights, strict=True
    ):
        kept = weights > 0
        scores = [near[factor, target], *near[factor, others[kept]]]
        labels, weight = [1] + [0] * kept.sum(), [1, *weights[kept]]
        area = roc_auc_score(labels, scores, sample_weight=weight)
        areas.setdefault(factor, []).append(area)
    got = pairs.areas(near, known)
    assert {int(f) for f in np.flatnonzero(~np.isnan(got))} == set(areas)
    for factor, each in areas.items():
        assert got[factor] == pytest.approx(np.mean(each), abs=1e-12)


def test_genes_compared_with_are_no_targets_and_known_to_some_factor():
    """Of the same factor, neither it nor its targets; study bias has nothing to hold on to."""
    rng = np.random.default_rng(1)
    graph, sets = gene_graph("a", GENES, rng), regulation(rng)
    pairs = _pairs(graph, sets)
    assert len(pairs.factor) > 150
    for place, factor in enumerate(pairs.factor):
        each = sets.sets[factor]
        own = {graph.genes[i] for i in pairs.others[place][pairs.weights[place] > 0]}
        assert graph.genes[pairs.target[place]] in each.genes
        assert not own & {each.key, *each.genes}
        assert all(any(gene in other.genes for other in sets.sets) for gene in own)
    asked = pairs.only(pairs.n_targets > 0)
    for number in (np.asarray(graph.adjacency.sum(axis=0)), pairs.n_factors):
        area = asked.areas(number[None].astype(float), np.ones(graph.n_genes, bool))
        assert area.mean() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(("sign", "area"), [(1, 1.0), (-1, 0.0), (0, 0.5)])
def test_who_knows_all_targets_has_one(sign, area):
    """Who has them backwards 0, and who has nothing of them one half."""
    rng = np.random.default_rng(2)
    graphs, sets = two_graphs(rng), regulation(rng)
    table = target_table(task_of(graphs, ("mine", planted(graphs, sets, sign), None)), sets)
    mine = table.rows[0]
    assert (mine.label, mine.control) == ("mine", False)
    assert mine.mean.value == pytest.approx(area, abs=0.02 if sign else 0.05)
    assert table.better["chance"] == (("mine",) if sign == 1 else ())
    assert table.better[CORRELATION] == (("mine",) if sign == 1 else ())


def test_baselines_that_genes_are_matched_by_are_at_chance():
    """Degree and study bias are, and so are random vectors; a row is no lead on itself."""
    rng = np.random.default_rng(3)
    graphs, sets = two_graphs(rng), regulation(rng)
    table = target_table(task_of(graphs, ("mine", noise(graphs, rng), None)), sets)
    rows = {row.label: row for row in table.rows}
    assert abs(rows[DEGREE].mean.value - 0.5) < 0.02
    assert abs(rows[STUDY].mean.value - 0.5) < 0.02
    assert rows[RANDOM].mean.low < 0.5 < rows[RANDOM].mean.high
    assert table.above(rows[CORRELATION], CORRELATION) is None
    assert table.n_graphs == 2
    assert (table.n_targets > 0).all()


def test_a_gene_without_a_vector_is_a_guess():
    """As a factor, a target, and one that is compared with."""
    rng = np.random.default_rng(4)
    graphs, sets = two_graphs(rng), regulation(rng)
    nothing = [np.zeros((g.n_genes, 4)) for g in graphs]
    table = target_table(task_of(graphs, ("mine", nothing, None)), sets)
    np.testing.assert_allclose(table.rows[0].areas, 0.5)
    graph = graphs[0]
    pairs = _pairs(graph, sets)
    near = np.ones((1, graph.n_genes))
    near[0, pairs.target[0]] = 2
    known = np.ones(graph.n_genes, dtype=bool)
    known[pairs.others[0]] = False
    first = pairs.factor == pairs.factor[0]
    alone = pairs.only(np.arange(len(sets.sets)) == pairs.factor[0])
    assert alone.areas(near, known)[0] <= 1 - 0.5 / first.sum()


@pytest.mark.parametrize("hub", [0.0, 2.0])
def test_intervals_of_what_knows_nothing_leave_chance_out_seldom(hub):
    """As often as 95 % promise, also where some genes are near to everybody."""
    rng = np.random.default_rng(5)
    n_times, n_factors, n = 80, 50, 140
    regulators, degrees = rng.choice(n, n_factors, replace=False), rng.lognormal(size=n)
    wrong = 0
    for _ in range(n_times):
        eager, known = rng.lognormal(size=n_factors), rng.lognormal(0, 1, n)
        targets = np.zeros((n_factors, n), dtype=bool)
        pairs = (
            rng.choice(n_factors, 260, p=eager / eager.sum()),
            rng.choice(n, 260, p=known / known.sum()),
        )
        targets[pairs] = True
        z = rng.normal(size=(n, 12)) + hub * np.eye(12)[0]
        z /= np.linalg.norm(z, axis=1, keepdims=True)
        asked = matched_pairs(regulators, targets, degrees)
        asked = asked.only(asked.n_targets > 0)
        found = mean_of(asked.areas(z[asked.regulators] @ z.T, np.ones(n, dtype=bool)))
        wrong += not found.low <= 0.5 <= found.high
    assert wrong <= binom.ppf(0.999, n_times, 0.06)


def test_what_cannot_be_asked_is_said():
    """A list, sets of another species, and factors that no graph has."""
    rng = np.random.default_rng(6)
    graphs = two_graphs(rng)
    task = task_of(graphs, ("mine", noise(graphs, rng), None))
    with pytest.raises(DataError, match="has mouse genes"):
        target_table(task, gene_sets({"G001": ["G002"]}, species="mouse"))
    with pytest.raises(DataError, match=r"no graph of lung .* has a factor of 'sets' and 1 of its"):
        target_table(task, gene_sets({"OTHER": GENES[:30], "ELSE": GENES[20:40]}))
    with pytest.raises(DataError, match="9 of its targets; lower --min-targets"):
        target_table(task, regulation(rng, 50, 60), fewest=9)


def test_the_command_asks_all_and_draws(data_dir, tmp_path):
    """Tables of targets and of what is shared, both figures' errors, and csv of everything."""
    task = ("--tissue", "lung", "--source", SOURCE, "--data-dir", data_dir)
    bench("run", *task, "--methods", "pca,stacked,random", "--seeds", 1, cwd=tmp_path)
    import anndata

    path = next((tmp_path / "results" / "embeddings").glob("lung.pca*"))
    genes = list(dict.fromkeys(anndata.read_h5ad(path).obs["gene"]))
    rng = np.random.default_rng(0)
    lines = [
        f"{factor}\t{gene}\tUnknown\t1\n"
        for factor in genes[::5]
        for gene in rng.choice(genes, 6, replace=False)
    ]
    (tmp_path / "tf.tsv").write_text("".join(lines))
    folder = ("--data-dir", data_dir)
    bench(
        "genesets", "add", "known", "tf.tsv", "--species", "human", *folder, "--force", cwd=tmp_path
    )
    asked = ("regulators", "--targets", "known", *folder)
    done = bench(*asked, "--show", "pca", "--figure", "upset.svg", cwd=tmp_path)
    assert "Targets of factors in lung" in done.stdout
    assert "Factors in clusters of pca, seed 0" in done.stdout
    assert "factors of a cluster" in (tmp_path / "upset.svg").read_text()
    given = bench(*asked, "--format", "csv", cwd=tmp_path).stdout
    results = ga.Results(tmp_path / "results", data_dir=data_dir)
    known = {
        "targets": "known",
        "data_dir": data_dir,
        "use_rep": ["X_pca", "X_random", "X_stacked"],
    }
    same(ga.tl.regulators(results.embedding(), results.graphs(), **known), frame_of(given))
    with pytest.raises(UsageError, match="nothing is asked"):
        ga.tl.regulators(results.embedding("pca"), results.graphs())
    rows = list(csv.DictReader(io.StringIO(given)))
    by_question = {
        q: [r for r in rows if r["question"] == q] for q in ("targets", "shared factors")
    }
    assert sum(map(len, by_question.values())) == len(rows)
    assert {r["method"] for r in by_question["shared factors"]} == {"pca", "stacked", "random"}
    assert all(0 <= float(r["auroc"]) <= 1 for r in by_question["targets"])
    through = bench(*asked, "--through", "targets", "--format", "md", cwd=tmp_path).stdout
    assert "factors that have targets in it" in through
    assert bench("regulators", *folder, cwd=tmp_path, check=False).returncode == 2
    for option, wanted in (("--figure", "--factors"), ("--tissue-figure", "--tissue-sets")):
        other = ("--tissue-sets" if wanted == "--factors" else "--factors", "known")
        failed = bench("regulators", *other, option, "f.png", *folder, cwd=tmp_path, check=False)
        assert failed.returncode == 2
        assert f"give {wanted}" in failed.stderr
    one = bench(*asked, "--tissue-sets", "known", cwd=tmp_path)
    assert "one tissue, and factors of tissues are asked of several" in one.stderr
    wrong = bench(*asked, "--show", "pcaa", cwd=tmp_path, check=False)
    assert "did you mean 'pca'" in wrong.stderr
