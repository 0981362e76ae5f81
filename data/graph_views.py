"""A graph as a method is given it: what the method does not declare to read raises an error."""

from collections.abc import Collection
from copy import copy
from dataclasses import fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from genearena.data.common.errors import MethodError
from genearena.data.graphs import GeneGraph, GraphCollection

if TYPE_CHECKING:
    import scipy.sparse

PART_OF = {
    "x": "expression",
    "adjacency": "graph",
    "edges": "graph",
    "n_edges": "graph",
    "density": "graph",
    "counts": "counts",
    "truth": "truth",
    "latent": "truth",
}
"""What must be declared for an attribute of a graph to be read; all others are open to all."""
HIDDEN = {
    "replicate": "edges of cells that were kept back to score methods",
    "condition": "what a contrast asks of the vectors",
}
"""What methods are judged by, and none may read whatever it declares."""


def view(graphs: GraphCollection, needs: Collection[str], reader: str) -> GraphCollection:
    """Return the graphs with what `reader` may read of them; the rest raises MethodError.

    Nothing is copied: arrays are those of `graphs`, in other objects, so that attributes which
    the reader sets are seen nowhere else. It declares what it `needs`: "expression", "graph",
    "counts", "truth".
    """
    return graphs.with_graphs([_view(graph, frozenset(needs), reader) for graph in graphs])


class GraphView(GeneGraph):
    """A graph of which only declared parts can be read; made by `view`.

    The others are not in it: zeros, no edges and None stand in their place.
    """

    _declared: ClassVar[frozenset[str]] = frozenset(PART_OF.values())
    _reader: ClassVar[str] = ""

    def __getattribute__(self, attribute: str) -> Any:
        read = super().__getattribute__
        if attribute in HIDDEN:
            raise MethodError(
                f"'{read('_reader')}' reads the {attribute} of a graph: {HIDDEN[attribute]}, which "
                "no method may see"
            )
        part = PART_OF.get(attribute)
        if part is not None and part not in read("_declared"):
            listed = ", ".join(map(repr, sorted(read("_declared"))))
            raise MethodError(
                f"'{read('_reader')}' reads the {attribute} of a graph but declares needs = "
                f"{{{listed}}}; add '{part}'"
            )
        return read(attribute)

    def __repr__(self) -> str:
        read = vars(self)
        return f"GeneGraph '{read['name']}' as {read['_reader']} may read it: {self.n_genes} genes"

    @property
    def n_cells(self) -> int:
        """Number of cells or spots the profiles span, whether or not these may be read."""
        return int(vars(self)["x"].shape[1])

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what can be read: that of the graph itself if all is declared."""
        return self._graph().digest

    def with_adjacency(self, adjacency: "scipy.sparse.sparray") -> GeneGraph:
        """Return a view of the same genes and profiles under other edges."""
        return _view(self._graph().with_adjacency(adjacency), self._declared, self._reader)

    def _graph(self) -> GeneGraph:
        return GeneGraph(**{field.name: vars(self)[field.name] for field in fields(GeneGraph)})


def _view(graph: GeneGraph, declared: frozenset[str], reader: str) -> GeneGraph:
    from scipy import sparse

    made, whole = object.__new__(GraphView), vars(graph)
    shown = {field.name: whole[field.name] for field in fields(GeneGraph)}
    if "expression" not in declared:
        shown["x"] = np.broadcast_to(np.float32(0), whole["x"].shape)
    if "graph" not in declared:
        shown["adjacency"] = sparse.csr_array(whole["adjacency"].shape, dtype=np.int8)
    elif "edges" in whole:  # derived, but worth keeping
        shown["edges"] = whole["edges"]
    for attribute in ("counts", "truth", "latent"):
        if PART_OF[attribute] not in declared:
            shown[attribute] = None
    shown |= {"replicate": None, "condition": ""}
    for part in ("adjacency", "counts"):  # their own attributes can be set, too
        shown[part] = copy(shown[part])
    vars(made).update(shown, _declared=declared, _reader=reader)
    return made
