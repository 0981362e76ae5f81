"""Put data sets into the store: counts from a file, or simulated ones."""

import dataclasses
import hashlib
import json
import warnings
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any

import numpy as np

from genearena import __version__
from genearena.data.build import BuildOptions, Protocol, build_graph
from genearena.data.cards.stored_card import DonorOutcome, Origin, Provenance, SourceCard
from genearena.data.cards.tissues import tissue_spec
from genearena.data.common.errors import DataError, StoreError, UsageError
from genearena.data.graphs import GeneGraph
from genearena.data.notes import DataNote, DataWarning, warn
from genearena.data.preprocessing.residuals import MODELS
from genearena.data.quality.filtering import QualityControl, control_quality
from genearena.data.quality.graph_quality import warn_of_graphs
from genearena.data.reading.ingest import DonorCounts, ReadOptions, read_donors
from genearena.data.reading.readers import files_read
from genearena.data.simulate import Simulation, simulate_samples
from genearena.data.store import RESERVED, SIMULATED, Store, check_name

SIMULATED_QUALITY = QualityControl(min_genes=1, min_donor_cells=20)
"""The simulator makes no bad cells, and as few cells as its user asks for."""

PACKAGES = ("anndata", "numpy", "scanpy", "scipy")
"""Packages whose versions a card keeps, since numbers may depend on them."""

Progress = Callable[[str], None]


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
    quality, build = quality or QualityControl(), build or BuildOptions()
    check_new_name(store, read.tissue, name, replace)
    MODELS.entry(build.residuals)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        donors = read_donors(path, name, read, progress)
        graphs, outcomes = _build_all(donors, quality, build, progress)
        warn_of_graphs(graphs, _others(store, read.tissue, name))
    parameters = {
        "read": _recorded(asdict(read)),
        "quality": asdict(quality),
        "build": asdict(build),
    }
    of_file = {"file": path.name, "sha256": sha256_of(path)}
    said = {"licence": licence, "citation": citation}
    origin = _origin(caught, outcomes, parameters, provenance, **of_file, **said)
    return store.add(read.tissue, name, graphs, origin, replace=replace)


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
    sizes = sizes or Simulation()
    build = simulated_build(protocol, split_seed, sizes)
    parameters = simulation_parameters(tissue, sizes, build)
    both = 2 * sizes.cells if protocol == "split" else sizes.cells
    samples = simulate_samples(tissue, dataclasses.replace(sizes, cells=both))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        donors = [DonorCounts(sample.counts) for sample in samples]
        graphs, outcomes = _build_all(donors, SIMULATED_QUALITY, build, progress)
    latent = {sample.counts.name: sample.latent_correlation for sample in samples}
    graphs = [
        dataclasses.replace(graph, latent=latent[graph.name](graph.genes).astype(np.float32))
        for graph in graphs
    ]
    origin = _origin(caught, outcomes, parameters)
    return store.add(tissue, name, graphs, origin, replace=replace)


def simulated_build(
    protocol: Protocol = "split", split_seed: int = 0, sizes: Simulation | None = None
) -> BuildOptions:
    """Return how graphs of simulated counts are built."""
    return BuildOptions((sizes or Simulation()).genes, protocol=protocol, split_seed=split_seed)


def simulation_parameters(
    tissue: str, sizes: Simulation | None = None, build: BuildOptions | None = None
) -> dict[str, Any]:
    """Return all that decides what is simulated, in the form a card gives it back."""
    sizes = sizes or Simulation()
    parameters = {
        "tissue": asdict(tissue_spec(tissue)),
        "simulation": asdict(sizes),
        "quality": asdict(SIMULATED_QUALITY),
        "build": asdict(build or simulated_build(sizes=sizes)),
    }
    read_back: dict[str, Any] = json.loads(json.dumps(parameters))
    return read_back


def check_new_name(store: Store, tissue: str, name: str, replace: bool) -> None:
    """Raise UsageError unless a data set may be stored under this name."""
    check_name("tissue", tissue)
    if check_name("data set", name) in RESERVED:
        raise UsageError(f"the name '{name}' is kept for the suite's own data; choose another")
    if store.has(tissue, name) and not replace:
        raise UsageError(f"{tissue} has a data set '{name}'; choose another name or use --force")


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, or for a folder that of the sums of the files read from it."""
    if path.is_dir():
        return hashlib.sha256("".join(map(sha256_of, files_read(path))).encode()).hexdigest()
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _recorded(value: Any) -> Any:
    """Return options with other files by what they are, not by where they lie."""
    if isinstance(value, dict):
        return {key: _recorded(part) for key, part in value.items()}
    return f"{value.name}, SHA-256 {sha256_of(value)}" if isinstance(value, Path) else value


def _others(store: Store, tissue: str, name: str) -> list[SourceCard]:
    """Return the cards of data that are benchmarked beside a data set, as far as they are sound."""
    with suppress(StoreError):
        cards = store.cards(tissue)
        return [card for card in cards if card.source != name and not card.simulated]
    return []


def _build_all(
    donors: Iterable[DonorCounts], quality: QualityControl, build: BuildOptions, progress: Progress
) -> tuple[list[GeneGraph], list[DonorOutcome]]:
    graphs: list[GeneGraph] = []
    outcomes: list[DonorOutcome] = []
    refused: list[DataError] = []
    for donor in donors:
        read = donor.counts
        outcome: dict[str, object]
        outcome = {"name": read.name, "cells_read": read.n_cells, "genes_read": read.n_genes}
        try:
            kept = control_quality(read, quality, mitochondrial=donor.mitochondrial)
            outcome |= {"cells_kept": kept.n_cells, "genes_kept": kept.n_genes}
            size = f"{kept.n_cells} cells, {kept.n_genes} genes"
            progress(f"{kept.name}: {size} after quality control")
            graphs.append(build_graph(kept, build))
        except DataError as error:
            refused.append(error)
            outcome["refused"] = str(error)
        outcomes.append(DonorOutcome.model_validate(outcome))
    if not graphs:
        raise refused[0]
    for reason in refused:
        warn(f"left out {reason}")
    return graphs, outcomes


def _origin(
    caught: Sequence[warnings.WarningMessage],
    outcomes: Sequence[DonorOutcome],
    parameters: dict[str, Any],
    provenance: Provenance | None = None,
    **of_file: str,
) -> Origin:
    return Origin(
        parameters=parameters,
        warnings=_said(caught, DataWarning),
        notes=_said(caught, DataNote),
        donors=tuple(outcomes),
        versions={"python": python_version()} | {name: version(name) for name in PACKAGES},
        suite_version=__version__,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        provenance=provenance,
        **of_file,
    )


def _said(caught: Sequence[warnings.WarningMessage], kind: type[Warning]) -> tuple[str, ...]:
    """Return the messages of a kind, each once: several donors may give the same."""
    return tuple(dict.fromkeys(str(w.message) for w in caught if issubclass(w.category, kind)))
