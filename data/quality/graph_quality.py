"""What is good and bad about a gene graph before any method sees it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genearena.data.cards.stored_card import GraphCard, SourceCard
from genearena.data.graphs import GeneGraph
from genearena.data.notes import warn
from genearena.data.quality.esnr import edge_signal
from genearena.data.reading.gene_names import own_name

Array = npt.NDArray[np.float64]

# rules of thumb, from 16 graphs of real donors: densities of 3-32 %, medians of 28-315 neighbours,
# confounding of -0.1 to 0.7 and one of 0.9, ESNR of 0.13-0.42 and by chance up to 0.06
MAX_DENSITY = 0.3
MIN_MEDIAN_DEGREE = 2
MAX_ISOLATED = 0.5
MAX_CONFOUNDING = 0.7
FEW_SHARED = 0.1
"""Share of the smaller data set's genes below which two may call genes by different names; real
donors of two species with common symbols share more."""
TOO_DENSE = (
    f"(over {MAX_DENSITY:.0%}), which tell genes hardly apart; use --fdr or a smaller --alpha"
)


@dataclass(frozen=True)
class GraphQuality:
    """Quality of one gene graph.

    Parameters
    ----------
    name, n_genes, n_cells, n_edges, density
        Graph, its size, and the share of pairs of genes that are edges.
    esnr, esnr_by_chance
        Edge signal-to-noise ratio in [0, 1], and that of random clusters, see `edge_signal`.
    median_degree, max_degree, n_isolated
        Neighbours of genes, and genes without any.
    degree_gini
        Gini coefficient of the degrees: 0 if all are alike, near 1 if few hubs have all edges.
    depth_confounding
        Spearman correlation of the degree of genes with their mean count: near 1, edges tell
        how much was counted of a gene. NaN if the graph keeps no counts or either is constant.
    """

    name: str
    n_genes: int
    n_cells: int
    n_edges: int
    density: float
    esnr: float
    esnr_by_chance: float
    median_degree: float
    max_degree: int
    degree_gini: float
    n_isolated: int
    depth_confounding: float

    @property
    def isolated(self) -> float:
        """Share of genes without an edge."""
        return self.n_isolated / self.n_genes


def graph_quality(graph: GeneGraph) -> GraphQuality:
    """Measure the quality of a gene graph."""
    degree, signal = degrees(graph), edge_signal(graph.adjacency, graph.x)
    return GraphQuality(
        name=graph.name,
        n_genes=graph.n_genes,
        n_cells=graph.n_cells,
        n_edges=graph.n_edges,
        density=graph.density,
        esnr=signal.esnr,
        esnr_by_chance=signal.by_chance,
        median_degree=float(np.median(degree)),
        max_degree=int(degree.max()),
        degree_gini=gini(degree),
        n_isolated=int((degree == 0).sum()),
        depth_confounding=depth_confounding(graph),
    )


def degrees(graph: GeneGraph) -> Array:
    """Return the number of neighbours of each gene, (n,)."""
    return np.asarray(np.diff(graph.adjacency.indptr), dtype=np.float64)


def mean_counts(graph: GeneGraph) -> Array | None:
    """Return the mean count of each gene over cells, (n,), if the graph keeps counts."""
    if graph.counts is None:
        return None
    # sums of integers are exact, so that equal means stay ties
    return np.asarray(graph.counts.sum(axis=1), dtype=np.float64) / graph.n_cells


def depth_confounding(graph: GeneGraph) -> float:
    """Return the Spearman correlation of degrees with mean counts, NaN if there is none."""
    degree, mean = degrees(graph), mean_counts(graph)
    if mean is None or np.ptp(degree) == 0 or np.ptp(mean) == 0:
        return float("nan")
    return float(np.corrcoef(_ranks(degree), _ranks(mean))[0, 1])


def _ranks(values: Array) -> Array:
    """Return the ranks of numbers, equal ones sharing their mean, without all of scipy.stats."""
    _, place, times = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(times) - (times - 1) / 2)[place], dtype=np.float64)


def gini(values: Array) -> float:
    """Return the Gini coefficient of non-negative numbers: mean |difference| / (2 mean)."""
    total, n = values.sum(), len(values)
    if not total:
        return 0.0
    ranks = np.arange(1, n + 1)
    return float((2 * ranks - n - 1) @ np.sort(values) / (n * total))


def quality_warnings(quality: GraphQuality) -> tuple[str, ...]:
    """Return a line for everything that makes a graph a bad ground to compare methods on."""
    return tuple(f"graph '{quality.name}': {problem}" for problem in _problems(quality))


def warn_of_graphs(graphs: Sequence[GeneGraph], others: Sequence[SourceCard]) -> None:
    """Warn of new graphs with too many edges, and of genes that `others` call otherwise.

    The density of such graphs is over `MAX_DENSITY`; others are the data sets they will be
    benchmarked with.
    """
    dense = [graph for graph in graphs if graph.density > MAX_DENSITY]
    if dense:
        worst = max(dense, key=lambda graph: graph.density)
        also = f" and {len(dense) - 1} more" if len(dense) > 1 else ""
        warn(f"graph '{worst.name}'{also}: {worst.density:.0%} of pairs are edges {TOO_DENSE}")
    own = _called(graphs)
    theirs = {card.source: _called(card.graphs) for card in others}
    common = {source: len(own & genes) for source, genes in theirs.items()}
    few = [of for of, n in common.items() if n < FEW_SHARED * min(len(own), len(theirs[of]))]
    if few:
        least = min(few, key=common.__getitem__)
        also = f" and few of {len(few) - 1} more data sets" if len(few) > 1 else ""
        warn(
            f"{common[least]} of {len(own)} genes are those of '{least}'{also}: that has genes "
            f"such as '{min(theirs[least] - own)}', this '{min(own - theirs[least])}'; if the "
            "names are of two kinds, add one again with --gene-names, --gene-key or --orthologs"
        )


def _called(graphs: Sequence[GeneGraph] | Sequence[GraphCard]) -> set[str]:
    """Return the names of genes, those that were named apart without their species."""
    return {own_name(gene, graph.species) for graph in graphs for gene in graph.genes}


def _problems(quality: GraphQuality) -> Iterator[str]:
    if not quality.n_edges:
        yield "no edges, so it cannot be used; add it with a larger --alpha, or pool donors"
        return
    if quality.density > MAX_DENSITY:
        yield f"{quality.density:.0%} of pairs are edges {TOO_DENSE}"
    if quality.isolated > MAX_ISOLATED:
        yield (
            f"{quality.isolated:.0%} of genes have no edge (over {MAX_ISOLATED:.0%}); use a larger "
            "--alpha, pool donors or take fewer --genes"
        )
    elif quality.median_degree < MIN_MEDIAN_DEGREE:
        yield (
            f"the median gene has {quality.median_degree:g} neighbours (under "
            f"{MIN_MEDIAN_DEGREE}); use a larger --alpha, pool donors or take fewer --genes"
        )
    if abs(quality.depth_confounding) > MAX_CONFOUNDING:
        yield (
            f"degrees go with mean counts (Spearman {quality.depth_confounding:.2f}, over "
            f"{MAX_CONFOUNDING:g} either way), so embeddings may tell expression rather than "
            "co-expression; compare methods with the control expression_mean"
        )
    if quality.esnr <= quality.esnr_by_chance:
        yield (
            f"its edges have no more to do with its profiles than with chance (ESNR "
            f"{quality.esnr:.2f}, by chance {quality.esnr_by_chance:.2f}), so methods that use "
            "edges may learn nothing from them"
        )
