"""The contract every gene-embedding method fulfils."""

import inspect
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

import numpy as np

from genearena.data.common.errors import MethodError, UsageError
from genearena.data.graphs import FloatArray, GraphCollection
from genearena.data.vectors import vectors_fault
from genearena.methods.settings import Count, Seed, read_settings, with_settings

PRESETS = ("fast", "paper")

Variant = Literal["faithful", "released"]
"""What the method's own paper says, or what published scripts do, bugs included."""


@with_settings
class Method(ABC):
    """A gene-embedding method.

    The constructor only stores its arguments; `fit` never changes the graphs it is given nor any
    global random state; learned state has names that end in an underscore.

    Parameters
    ----------
    dim
        Length d of every gene vector.
    seed
        The only source of randomness.

    Attributes
    ----------
    name
        Name in the registry.
    version
        Raised whenever results change for the same input, parameters and seed.
    requires
        Packages needed beyond the suite's own dependencies.
    deterministic
        Same input, parameters and seed give bit-identical vectors on one machine.
    seeded
        Whether another seed gives other vectors.
    equivariant
        Whether reordering the genes of a graph only reorders the vectors.
    needs
        What is read of a graph: "expression" (x), "graph" (adjacency, edges and their number),
        "counts", "truth". Reading anything else raises MethodError.
    trained_on
        Outside data the method has seen, in words; "nothing" for methods trained from scratch.
    control
        Whether this is a control rather than a competitor.
    variant
        ``released`` for a method as published scripts run it, bugs included; it is shown beside
        the ``faithful`` one and does not compete.
    reduces
        Whether vectors have `dim` columns; False for controls that reduce nothing.
    cannot_run
        Why no task can be run, empty where any can: a row of tables that says so.
    colour
        Of the method in figures, as "#1f77b4"; where it is empty, one that no other has.
    fast
        Parameters of the ``fast`` preset that differ from the constructor's defaults, which
        are the published settings (preset ``paper``).
    search
        Setting -> what ``bench tune`` tries: ("log", low, high) or ("linear", low, high), whole
        numbers if both ends are, else a tuple of values. Empty where there is nothing to tune.
    """

    name: ClassVar[str]
    version: ClassVar[str] = "1"
    requires: ClassVar[tuple[str, ...]] = ()
    deterministic: ClassVar[bool] = True
    seeded: ClassVar[bool] = True
    equivariant: ClassVar[bool] = False
    needs: ClassVar[frozenset[str]] = frozenset({"expression", "graph"})
    trained_on: ClassVar[str] = "nothing"
    control: ClassVar[bool] = False
    variant: ClassVar[Variant] = "faithful"
    reduces: ClassVar[bool] = True
    cannot_run: ClassVar[str] = ""
    colour: ClassVar[str] = ""
    fast: ClassVar[Mapping[str, Any]] = {}
    search: ClassVar[Mapping[str, tuple[Any, ...]]] = {}

    # no settings, which an annotation would make them
    n_parameters_ = 0
    losses_ = tuple[float, ...]()

    dim: Count = 32
    seed: Seed = 0

    @abstractmethod
    def fit(self, graphs: GraphCollection) -> Self:
        """Learn from the graphs of one task and return self."""

    def embed(self) -> list[FloatArray]:
        """Return one (n_genes, dim) float32 array per fitted graph, rows in gene order.

        They are copies of what `fit` has left in ``vectors_``, unless a method says otherwise.
        """
        return [np.array(vectors) for vectors in self._fitted("vectors_")]

    def skip(self, graphs: GraphCollection) -> str | None:  # noqa: ARG002 - hook for subclasses
        """Return why this method cannot run on `graphs`, or None if it can."""
        return self.cannot_run or None

    @classmethod
    def preset(cls, name: str) -> dict[str, Any]:
        """Return all parameters but dim and seed under the preset `name`.

        Raises
        ------
        UsageError
            If there is no such preset.
        """
        if name not in PRESETS:
            raise UsageError(f"unknown preset '{name}'; choose from {', '.join(PRESETS)}")
        signature = inspect.signature(cls)
        own = {k: p.default for k, p in signature.parameters.items() if k not in ("dim", "seed")}
        return own | (dict(cls.fast) if name == "fast" else {})

    def _check_settings(self) -> None:
        """Raise UsageError if a setting is not what the constructor's annotations allow."""
        names = inspect.signature(type(self)).parameters
        read_settings(type(self), {name: getattr(self, name) for name in names})

    def _fitted(self, attribute: str) -> Any:
        if not hasattr(self, attribute):
            raise MethodError(
                f"this {type(self).__name__} instance is not fitted yet; call 'fit' first "
                f"(it has no '{attribute}')"
            )
        return getattr(self, attribute)


def check_vectors(name: str, graphs: GraphCollection, vectors: list[FloatArray]) -> None:
    """Raise MethodError unless `vectors` are usable gene vectors for `graphs`.

    There must be one finite two-dimensional float32 array per graph with a row per gene, all of
    one width, and not all rows may be equal.
    """
    fault = vectors_fault(graphs, vectors, np.float32)
    if fault:
        raise MethodError(f"{name}: embed() gave {fault}")
