"""Control: the neighbourhoods themselves, unreduced."""

from typing import Self

import numpy as np

from genearena.data.graphs import GraphCollection
from genearena.methods._networks import per_graph, unit_rows
from genearena.methods.base import Method


class Neighbourhood(Method):
    """Give every gene its normalised neighbourhood in its graph, by gene name.

    A column per name and so no embedding, whatever `dim` says: what is left of the graphs after a
    reduction can be set against it.

    Parameters
    ----------
    dim
        Not used.
    seed
        Not used: nothing is random.
    """

    name = "neighbourhood"
    control = True
    seeded = False
    equivariant = True
    reduces = False
    needs = frozenset({"graph"})

    def fit(self, graphs: GraphCollection) -> Self:
        """Line the neighbourhoods up by name."""
        self._check_settings()
        self.vectors_ = per_graph(np.asarray(unit_rows(graphs).toarray()), graphs)
        return self
