"""Put data sets into the store: counts from a file, or simulated ones."""

from contextlib import suppress
from pathlib import Path

from genearena.data.cards.stored_card import Origin, Provenance, SourceCard
from genearena.data.common.errors import StoreError, UsageError
from genearena.data.graphs import GraphCollection
from genearena.data.make import Progress, make_graphs, simulate_graphs
from genearena.data.options import BuildOptions, Protocol, QualityControl, Simulation
from genearena.data.reading.ingest import ReadOptions
from genearena.data.store import RESERVED, SIMULATED, Store, check_name


def add_file(
    store: Store,
    path: Path,
    name: str,
    read: ReadOptions,
    *,
    quality: QualityControl | None = None,
    build: BuildOptions | None = None,
    provenance: Provenance | None = None,
    licence: str = "",
    citation: str = "",
    replace: bool = False,
    progress: Progress = lambda _: None,
) -> SourceCard:
    """Read a file, build the graph of each of its donors and store them as one data set.

    Donors that cannot be used, such as those with too few cells, are left out with a warning,
    which the card keeps.

    Parameters
    ----------
    store
        Where the graphs go.
    path
        File, 10x folder or Visium folder.
    name
        Name of the data set, and of its graph if the file is one sample.
    read, quality, build
        What is read, which cells and genes are kept, and how the graph is built.
    provenance, licence, citation
        For the card: the archive that the counts were downloaded from, terms and source.
    replace
        Whether a data set of this name is replaced.
    progress
        Called with a line about every donor.

    Raises
    ------
    UsageError
        If the name is reserved, not usable or taken, or a null model is unknown.
    DataError
        If the file holds no counts that can be used.
    StoreError
        If the store cannot be written to.
    """
    check_new_name(store, read.tissue, name, replace)
    graphs = make_graphs(
        {name: path},
        name,
        read,
        quality=quality,
        build=build,
        provenance=provenance,
        others=_others(store, read.tissue, name),
        progress=progress,
        licence=licence,
        citation=citation,
    )
    return _put(store, graphs, replace)


def add_simulated(
    store: Store,
    tissue: str,
    name: str = SIMULATED,
    sizes: Simulation | None = None,
    *,
    protocol: Protocol = "split",
    split_seed: int = 0,
    replace: bool = False,
    progress: Progress = lambda _: None,
) -> SourceCard:
    """Simulate a tissue, build its graphs and store them as one data set.

    Under ``split`` twice as many cells are simulated as `sizes` says: so many for the graphs, and
    as many to be kept back.

    Raises
    ------
    UsageError
        If the simulator does not know the tissue, a size is out of range, or the name is taken.
    StoreError
        If the store cannot be written to.
    """
    graphs = simulate_graphs(
        tissue, name, sizes, protocol=protocol, split_seed=split_seed, progress=progress
    )
    return _put(store, graphs, replace)


def add_graphs(store: Store, graphs: GraphCollection, *, replace: bool = False) -> SourceCard:
    """Store graphs that were made before, as the data set that their `source` names.

    Raises
    ------
    UsageError
        If the name is reserved, not usable or taken.
    StoreError
        If the store cannot be written to.
    """
    check_new_name(store, graphs.tissue, graphs.source, replace)
    return _put(store, graphs, replace)


def _put(store: Store, graphs: GraphCollection, replace: bool) -> SourceCard:
    origin = graphs.origin or Origin()
    return store.add(graphs.tissue, graphs.source, graphs.graphs, origin, replace=replace)


def check_new_name(store: Store, tissue: str, name: str, replace: bool) -> None:
    """Raise UsageError unless a data set may be stored under this name."""
    check_name("tissue", tissue)
    if check_name("data set", name) in RESERVED:
        raise UsageError(f"the name '{name}' is kept for the suite's own data; choose another")
    if store.has(tissue, name) and not replace:
        raise UsageError(f"{tissue} has a data set '{name}'; choose another name or use --force")


def _others(store: Store, tissue: str, name: str) -> list[SourceCard]:
    """Return the cards of data that are benchmarked beside a data set, as far as they are sound."""
    with suppress(StoreError):
        cards = store.cards(tissue)
        return [card for card in cards if card.source != name and not card.simulated]
    return []
