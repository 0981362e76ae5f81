"""UMAP of the gene vectors of every method, coloured by data set and by cluster."""

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from genearena.benchmark.leaderboard import Leaderboard, Row
from genearena.benchmark.plots.style import COLOURS, FAINT, dataset_colours, title
from genearena.data.graphs import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 5
N_NEIGHBOURS = 15


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
    """

    points: FloatArray
    dataset: npt.NDArray[np.str_]
    cluster: npt.NDArray[np.str_]
    seed: int


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
        sc.tl.umap(table, init_pos=_start(vectors), random_state=0)
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


def umap_panels(board: Leaderboard, layouts: Mapping[str, Layout]) -> "Figure | None":
    """Draw two panels per method, above by data set and below by Leiden cluster.

    Parameters
    ----------
    board
        Leaderboard of one task; its order is that of the panels.
    layouts
        Row label -> coordinates of one run.

    Returns
    -------
    The figure, None if there are no layouts.
    """
    from matplotlib.figure import Figure

    rows = [row for row in board.rows if row.label in layouts]
    if not rows:
        return None
    n_blocks = math.ceil(len(rows) / COLUMNS)
    n_columns = math.ceil(len(rows) / n_blocks)
    figure = Figure(figsize=(max(4.5, 2.1 * n_columns), 4.0 * n_blocks + 0.9), layout="constrained")
    blocks = figure.subfigures(n_blocks, 1, squeeze=False)[:, 0]
    names = list(dict.fromkeys(name for row in rows for name in layouts[row.label].dataset))
    for b, block in enumerate(blocks):
        panels = block.subplots(2, n_columns, squeeze=False)
        panels[0, 0].set_ylabel("data set")
        panels[1, 0].set_ylabel("Leiden cluster")
        for k in range(n_columns):
            i = b * n_columns + k
            _draw_method(panels[:, k], rows[i] if i < len(rows) else None, layouts, names)
    figure.suptitle(
        title(board, "UMAP of gene vectors"), x=0.01, ha="left", fontsize=10, weight="bold"
    )
    figure.legend(
        handles=_handles(names),
        loc="outside lower left",
        ncols=min(len(names), 6),
        frameon=False,
        title="data sets (colours of clusters are each panel's own)",
        alignment="left",
    )
    return figure


def _draw_method(
    panels: npt.NDArray[np.object_],
    row: Row | None,
    layouts: Mapping[str, Layout],
    names: list[str],
) -> None:
    if row is None:
        for axes in panels:
            axes.set_visible(False)
        return
    layout = layouts[row.label]
    by_dataset = dataset_colours(names)
    _scatter(panels[0], layout, [by_dataset[name] for name in layout.dataset])
    panels[0].set_title(
        f"{row.label} (seed {layout.seed})", style="italic" if row.control else "normal"
    )
    clusters = sorted(set(layout.cluster), key=lambda c: (len(c), c))
    place = {name: i for i, name in enumerate(clusters)}
    _scatter(panels[1], layout, [COLOURS[place[c] % len(COLOURS)] for c in layout.cluster])
    panels[1].set_xlabel(f"{len(clusters)} clusters", fontsize=7)


def _scatter(axes: "Axes", layout: Layout, colours: list[str]) -> None:
    # a fixed shuffle, so that no data set lies on top of the others
    order = np.random.default_rng(0).permutation(len(colours))
    size = float(np.clip(7000 / len(order), 1.5, 8))
    x, y = layout.points[order].T
    axes.scatter(x, y, c=np.array(colours)[order], s=size, lw=0, rasterized=True)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(True)
        spine.set_color(FAINT)
    axes.set_box_aspect(1)


def _handles(names: list[str]) -> list[object]:
    from matplotlib.lines import Line2D

    colours = dataset_colours(names)
    return [
        Line2D([], [], marker="o", ls="", color=colours[name], label=name, markersize=5)
        for name in names
    ]
