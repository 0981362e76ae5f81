"""How big the tasks are that are timed."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Size:
    """Dimensions of the made-up tasks.

    Parameters
    ----------
    genes, cells
        Of every graph.
    edges
        Undirected edges at which MuSe-GNN's step is timed, ascending.
    usual_edges
        The one of them at which everything else is timed.
    tissue_graphs
        Graphs of the largest tissue, on which metrics are timed and whole runs reckoned.
    loop_graphs
        Graphs on which the loop over pairs of genes is timed.
    walks_per_gene, walk_length
        Of node2vec.
    simulated_seeds
        Of every tissue and method in a simulation of the runner, one simulation each.
    """

    genes: int
    cells: int
    edges: tuple[int, ...]
    usual_edges: int
    tissue_graphs: int
    loop_graphs: int
    walks_per_gene: int
    walk_length: int
    simulated_seeds: tuple[int, ...]


SIZES: Mapping[str, Size] = MappingProxyType(
    {
        "full": Size(1000, 1000, (25_000, 50_000, 150_000), 50_000, 15, 4, 10, 80, (5, 25, 100)),
        "small": Size(60, 40, (300,), 300, 3, 2, 2, 10, (1,)),
    }
)
