"""Rewiring against scipy and plain loops, best, worst and chance, and what would win without it."""

from itertools import combinations, combinations_with_replacement

import numpy as np
import pytest
from scipy.stats import hypergeom, rankdata

from genearena.metrics.base import NotDefined
from genearena.metrics.rewiring import METRIC, partial_rank_correlation, shared_beyond_chance


@pytest.fixture
def donors(graph, adjacency):
    """Three donors of sixty genes, whose networks share most edges, each in an order of its own."""
    rng = np.random.default_rng(3)
    common = adjacency(rng, 60, 0.25)
    made = []
    for place in range(3):
        own = np.triu(rng.random((60, 60)) < 0.15, k=1)
        network = common ^ (own | own.T)
        order = rng.permutation(60)
        names = [f"G{g:02d}" for g in order]
        network = network[np.ix_(order, order)]
        shown = adjacency(rng, 60, 0.1) ^ network
        made.append(graph(f"d{place}", names, shown, None, network))
    return made


def in_order(donor, half="replicate"):
    """Return a donor's network of kept-back or other cells, genes by name."""
    rows = [donor.index[gene] for gene in sorted(donor.genes)]
    return getattr(donor, half).toarray()[np.ix_(rows, rows)] != 0


def likenesses(donors, i, j):
    """Return the genes' shares of partners, by sets of names and scipy's mean of chance."""
    first, second = (in_order(donors[p]) for p in (i, j))
    shares = []
    for a, b in zip(first, second, strict=True):
        chance = hypergeom(59, a.sum(), b.sum()).mean()
        most = min(a.sum(), b.sum())
        shares.append(((a & b).sum() - chance) / (most - chance))
    return np.array(shares)


def test_share_of_partners_beyond_chance(donors):
    """The mean of the hypergeometric distribution is 0, all partners shared 1."""
    for i, j in combinations(range(3), 2):
        share = shared_beyond_chance(in_order(donors[i]), in_order(donors[j]))
        np.testing.assert_allclose(share, likenesses(donors, i, j))
    same = shared_beyond_chance(in_order(donors[0]), in_order(donors[0]))
    np.testing.assert_allclose(same, 1)
    everyone = ~np.eye(60, dtype=bool)
    assert np.isnan(shared_beyond_chance(everyone, everyone)).all()


def test_equals_the_partial_correlation_of_the_inverse_covariance():
    """Of ranks, given those of two groups, their squares and the products within a group."""
    rng = np.random.default_rng(0)
    given = [[rng.integers(0, 40, size=200) for _ in range(2)] for _ in range(2)]
    x, y = (rng.normal(size=200) + 0.1 * given[k][0] * given[k][1] for k in range(2))
    ranks = [[rankdata(values) / 200 for values in group] for group in given]
    products = [a * b for group in ranks for a, b in combinations_with_replacement(group, 2)]
    rows = [rankdata(x), rankdata(y), *ranks[0], *ranks[1], *products]
    precision = np.linalg.inv(np.corrcoef(rows))
    want = -precision[0, 1] / np.sqrt(precision[0, 0] * precision[1, 1])
    assert partial_rank_correlation(x, y, given) == pytest.approx(want, abs=1e-9)


def test_equals_the_partial_rank_correlation_over_pairs_of_donors(donors, space):
    """Genes by name, cosines and shares by plain loops, degrees of both halves of the cells."""
    rng = np.random.default_rng(0)
    z = [rng.normal(size=(60, 5)).astype(np.float32) for _ in donors]
    values = []
    for i, j in combinations(range(3), 2):
        a, b = (
            np.array([z[p][donors[p].index[gene]] for gene in sorted(donors[p].genes)], dtype=float)
            for p in (i, j)
        )
        cosine = (a * b).sum(axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
        halves = ("replicate", "adjacency")
        degrees = [[in_order(donors[p], half).sum(axis=1) for p in (i, j)] for half in halves]
        replicated = [
            shared_beyond_chance(*(in_order(donors[p], half) for half in halves)) for p in (i, j)
        ]
        given = [*degrees, replicated]
        values.append(partial_rank_correlation(cosine, likenesses(donors, i, j), given))
    found = METRIC(space(donors, z))
    assert found.value == pytest.approx(np.mean(values), abs=1e-9)
    assert found.parts[0] == pytest.approx(np.mean(values[:2]), abs=1e-9)


def placed(donors, angle_of):
    """Return vectors of two donors, a gene's own two apart by an angle."""
    first = [np.array([[1.0, 0.0]] * 60)]
    genes = sorted(donors[0].genes)
    angle = dict(zip(genes, angle_of, strict=True))
    turned = np.array([[np.cos(angle[g]), np.sin(angle[g])] for g in donors[1].genes])
    return [*first, turned]


def test_best_worst_and_chance(donors, space):
    """The nearer the more partners it keeps gives 1, the farther -1, an order at random 0."""
    two = donors[:2]
    share = likenesses(donors, 0, 1)
    assert METRIC(space(two, placed(two, 1 - share))).value == pytest.approx(1)
    assert METRIC(space(two, placed(two, share + 1))).value == pytest.approx(-1)
    rng = np.random.default_rng(0)
    drawn = [METRIC(space(two, placed(two, rng.random(60)))).value for _ in range(200)]
    assert abs(np.mean(drawn)) < 3 * np.std(drawn) / np.sqrt(200)


def test_one_vector_per_name_is_at_0(donors, space):
    """Exactly, whatever the vectors: no gene lies apart."""
    rng = np.random.default_rng(0)
    own = {gene: rng.normal(size=8) for gene in donors[0].genes}
    names = [np.stack([own[gene] for gene in donor.genes]) for donor in donors]
    assert METRIC(space(donors, names)).value == 0


def test_knowing_degrees_or_noise_is_knowing_nothing(donors, space):
    """A distance in the order of any one of them has nothing left."""
    two = donors[:2]
    for donor in two:
        halves = in_order(donor, "adjacency"), in_order(donor)
        for known in (*(half.sum(axis=1) / 60 for half in halves), shared_beyond_chance(*halves)):
            assert METRIC(space(two, placed(two, 1.2 + known))).value == 0


def test_a_gene_without_a_vector_is_a_guess(donors, space):
    """The correlation of the others, times their share."""
    two = donors[:2]
    vectors = placed(two, 1 - likenesses(donors, 0, 1))
    gone = sorted(two[1].genes)[::10]
    vectors[1][[two[1].index[gene] for gene in gone]] = 0
    assert METRIC(space(two, vectors)).value == pytest.approx(54 / 60)
    vectors[1][:50] = 0
    assert METRIC(space(two, vectors)).value == 0  # too few to say anything of


def test_not_defined(donors, graph, space, adjacency):
    """With one data set, or where two that share genes do not both keep cells back."""
    rng = np.random.default_rng(0)
    z = rng.normal(size=(60, 3))
    with pytest.raises(NotDefined, match="one data set"):
        METRIC(space(donors[:1], [z]))
    bare = graph("bare", donors[0].genes, adjacency(rng, 60, 0.2))
    others = graph(
        "others",
        [f"X{g}" for g in range(60)],
        np.zeros((60, 60)),
        None,
        donors[0].replicate.toarray(),
    )
    for other in (bare, others):
        with pytest.raises(NotDefined, match="both keep back"):
            METRIC(space([donors[0], other], [z, z]))
