"""Stacked neighbourhoods: one decomposition of the rows of all graphs, names as columns."""

from typing import Self

from genearena.data.graphs import GraphCollection
from genearena.methods._networks import per_graph, projected, unit_rows
from genearena.methods.base import Method


class Stacked(Method):
    """Take the singular vectors of all donors' neighbourhoods together.

    A gene's row holds its normalised neighbourhood in its graph, by gene name and of length 1; the
    rows of all graphs, one under another, are projected on their first `dim` right singular
    vectors. Nothing is learnt by gradient and nothing is random: what a method of networks has to
    beat. A gene without edges in any graph has no vector.

    Parameters
    ----------
    dim
        Number of singular vectors.
    seed
        Not used: nothing is random.
    """

    name = "stacked"
    version = "2"
    seeded = False
    equivariant = True
    needs = frozenset({"graph"})

    def fit(self, graphs: GraphCollection) -> Self:
        """Decompose the rows of all graphs."""
        self._check_settings()
        rows = unit_rows(graphs)
        self.vectors_ = per_graph(projected(rows, self.dim), graphs)
        self.n_parameters_ = rows.shape[1] * min(self.dim, rows.shape[1])
        return self
