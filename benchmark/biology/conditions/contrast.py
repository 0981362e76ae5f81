"""Which genes have other neighbours under one condition than under another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genearena.benchmark.biology.baselines import EXPRESSION, levels
from genearena.benchmark.biology.conditions.assignments import Compared, Design, compared, design
from genearena.benchmark.biology.stored_vectors import RunVectors, TaskRuns
from genearena.data.common.errors import DataError
from genearena.data.genesets.gene_sets import BoolArray
from genearena.data.graphs import FEWEST_COMMON, GraphCollection, IntArray
from genearena.metrics._shared.nearest_rows import DoubleArray

_AT_ONCE = 256


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
            for label, runs in task.by_label.items()
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
