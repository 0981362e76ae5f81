"""The data sets that plugins provide: ``TISSUE.NAME`` in the group ``genearena.datasets``.

Each is a function without arguments that returns their graphs, such as `genearena.pp.graphs` makes.
It is called when the data are first asked for; they are stored then like any others.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version

from genearena.data.cards.stored_card import Origin
from genearena.data.common.errors import DataError
from genearena.data.common.one_line import shown, told
from genearena.data.common.registry import Registry
from genearena.data.graphs import GraphCollection
from genearena.data.store import NAME, RESERVED


def _problem(name: str) -> str:
    tissue, _, source = name.partition(".")
    if NAME.fullmatch(tissue) and NAME.fullmatch(source) and source not in RESERVED:
        return ""
    return "is not of the form TISSUE.NAME, or has a name of the suite's own data; rename it"


DATASETS: Registry[Callable[[], GraphCollection]] = Registry(
    "data set", {}, "genearena.datasets", _problem
)


def provided() -> Mapping[str, tuple[str, ...]]:
    """Return the names of the data sets that plugins provide, by tissue."""
    found: dict[str, tuple[str, ...]] = {}
    for name in DATASETS.names:
        tissue, _, source = name.partition(".")
        found[tissue] = (*found.get(tissue, ()), source)
    return found


def maker(tissue: str, source: str) -> tuple[str, str]:
    """Return the package that provides a data set, and its version, empty if it has none."""
    package = DATASETS.entry(f"{tissue}.{source}").origin
    try:
        return package, version(package)
    except PackageNotFoundError:
        return package, ""


def provided_graphs(tissue: str, source: str) -> GraphCollection:
    """Have a plugin make a data set; its origin names the plugin's package and version.

    Raises
    ------
    DeclarationError
        If the plugin cannot be imported.
    DataError
        If it makes no such data set.
    """
    name = f"{tissue}.{source}"
    package, its_version = maker(tissue, source)
    make = DATASETS.load(name)
    try:
        graphs: object = make()
    except (Exception, SystemExit) as error:
        raise DataError(f"{package} cannot make its data set '{name}': {told(error)}") from error
    if not isinstance(graphs, GraphCollection):
        raise DataError(f"{package} made {shown(graphs)} of '{name}', want a GraphCollection")
    if fault := name_fault(graphs, name):
        raise DataError(f"{package} {fault}")
    origin = graphs.origin or Origin()
    made_by = origin.model_copy(update={"versions": origin.versions | {package: its_version}})
    return replace(graphs, origin=made_by)


def name_fault(graphs: GraphCollection, name: str) -> str:
    """Return what is wrong with the names of what a plugin made, nothing if they are `name`."""
    made = f"{graphs.tissue}.{graphs.source}"
    if made != name:
        return f"made tissue and name '{made}', want '{name}'"
    others = sorted({graph.tissue for graph in graphs} - {graphs.tissue})
    return f"made graphs of {', '.join(others)}, want {graphs.tissue}" if others else ""
