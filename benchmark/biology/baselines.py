"""What tells functions without any learning: profiles, chance, and single numbers of a gene."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from genearena.benchmark.biology.stored_vectors import Combined, combined
from genearena.data.genesets.gene_sets import Membership
from genearena.data.graphs import GraphCollection, IntArray
from genearena.methods.registry import METHODS
from genearena.metrics._annotation.prediction import GeneTable
from genearena.metrics._shared.nearest_rows import DoubleArray
from genearena.metrics.embedding_space import unit_length
from genearena.metrics.function import degree

PROFILES, COMPONENTS, RANDOM = "raw profiles", "PCA of profiles", "random vectors"
EXPRESSION, DEGREE, STUDY = "mean expression", "degree alone", "study bias"
NEIGHBOURHOODS = "neighbourhoods"
DIM = 32


@dataclass(frozen=True, eq=False)
class Baselines:
    """Vectors and numbers of a task's genes that nothing was learned for.

    Parameters
    ----------
    graphs, known
        The task, and the memberships of its genes.
    rows
        Row of the memberships of every gene of every graph.
    studied
        (n, T) how much is known of a gene, the set itself aside; None if that is not known.
    seed
        Of random vectors.
    """

    graphs: GraphCollection
    known: Membership
    rows: Sequence[IntArray]
    studied: DoubleArray | None
    seed: int = 0

    def tables(self, how: Combined) -> dict[str, list[GeneTable]]:
        """Return tables to predict from, by the names of the baselines.

        Profiles are over cells, which graphs do not share, so that they are never averaged.
        """
        every = np.ones(len(self.known.keys), dtype=bool)
        apart: Combined = "per-graph" if how == "per-graph" else "concatenated"
        profiles = combined(self._profiles(), self.rows, apart)
        parts = {
            PROFILES: profiles,
            COMPONENTS: [(of, _components(z)) for of, z in profiles],
            RANDOM: combined(self.random(), self.rows, how),
            EXPRESSION: combined(self._columns(self.levels()[EXPRESSION]), self.rows, how),
            DEGREE: combined(self._columns(self.levels()[DEGREE]), self.rows, how),
        }
        found = {
            name: [GeneTable(of, ((z, every),)) for of, z in tables]
            for name, tables in parts.items()
        }
        if self.studied is not None:
            present = combined(self.random(), self.rows, "mean")[0][0]
            counts, group = np.unique(self.studied, axis=1, return_inverse=True)
            blocks = tuple(
                (np.log1p(counts[present, i : i + 1]), group.ravel() == i)
                for i in range(counts.shape[1])
            )
            found[STUDY] = [GeneTable(present, blocks)]
        return found

    def levels(self) -> dict[str, list[DoubleArray]]:
        """Return one number of every gene of every graph, by the names of the baselines."""
        found = levels(self.graphs)
        if self.studied is not None:
            found[STUDY] = [self.studied[np.maximum(of, 0)] for of in self.rows]
        return found

    def random(self) -> list[DoubleArray]:
        """Return vectors of length 1 at random, one for every gene of every graph."""
        return random_directions(self.graphs, self.seed)

    def neighbourhoods(self) -> list[DoubleArray]:
        """Return the rows of the graphs over all genes, of length 1, which donors share."""
        return neighbourhoods(self.graphs)

    def _profiles(self) -> list[DoubleArray]:
        return list(unit_length([graph.x for graph in self.graphs]))

    def _columns(self, values: Sequence[DoubleArray]) -> list[DoubleArray]:
        spread = [np.std(value) or 1.0 for value in values]
        standard = [(v - np.mean(v)) / s for v, s in zip(values, spread, strict=True)]
        # no gene is without a number, not one whose number is 0 either
        return [np.where(v == 0, np.finfo(float).tiny, v)[:, None] for v in standard]


def levels(graphs: GraphCollection) -> dict[str, list[DoubleArray]]:
    """Return what every gene of every graph has in expression, and of edges, on scales of its own.

    Mean expression is as the control `expression_mean` has it, degree is log(1 + edges).
    """
    fitted = METHODS.load("expression_mean")(dim=2).fit(graphs).embed()
    return {
        EXPRESSION: [z[:, 0].astype(np.float64) for z in fitted],
        DEGREE: [np.log1p(degree(graph.adjacency)) for graph in graphs],
    }


def random_directions(graphs: GraphCollection, seed: int = 0) -> list[DoubleArray]:
    """Return vectors of length 1 at random, one for every gene of every graph."""
    return list(unit_length(METHODS.load("random")(dim=DIM, seed=seed).fit(graphs).embed()))


def neighbourhoods(graphs: GraphCollection) -> list[DoubleArray]:
    """Return the rows of the graphs over all genes, of length 1, which donors share."""
    return list(unit_length(METHODS.load("neighbourhood")().fit(graphs).embed()))


def _components(vectors: DoubleArray) -> DoubleArray:
    centred = vectors - vectors.mean(axis=0)
    u, size, _ = np.linalg.svd(centred, full_matrices=False)
    return np.asarray(u[:, :DIM] * size[:DIM])


def studied(
    known: Membership, elsewhere: Mapping[str, int] | None, seed: int = 0
) -> DoubleArray | None:
    """Return (n, T) in how many sets every gene is, those that a set resembles aside.

    Sets are halved at random, and genes counted in the half that a set is not in. Of few sets that
    says nothing: then it is what is known `elsewhere`, in other gene sets, None if there are none.
    """
    n_sets = len(known.keys)
    if n_sets < 20:
        if not elsewhere:
            return None
        known_of = np.array([float(elsewhere.get(gene, 0)) for gene in known.genes])
        return np.tile(known_of[:, None], (1, n_sets))
    half = np.random.default_rng(seed).permutation(n_sets) < n_sets // 2
    first, second = (known.members[:, of].sum(axis=1)[:, None] for of in (half, ~half))
    return np.asarray(np.where(half, second, first), dtype=np.float64)
