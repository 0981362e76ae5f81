"""Genes of one run in the plane, some of them by name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from genearena.benchmark.biology.joint import Stored
from genearena.benchmark.show.plots.panels import Box, write_names
from genearena.benchmark.show.plots.style import COLOURS, INK
from genearena.benchmark.show.plots.umap import MOST_ROWS, scatter, umap_points
from genearena.data.common.errors import UsageError, did_you_mean
from genearena.data.graphs import FloatArray, IntArray

PANEL_INCHES = 4.2
POINTS = 6.5
SHARED = 0.04
"""Rows of a gene nearer than this share of the panel's width have one name."""
MOST_KINDS = 12
"""Kinds that a legend names."""

Texts = npt.NDArray[np.str_]


@dataclass(frozen=True, eq=False)
class GeneRows:
    """The (rows, d) vectors of a run, and the gene and the kind of each row, which colours tell."""

    vectors: FloatArray
    gene: Texts
    kind: Texts


def rows_to_draw(gene: Texts, known: npt.NDArray[np.bool_], genes: Sequence[str]) -> IntArray:
    """Return as many rows with vectors as a panel can show, all of some genes among them."""
    wanted = known & np.isin(gene, list(genes))
    rest = np.random.default_rng(0).permutation(np.flatnonzero(known & ~wanted))
    return np.union1d(np.flatnonzero(wanted), rest[: max(MOST_ROWS - int(wanted.sum()), 0)])


def maps_figure(runs: Iterable[Stored], n_runs: int, genes: Sequence[str], color: str) -> Figure:
    """Draw so many runs on one task beside each other, some genes by name.

    Raises
    ------
    UsageError
        If the task lacks one of the genes.
    """
    figure = Figure(figsize=(PANEL_INCHES * n_runs, PANEL_INCHES), layout="constrained")
    for axes, each in zip(figure.subplots(1, n_runs, squeeze=False)[0], runs, strict=True):
        gene, kind = (np.asarray(each.table.obs[name]).astype(str) for name in ("gene", color))
        check_genes(sorted({*gene.tolist()}), genes, each.where)
        heading = f"{each.label}, seed {each.run.seed}, on {each.where}"
        gene_map(axes, GeneRows(np.asarray(each.table.X), gene, kind), genes, heading)
    return figure


def check_genes(known: Sequence[str], genes: Sequence[str], where: str) -> None:
    """Raise UsageError unless all genes are known there."""
    for gene in genes:
        if gene not in known:
            hint = did_you_mean(gene, known, f"there are {len(known)}, such as {known[0]}")
            raise UsageError(f"{where} has no gene '{gene}'; {hint}")


def gene_map(axes: Axes, rows: GeneRows, genes: Sequence[str], heading: str) -> None:
    """Draw the UMAP of a run's rows, coloured by kind; some genes above the others, with names.

    Rows of one gene that lie together share its name: a gene that data sets put in one place is
    written once.
    """
    drawn = rows_to_draw(rows.gene, np.ones(len(rows.gene), bool), genes)
    gene, kind = rows.gene[drawn], rows.kind[drawn]
    points = umap_points(rows.vectors[drawn])
    kinds = list(dict.fromkeys(rows.kind.tolist()))
    if all(map(str.isdecimal, kinds)):
        kinds.sort(key=int)
    colour = {kind: COLOURS[place % len(COLOURS)] for place, kind in enumerate(kinds)}
    size = float(np.clip(8000 / len(points), 2, 14))
    look = [colour[kind] for kind in kind.tolist()]
    scatter(axes, points, look, s=size, alpha=0.25 if genes else 0.8)
    point_at(axes, points, look, {name: np.flatnonzero(gene == name) for name in genes})
    axes.set_title(heading, loc="left", fontsize=7)
    if 1 < len(kinds) <= MOST_KINDS:
        axes.legend(
            handles=[
                Line2D([], [], marker="o", ls="", color=colour[kind], label=kind, markersize=3.5)
                for kind in kinds
            ],
            loc="upper left",
            bbox_to_anchor=(0.0, -0.01),
            ncols=min(len(kinds), 4),
            fontsize=POINTS,
            frameon=False,
            handletextpad=0.1,
            columnspacing=1.0,
        )


def point_at(
    axes: Axes, points: FloatArray, colours: Sequence[str], named: Mapping[str, IntArray]
) -> None:
    """Draw the rows of some genes above the others, and write their names beside them."""
    for own in named.values():
        face = [colours[row] for row in own]
        x, y = points[own].T
        axes.scatter(x, y, s=16, c=face, edgecolors=INK, linewidths=0.7, zorder=3)
    (left, right) = axes.get_xlim()
    reach = SHARED * (right - left)
    write_names(axes, [(gene, _groups(points[own], reach)) for gene, own in named.items()])


def _groups(points: FloatArray, reach: float) -> Box:
    """Return the middle of every group of points that are no further apart than the reach."""
    left, middles = list(points), []
    while left:
        group = [left.pop()]
        for one in group:  # which grows
            near = [p for p in left if np.linalg.norm(p - one) <= reach]
            left = [p for p in left if np.linalg.norm(p - one) > reach]
            group += near
        x, y = np.mean(group, axis=0).tolist()
        middles.append((x, y))
    return middles
