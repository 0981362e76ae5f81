"""Make the graphs of a data set: from counts in files or in memory, or simulated."""

import dataclasses
import hashlib
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from genearena import __version__
from genearena.data.build import build_graph
from genearena.data.cards.stored_card import DonorOutcome, Origin, Provenance, SourceCard
from genearena.data.common.errors import DataError
from genearena.data.graphs import FloatArray, GeneGraph, GraphCollection, named_apart
from genearena.data.notes import DataNote, DataWarning, warn
from genearena.data.options import (
    SIMULATED_QUALITY,
    BuildOptions,
    Protocol,
    QualityControl,
    Simulation,
    simulated_build,
    simulation_parameters,
)
from genearena.data.preprocessing.residuals import MODELS
from genearena.data.quality.filtering import control_quality
from genearena.data.quality.graph_quality import warn_of_graphs
from genearena.data.reading.ingest import DonorCounts, ReadOptions, donors_of, read_donors
from genearena.data.reading.readers import files_read
from genearena.data.simulate import simulate_samples
from genearena.data.store import SIMULATED

if TYPE_CHECKING:
    from anndata import AnnData

DECIMALS = 7
"""Of the true correlations of simulated data."""

PACKAGES = ("anndata", "numpy", "scanpy", "scipy")
"""Packages whose versions a card keeps, since numbers may depend on them."""

Progress = Callable[[str], None]


def make_graphs(
    tables: Mapping[str, "Path | AnnData"],
    source: str,
    read: ReadOptions,
    *,
    quality: QualityControl | None = None,
    build: BuildOptions | None = None,
    provenance: Provenance | None = None,
    others: Sequence[SourceCard] = (),
    progress: Progress = lambda _: None,
    licence: str = "",
    citation: str = "",
) -> GraphCollection:
    """Build the graph of each donor of some files or tables in memory.

    Parameters
    ----------
    tables
        Name -> counts; the name is that of the graph if they are one sample, and stands before
        those of all donors if two donors of different tables are called alike.
    source
        What the data set is called.
    read, quality, build, provenance, progress, licence, citation
        As for `add.add_file`.
    others
        Data that are to be benchmarked beside these, for warnings.

    Raises
    ------
    UsageError, DataError
        As for `add.add_file`.
    """
    quality, build = quality or QualityControl(), build or BuildOptions()
    MODELS.entry(build.residuals)
    parameters = {
        "read": _recorded(asdict(read)),
        "quality": asdict(quality),
        "build": asdict(build),
    }
    made: list[tuple[str, GeneGraph]] = []
    outcomes: list[DonorOutcome] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for name, table in tables.items():
            if isinstance(table, Path):
                donors = read_donors(table, name, read, progress)
            else:
                donors = donors_of(table, name, read)
            graphs, told = _build_all(donors, quality, build, progress)
            made += [(name, graph) for graph in graphs]
            outcomes += told
        names = named_apart([(of, graph.name) for of, graph in made])
        graphs = [dataclasses.replace(g, name=n) for (_, g), n in zip(made, names, strict=True)]
        warn_of_graphs(graphs, others)
    said = {"licence": licence, "citation": citation}
    said |= _files([table for table in tables.values() if isinstance(table, Path)])
    origin = _origin(caught, outcomes, parameters, provenance, **said)
    return GraphCollection(read.tissue, source, tuple(graphs), origin)


def simulate_graphs(
    tissue: str,
    source: str = SIMULATED,
    sizes: Simulation | None = None,
    *,
    protocol: Protocol = "split",
    split_seed: int = 0,
    progress: Progress = lambda _: None,
) -> GraphCollection:
    """Simulate a tissue and build its graphs, as `add_simulated` does, and store nothing.

    Raises
    ------
    UsageError
        If the simulator does not know the tissue, or a size is out of range.
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
    true = {sample.counts.name: sample.latent_correlation for sample in samples}
    known = tuple(
        dataclasses.replace(graph, latent=_to_decimals(true[graph.name](graph.genes)))
        for graph in graphs
    )
    return GraphCollection(tissue, source, known, _origin(caught, outcomes, parameters))


def _to_decimals(true: npt.NDArray[np.float64]) -> FloatArray:
    """Round true correlations: last digits and noise around 0 depend on a machine's cores."""
    return (np.round(true, DECIMALS) + 0.0).astype(np.float32)  # no -0


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, or for a folder that of the sums of the files read from it."""
    if path.is_dir():
        return hashlib.sha256("".join(map(sha256_of, files_read(path))).encode()).hexdigest()
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _files(paths: Sequence[Path]) -> dict[str, str]:
    if not paths:
        return {}
    sums = [sha256_of(path) for path in paths]
    several = hashlib.sha256("".join(sums).encode()).hexdigest()
    names = ", ".join(path.name for path in paths)
    return {"file": names, "sha256": sums[0] if len(sums) == 1 else several}


def _recorded(value: Any) -> Any:
    """Return options with other files by what they are, not by where they lie."""
    if isinstance(value, dict):
        return {key: _recorded(part) for key, part in value.items()}
    return f"{value.name}, SHA-256 {sha256_of(value)}" if isinstance(value, Path) else value


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
