"""What the genes that move are, and which clusters are rather of one condition."""

from dataclasses import dataclass

import numpy as np

from genearena.benchmark.biology.clusters import (
    LEVEL,
    Enriched,
    adjusted,
    enrichment,
    most_frequent,
)
from genearena.benchmark.biology.conditions.assignments import Compared, compared, explained
from genearena.benchmark.biology.conditions.contrast import Contrast, MethodContrast
from genearena.benchmark.biology.stored_vectors import RunVectors
from genearena.data.genesets.gene_sets import GeneSets, check_species, membership
from genearena.data.graphs import IntArray
from genearena.metrics._shared.nearest_rows import DoubleArray

MOVERS_SHARE = 0.1
"""Of the genes, those that move most and are looked up in gene sets."""
_MOST_RANKED = 500
"""Assignments whose movers are looked up, too."""


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


def cluster_contrast(found: Contrast, run: RunVectors) -> ClusterContrast:
    """Ask which clusters of a run hold more genes of donors under one condition."""
    made = found.design
    numbers, of_row = np.unique(run.clusters, return_inverse=True)
    parts = found.graphs.split(of_row)
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
