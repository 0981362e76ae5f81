"""Which genes have other neighbours under one condition than under another."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genearena.benchmark.biology.assignments import Compared, Design, compared, design, explained
from genearena.benchmark.biology.baselines import EXPRESSION, levels
from genearena.benchmark.biology.clusters import (
    LEVEL,
    Enriched,
    adjusted,
    enrichment,
    most_frequent,
)
from genearena.benchmark.biology.stored_vectors import RunVectors, TaskRuns
from genearena.data.common.errors import DataError
from genearena.data.genesets.gene_sets import BoolArray, GeneSets, check_species, membership
from genearena.data.graphs import FEWEST_COMMON, GraphCollection, IntArray
from genearena.metrics._shared.nearest_rows import DoubleArray

MOVERS_SHARE = 0.1
"""Of the genes, those that move most and are looked up in gene sets."""
_AT_ONCE = 256
_MOST_RANKED = 500


@dataclass(frozen=True, eq=False)
class MethodContrast:
    """How the genes move by one method, control or baseline.

    Parameters
    ----------
    label, control
        What tables call it, and whether it is a control or baseline.
    runs
        Its runs; none of a baseline.
    compared
        Of the genes.
    gram
        (genes, n, n) correlations of a gene's neighbourhoods in any two donors.
    """

    label: str
    control: bool
    runs: tuple[RunVectors, ...]
    compared: Compared
    gram: DoubleArray


@dataclass(frozen=True, eq=False)
class Contrast:
    """What moves between two conditions of a task.

    `genes` are those that all graphs and methods have, `at` are their rows in every graph that is
    compared, behind its position; `change` is by how much more of a gene is expressed under the
    second condition, in standard deviations between genes.
    """

    graphs: GraphCollection
    design: Design
    genes: tuple[str, ...]
    at: tuple[tuple[int, IntArray], ...]
    change: DoubleArray
    rows: tuple[MethodContrast, ...]
    baselines: tuple[MethodContrast, ...]

    @property
    def second_graphs(self) -> BoolArray:
        """(k,) whether a graph is under the second condition."""
        return np.asarray((self.design.averages[self.design.second] > 0).any(axis=0))

    @property
    def title(self) -> str:
        """What is compared, and of what task."""
        first, second = self.design.conditions
        return f"{second} against {first} in {self.graphs.tissue} ({self.graphs.source})"


@dataclass(frozen=True, eq=False)
class ClusterContrast:
    """The clusters of one run, and whether they are rather of one condition.

    Parameters
    ----------
    seed
        Of the run.
    numbers, genes
        What the file of vectors calls them, and their genes, those of most graphs first.
    shares
        (clusters, 2) mean share of a donor's genes that a cluster holds, under either condition.
    compared
        Whether these differ.
    """

    seed: int
    numbers: tuple[int, ...]
    genes: tuple[tuple[str, ...], ...]
    shares: DoubleArray
    compared: Compared


@dataclass(frozen=True, eq=False)
class MovedSets:
    """Gene sets of which the genes that move most have more than chance.

    Parameters
    ----------
    sets
        Whose they are.
    movers
        The genes that move most, the foremost first.
    n_genes, n_sets
        How many genes and sets are asked about.
    enriched
        All sets with a mover, that of the lowest p first.
    p_donors
        Share of the assignments of conditions whose movers have as many genes of the set.
    n_found, by_chance
        Number of sets with q below `LEVEL`, and that under every other assignment.
    """

    sets: GeneSets
    movers: tuple[str, ...]
    n_genes: int
    n_sets: int
    enriched: tuple[Enriched, ...]
    p_donors: tuple[float, ...]
    n_found: int
    by_chance: IntArray


def contrast(
    task: TaskRuns, by: str = "condition", between: Sequence[str] = (), seed: int = 0
) -> Contrast:
    """Ask which genes move between conditions more than between donors under one.

    Vectors of different graphs need have no axes in common, so that it is not they which are
    compared but the `neighbourhoods` of a gene among the genes that all graphs have. The squared
    distance of two is 2 (1 - their correlation); of several runs of a method these are averaged.

    Parameters
    ----------
    task
        Graphs and stored vectors.
    by, between, seed
        See `assignments.design`.

    Raises
    ------
    UsageError
        If there are not two conditions.
    DataError
        If there are too few donors, or the graphs and methods share fewer than `FEWEST_COMMON`
        genes.
    """
    made = design(task.graphs, by, between, seed)
    genes = _common(task, made.graphs)
    at = tuple((i, np.array([task.graphs[i].index[gene] for gene in genes])) for i in made.graphs)
    by_label: dict[str, list[RunVectors]] = defaultdict(list)
    for run in task.runs:
        by_label[run.label].append(run)
    known = {
        name: np.array([_standard(each[i][rows]) for i, rows in at])
        for name, each in levels(task.graphs).items()
    }
    expressed = made.averages @ known[EXPRESSION]
    return Contrast(
        graphs=task.graphs,
        design=made,
        genes=genes,
        at=at,
        change=expressed[made.second].mean(axis=0) - expressed[~made.second].mean(axis=0),
        rows=tuple(
            _contrasted(made, label, runs, [alike(shared_vectors(run, at)) for run in runs])
            for label, runs in by_label.items()
        ),
        baselines=tuple(
            _contrasted(made, name, (), [np.einsum("rg,sg->grs", each, each)])
            for name, each in known.items()
        ),
    )


def shared_vectors(run: RunVectors, at: Sequence[tuple[int, IntArray]]) -> list[DoubleArray]:
    """Return the (genes, dim) vectors of a run at some rows of some graphs."""
    return [run.directions[i][rows] for i, rows in at]


def _contrasted(
    made: Design, label: str, runs: Sequence[RunVectors], of_runs: Sequence[DoubleArray]
) -> MethodContrast:
    gram = made.averages @ np.mean(of_runs, axis=0) @ made.averages.T
    control = not runs or runs[0].control
    return MethodContrast(label, control, tuple(runs), compared(gram, made), gram)


def _common(task: TaskRuns, places: Sequence[int]) -> tuple[str, ...]:
    """Return the genes that some graphs have with a vector of every run."""
    graphs = [task.graphs[place] for place in places]
    having = []
    for place, graph in zip(places, graphs, strict=True):
        known = np.all([run.directions[place].any(axis=1) for run in task.runs], axis=0)
        having.append({graph.genes[row] for row in np.flatnonzero(known)})
    genes = tuple(sorted(set.intersection(*having)))
    if len(genes) < FEWEST_COMMON:
        raise DataError(
            f"{len(genes)} genes are in all {len(graphs)} graphs of {task.graphs.tissue} "
            f"({task.graphs.source}) with vectors of all methods, want {FEWEST_COMMON}; choose "
            "methods with --methods or data sets with --source, or add more --genes"
        )
    return genes


def neighbourhoods(directions: Sequence[DoubleArray], own: IntArray) -> DoubleArray:
    """Return (some, k, genes) similarities of some genes to all others in k graphs.

    Parameters
    ----------
    directions
        (genes, dim) vectors of length 1 of the same genes in every graph.
    own
        Places of those that are asked about.

    Returns
    -------
    Cosines with the other genes less their mean, of length 1, and 0 for the gene itself.
    """
    itself = np.arange(len(own))
    near = np.stack([z[own] @ z.T for z in directions], axis=1)
    near[itself, :, own] = 0.0
    near -= near.sum(axis=2, keepdims=True) / (near.shape[2] - 1)
    near[itself, :, own] = 0.0
    length = np.linalg.norm(near, axis=2, keepdims=True)
    return np.asarray(near / np.where(length > 1e-9, length, np.inf))


def alike(directions: Sequence[DoubleArray]) -> DoubleArray:
    """Return (genes, k, k) correlations of a gene's `neighbourhoods` in any two of k graphs."""
    genes = np.arange(len(directions[0]))
    parts = np.split(genes, range(_AT_ONCE, len(genes), _AT_ONCE))
    near = (neighbourhoods(directions, own) for own in parts)
    return np.concatenate([each @ each.transpose(0, 2, 1) for each in near])


def _standard(values: DoubleArray) -> DoubleArray:
    return np.asarray((values - values.mean()) / (values.std() or 1.0))


def distances(gram: DoubleArray, made: Design) -> tuple[DoubleArray, DoubleArray]:
    """Return mean distances of a gene's neighbourhoods between conditions, and within them.

    They are 1 - correlation. Those between conditions are of the pairs, and of any two donors that
    are in none; those within of any two donors under one condition.

    Parameters
    ----------
    gram
        (genes, n, n) correlations; see `contrast`.
    made
        Of the n donors.

    Returns
    -------
    Two arrays (genes,).
    """
    own = np.einsum("grr->gr", gram)
    apart = (own[:, :, None] + own[:, None, :]) / 2 - gram
    blocks, second = np.array(made.blocks), made.second
    same = second[:, None] == second
    between = ~same & (blocks[:, None] == blocks)
    within = same & ~np.eye(len(blocks), dtype=bool)
    return apart[:, between].mean(axis=1), apart[:, within].mean(axis=1)


def cluster_contrast(found: Contrast, run: RunVectors) -> ClusterContrast:
    """Ask which clusters of a run hold more genes of donors under one condition."""
    made = found.design
    numbers, of_row = np.unique(run.clusters, return_inverse=True)
    parts = np.split(of_row, np.cumsum([graph.n_genes for graph in found.graphs])[:-1])
    counts = [np.bincount(parts[g], minlength=len(numbers)) / len(parts[g]) for g in made.graphs]
    shares = made.averages @ np.array(counts)
    of_gene = np.concatenate([graph.genes for graph in found.graphs])
    return ClusterContrast(
        seed=run.seed,
        numbers=tuple(numbers.tolist()),
        genes=tuple(
            most_frequent(of_gene[of_row == place].tolist()) for place in range(len(numbers))
        ),
        shares=np.stack([shares[side].mean(axis=0) for side in (~made.second, made.second)], 1),
        compared=compared(np.einsum("rc,sc->crs", shares, shares), made),
    )


def moved_sets(
    found: Contrast, row: MethodContrast, sets: GeneSets, fewest: int, most: int, movers: int = 0
) -> MovedSets:
    """Ask which gene sets the genes that move most have more of than chance.

    Fisher's test takes genes for independent, which neighbours are not, so that every assignment of
    the conditions is asked the same, or as many as there is time for.

    Parameters
    ----------
    found, row
        The contrast, and by which method genes move.
    sets
        The gene sets.
    fewest, most
        Of the genes that move or not, a set has so many.
    movers
        How many move most; a tenth if it is 0.

    Raises
    ------
    DataError
        If the sets are of another species, or none is of such a size.
    """
    check_species(sets, found.graphs)
    known = membership(sets, found.genes, fewest=fewest, most=most)
    count = movers or max(round(MOVERS_SHARE * len(found.genes)), 1)
    ranked = []
    for shares in explained(row.gram, found.design):
        ranked += list(np.argsort(-shares, axis=1, kind="stable")[:, :count])
        if len(ranked) >= _MOST_RANKED:
            break
    place = known.rows(found.genes)
    has = np.zeros((len(ranked), len(known.genes)), dtype=bool)
    for line, genes in enumerate(ranked):
        inside = place[genes]
        has[line, inside[inside >= 0]] = True
    shared, p = enrichment(has, known.members)
    q = np.array([adjusted(line) for line in p])
    n_found = (q < LEVEL).sum(axis=1)
    order = [t for t in np.argsort(p[0], kind="stable") if shared[0, t]]
    sizes = known.members.sum(axis=0)
    return MovedSets(
        sets=sets,
        movers=tuple(found.genes[g] for g in ranked[0]),
        n_genes=len(known.genes),
        n_sets=len(known.keys),
        enriched=tuple(
            Enriched(
                known.keys[t], known.titles[t], int(shared[0, t]), int(sizes[t]),
                float(p[0, t]), float(q[0, t]),
            )
            for t in order
        ),
        p_donors=tuple(float(np.mean(shared[:, t] >= shared[0, t])) for t in order),
        n_found=int(n_found[0]),
        by_chance=n_found[~found.design.same[: len(ranked)]],
    )  # fmt: skip
