"""The simulator against closed forms, and the overlap and sparsity it promises."""

import os
import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from old_processor import OLD_PROCESSOR
from scipy import stats
from simulated import simulated, simulated_counts
from threadpoolctl import threadpool_limits

from genearena.data.build import build_graph
from genearena.data.cards.tissues import TISSUES
from genearena.data.common.errors import UsageError
from genearena.data.make import simulate_graphs
from genearena.data.options import BuildOptions, Simulation
from genearena.data.preprocessing.cscore import cscore
from genearena.data.quality.filtering import control_quality
from genearena.data.simulation.measure import FLUCTUATION, latent_moments

SMALL = {"genes": 60, "cells": 60}


def content(matrix):
    """Return all that identifies a count matrix, as bytes."""
    arrays = (matrix.counts.indptr, matrix.counts.indices, matrix.counts.data, matrix.truth)
    text = "\0".join([matrix.name, matrix.modality, matrix.species, *matrix.genes])
    return text.encode() + b"".join(array.tobytes() for array in arrays)


def contents(tissue="lung", **options):
    """Return the content of every sample, by name."""
    return {m.name: content(m) for m in simulated_counts(tissue, **(SMALL | options))}


@pytest.fixture(scope="module")
def lung():
    """The default lung task."""
    return simulated("lung")


@pytest.fixture(scope="module")
def many_cells():
    """One donor with enough cells to see expectations."""
    return simulated("liver", donors=1, cells=4000, genes=100)[0]


def build(sample, genes):
    """Take a sample through the ingest path of real counts."""
    options = BuildOptions(n_genes=genes, protocol="paper")
    return build_graph(control_quality(sample.counts), options)


@pytest.fixture(scope="module")
def lung_graphs(lung):
    """The graphs of the default lung task."""
    return [build(sample, 300) for sample in lung]


def test_a_task_is_the_same_on_any_number_of_cores():
    """BLAS sums in another order with other threads, which moves last digits."""
    seen = set()
    for threads in (1, 2, 4):
        with threadpool_limits(threads):
            seen.add(simulate_graphs("lung", sizes=Simulation(donors=1)).fingerprint)
    assert len(seen) == 1


@pytest.mark.slow
def test_a_task_is_the_same_on_an_old_processor(tmp_path):
    """Its last digits are not: of the third donor of the thymus one profile has another there."""
    code = (
        "from genearena.data.make import simulate_graphs\n"
        "from genearena.data.options import Simulation\n"
        "task = simulate_graphs('thymus', sizes=Simulation(modalities=('scrna',)))\n"
        "print(task.fingerprint)"
    )
    told = []
    for more in ({}, OLD_PROCESSOR | {"NUMBA_CACHE_DIR": str(tmp_path)}):
        command = [sys.executable, "-W", "ignore", "-c", code]
        environment = os.environ | more
        told.append(
            subprocess.run(command, env=environment, capture_output=True, check=True).stdout
        )
    assert told[0] == told[1] != b""


def test_same_seed_same_bytes():
    """A seed gives the same bytes again, and neither reads nor moves the global state."""
    first = contents(seed=3)
    np.random.seed(99)  # noqa: NPY002 - the global state is what is tested
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    assert contents(seed=3) == first
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


def test_another_seed_changes_every_sample():
    """No sample of another seed is the same."""
    first, second = contents(seed=0), contents(seed=1)
    assert all(first[name] != second[name] for name in first)


def test_samples_do_not_depend_on_their_company():
    """More donors, fewer modalities or another species leave a sample as it is."""
    default = contents()
    more = contents(donors=6, second_species=True)
    assert set(more) - set(default) == {
        "lung_scrna_5",
        "lung_scrna_6",
        "lung_lemur_1",
        "lung_mouse_1",
    }
    assert all(more[name] == default[name] for name in default)
    scatac = contents(modalities=["scatac"])
    assert scatac == {"lung_scatac_1": default["lung_scatac_1"]}


def test_donors_differ():
    """Donors of one tissue share gene names but neither counts, truth nor size throughout."""
    donors = simulated_counts("lung", modalities=["scrna"], **SMALL)
    assert len({matrix.genes for matrix in donors}) == 1
    assert len({matrix.truth.tobytes() for matrix in donors}) == len(donors)
    assert len({matrix.counts.data.tobytes() for matrix in donors}) == len(donors)
    assert len({matrix.n_cells for matrix in donors}) > 1


def test_every_second_donor_is_rewired_alike():
    """The others are as without; about as many genes as asked for are elsewhere in all of these."""
    told, plain = (
        simulated("lung", modalities=["scrna"], rewired=share, **SMALL) for share in (0.2, 0)
    )
    assert [s.counts.condition for s in told] == ["control", "rewired"] * 2
    assert {s.counts.condition for s in plain} == {""}
    assert [content(s.counts) for s in told[::2]] == [content(s.counts) for s in plain[::2]]
    moved = []
    for now, before in zip(told[1::2], plain[1::2], strict=True):
        placed = now.counts.truth >= 0
        assert (placed == (before.counts.truth >= 0)).all()
        np.testing.assert_array_equal(now.model.noise, before.model.noise)
        shared = placed & (before.counts.truth < 12) & (now.counts.truth < 12)
        elsewhere = shared & (now.counts.truth != before.counts.truth)
        assert 0.1 < elsewhere.sum() / shared.sum() < 0.3
        moved.append((shared, elsewhere, now.counts.truth))
    (first, gone, new), (second, away, newer) = moved
    both = first & second & gone & away
    # few are in other programmes by the donor's own doing, too
    assert (gone == away)[first & second].mean() > 0.9
    assert (new == newer)[both].mean() > 0.75
    with pytest.raises(UsageError, match="rewired is 2, want 0 to 1"):
        simulated("lung", rewired=2, **SMALL)


def test_names_and_labels_are_plainly_synthetic(lung):
    """Gene names carry the tissue and a number, and everything says simulated."""
    for sample in lung:
        matrix = sample.counts
        assert matrix.simulated
        assert matrix.tissue == "lung"
        assert matrix.genes[0] == "LUNG0001"
        assert all(gene[:4] == "LUNG" and gene[4:].isdigit() for gene in matrix.genes)


def test_the_default_lung_task(lung):
    """Lung has four scRNA donors and one scATAC sample of 300 to 450 cells."""
    assert [s.counts.modality for s in lung] == ["scrna"] * 4 + ["scatac"]
    assert all(300 <= s.counts.n_cells <= 450 for s in lung)


@pytest.mark.parametrize("tissue", TISSUES)
def test_sparsity_and_depth_are_those_of_real_cells(tissue):
    """About 85-92 % zeros and 1-5 k counts in a typical scRNA cell; scATAC is sparser."""
    samples = simulated_counts(tissue)
    zeros = {m.name: 1 - m.counts.nnz / np.prod(m.counts.shape) for m in samples}
    for matrix in samples:
        depth = np.median(matrix.counts.sum(axis=1))
        assert 0.81 < zeros[matrix.name] < 0.93
        assert 1000 < depth < 5000
        assert (np.asarray((matrix.counts > 0).sum(axis=1)) >= 200).mean() > 0.9
    if f"{tissue}_scatac_1" in zeros:
        donors = [share for name, share in zeros.items() if "scrna" in name]
        assert zeros[f"{tissue}_scatac_1"] > np.mean(donors)


@pytest.mark.parametrize("tissue", TISSUES)
def test_truth_is_shared_but_not_identical_between_donors(tissue):
    """Programmes mostly agree between samples, some genes move, and each has one of its own."""
    spec = TISSUES[tissue]
    samples = simulated_counts(tissue, second_species=bool(spec.other_species), cells=40)
    for a, b in combinations(samples, 2):
        both = (a.truth >= 0) & (b.truth >= 0)
        assert 0.5 < (a.truth[both] == b.truth[both]).mean() < 0.98
        assert ((a.truth >= 0) & (b.truth < 0)).any()
    own = [set(m.truth[m.truth >= spec.programmes].tolist()) for m in samples]
    assert all(len(labels) == 1 for labels in own)
    assert len(set.union(*own)) == len(samples)


@pytest.mark.parametrize("tissue", TISSUES)
def test_variable_genes_overlap_but_differ(tissue):
    """Genes kept in all graphs and genes private to a graph of each pair both exist in number."""
    samples = simulated(tissue, genes=100, cells=250)
    genes = [set(build(sample, 100).genes) for sample in samples]
    assert 0.2 < len(set.intersection(*genes)) / 100 < 0.75
    assert all(len(a - b) >= 20 for a, b in combinations(genes, 2))


def test_default_graphs_overlap_as_real_ones_do(lung_graphs):
    """Lung: 40-65 % of the genes in all graphs, at least 60 private genes for every pair."""
    genes = [set(graph.genes) for graph in lung_graphs]
    assert 0.40 <= len(set.intersection(*genes)) / 300 <= 0.65
    assert all(len(a - b) >= 60 for a, b in combinations(genes, 2))


def test_default_graphs_have_realistic_edges(lung_graphs):
    """Density 5-25 %, few isolated genes, and edges mostly where programmes are shared."""
    for graph in lung_graphs:
        dense = graph.adjacency.toarray() > 0
        rows, columns = np.triu_indices(graph.n_genes, 1)
        edge, truth = dense[rows, columns], graph.truth
        same = (truth[rows] == truth[columns]) & (truth[rows] >= 0)
        background = (truth[rows] < 0) | (truth[columns] < 0)
        assert 0.05 <= graph.density <= 0.25
        assert (dense.sum(axis=1) == 0).mean() < 0.10
        assert edge[same].mean() > 5 * edge[~same & ~background].mean()
        assert edge[background].mean() < 0.03


def test_default_graphs_share_some_edges(lung_graphs):
    """Among common genes of two graphs, between 0.2 and 0.6 of all their edges are in both."""
    for a, b in combinations(lung_graphs, 2):
        common = sorted(set(a.genes) & set(b.genes))
        first, second = (
            g.adjacency.toarray()[np.ix_(rows, rows)] > 0
            for g, rows in ((g, [g.index[name] for name in common]) for g in (a, b))
        )
        assert 0.2 <= (first & second).sum() / (first | second).sum() <= 0.6


def often_seen(sample):
    """Return columns, names and dense counts of the genes with more than 0.2 counts a cell."""
    matrix = sample.counts
    columns = np.flatnonzero(np.asarray(matrix.counts.mean(axis=0)) > 0.2)
    return columns, [matrix.genes[c] for c in columns], matrix.counts[:, columns].toarray()


def test_mean_of_counts_is_depth_times_latent_mean(many_cells):
    """E[x] = s μ: summed counts over summed depth are the closed-form latent mean."""
    _, names, x = often_seen(many_cells)
    mean, _ = many_cells.latent_moments(names)
    ratio = x.sum(axis=0) / (mean * many_cells.depth.sum())
    assert len(names) > 100
    assert abs(ratio.mean() - 1) < 0.02
    assert np.abs(ratio - 1).max() < 0.25


def test_variance_of_counts_is_poisson_plus_latent(many_cells):
    """Var[x] = s μ + s² σ²: squared deviations have that mean, which Poisson alone has not."""
    columns, names, x = often_seen(many_cells)
    mu, covariance = many_cells.latent_moments(names)
    s = many_cells.depth[:, None]
    squares = ((x - s * mu) ** 2).mean(axis=0)
    poisson = (s * mu).mean(axis=0)
    ratio = squares / (poisson + (s**2 * np.diag(covariance)).mean(axis=0))
    assert abs(np.median(ratio) - 1) < 0.05
    assert np.median((squares / poisson)[many_cells.counts.truth[columns] >= 0]) > 1.2


def test_depth_is_log_normal(many_cells):
    """Log depth is normal with the promised spread."""
    z = np.log(many_cells.depth)
    assert abs(z.std() - 0.45) < 0.03
    assert stats.kstest((z - z.mean()) / z.std(), "norm").pvalue > 0.01


def test_true_moments_match_a_naive_monte_carlo():
    """The closed form agrees with drawing log expression of a few genes a million times."""
    rng = np.random.default_rng(0)
    mean, noise = np.array([0.4, 1.0, 2.0]), np.array([0.3, 0.5, 0.2])
    loadings = np.array([[0.8, 0.0], [0.5, 0.4], [0.0, 0.6]])
    activity = rng.normal(0.0, 0.7, (2, 3, 2))
    closed_mean, closed = latent_moments(mean, loadings, noise, activity)
    draws = []
    for unit in range(3):
        cells = []
        for member in range(2):
            moving = activity[member, unit] + FLUCTUATION * rng.normal(size=(300_000, 2))
            log = np.log(mean) + moving @ loadings.T + noise * rng.normal(size=(300_000, 3))
            shift = (FLUCTUATION**2 * (loadings**2).sum(axis=1) + noise**2) / 2
            cells.append(np.exp(log - shift))
        draws.append(sum(cells) / 2)
    pooled = np.vstack(draws)
    np.testing.assert_allclose(pooled.mean(axis=0), closed_mean, rtol=0.01)
    np.testing.assert_allclose(np.cov(pooled, rowvar=False), closed, rtol=0.05)


def test_latent_correlation_is_a_correlation_in_the_order_asked(lung):
    """It is symmetric, positive semi-definite, 1 on the diagonal, and follows the names given."""
    names = lung[0].counts.genes[:40]
    full = lung[0].latent_correlation(names)
    np.testing.assert_allclose(full, full.T, atol=1e-12)
    np.testing.assert_allclose(np.diag(full), 1.0)
    assert np.linalg.eigvalsh(full).min() > -1e-9
    backwards = lung[0].latent_correlation(names[::-1])
    np.testing.assert_allclose(backwards, full[::-1, ::-1], atol=1e-12)
    with pytest.raises(UsageError, match="'HEART0001' is not in sample 'lung_scrna_1'"):
        lung[0].latent_correlation(["HEART0001"])


@pytest.mark.parametrize("tissue", ["lung", "heart"])
def test_programmes_correlate_within_more_than_between(tissue):
    """In every sample the true correlation is high in a programme, low between, 0 without one."""
    for sample in simulated(tissue, genes=60, cells=200):
        truth = sample.counts.truth
        background = np.flatnonzero(truth < 0)[:50]
        rows = np.concatenate([np.flatnonzero(truth >= 0), background])
        c = sample.latent_correlation([sample.counts.genes[row] for row in rows])
        first, second = np.triu_indices(len(rows), 1)
        label, value = truth[rows], c[first, second]
        same = (label[first] == label[second]) & (label[first] >= 0)
        without = (label[first] < 0) | (label[second] < 0)
        assert value[same].mean() > 0.2
        assert value[same].mean() > 3 * np.abs(value[~same & ~without]).mean()
        assert np.abs(value[without]).max() < 1e-9


def test_genes_without_programme_are_independent_for_cscore(lung):
    """CS-CORE calls edges among such genes at about its level, with the true depth."""
    sample = lung[0]
    matrix = sample.counts
    often = np.asarray((matrix.counts > 0).sum(axis=0)) > 20
    noisy = np.flatnonzero((matrix.truth < 0) & (sample.model.noise > 0.9) & often)
    found = cscore(matrix.counts[:, noisy], depth=sample.depth)
    pairs = np.triu_indices(noisy.size, 1)
    assert noisy.size > 20
    assert (found.p_value[pairs] < 0.05).mean() < 0.10


def test_cscore_finds_the_true_correlation(many_cells):
    """With many cells the estimate follows the closed-form correlation of the latent expression."""
    matrix = many_cells.counts
    abundant = np.asarray(matrix.counts.sum(axis=0)) > 2000
    genes = np.flatnonzero((matrix.truth >= 0) & abundant)
    true = many_cells.latent_correlation([matrix.genes[gene] for gene in genes])
    found = cscore(matrix.counts[:, genes], depth=many_cells.depth).correlation
    pairs = np.triu_indices(genes.size, 1)
    assert np.corrcoef(found[pairs], true[pairs])[0, 1] > 0.9
    assert np.abs(found[pairs] - true[pairs]).mean() < 0.05


def test_spots_vary_smoothly_over_the_section():
    """Neighbouring spots are more alike in programme activity than distant ones."""
    spatial = simulated("heart", modalities=["spatial"], **SMALL)[0]
    place, activity = spatial.counts.coordinates, spatial.activity.mean(axis=0)
    distance = np.linalg.norm(place[:, None] - place[None], axis=2)
    difference = np.linalg.norm(activity[:, None] - activity[None], axis=2)
    near, far = (distance > 0) & (distance < 1.2), distance > 4
    assert spatial.activity.shape[0] == 8
    assert difference[near].mean() < 0.8 * difference[far].mean()


def test_other_species_have_the_same_gene_names():
    """Animals' genes are the orthologs, with more of them in another programme."""
    samples = {m.name: m for m in simulated_counts("liver", second_species=True, **SMALL)}
    human, donor, mouse = (samples[f"liver_{n}"] for n in ("scrna_1", "scrna_2", "mouse_1"))
    assert (mouse.species, mouse.modality) == ("mouse", "scrna")
    assert mouse.genes == human.genes
    agree = [
        (human.truth == other.truth)[(human.truth >= 0) & (other.truth >= 0)].mean()
        for other in (donor, mouse)
    ]
    assert agree[1] < agree[0]


def test_sizes_follow_the_options():
    """Gene pool, cells and donors grow as asked, up to fifteen donors."""
    assert len(simulated_counts("pbmc", donors=15, **SMALL)) == 15
    big = simulated_counts("lung", donors=1, genes=1000, cells=80, modalities=["scrna"])[0]
    assert big.n_genes >= 3000
    assert (big.truth >= 0).sum() > 700
    assert 70 <= big.n_cells <= 100


@pytest.mark.parametrize("genes", [100, 300, 1000])
def test_background_keeps_most_of_the_counts(genes):
    """However many genes a graph keeps, programmes stay a minor share of a cell's counts."""
    matrix = simulated_counts("cerebellum", donors=1, genes=genes, cells=100)[0]
    total = np.asarray(matrix.counts.sum(axis=0))
    assert 0.02 < total[matrix.truth >= 0].sum() / total.sum() < 0.4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tissue": "lungs"}, "did you mean 'lung'"),
        ({"donors": 0}, "donors is 0, want 1 to 15"),
        ({"donors": 16}, "donors is 16, want 1 to 15"),
        ({"genes": 5}, "genes is 5, want at least 20"),
        ({"cells": 3}, "cells is 3, want at least 20"),
        ({"seed": -1}, "seed is -1, want at least 0"),
        ({"modalities": ["spatial"]}, "lung has no modality 'spatial'"),
        ({"modalities": []}, "no modality asked for"),
        ({"tissue": "pbmc", "second_species": True}, "no second species of pbmc"),
    ],
)
def test_bad_requests_are_refused_in_one_line(options, message):
    """What cannot be simulated is refused with what was got and wanted."""
    with pytest.raises(UsageError, match=message) as caught:
        simulated_counts(**({"tissue": "lung"} | options))
    assert "\n" not in str(caught.value)
