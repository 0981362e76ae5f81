"""Genes that move between conditions: planted, simulated, by chance, and as the command shows."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from frames import frame_of, same
from scipy import stats
from simulated import simulated_counts
from tiny_task import bench

import genearena as ga
from genearena.benchmark.biology.conditions.contrast import alike, contrast, distances
from genearena.benchmark.biology.conditions.moved import cluster_contrast, moved_sets
from genearena.benchmark.biology.stored_vectors import RunVectors, TaskRuns
from genearena.data.build import build_graph
from genearena.data.common.errors import DataError
from genearena.data.genesets.gene_sets import GeneSet, GeneSets
from genearena.data.graphs import GraphCollection
from genearena.data.options import BuildOptions
from genearena.data.quality.filtering import control_quality
from genearena.methods.example import example_graphs
from genearena.methods.registry import METHODS
from genearena.metrics._shared.roc import roc_auc
from genearena.metrics.embedding_space import unit_length

FIRST = example_graphs()[0]
N = FIRST.n_genes
ABOUT = {"name": "go", "file": "f", "sha256": "0" * 64, "added": "2026-01-01"}
MOVED = [3, 7, 8]


def task_of(vectors, donors, clusters=None, label="mine"):
    """Return a task of (n, genes, dim) vectors of these donors and conditions, with one run."""
    graphs = GraphCollection(
        "lung",
        "mine",
        tuple(
            replace(FIRST, name=f"{number}", donor=donor, condition=condition)
            for number, (donor, condition) in enumerate(donors)
        ),
    )
    numbers = np.zeros(graphs.n_rows, int) if clusters is None else clusters
    return TaskRuns(graphs, (RunVectors(label, False, 0, unit_length(vectors), numbers),))


UNPAIRED = [(f"d{i}", "ab"[i % 2]) for i in range(8)]
PAIRED = [(f"d{i // 2}", "ab"[i % 2]) for i in range(10)]


def planted(donors, rng, noise=0.3):
    """Return vectors in which some genes take another's place under the second condition."""
    places = rng.normal(size=(N, 6))
    elsewhere = places.copy()
    elsewhere[MOVED] = rng.normal(size=(len(MOVED), 6))
    return np.stack(
        [
            (elsewhere if condition == "b" else places) + noise * rng.normal(size=(N, 6))
            for _, condition in donors
        ]
    )


def test_neighbourhoods_are_compared_by_correlation():
    """Of similarities to all others, as numpy has it; axes of their own change nothing."""
    rng = np.random.default_rng(0)
    vectors = unit_length(rng.normal(size=(3, 12, 4)))
    got = alike(vectors)
    for g in range(12):
        near = [np.delete(z @ z[g], g) for z in vectors]
        np.testing.assert_allclose(got[g], np.corrcoef(near), atol=1e-12)
    turned = [z @ stats.ortho_group.rvs(4, random_state=i) for i, z in enumerate(vectors)]
    np.testing.assert_allclose(alike(turned), got, atol=1e-12)


@pytest.mark.parametrize("donors", [UNPAIRED, PAIRED], ids=["unpaired", "paired"])
def test_planted_moves_come_out_first(donors):
    """By more than any gene moves when conditions are exchanged, and few others with them."""
    found = contrast(task_of(planted(donors, np.random.default_rng(1)), donors))
    test = found.rows[0].compared
    least = found.design.smallest_p
    moved = [found.genes.index(FIRST.genes[g]) for g in MOVED]
    assert set(np.argsort(-test.share)[:3]) == set(moved)
    assert (test.family_wise[moved] == least).all()
    assert (test.family_wise == least).mean() < 0.2
    assert test.overall == least
    apart, within = distances(found.rows[0].gram, found.design)
    foremost = test.share.argmax()
    assert apart[foremost] > 3 * within[foremost]
    assert found.baselines[0].compared.share.max() < 0.01  # these graphs are all the same


def test_one_vector_for_all_donors_moves_nowhere():
    """Whatever the vector."""
    one = np.random.default_rng(2).normal(size=(N, 6))
    test = contrast(task_of(np.stack([one] * 8), UNPAIRED)).rows[0].compared
    assert (test.share.max(), test.p.min(), test.overall) == (0, 1, 1)


def test_clusters_of_one_condition_are_found():
    """One that only donors under the second have, beside one that all have."""
    rng = np.random.default_rng(3)
    clusters = np.concatenate(
        [
            np.where(np.arange(N) < 6, 4 if condition == "b" else 2, rng.integers(2, size=N))
            for _, condition in UNPAIRED
        ]
    )
    task = task_of(planted(UNPAIRED, rng), UNPAIRED, clusters)
    found = cluster_contrast(contrast(task), task.runs[0])
    assert found.numbers == (0, 1, 2, 4)
    np.testing.assert_allclose(found.shares[2:], [[6 / N, 0], [0, 6 / N]])
    assert found.compared.p[2:].tolist() == [1 / 35, 1 / 35]
    assert found.compared.share[3] > 2 * found.compared.share[0]
    assert set(found.genes[3]) == set(FIRST.genes[:6])
    assert len(found.genes[3]) == 6


def test_sets_of_what_moves_come_out_first():
    """Beside what Fisher's test says of other assignments; of another species they are refused."""
    rng = np.random.default_rng(4)
    task = task_of(planted(UNPAIRED, rng), UNPAIRED)
    found = contrast(task)
    members = {"moved": [FIRST.genes[g] for g in MOVED]}
    members |= {f"other{i}": rng.choice(FIRST.genes, 8, replace=False) for i in range(12)}
    each = tuple(GeneSet(key=key, genes=tuple(genes)) for key, genes in members.items())
    sets = GeneSets(species="human", sets=each, **ABOUT)
    moved = moved_sets(found, found.rows[0], sets, 3, 20, movers=3)
    best = moved.enriched[0]
    assert (best.key, best.found, best.members) == ("moved", 3, 3)
    n = moved.n_genes
    assert best.p == pytest.approx(6 / (n * (n - 1) * (n - 2)))
    assert set(moved.movers) == set(members["moved"])
    assert 1 / 35 <= moved.p_donors[0] < 0.25
    assert len(moved.by_chance) == 68
    assert moved.n_found == 1
    assert moved.by_chance.mean() < 0.25
    with pytest.raises(DataError, match="'go' has mouse genes"):
        moved_sets(found, found.rows[0], sets.model_copy(update={"species": "mouse"}), 3, 20)


def test_methods_that_share_too_few_genes_are_refused():
    """A method without vectors leaves nothing to compare."""
    vectors = planted(UNPAIRED, np.random.default_rng(5))
    vectors[2, 9:] = 0
    with pytest.raises(DataError, match=r"9 genes are in all 8 graphs of lung .mine. with vectors"):
        contrast(task_of(vectors, UNPAIRED))


def simulated_task(seed, donors=6, genes=150, cells=250, rewired=0.0):
    """Return graphs of simulated donors, every second one under another condition."""
    sizes = {"donors": donors, "genes": genes, "cells": cells, "rewired": rewired}
    made = simulated_counts("lung", modalities=["scrna"], seed=seed, **sizes)
    build = BuildOptions(n_genes=genes, protocol="paper")
    graphs = [build_graph(control_quality(counts), build) for counts in made]
    return GraphCollection(
        "lung",
        "mine",
        tuple(replace(g, condition=("control", "rewired")[i % 2]) for i, g in enumerate(graphs)),
    )


def of_method(graphs, name, **settings):
    """Return the contrast of a task by one method."""
    vectors = METHODS.load(name)(**settings).fit(graphs).embed()
    run = RunVectors(name, False, 0, unit_length(vectors), np.zeros(graphs.n_rows, int))
    return contrast(TaskRuns(graphs, (run,)))


def truly_moved(found):
    """Return which genes are mostly in another programme, and which are always in some."""
    programmes = [[g.truth[g.index[gene]] for gene in found.genes] for g in found.graphs]
    first, second = (stats.mode(programmes[side::2]).mode for side in (0, 1))
    return first != second, (np.array(programmes) >= 0).all(axis=0)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["pca", "stacked", "musegnn"])
def test_simulated_rewiring_is_found(method):
    """Genes in another programme are ahead of those that stay, even with two donors of each."""
    few = METHODS.load(method).preset("fast") | ({"epochs": 20} if method == "musegnn" else {})
    areas, precisions = [], []
    for seed in (1, 2, 3):
        graphs = simulated_task(seed, donors=4, genes=100, cells=150, rewired=0.2)
        found = of_method(graphs, method, **few)
        moved, placed = truly_moved(found)
        share = found.rows[0].compared.share
        areas.append(roc_auc(share[moved & placed], share[~moved & placed]))
        precisions.append(moved[np.argsort(-share)[:5]].mean() / moved.mean())
        assert found.design.smallest_p == pytest.approx(1 / 3)
    assert np.mean(areas) > 0.7
    assert np.mean(precisions) > 1.5


@pytest.mark.slow
def test_more_donors_make_it_significant():
    """With three of each beyond what any exchange does; not by random vectors."""
    graphs = simulated_task(1, rewired=0.2)
    found = of_method(graphs, "stacked")
    moved, _ = truly_moved(found)
    test, least = found.rows[0].compared, found.design.smallest_p
    assert (least, test.overall) == (0.1, 0.1)
    sure = test.family_wise == least
    assert sure.any()
    assert moved[sure].mean() > 0.6
    assert of_method(graphs, "random").rows[0].compared.family_wise.min() > least


@pytest.mark.slow
def test_donors_of_one_condition_are_called_different_as_often_as_by_chance():
    """Without rewiring: on the whole, of one gene, and of any gene."""
    n_trials, level = 12, 0.1
    called = np.zeros(3)
    for seed in range(n_trials):
        test = of_method(simulated_task(seed), "stacked").rows[0].compared
        called += test.overall <= level, test.p[seed] <= level, test.family_wise.min() <= level
    assert (called <= stats.binom.ppf(0.999, n_trials, level)).all()


def test_the_command_lists_and_draws(tmp_path):
    """Two conditions from a file to tables, csv and figure; and what it cannot do in one line."""
    folder = ("--data-dir", tmp_path / "data")
    sizes = ("--donors", 6, "--genes", 90, "--cells", 120, "--modality", "scrna")
    made = ("data", "simulate", "--tissue", "lung", "--name", "two", "--protocol", "paper", *sizes)
    told = bench(*made, "--rewired", 0.3, *folder, cwd=tmp_path)
    assert "rewired" in told.stdout + told.stderr
    task = ("--tissue", "lung", "--source", "two", *folder)
    asked = ("--methods", "pca,random", "--seeds", 1, "--metrics", "edge_auc")
    bench("run", *task, *asked, cwd=tmp_path)
    done = bench("contrast", *folder, "--figure", "moves.svg", "--show", "pca", cwd=tmp_path)
    assert "Rewired against control in lung (two)" in done.stdout
    assert "3 donors of control and 3 of rewired; 20 ways" in done.stdout
    assert "no p can be below 0.1" in done.stdout
    assert "Genes that move most by pca" in done.stdout
    assert "Clusters of one condition by pca, seed 0" in done.stdout
    assert "rewired" in (tmp_path / "moves.svg").read_text()
    given = bench("contrast", *folder, "--format", "csv", cwd=tmp_path).stdout
    results = ga.Results(tmp_path / "results", data_dir=tmp_path / "data")
    same(
        ga.tl.contrast(results.embedding(), results.graphs(), use_rep=["X_pca", "X_random"]),
        frame_of(given),
    )
    rows = list(csv.DictReader(io.StringIO(given)))
    assert {row["method"] for row in rows} == {"pca", "random", "mean expression", "degree alone"}
    assert all(float(row["smallest_p"]) == 0.1 <= float(row["p"]) for row in rows)
    genes = sorted({row["gene"] for row in rows})
    assert len(rows) == 4 * len(genes)
    lines = (f"s{n}\t\t" + "\t".join(genes[n : n + 12]) for n in range(0, len(genes) - 12, 3))
    (tmp_path / "some.gmt").write_text("\n".join(lines))
    bench("genesets", "add", "some", "some.gmt", "--species", "human", *folder, cwd=tmp_path)
    asked = ("contrast", *folder, "--genesets", "some", "--min-size", 3, "--format", "md")
    assert "## some among the genes that move most by" in bench(*asked, cwd=tmp_path).stdout
    wrong = bench("contrast", *folder, "--by", "species", cwd=tmp_path, check=False)
    assert (wrong.returncode, wrong.stderr) == (
        2,
        "Error: lung (two) has the species human; want two, chosen by --between FIRST,SECOND\n",
    )
    wrong = bench("contrast", *folder, "--show", "pcaa", cwd=tmp_path, check=False)
    assert "--show pcaa is no method here; did you mean 'pca'?" in wrong.stderr
