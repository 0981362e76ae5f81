"""What tries to win the headline without knowledge does not: names, degrees, memory, gaps."""

from dataclasses import replace

import numpy as np
import pytest
from adversaries import Blanks, Covered, Memory, NameHash, OtherGenes, TinyVectors, Wobble
from simulated import simulated

from genearena.benchmark.compare.metric_columns import STAND_INS
from genearena.data.build import build_graph
from genearena.data.graphs import GraphCollection
from genearena.data.options import BuildOptions
from genearena.methods.registry import METHODS
from genearena.methods.stacked import Stacked
from genearena.metrics.embedding_space import EmbeddingSpace, NewDonor
from genearena.metrics.registry import METRICS

HEADLINE = {name for name in METRICS.builtin if METRICS.load(name).headline}
KNOWN = HEADLINE - STAND_INS.keys()
UNKNOWN = HEADLINE - set(STAND_INS.values())


@pytest.fixture(scope="module")
def task():
    """Four simulated donors, a half of the cells of each kept back."""
    samples = simulated("lung", donors=4, modalities=("scrna",), genes=150, cells=500, seed=3)
    graphs = [build_graph(sample.counts, BuildOptions(n_genes=150)) for sample in samples]
    whole = [
        replace(graph, latent=sample.latent_correlation(graph.genes))
        for graph, sample in zip(graphs, samples, strict=True)
    ]
    return GraphCollection("lung", "made-up", tuple(whole))


@pytest.fixture(scope="module", params=[KNOWN, UNKNOWN], ids=["functions known", "unknown"])
def questions(request):
    """Return the headline's questions where functions are known, or where they are not."""
    return sorted(request.param)


@pytest.fixture(scope="module")
def scored(task, questions):
    """Return the mean of the four questions of a method, trained again without the first donor."""

    def score(method):
        first = method.fit(task).embed()
        second = method.fit(task.with_graphs(task.graphs[1:])).embed()
        unseen = np.zeros((task[0].n_genes, second[0].shape[1]), dtype=np.float32)
        space = EmbeddingSpace(task, tuple(first), NewDonor(0, (unseen, *second)))
        return float(np.mean([METRICS.load(name)(space).value for name in questions]))

    return score


@pytest.fixture(scope="module")
def of(scored):
    """Return the headline of a registered method."""
    return lambda name, **settings: scored(METHODS.load(name)(**settings))


@pytest.fixture(scope="module")
def consensus(of):
    """Return the headline of the average network."""
    return of("consensus")


def test_four_questions():
    """The headline is made of these and no others."""
    always = {"replicated_edges", "new_donor"}
    assert always | {"shared_function", "specific_function"} == KNOWN
    assert always | {"shared_partners", "rewiring"} == UNKNOWN


@pytest.mark.parametrize("name", ["random", "gene_name", "expression_mean"])
def test_what_knows_nothing_is_at_chance(of, name):
    """Within .03 of 0 on average over seeds; a single one strays by the few genes that change."""
    found = [of(name, seed=seed) for seed in range(8)]
    assert abs(np.mean(found)) < 0.03
    assert np.abs(found).max() < 0.1


@pytest.mark.parametrize("name", ["spots", "degree"])
def test_heaps_and_hubs_stay_below_the_average_network(of, consensus, name):
    """They tell something, of the average network or of degrees, and less than it."""
    assert of(name) < consensus


def test_other_genes_vectors_are_worth_nothing(scored):
    """One permutation of all names, the same in all donors, takes everything that was learnt."""
    assert scored(Stacked()) > 0.4
    assert abs(scored(OtherGenes())) < 0.06


def test_a_memory_of_the_graph_is_no_knowledge(scored, consensus):
    """Its own edges, row by row and by itself, are found again only as far as they replicate."""
    assert scored(Memory()) < consensus


def test_moving_apart_what_has_few_edges_hardly_pays(scored, questions):
    """A guess at which genes change, by their degrees, on top of what the average network knows.

    It gains by Specific, since genes of few edges do change more in simulated data, and not by
    Rewiring, which sets degrees aside.
    """
    pays = 0.055 if "specific_function" in questions else 0.02
    assert scored(Wobble()) < scored(Covered()) + pays


def test_any_vector_for_genes_without_edges_pays_little(scored, consensus):
    """Who has few partners in one half of the cells has few in the other, and that is known."""
    assert consensus < scored(Covered()) < consensus + 0.03


@pytest.mark.parametrize("method", [Blanks, TinyVectors])
def test_leaving_out_hard_genes_does_not_pay(scored, method):
    """Neither zeros nor tiny vectors for the genes of lowest degree lift the best baseline."""
    assert scored(method()) <= scored(Stacked()) + 1e-6


def test_hashes_of_names_are_at_chance(scored):
    """A few spots, by the name alone: what four of the paper's six metrics like best."""
    assert abs(scored(NameHash())) < 0.05


def test_the_oracle_is_above_everything(of, questions):
    """What knows the truth is best, by as much as noisy labels allow where they are from cells."""
    best = of("oracle")
    assert best > max(of(name) for name in ("stacked", "consensus", "pca", "neighbourhood"))
    assert best > (0.6 if "shared_function" in questions else 0.4)
