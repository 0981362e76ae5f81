"""What may be chosen of how counts become graphs or are simulated; light to import."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from genearena.data.cards.tissues import tissue_spec

SIMULATOR = 2
"""Raised when simulated graphs come out otherwise than before: stored ones are made anew then."""

Protocol = Literal["split", "paper"]
GenesBy = Literal["auto", "variance", "sparkx"]

ALPHA = 0.005
RESIDUALS = "sctransform"
"""The null model taken by default, that of the paper."""


@dataclass(frozen=True, kw_only=True)
class BuildOptions:
    """How counts become a graph.

    Parameters
    ----------
    n_genes
        Number of genes, the nodes.
    residuals
        Null model of the profiles, a name in `preprocessing.residuals.MODELS`.
    alpha
        Pairs of genes with p below it are edges.
    fdr
        Whether p is adjusted for multiple testing (Benjamini-Hochberg).
    genes_by
        Which genes: ``variance`` for the most variable, ``sparkx`` for those that depend most on
        place, ``auto`` for ``sparkx`` where the modality is spatial and ``variance`` elsewhere.
    protocol
        ``split``: the graph is made from one half of the cells, drawn at random, and the edges of
        the same genes in the other half are kept back to score methods with. ``paper``: all cells
        go into the graph.
    split_seed
        Which halves.
    """

    n_genes: int = 1000
    residuals: str = RESIDUALS
    alpha: float = ALPHA
    fdr: bool = False
    genes_by: GenesBy = "auto"
    protocol: Protocol = "split"
    split_seed: int = 0


@dataclass(frozen=True, kw_only=True)
class QualityControl:
    """Thresholds of quality control.

    Parameters
    ----------
    min_genes
        Detected genes a cell needs; the paper's 200 suit whole transcriptomes, not panels.
    min_cells
        Cells a gene must be detected in.
    max_genes
        Detected genes above which a cell is taken for a doublet; None for no limit.
    max_pct_mt
        Percent of counts from mitochondrial genes above which a cell is taken for dying;
        None for no limit.
    min_donor_cells
        Cells a donor needs after all that. Profiles over fewer cells than dimensions cannot fill
        the default 32 dimensions, and genes seen in few cells have unstable variances.
    """

    min_genes: int = 200
    min_cells: int = 3
    max_genes: int | None = None
    max_pct_mt: float | None = None
    min_donor_cells: int = 40


SIMULATED_QUALITY = QualityControl(min_genes=1, min_donor_cells=20)
"""The simulator makes no bad cells, and as few cells as its user asks for."""


@dataclass(frozen=True, kw_only=True)
class Simulation:
    """Sizes of a simulated data set.

    Parameters
    ----------
    donors
        scRNA donors, 1 to 15; by default what the catalogue says.
    genes
        Genes that a graph will keep, at least 20; several times as many are simulated.
    cells
        Cells per sample, at least 20; samples have 0.88 to 1.25 times as many.
    modalities
        Which of ``scrna``, ``scatac`` and ``spatial``; by default all that the paper has.
    second_species
        Add a sample of each other species the paper has, with the same gene names.
    rewired
        Share of the programme genes that are in another programme in every second scRNA donor, in
        all of these the same: two conditions, if it is not 0.
    seed
        Non-negative seed. A sample depends on nothing but seed, tissue, `genes`, `cells` and its
        own name: further donors or modalities leave it as it is.
    """

    donors: int | None = None
    genes: int = 300
    cells: int = 350
    modalities: Sequence[str] | None = None
    second_species: bool = False
    rewired: float = 0.0
    seed: int = 0


def simulated_build(
    protocol: Protocol = "split", split_seed: int = 0, sizes: Simulation | None = None
) -> BuildOptions:
    """Return how graphs of simulated counts are built."""
    genes = (sizes or Simulation()).genes
    return BuildOptions(n_genes=genes, protocol=protocol, split_seed=split_seed)


def simulation_parameters(
    tissue: str, sizes: Simulation | None = None, build: BuildOptions | None = None
) -> dict[str, Any]:
    """Return all that decides what is simulated, in the form a card gives it back."""
    sizes = sizes or Simulation()
    parameters = {
        "tissue": asdict(tissue_spec(tissue)),
        "simulation": {"version": SIMULATOR, **asdict(sizes)},
        "quality": asdict(SIMULATED_QUALITY),
        "build": asdict(build or simulated_build(sizes=sizes)),
    }
    read_back: dict[str, Any] = json.loads(json.dumps(parameters))
    return read_back
