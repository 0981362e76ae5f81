"""Say of new graphs what would only be found when methods run on them."""

import warnings
from collections.abc import Sequence

from genearena.data.cards.stored_card import SourceCard
from genearena.data.graphs import GeneGraph
from genearena.data.notes import DataWarning
from genearena.data.quality.graph_quality import MAX_DENSITY, TOO_DENSE

FEW = 0.1
"""Share of the smaller data set's genes below which two may call genes by different names; real
donors of two species with common symbols share more."""


def warn_of_graphs(graphs: Sequence[GeneGraph], others: Sequence[SourceCard]) -> None:
    """Warn of graphs with too many edges, and of genes that other data sets call otherwise.

    Parameters
    ----------
    graphs
        Graphs of one data set.
    others
        Data sets they will be benchmarked with.

    Warns
    -----
    DataWarning
        If the density of graphs is over `MAX_DENSITY`, or they share few genes with a data set.
    """
    dense = [graph for graph in graphs if graph.density > MAX_DENSITY]
    if dense:
        worst = max(dense, key=lambda graph: graph.density)
        also = f" and {len(dense) - 1} more" if len(dense) > 1 else ""
        _warn(f"graph '{worst.name}'{also}: {worst.density:.0%} of pairs are edges {TOO_DENSE}")
    own = {gene for graph in graphs for gene in graph.genes}
    theirs = {
        card.source: {gene for graph in card.graphs for gene in graph.genes} for card in others
    }
    common = {source: len(own & genes) for source, genes in theirs.items()}
    few = [of for of, n in common.items() if n < FEW * min(len(own), len(theirs[of]))]
    if few:
        least = min(few, key=common.__getitem__)
        also = f" and few of {len(few) - 1} more data sets" if len(few) > 1 else ""
        _warn(
            f"{common[least]} of {len(own)} genes are those of '{least}'{also}: that has genes "
            f"such as '{min(theirs[least] - own)}', this '{min(own - theirs[least])}'; if the "
            "names are of two kinds, add one again with --gene-names, --gene-key or --orthologs"
        )


def _warn(message: str) -> None:
    warnings.warn(message, DataWarning, stacklevel=3)
