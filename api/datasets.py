"""``ga.datasets``: graphs that are there already."""

from collections.abc import Sequence
from pathlib import Path

from genearena.data.graphs import GraphCollection, Modality
from genearena.data.make import simulate_graphs
from genearena.data.options import Protocol, Simulation
from genearena.data.store import SIMULATED
from genearena.data.tasks import load_task

__all__ = ["load", "simulated"]


def load(
    tissue: str, source: str = "auto", *, data_dir: str | Path | None = None
) -> GraphCollection:
    """Load a task: what ``bench data add`` stored of a tissue, or the simulated one.

    Parameters
    ----------
    tissue
        One of the ten embedded tissues, or one that you added data for; ``"heart+lung"`` for
        several together.
    source
        Names of data sets with commas between them, ``simulated``, ``simulated-scrna``,
        ``simulated-paper``, or ``auto``: your own if there are any, else simulated.
    data_dir
        Where graphs are stored; by default ``$GENEARENA_DATA`` or the user's data folder.

    Raises
    ------
    UsageError
        If the tissue or a data set is unknown.
    StoreError
        If a stored file is missing, damaged or changed.
    """
    return load_task(tissue, source=source, folder=_folder(data_dir))


def simulated(
    tissue: str = "lung",
    *,
    name: str = SIMULATED,
    donors: int | None = None,
    genes: int = 300,
    cells: int = 350,
    modalities: Sequence[Modality] | None = None,
    second_species: bool = False,
    rewired: float = 0.0,
    seed: int = 0,
    protocol: Protocol = "split",
    split_seed: int = 0,
) -> GraphCollection:
    """Simulate the graphs of a tissue, as ``bench data simulate`` does.

    As it is, this is the embedded task of ``bench run --tissue lung --source simulated``.

    Parameters
    ----------
    tissue
        One of the ten embedded tissues.
    name
        What the data set is called; give one to sizes of your own that `genearena.run` is to use.
    donors
        scRNA donors, 1 to 15; by default as many as the catalogue says.
    genes, cells
        Genes of each graph, and about how many cells, as many of which again are kept back.
    modalities
        Some of ``scrna``, ``scatac`` and ``spatial``; by default all that the paper has of it.
    second_species
        Whether to add samples of other species.
    rewired
        Share of the programme genes that are in another programme in every second donor: two
        conditions, if it is not 0.
    seed
        Seed of the simulator.
    protocol, split_seed
        Whether cells are kept back (``split``) or not (``paper``), and which.

    Raises
    ------
    UsageError
        If the simulator does not know the tissue, or a size is out of range.
    """
    sizes = Simulation(
        donors=donors,
        genes=genes,
        cells=cells,
        modalities=modalities,
        second_species=second_species,
        rewired=rewired,
        seed=seed,
    )
    return simulate_graphs(tissue, name, sizes, protocol=protocol, split_seed=split_seed)


def _folder(data_dir: str | Path | None) -> Path | None:
    return None if data_dir is None else Path(data_dir)
