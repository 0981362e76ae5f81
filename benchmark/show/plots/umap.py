"""UMAP of the gene vectors of every method, coloured by data set, cluster and programme."""

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.show.plots.source import Source
from genearena.benchmark.show.plots.style import (
    COLOURS,
    FAINT,
    PAGE_INCHES,
    dataset_colours,
    title,
)
from genearena.data.graphs import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 8
MOST_ROWS = 2000
N_NEIGHBOURS = 15
EPOCHS = 200
"""Of the layout: what UMAP takes for large data; small ones get 500, which show no more here."""


@dataclass(frozen=True, eq=False)
class Layout:
    """Gene rows of one run in the plane.

    Parameters
    ----------
    points
        (rows, 2) UMAP coordinates.
    dataset, cluster
        (rows,) names.
    seed
        Seed of the run.
    programme
        (rows,) number of the simulated programme, negative for none; None where it is unknown.
    """

    points: FloatArray
    dataset: npt.NDArray[np.str_]
    cluster: npt.NDArray[np.str_]
    seed: int
    programme: npt.NDArray[np.int64] | None = None


def umap_points(vectors: FloatArray) -> FloatArray:
    """Lay out vectors in the plane, the same for the same vectors.

    Parameters
    ----------
    vectors
        (rows, d) gene vectors.

    Returns
    -------
    (rows, 2) coordinates.
    """
    import scanpy as sc
    from anndata import AnnData
    from scipy.sparse import SparseEfficiencyWarning

    table = AnnData(vectors)
    with warnings.catch_warnings():
        # raised inside scanpy, and of no consequence at this size
        warnings.simplefilter("ignore", SparseEfficiencyWarning)
        sc.pp.neighbors(table, min(N_NEIGHBOURS, len(vectors) - 1), use_rep="X", random_state=0)
        sc.tl.umap(table, init_pos=_start(vectors), random_state=0, maxiter=EPOCHS)
    points: FloatArray = table.obsm["X_umap"].astype(np.float32)
    return points


def _start(vectors: FloatArray) -> FloatArray:
    # principal components: the usual spectral start fails on graphs of many small islands
    centred = vectors.astype(np.float64) - vectors.mean(axis=0)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    components = (left * sizes)[:, :2]
    # equal vectors have to start apart
    noise = np.random.default_rng(0).normal(scale=1e-3, size=components.shape)
    spread = np.abs(components).max() or 1.0
    start: FloatArray = (10 * components / spread + noise).astype(np.float32)
    return start


def from_results(boards: Sequence[Leaderboard], source: Source) -> "Figure | str":
    """Draw the figure of stored results, or say why there is none."""
    from genearena.benchmark.show.plots.stored import read_layout

    (board,) = boards
    layouts = {}
    for row in source.follow(board.rows, f"UMAP of {board.task.label}"):
        run = source.shown_run(row)
        layout = None if run is None else read_layout(source.store, run)
        if layout is not None:
            layouts[row.label] = layout
    return umap_panels(board, layouts) or "no stored vectors"


def umap_panels(board: Leaderboard, layouts: Mapping[str, Layout]) -> "Figure | None":
    """Draw a column of panels per method: by data set, Leiden cluster and simulated programme.

    Parameters
    ----------
    board
        Leaderboard of one task.
    layouts
        Row label -> coordinates of one run.

    Returns
    -------
    The figure, as wide as a page; None if there are no layouts.
    """
    from matplotlib.figure import Figure

    rows = [row for row in board.rows if row.label in layouts]
    if not rows:
        return None
    known = any(layout.programme is not None for layout in layouts.values())
    kinds = ("data set", "cluster", "programme")[: 3 if known else 2]
    n_blocks = math.ceil(len(rows) / COLUMNS)
    block_inches = 0.81 * len(kinds) + 0.38
    size = (PAGE_INCHES, block_inches * n_blocks + 0.7)
    figure = Figure(figsize=size, layout="constrained")
    blocks = figure.subfigures(n_blocks, 1, squeeze=False)[:, 0]
    names = list(dict.fromkeys(name for row in rows for name in layouts[row.label].dataset))
    for b, block in enumerate(blocks):
        panels = block.subplots(len(kinds), COLUMNS, squeeze=False)
        for axes, kind in zip(panels[:, 0], kinds, strict=True):
            axes.set_ylabel(kind, fontsize=7)
        for k, row in enumerate(rows[b * COLUMNS : (b + 1) * COLUMNS]):
            _draw_method(panels[:, k], row, layouts[row.label], dataset_colours(names))
        for axes in panels[:, len(rows) - b * COLUMNS :].flat:
            axes.set_visible(False)
    seeds = sorted({layouts[row.label].seed for row in rows})
    what = f"UMAP of gene vectors, seed {' or '.join(map(str, seeds))}"
    figure.suptitle(title(board, what), x=0.005, ha="left", fontsize=7)
    _draw_legend(figure, names, known=known)
    return figure


def _draw_method(
    panels: npt.NDArray[np.object_], row: Row, layout: Layout, by_dataset: Mapping[str, str]
) -> None:
    panels[0].set_title(
        row.title,
        style="italic" if row.control else "normal",
        fontsize=6,
        pad=2.5,
    )
    _scatter(panels[0], layout, [by_dataset[name] for name in layout.dataset])
    clusters = sorted(set(layout.cluster), key=lambda c: (len(c), c))
    place = {name: i for i, name in enumerate(clusters)}
    _scatter(panels[1], layout, [COLOURS[place[c] % len(COLOURS)] for c in layout.cluster])
    panels[1].set_xlabel(f"{len(clusters)} clusters", fontsize=6, labelpad=1.5)
    if len(panels) < 3:
        return
    if layout.programme is None:
        panels[2].set_visible(False)
        return
    # genes without a programme lie below the others
    _scatter(panels[2], layout, [_programme_colour(p) for p in layout.programme])


def _programme_colour(programme: int) -> str:
    return FAINT if programme < 0 else COLOURS[programme % len(COLOURS)]


def _scatter(axes: "Axes", layout: Layout, colours: list[str]) -> None:
    # a fixed shuffle, so that no data set lies on top of the others; what is pale goes below
    order = np.random.default_rng(0).permutation(len(colours))
    shown = np.array(colours)[order]
    order = order[np.argsort(shown != FAINT, kind="stable")]
    size = float(np.clip(2000 / len(order), 0.8, 6))
    x, y = layout.points[order].T
    axes.scatter(x, y, c=np.array(colours)[order], s=size, lw=0, rasterized=True)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(True)
        spine.set_color(FAINT)
    axes.set_box_aspect(1)


def _draw_legend(figure: "Figure", names: Sequence[str], *, known: bool) -> None:
    from matplotlib.lines import Line2D

    colours = dataset_colours(names)
    handles = [
        Line2D([], [], marker="o", ls="", color=colours[name], label=name, markersize=4)
        for name in names
    ]
    programmes = "; programmes are the simulation's, pale: none" if known else ""
    figure.legend(
        handles=handles,
        loc="outside lower left",
        ncols=min(len(names), 6),
        frameon=False,
        fontsize=7,
        handletextpad=0.2,
        columnspacing=1.2,
        title=f"Data sets (colours of clusters are each panel's own{programmes})",
        title_fontsize=7,
        alignment="left",
    )
