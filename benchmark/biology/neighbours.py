"""Which genes lie nearest to one, in how many data sets, and what else says that they belong."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from genearena.benchmark.biology.stored_vectors import RunVectors, TaskRuns, gene_names
from genearena.data.common.errors import DataError, UsageError, did_you_mean
from genearena.data.genesets.gene_sets import GeneSets, check_species, named_members
from genearena.data.graphs import FloatArray, GraphCollection
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
    edges, kept_back
        Number of data sets in which the two are co-expressed, and in which they are so in the cells
        that were kept back.
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
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The nearest of a gene by one method on one task.

    `datasets` are those in which the gene has a vector, `n_kept_back` says how many of them keep
    cells back; `by_chance` is the mean number of data sets in which a gene drawn at random is among
    the `k` nearest; `nearest` has, for each data set, its k with their cosines.
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
    nearest: dict[str, tuple[tuple[str, float], ...]]


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
    names = gene_names(task.graphs)
    if gene not in names:
        here = f"{task.graphs.tissue} ({task.graphs.source})"
        hint = did_you_mean(gene, names, f"there are {len(names)}, such as {names[0]}")
        raise UsageError(f"no graph of {here} has a gene '{gene}'; {hint}")
    runs: dict[str, list[RunVectors]] = defaultdict(list)
    for run in task.runs:
        runs[run.label].append(run)
    found = [_of_method(task.graphs, gene, label, own, k) for label, own in runs.items()]
    near = {row.gene for each in found for row in each.rows}
    shared = _shared(gene, [gene, *sorted(near)], sets)
    return [
        replace(each, rows=tuple(replace(r, shared=shared.get(r.gene, ())) for r in each.rows))
        for each in found
    ]


def _of_method(
    graphs: GraphCollection,
    gene: str,
    label: str,
    runs: Sequence[RunVectors],
    k: int,
) -> Neighbours:
    nearest: dict[str, tuple[tuple[str, float], ...]] = {}
    cosines: dict[str, list[float]] = defaultdict(list)
    correlations: dict[str, list[float]] = defaultdict(list)
    linked: Counter[str] = Counter()
    linked_again: Counter[str] = Counter()
    n_kept_back, by_chance = 0, 0.0
    for position, graph in enumerate(graphs):
        if gene not in graph.genes:
            continue
        row = graph.genes.index(gene)
        vectors = [run.directions[position] for run in runs]
        known = np.all([z.any(axis=1) for z in vectors], axis=0)
        if not known[row]:
            continue
        cosine = np.mean([z @ z[row] for z in vectors], axis=0)
        others = np.flatnonzero(known)
        others = others[others != row]
        first = others[np.argsort(-cosine[others], kind="stable")[:k]]
        nearest[graph.name] = tuple((graph.genes[i], float(cosine[i])) for i in first)
        by_chance += len(first) / max(len(others), 1)
        correlation = _correlation(graph.x, row)
        for i in others:
            cosines[graph.genes[i]].append(float(cosine[i]))
            correlations[graph.genes[i]].append(float(correlation[i]))
        linked.update(graph.genes[i] for i in graph.adjacency[[row]].indices)
        if graph.replicate is not None:
            n_kept_back += 1
            linked_again.update(graph.genes[i] for i in graph.replicate[[row]].indices)
    if not nearest:
        raise DataError(f"{label} has no vector of '{gene}' in {graphs.tissue} ({graphs.source})")
    near: dict[str, list[str]] = defaultdict(list)
    for dataset, found in nearest.items():
        for other, _ in found:
            near[other].append(dataset)
    rows = [
        Neighbour(
            gene=other,
            near=tuple(datasets),
            both=len(cosines[other]),
            cosine=float(np.mean(cosines[other])),
            correlation=float(np.mean(correlations[other])),
            edges=linked[other],
            kept_back=linked_again[other],
        )
        for other, datasets in near.items()
    ]
    return Neighbours(
        tissue=graphs.tissue,
        source=graphs.source,
        label=label,
        gene=gene,
        k=k,
        n_runs=len(runs),
        datasets=tuple(nearest),
        n_kept_back=n_kept_back,
        by_chance=by_chance,
        rows=tuple(sorted(rows, key=lambda each: (-len(each.near), -each.cosine, each.gene))),
        nearest=nearest,
    )


def _correlation(profiles: FloatArray, row: int) -> DoubleArray:
    """Return the correlation of every profile with one; 0 for a profile without variance."""
    centred = profiles - profiles.mean(axis=1, keepdims=True, dtype=np.float64)
    norms = np.linalg.norm(centred, axis=1)
    scale = norms * norms[row]
    inner: DoubleArray = centred @ centred[row]
    safe: DoubleArray = np.where(scale > 0, scale, 1.0)
    return np.asarray(np.where(scale > 0, inner / safe, 0.0))


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
