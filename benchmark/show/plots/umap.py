"""UMAP of the gene vectors of every method, coloured by data set, cluster and programme."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.records.embeddings import column
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.show.plots.panels import add_legend, add_title
from genearena.benchmark.show.plots.registry import Source, read_stored
from genearena.benchmark.show.plots.style import (
    COLOURS,
    FAINT,
    PAGE_INCHES,
    dataset_colours,
    title,
)
from genearena.data.common.compiled import compiled
from genearena.data.graphs import FloatArray
from genearena.data.reading.formats.hdf5 import open_hdf5
from genearena.data.reading.formats.hdf5_probe import probe_hdf5
from genearena.metrics._shared.fuzzy_graph import fuzzy_graph
from genearena.metrics._shared.nearest_rows import DoubleArray

COLUMNS = 8
MOST_ROWS = 2000
N_NEIGHBOURS = 15
EPOCHS = 200
"""Of the layout: what UMAP takes for large data; small ones get 500, which show no more here."""
PUSHES = 5
A, B = 0.583030, 1.334167
"""Of 1 / (1 + A d^2B), fitted to a weight that falls off beyond a distance of 0.5."""

LABELS = ("dataset", "cluster")

IndexArray = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Layout:
    """Gene rows of one run in the plane.

    `points` are (rows, 2) UMAP coordinates, the others (rows,); the programme is the simulated
    one's number, negative for none, and None where it is unknown.
    """

    points: FloatArray
    dataset: npt.NDArray[np.str_]
    cluster: npt.NDArray[np.str_]
    seed: int
    programme: npt.NDArray[np.int64] | None = None


def umap_points(vectors: FloatArray) -> FloatArray:
    """Lay out (rows, d) vectors in the plane, as (rows, 2), the same for the same vectors.

    The weights and the layout are UMAP's, with a least distance of 0.5 as in scanpy; umap-learn
    compiles itself anew in every process, for half a minute and more.

    References
    ----------
    McInnes, Healy, Melville: UMAP, 2018 (Algorithm 5); umap-learn's ``optimize_layout_euclidean``.
    """
    edges = fuzzy_graph(vectors.astype(np.float64), N_NEIGHBOURS).tocoo()
    kept = edges.data >= edges.data.max(initial=0) / EPOCHS
    rests = edges.data.max(initial=0) / edges.data[kept].astype(np.float64)
    points = _start(vectors).astype(np.float64)
    move_points(points, edges.row[kept], edges.col[kept], rests, EPOCHS)
    return points.astype(np.float32)


@compiled
def move_points(
    points: DoubleArray, heads: IndexArray, tails: IndexArray, rests: DoubleArray, epochs: int
) -> None:
    """Pull (n, 2) points together along edges and push them from random ones, in place.

    An edge acts once in so many epochs as `rests` says, each time with five points to push from.
    """
    state = np.uint64(1)
    next_pull = rests.copy()
    next_push = rests / PUSHES
    for epoch in range(epochs):
        step = 1.0 - epoch / epochs
        for edge in range(len(rests)):
            if next_pull[edge] > epoch:
                continue
            i, j = heads[edge], tails[edge]
            x, y = points[i, 0] - points[j, 0], points[i, 1] - points[j, 1]
            square = x * x + y * y
            if square > 0.0:
                pull = -2.0 * A * B * square ** (B - 1.0) / (A * square**B + 1.0)
                x, y = step * max(-4.0, min(4.0, pull * x)), step * max(-4.0, min(4.0, pull * y))
                points[i, 0] += x
                points[i, 1] += y
                points[j, 0] -= x
                points[j, 1] -= y
            next_pull[edge] += rests[edge]
            pushes = int((epoch - next_push[edge]) * PUSHES / rests[edge])
            for _ in range(pushes):
                state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
                j = np.int64((state >> np.uint64(33)) % np.uint64(len(points)))
                x, y = points[i, 0] - points[j, 0], points[i, 1] - points[j, 1]
                square = x * x + y * y
                if square > 0.0:
                    push = 2.0 * B / ((0.001 + square) * (A * square**B + 1.0))
                    points[i, 0] += step * max(-4.0, min(4.0, push * x))
                    points[i, 1] += step * max(-4.0, min(4.0, push * y))
            next_push[edge] += pushes * rests[edge] / PUSHES


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


def read_layout(store: ResultStore, record: RunRecord) -> Layout | None:
    """Return the UMAP of a run's vectors, of a fixed sample if they are many.

    None if its file is gone.

    Raises
    ------
    StoreError
        If the file is damaged.
    """

    def read(path: Path) -> Layout:
        probe_hdf5(path)
        with open_hdf5(path) as file:
            vectors = np.asarray(file["X"][:], dtype=np.float32)
            # the same rows for every method of a task, so that panels compare
            rows = np.sort(np.random.default_rng(0).permutation(len(vectors))[:MOST_ROWS])
            dataset, cluster = (column(file, name)[rows].astype(str) for name in LABELS)
            programme = column(file, "truth")[rows] if "truth" in file["obs"] else None
        return Layout(vectors[rows], dataset, cluster, record.seed, programme)

    found = read_stored(store, record, read)
    return found and replace(found, points=umap_points(found.points))


def from_results(boards: Sequence[Leaderboard], source: Source) -> Figure | str:
    """Draw the figure of stored results, or say why there is none."""
    (board,) = boards
    layouts = {}
    for row in source.follow(board.rows, f"UMAP of {board.task.label}"):
        run = source.shown_run(row)
        layout = None if run is None else read_layout(source.store, run)
        if layout is not None:
            layouts[row.label] = layout
    return umap_panels(board, layouts) or "no stored vectors"


def umap_panels(board: Leaderboard, layouts: Mapping[str, Layout]) -> Figure | None:
    """Draw a column of panels per method: by data set, Leiden cluster and simulated programme.

    Layouts are of one run each, by row label; the figure is as wide as a page. None without any.
    """
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
    add_title(figure, title([board], what), x=0.005)
    _draw_legend(figure, names, known=known)
    return figure


def _draw_method(
    panels: npt.NDArray[np.object_], row: Row, layout: Layout, by_dataset: Mapping[str, str]
) -> None:
    style = "italic" if row.control else "normal"
    panels[0].set_title(row.title, style=style, fontsize=6, pad=2.5)
    scatter(panels[0], layout.points, [by_dataset[name] for name in layout.dataset])
    clusters = sorted(set(layout.cluster), key=lambda c: (len(c), c))
    place = {name: i for i, name in enumerate(clusters)}
    scatter(panels[1], layout.points, [COLOURS[place[c] % len(COLOURS)] for c in layout.cluster])
    panels[1].set_xlabel(f"{len(clusters)} clusters", fontsize=6, labelpad=1.5)
    if len(panels) < 3:
        return
    if layout.programme is None:
        panels[2].set_visible(False)
        return
    # genes without a programme lie below the others
    colours = [FAINT if p < 0 else COLOURS[p % len(COLOURS)] for p in layout.programme]
    scatter(panels[2], layout.points, colours)


def scatter(axes: Axes, points: FloatArray, colours: Sequence[str], **look: Any) -> None:
    """Draw (rows, 2) points in a square panel without numbers."""
    # a fixed shuffle, so that no data set lies on top of the others; what is pale goes below
    order = np.random.default_rng(0).permutation(len(colours))
    shown = np.array(colours)[order]
    order = order[np.argsort(shown != FAINT, kind="stable")]
    look.setdefault("s", float(np.clip(2000 / len(order), 0.8, 6)))
    x, y = points[order].T
    axes.scatter(x, y, c=np.array(colours)[order], lw=0, rasterized=True, **look)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(True)
        spine.set_color(FAINT)
    axes.set_box_aspect(1)


def _draw_legend(figure: Figure, names: Sequence[str], *, known: bool) -> None:
    colours = dataset_colours(names)
    handles = [
        Line2D([], [], marker="o", ls="", color=colours[name], label=name, markersize=4)
        for name in names
    ]
    programmes = "; programmes are the simulation's, pale: none" if known else ""
    add_legend(
        figure,
        handles,
        min(len(names), 6),
        7,
        handletextpad=0.2,
        columnspacing=1.2,
        title=f"Data sets (colours of clusters are each panel's own{programmes})",
        title_fontsize=7,
        alignment="left",
    )
