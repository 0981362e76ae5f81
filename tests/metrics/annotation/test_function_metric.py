"""The metric of gene sets: what all metrics keep, and what it must not be won by."""

import numpy as np
import pytest

from genearena.data.genesets.gene_sets import GeneSet, GeneSets
from genearena.metrics.base import NotDefined
from genearena.metrics.checks import CHECKS
from genearena.metrics.embedding_space import EmbeddingSpace
from genearena.metrics.example import (
    edge_cases,
    example_graphs,
    ideal_space,
    poor_space,
    random_space,
)
from genearena.metrics.function import function_metric


def module_sets(species="simulated"):
    """Return the modules of the example as gene sets."""
    sets = {}
    for graph in example_graphs():
        for gene, module in zip(graph.genes, graph.truth, strict=True):
            sets.setdefault(int(module), set()).add(gene)
    return GeneSets(
        name="modules",
        species=species,
        file="modules.gmt",
        sha256="0" * 64,
        added="2026-01-01",
        sets=tuple(GeneSet(key=str(k), genes=tuple(sorted(v))) for k, v in sets.items()),
    )


METRIC = function_metric("function:modules", module_sets())


def test_it_keeps_what_all_metrics_keep():
    """Range, direction, invariance, purity, and a reason where it has no meaning."""
    for check in CHECKS:
        check(METRIC)


def test_good_vectors_beat_hubs_and_noise_does_not():
    """The ideal is the optimum less what degrees have, noise a guess less the same."""
    ideal, noise = METRIC(ideal_space()).value, METRIC(random_space()).value
    assert ideal - noise == pytest.approx(0.5, abs=0.05)
    assert METRIC(poor_space()).value < ideal


def test_a_vector_for_each_name_gains_nothing():
    """It finds the gene itself, which has no vote."""
    rng = np.random.default_rng(0)
    graphs = example_graphs()
    own = {gene: rng.normal(size=8) for graph in graphs for gene in graph.genes}
    vectors = [np.stack([own[g] for g in graph.genes]).astype(np.float32) for graph in graphs]
    named = METRIC(EmbeddingSpace(graphs, tuple(vectors))).value
    assert abs(named - METRIC(random_space()).value) < 0.05


def test_leaving_genes_out_gains_nothing():
    """Half of the genes without a vector bring the ideal half of the way to a guess."""
    full = ideal_space()
    blank = [z * (np.arange(len(z))[:, None] % 2) for z in full.vectors]
    some = METRIC(EmbeddingSpace(full.graphs, tuple(blank))).value
    assert METRIC(random_space()).value < some < METRIC(full).value - 0.1


def test_where_it_has_no_meaning_it_says_why():
    """One donor, or gene sets of others."""
    with pytest.raises(NotDefined, match="one data set"):
        METRIC(edge_cases()["one data set"])
    with pytest.raises(NotDefined, match="--orthologs"):
        function_metric("function:m", module_sets("mouse"))(random_space())


def test_its_version_is_the_checksum():
    """So that other sets of the same name are another metric."""
    assert "0" * 64 in METRIC.version
    other = module_sets().model_copy(update={"sha256": "1" * 64})
    assert function_metric("function:modules", other).version != METRIC.version
