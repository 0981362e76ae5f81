"""GeneArena: compare gene-embedding methods on gene co-expression graphs."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from genearena.api import datasets, pl, pp, tl
    from genearena.api.results import Results
    from genearena.api.running import run
    from genearena.data.graphs import GeneGraph, GraphCollection

__version__ = "0.3.0"

__all__ = [
    "GeneGraph",
    "GraphCollection",
    "Results",
    "__version__",
    "datasets",
    "pl",
    "pp",
    "run",
    "tl",
]

_PLACES = {
    "datasets": "genearena.api.datasets",
    "pl": "genearena.api.pl",
    "pp": "genearena.api.pp",
    "tl": "genearena.api.tl",
    "GeneGraph": "genearena.data.graphs:GeneGraph",
    "GraphCollection": "genearena.data.graphs:GraphCollection",
    "Results": "genearena.api.results:Results",
    "run": "genearena.api.running:run",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for: all of it together takes seconds."""
    if name not in _PLACES:
        raise AttributeError(f"module 'genearena' has no attribute '{name}'")
    module, _, attribute = _PLACES[name].partition(":")
    found = import_module(module)
    return getattr(found, attribute) if attribute else found


def __dir__() -> list[str]:
    return __all__
