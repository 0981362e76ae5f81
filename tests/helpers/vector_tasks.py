"""Small tasks with vectors and clusters of a test's own making."""

import numpy as np
from scipy import sparse

from genearena.benchmark.biology.stored_vectors import RunVectors, TaskRuns
from genearena.data.genesets.gene_sets import GeneSet, GeneSets
from genearena.data.graphs import GeneGraph, GraphCollection
from genearena.metrics.embedding_space import unit_length


def gene_graph(name, genes, rng, species="human", density=0.1, cells=25, tissue="lung"):
    """Return a graph of some genes with random edges and profiles, degrees of many sizes."""
    n = len(genes)
    eager = rng.uniform(0.2, 2, n)
    upper = np.triu(rng.random((n, n)) < density * np.outer(eager, eager), k=1)
    adjacency = sparse.csr_array((upper | upper.T).astype(np.int8))
    x = rng.normal(size=(n, cells)) * rng.uniform(0.5, 2, (n, 1))
    return GeneGraph(name, tissue, "scrna", species, tuple(genes), x.astype(np.float32), adjacency)


def task_of(graphs, *runs):
    """Return a task with runs that are given as (label, vectors, clusters)."""
    collection = GraphCollection("lung", "mine", tuple(graphs))
    rows = collection.n_rows
    made = tuple(
        RunVectors(
            label,
            False,
            seed,
            tuple(unit_length([z.astype(np.float32) for z in vectors])),
            np.zeros(rows, np.int64) if clusters is None else np.asarray(clusters),
        )
        for seed, (label, vectors, clusters) in enumerate(runs)
    )
    return TaskRuns(collection, made)


def gene_sets(members, name="sets", species="human", titles=None):
    """Return gene sets of these members by name."""
    each = tuple(
        GeneSet(key=key, title=(titles or {}).get(key, ""), genes=tuple(genes))
        for key, genes in members.items()
    )
    about = {"file": "f", "sha256": "0" * 64, "added": "2026-01-01"}
    return GeneSets(name=name, species=species, sets=each, **about)
