"""Which genes lie nearest to one, in how many data sets, and what else says that they belong."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from genearena.benchmark.biology.profiles import correlations
from genearena.benchmark.biology.stored_vectors import RunVectors, TaskRuns
from genearena.data.common.errors import DataError, UsageError, did_you_mean
from genearena.data.genesets.gene_sets import GeneSets, check_species, named_members
from genearena.data.graphs import GeneGraph, GraphCollection
from genearena.metrics._shared.nearest_rows import DoubleArray


@dataclass(frozen=True)
class Neighbour:
    """A gene that is among the nearest of another in some data set.

    Parameters
    ----------
    gene
        Its name.
    near, both
        Data sets in which it is among the nearest, and number of those in which both have a vector.
    cosine, correlation
        Means over the latter: of the vectors' cosine over runs, and of the expression profiles'
        correlation. Edges have no sign, so that genes may lie near which exclude each other.
    edges
        Number of data sets in which the two are co-expressed.
    kept_back, both_kept_back
        Number of data sets in which they are so in cells that were kept back, and of those that
        keep any.
    shared
        Gene sets that both are in, those of fewest genes first.
    """

    gene: str
    near: tuple[str, ...]
    both: int
    cosine: float
    correlation: float
    edges: int
    kept_back: int
    both_kept_back: int
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The nearest of a gene by one method on one task.

    `datasets` are those in which the gene has a vector, `n_kept_back` says how many of them keep
    cells back; `by_chance` is the mean number of data sets in which a gene drawn at random is among
    the `k` nearest.
    """

    tissue: str
    source: str
    label: str
    gene: str
    k: int
    n_runs: int
    datasets: tuple[str, ...]
    n_kept_back: int
    by_chance: float
    rows: tuple[Neighbour, ...]


def neighbours(
    task: TaskRuns, gene: str, k: int = 10, sets: Sequence[GeneSets] = ()
) -> list[Neighbours]:
    """Return the nearest genes of one by every method of a task.

    Those are, in each data set, the k genes of the highest mean cosine over runs. Genes are in the
    order of how many data sets have them among these, and of their mean cosine.

    Parameters
    ----------
    task
        Graphs and stored vectors.
    gene
        Its name in the graphs.
    k
        How many of each data set.
    sets
        Gene sets of the task's species to look both up in.

    Raises
    ------
    UsageError
        If no graph has the gene.
    DataError
        If a method has no vector of it, or sets are of another species.
    """
    for each in sets:
        check_species(each, task.graphs)
    names = task.graphs.all_genes
    if gene not in names:
        here = f"{task.graphs.tissue} ({task.graphs.source})"
        hint = did_you_mean(gene, names, f"there are {len(names)}, such as {names[0]}")
        raise UsageError(f"no graph of {here} has a gene '{gene}'; {hint}")
    found = [_of_method(task.graphs, gene, label, own, k) for label, own in task.by_label.items()]
    near = {row.gene for each in found for row in each.rows}
    shared = _shared(gene, [gene, *sorted(near)], sets)
    return [
        replace(each, rows=tuple(replace(r, shared=shared.get(r.gene, ())) for r in each.rows))
        for each in found
    ]


class _Pair(NamedTuple):
    """What one data set says of the gene and another; `kept_back` is None if it keeps no cells."""

    near: bool
    cosine: float
    correlation: float
    edge: bool
    kept_back: bool | None


def _of_method(
    graphs: GraphCollection, gene: str, label: str, runs: Sequence[RunVectors], k: int
) -> Neighbours:
    having = [(graph, place) for place, graph in enumerate(graphs) if gene in graph.genes]
    asked = {graph.name: (graph, place) for graph, place in having}
    found = {
        name: pairs
        for name, (graph, place) in asked.items()
        if (pairs := _in_dataset(graph, gene, [run.directions[place] for run in runs], k))
    }
    if not found:
        raise DataError(f"{label} has no vector of '{gene}' in {graphs.tissue} ({graphs.source})")
    by_gene: dict[str, dict[str, _Pair]] = defaultdict(dict)
    for name, pairs in found.items():
        for other, pair in pairs.items():
            by_gene[other][name] = pair
    rows = [_summed(other, of) for other, of in by_gene.items()]
    rows = [row for row in rows if row.near]
    return Neighbours(
        tissue=graphs.tissue,
        source=graphs.source,
        label=label,
        gene=gene,
        k=k,
        n_runs=len(runs),
        datasets=tuple(found),
        n_kept_back=sum(asked[name][0].replicate is not None for name in found),
        by_chance=sum(min(k / len(pairs), 1.0) for pairs in found.values()),
        rows=tuple(sorted(rows, key=lambda each: (-len(each.near), -each.cosine, each.gene))),
    )


def _in_dataset(
    graph: GeneGraph, gene: str, vectors: Sequence[DoubleArray], k: int
) -> dict[str, _Pair]:
    """Return what a data set says of every other gene with a vector; nothing if it has none."""
    row = graph.index[gene]
    known = np.all([z.any(axis=1) for z in vectors], axis=0)
    if not known[row]:
        return {}
    cosine = np.mean([z @ z[row] for z in vectors], axis=0)
    known[row] = False
    others = np.flatnonzero(known)
    near = set(others[np.argsort(-cosine[others], kind="stable")[:k]].tolist())
    (correlation,) = correlations(graph.x, np.array([row]))
    edges = set(graph.adjacency[[row]].indices.tolist())
    again = None if graph.replicate is None else set(graph.replicate[[row]].indices.tolist())
    return {
        graph.genes[i]: _Pair(
            i in near, float(cosine[i]), float(correlation[i]), i in edges,
            None if again is None else i in again,
        )
        for i in others.tolist()
    }  # fmt: skip


def _summed(gene: str, pairs: dict[str, _Pair]) -> Neighbour:
    again = [pair.kept_back for pair in pairs.values() if pair.kept_back is not None]
    return Neighbour(
        gene=gene,
        near=tuple(name for name, pair in pairs.items() if pair.near),
        both=len(pairs),
        cosine=float(np.mean([pair.cosine for pair in pairs.values()])),
        correlation=float(np.mean([pair.correlation for pair in pairs.values()])),
        edges=sum(pair.edge for pair in pairs.values()),
        kept_back=sum(again),
        both_kept_back=len(again),
    )


def _shared(
    gene: str, names: Sequence[str], sets: Iterable[GeneSets]
) -> dict[str, tuple[str, ...]]:
    """Return gene -> the sets that it shares with one, those of fewest genes first."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for file in sets:
        known = named_members(file, names)
        called = defaultdict(list)
        for name, own in known.items():
            called[own].append(name)
        for each in file.sets:
            if known.get(gene) in each.genes:
                title = each.title or each.key
                for member in each.genes:
                    for name in called[member]:
                        found[name].append((len(each.genes), title))
    return {name: tuple(title for _, title in sorted(set(of))) for name, of in found.items()}
