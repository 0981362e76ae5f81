"""The benchmark task of a tissue: some of its stored data sets, or the simulated one."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from genearena.data.cards.stored_card import GraphCard, SourceCard, describe
from genearena.data.cards.tissues import TISSUES
from genearena.data.common.errors import DataError, UsageError, did_you_mean
from genearena.data.datasets import maker, provided, provided_graphs
from genearena.data.graph_digest import task_fingerprint
from genearena.data.graphs import FEWEST_COMMON, GraphCollection, named_apart
from genearena.data.store import (
    EMBEDDED,
    RESERVED,
    SIMULATED,
    SIMULATED_SCRNA,
    SIMULATED_WHOLE,
    Store,
)


@dataclass(frozen=True)
class TaskCard:
    """A task described without loading it, and the folder of the data it is made of.

    The order of `graphs` is that of the collection; `folder` is as `find_task` takes it.
    """

    tissue: str
    source: str
    fingerprint: str
    graphs: tuple[GraphCard, ...]
    folder: Path | None = None

    @property
    def simulated(self) -> bool:
        """Whether any graph comes from the simulator."""
        return any(graph.simulated for graph in self.graphs)

    @property
    def n_graphs(self) -> int:
        """Number of graphs."""
        return len(self.graphs)

    @property
    def n_rows(self) -> int:
        """Number of (data set, gene) rows over all graphs."""
        return sum(graph.n_genes for graph in self.graphs)

    @property
    def min_genes(self) -> int:
        """Genes of the graph with fewest."""
        return min(graph.n_genes for graph in self.graphs)

    @property
    def min_cells(self) -> int:
        """Cells of the graph with fewest."""
        return min(graph.n_cells for graph in self.graphs)

    @property
    def n_common(self) -> int:
        """Number of genes present in every graph."""
        return len(set.intersection(*(set(graph.genes) for graph in self.graphs)))

    @property
    def n_shared(self) -> int:
        """Number of genes present in two graphs or more."""
        times = Counter(gene for graph in self.graphs for gene in graph.genes)
        return sum(count > 1 for count in times.values())


def find_task(tissue: str, *, source: str = "auto", folder: Path | None = None) -> TaskCard:
    """Describe the task of a tissue, or of several together, without loading its graphs.

    The simulated task is made and stored when it is first asked for.

    Parameters
    ----------
    tissue
        One of the catalogue, or one the user added data for; several with plus signs between them,
        of each of which the data that are named are taken that it has.
    source
        ``auto`` for all real data sets of the tissue, or the simulated one if there are none;
        ``simulated``, ``simulated-scrna`` for its scRNA donors alone, or ``simulated-paper`` for
        its like with all cells in the graphs; or names of data sets joined by commas or plus signs.
    folder
        Where data sets are stored; by default `store.default_folder`.

    Raises
    ------
    UsageError
        If the tissue or a data set is unknown; the message offers the nearest names.
    StoreError
        If a card is damaged, or the simulated task cannot be stored.
    """
    store, tissues = Store(folder), sorted({name.strip() for name in tissue.split("+")})
    joint = len(tissues) > 1
    cards = [card for each in tissues for card in _choose(store, each, source, joint=joint)]
    tissue, name = "+".join(tissues), "+".join(sorted({card.source for card in cards}))
    for other in data_sets(store, tissue, name) if joint else ():
        if other not in cards:
            raise UsageError(
                f"{other.tissue} also has data called '{other.source}', and {tissue} takes those "
                "of all of its tissues or of none; name the data with --source"
            )
    graphs = _named_apart(cards, joint=joint)
    parts = [(graph.name, graph.digest) for graph in graphs]
    return TaskCard(tissue, name, task_fingerprint(tissue, name, parts), graphs, folder)


def data_sets(store: Store, tissue: str, source: str) -> tuple[SourceCard, ...]:
    """Return the stored data sets of a task by its names; of several tissues those they have.

    StoreError if one is damaged, or that of a single tissue is not there.
    """
    tissues = tissue.split("+")
    return tuple(
        store.card(of, name)
        for of in tissues
        for name in source.split("+")
        if len(tissues) == 1 or store.has(of, name)
    )


def load_task(tissue: str, *, source: str = "auto", folder: Path | None = None) -> GraphCollection:
    """Load the task that `find_task` describes.

    Raises
    ------
    UsageError
        If the tissue or a data set is unknown.
    StoreError
        If a stored file is missing, damaged or changed.
    """
    return load(find_task(tissue, source=source, folder=folder))


def load(task: TaskCard) -> GraphCollection:
    """Load the graphs of a task that was found before.

    Raises
    ------
    DataError
        If the stored graphs are others by now.
    StoreError
        If a stored file is missing, damaged or changed.
    """
    store = Store(task.folder)
    cards = data_sets(store, task.tissue, task.source)
    loaded = [graph for card in cards for graph in store.graphs(card)]
    named = zip(loaded, task.graphs, strict=False)
    parts = tuple(replace(graph, name=card.name) for graph, card in named)
    graphs = GraphCollection(task.tissue, task.source, parts)
    if graphs.fingerprint != task.fingerprint:
        raise DataError(
            f"the stored graphs of {task.tissue} ({task.source}) changed since they were looked "
            "up; start again"
        )
    return graphs


def described(graphs: GraphCollection, folder: Path | None = None) -> TaskCard:
    """Return the card of a task whose graphs are in memory."""
    cards = tuple(map(describe, graphs))
    return TaskCard(graphs.tissue, graphs.source, graphs.fingerprint, cards, folder)


def check_task(task: GraphCollection | TaskCard, dim: int) -> None:
    """Raise DataError unless vectors of length `dim` can be learnt and scored on the task."""
    for fault in task_faults(task, dim):
        raise DataError(f"task '{task.tissue} ({task.source})': {fault}")


def task_faults(task: GraphCollection | TaskCard, dim: int) -> Iterator[str]:
    """Yield why vectors of length `dim` cannot be learnt and scored on the task."""
    cards = (task if isinstance(task, TaskCard) else described(task)).graphs
    if len(cards) < 2:
        yield (
            f"it has one graph, '{cards[0].name}', and methods are compared across graphs; "
            f"add data of another donor (bench data add --tissue {task.tissue})"
        )
    for card in cards:
        if not card.n_edges:
            yield f"graph '{card.name}' has no edges; add it with a larger --alpha"
        few = min((card.n_cells, "cells"), (card.n_genes, "genes"))
        if few[0] <= dim:
            yield (
                f"graph '{card.name}' has {few[0]} {few[1]}, want more than the {dim} dimensions; "
                f"lower --dim to {few[0] - 1} or less"
            )
    # names of two species need not be alike: see `bench species`
    shared: dict[str, set[str]] = {}
    for card in cards:
        so_far = shared.setdefault(card.species, set(card.genes))
        so_far &= set(card.genes)
        if not so_far:
            yield (
                f"no gene of graph '{card.name}' is in all graphs before it; check that all name "
                "genes alike, choose data sets with --source, or add more --genes"
            )
            return


def task_warnings(task: TaskCard) -> tuple[str, ...]:
    """Return a line if data sets share so few genes that metrics will not be defined."""
    shared = {
        "every data set": (task.n_common, "ASW, GC, iLISI and MRR"),
        "two data sets or more": (task.n_shared, "CGR and NO"),
    }
    lacking = [
        f"{count} {'gene is' if count == 1 else 'genes are'} in {where}, {metrics} need "
        f"{FEWEST_COMMON} and are not defined"
        for where, (count, metrics) in shared.items()
        if count < FEWEST_COMMON
    ]
    if not lacking:
        return ()
    advice = "choose data sets with --source, or add more --genes"
    return (f"{task.tissue} ({task.source}): {'; '.join(lacking)}; {advice}",)


def known_tissues(store: Store) -> tuple[str, ...]:
    """Return the tissues of the catalogue, of plugins, and with stored data, in this order."""
    stored = (tissue for tissue, _ in store.sources())
    return tuple(dict.fromkeys((*TISSUES, *provided(), *stored)))


def _choose(
    store: Store, tissue: str, source: str, *, joint: bool = False
) -> tuple[SourceCard, ...]:
    if tissue not in known_tissues(store):
        raise UsageError(f"unknown tissue '{tissue}'; {did_you_mean(tissue, known_tissues(store))}")
    if source == "auto":
        for name in provided().get(tissue, ()):
            _provided(store, tissue, name)
        cards = store.cards(tissue)
        real = tuple(card for card in cards if not card.simulated)
        # of other tissues than those of the catalogue nothing is simulated but by plugins
        return real or (cards if tissue not in TISSUES else (_simulated(store, tissue, SIMULATED),))
    names = sorted({name.strip() for name in re.split("[,+]", source)})
    if joint:
        own = (*EMBEDDED, *provided().get(tissue, ()))
        names = [n for n in names if n in own or store.has(tissue, n)] or names
    return tuple(_one(store, tissue, name) for name in names)


def _one(store: Store, tissue: str, name: str) -> SourceCard:
    if name in EMBEDDED:
        return _simulated(store, tissue, name)
    offered = provided().get(tissue, ())
    if name in offered:
        return _provided(store, tissue, name)
    if not store.has(tissue, name):
        have = (*RESERVED, *offered, *(card.source for card in store.cards(tissue)))
        raise UsageError(f"unknown {tissue} data set '{name}'; {did_you_mean(name, have)}")
    return store.card(tissue, name)


def _provided(store: Store, tissue: str, name: str) -> SourceCard:
    """Return the card of a plugin's data, made when first asked for and by another version of it.

    What the user stored under this name is kept.
    """
    package, version = maker(tissue, name)
    if store.has(tissue, name):
        card = store.card(tissue, name)
        if card.origin.versions.get(package, version) == version:
            return card
    from genearena.data.add import add_graphs

    return add_graphs(store, provided_graphs(tissue, name), replace=store.has(tissue, name))


def _simulated(store: Store, tissue: str, name: str) -> SourceCard:
    """Return the card of the suite's own simulated data, made anew where it would now differ."""
    from genearena.data.options import Simulation, simulated_build, simulation_parameters

    sizes = Simulation(modalities=("scrna",) if name == SIMULATED_SCRNA else None)
    build = simulated_build("paper" if name == SIMULATED_WHOLE else "split", sizes=sizes)
    if store.has(tissue, name):
        card = store.card(tissue, name)
        if card.origin.parameters == simulation_parameters(tissue, sizes, build):
            return card
    from genearena.data.add import add_simulated

    return add_simulated(
        store, tissue, name, sizes, protocol=build.protocol, replace=store.has(tissue, name)
    )


def _named_apart(cards: Sequence[SourceCard], *, joint: bool) -> tuple[GraphCard, ...]:
    """Return the graphs of all data sets, with the data set in the name if two are alike."""
    graphs = [
        (f"{card.tissue}/{card.source}" if joint else card.source, graph)
        for card in cards
        for graph in card.graphs
    ]
    names = named_apart([(source, graph.name) for source, graph in graphs])
    return tuple(
        graph if graph.name == name else graph.model_copy(update={"name": name})
        for (_, graph), name in zip(graphs, names, strict=True)
    )
