"""The nearest genes of one: against a loop, with its evidence, and as the command shows them."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from tiny_task import SOURCE, bench

from genearena.benchmark.biology.neighbours import neighbours
from genearena.benchmark.biology.stored_vectors import RunVectors, TaskRuns
from genearena.data.common.errors import DataError, UsageError
from genearena.data.genesets.gene_sets import GeneSet, GeneSets
from genearena.methods.example import example_graphs
from genearena.metrics.embedding_space import unit_length

GENE = "COMMON03"


def noise(graphs, seed):
    """Return random vectors of length 1."""
    rng = np.random.default_rng(seed)
    return unit_length([rng.normal(size=(g.n_genes, 5)).astype(np.float32) for g in graphs])


@pytest.fixture
def task():
    """Two runs of a method and one of another on three graphs, one of them with cells kept back."""
    graphs = example_graphs()
    first = replace(graphs[0], replicate=graphs[0].adjacency)
    graphs = graphs.with_graphs([first, *graphs.graphs[1:]])
    named = (("mine", 0), ("mine", 1), ("other", 0))
    runs = [
        RunVectors(name, False, seed, noise(graphs, seed), np.zeros(0, int)) for name, seed in named
    ]
    return TaskRuns(graphs, tuple(runs))


def sets(*members, name="go", species="human"):
    """Return gene sets with these members, called s0, s1, …"""
    each = tuple(GeneSet(key=f"s{i}", genes=genes) for i, genes in enumerate(members))
    about = {"file": "f", "sha256": "0" * 64, "added": "2026-01-01"}
    return GeneSets(name=name, species=species, sets=each, **about)


def test_neighbours_are_those_of_a_loop(task):
    """Mean cosine over runs in every graph; support, then mean cosine over graphs."""
    mine, other = neighbours(task, GENE, k=3)
    assert (mine.label, mine.n_runs, other.label, other.n_runs) == ("mine", 2, "other", 1)
    cosines, near = {}, {}
    for position, graph in enumerate(task.graphs):
        own = graph.genes.index(GENE)
        found = {}
        for i, gene in enumerate(graph.genes):
            if i != own:
                each = [r.directions[position][i] @ r.directions[position][own] for r in task.runs]
                found[gene] = np.mean(each[:2])
                cosines.setdefault(gene, []).append(found[gene])
        for gene in sorted(found, key=found.get)[-3:]:
            near.setdefault(gene, []).append(graph.name)
    order = sorted(near, key=lambda gene: (-len(near[gene]), -np.mean(cosines[gene])))
    assert [row.gene for row in mine.rows] == order
    assert [list(row.near) for row in mine.rows] == [near[gene] for gene in order]
    want = [np.mean(cosines[gene]) for gene in order]
    np.testing.assert_allclose([row.cosine for row in mine.rows], want, rtol=1e-5)
    assert mine.by_chance == pytest.approx(sum(3 / (g.n_genes - 1) for g in task.graphs))


def test_evidence_is_that_of_the_graphs(task):
    """Edges of both kinds are counted, and profiles correlated as numpy does."""
    mine, _ = neighbours(task, GENE, k=40)
    rows = {row.gene: row for row in mine.rows}
    assert len(rows) == len({gene for graph in task.graphs for gene in graph.genes}) - 1
    for gene, row in rows.items():
        both = [graph for graph in task.graphs if gene in graph.genes]
        pairs = [(g, g.genes.index(GENE), g.genes.index(gene)) for g in both]
        assert row.both == len(both)
        assert row.edges == sum(g.adjacency[i, j] != 0 for g, i, j in pairs)
        kept = [g.replicate[i, j] != 0 for g, i, j in pairs if g.replicate is not None]
        assert (row.kept_back, row.both_kept_back) == (sum(kept), len(kept))
        want = np.mean([np.corrcoef(g.x[[i, j]])[0, 1] for g, i, j in pairs])
        assert row.correlation == pytest.approx(want, abs=1e-6)
    assert mine.n_kept_back == 1
    assert max(row.edges for row in rows.values()) > 1


def test_shared_sets_are_told_smallest_first(task):
    """Sets with the gene alone, or without it, are no evidence."""
    own = sets((GENE, "COMMON00", "COMMON01"), (GENE, "COMMON00"), ("COMMON00", "X"), (GENE, "Y"))
    mine, _ = neighbours(task, GENE, k=40, sets=[own])
    told = {row.gene: row.shared for row in mine.rows if row.shared}
    assert told == {"COMMON00": ("s1", "s0"), "COMMON01": ("s0",)}


def test_genes_without_a_vector_are_no_neighbours(task):
    """Nor does a data set count in which the gene itself has none."""
    blank = [z.copy() for z in task.runs[2].directions]
    own, out = task.graphs[0].genes.index(GENE), task.graphs[1].genes.index("COMMON00")
    blank[0][own], blank[1][out] = 0, 0
    task = replace(task, runs=(replace(task.runs[2], directions=tuple(blank)),))
    (found,) = neighbours(task, GENE, k=40)
    assert found.datasets == tuple(graph.name for graph in task.graphs.graphs[1:])
    (row,) = (row for row in found.rows if row.gene == "COMMON00")
    assert (row.near, row.both) == ((task.graphs[2].name,), 1)
    first, *others = task.graphs
    for row in found.rows:
        pairs = [(g, g.index[row.gene]) for g in others if row.gene in g.genes]
        assert row.both <= len(pairs)
        assert row.edges == sum(g.adjacency[g.index[GENE], i] for g, i in pairs[-row.both :])
        assert row.both_kept_back == 0
    assert first.adjacency[own].nnz


def test_what_cannot_be_asked_is_said(task):
    """A gene of no graph, one without a vector, sets of another species."""
    with pytest.raises(UsageError, match=r"no graph of example .* 'COMMON99'; did you mean"):
        neighbours(task, "COMMON99")
    with pytest.raises(DataError, match="'go' has mouse genes"):
        neighbours(task, GENE, sets=[sets((GENE, "A"), species="mouse")])
    nothing = tuple(np.zeros_like(z) for z in task.runs[0].directions)
    blank = replace(task, runs=(replace(task.runs[0], directions=nothing),))
    with pytest.raises(DataError, match=f"mine has no vector of '{GENE}' in example"):
        neighbours(blank, GENE)


def test_the_command_shows_the_best_method(data_dir, tmp_path):
    """Unless told which; all rows in csv, so many in a table."""
    task = ("--tissue", "lung", "--source", SOURCE, "--data-dir", data_dir)
    bench("run", *task, "--methods", "pca,stacked,random", "--seeds", 2, cwd=tmp_path)
    gene = _a_gene(tmp_path)
    known = ("neighbors", gene, "--data-dir", data_dir)
    table = bench(*known, "--rows", 4, cwd=tmp_path).stdout
    assert table.splitlines()[0].startswith(f"{gene} in lung ({SOURCE}) by ")
    assert "by random" not in table
    assert "more, near in" in table
    out = bench(*known, "--methods", "pca", "--format", "csv", cwd=tmp_path).stdout
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {row["method"] for row in rows} == {"pca"}
    assert len(rows) > 4


def _a_gene(folder):
    import anndata

    path = next((folder / "results" / "embeddings").glob("*.h5ad"))
    return anndata.read_h5ad(path).obs["gene"].mode()[0]
