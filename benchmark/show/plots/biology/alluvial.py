"""Clusters by data set, modality or species as ribbons: Figures 3d and 17c of MuSe-GNN."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from genearena.benchmark.biology.clusters import Cluster, MethodClusters, RunClusters
from genearena.benchmark.show.biology.cluster_sheets import Division, divided, division_of, name_of
from genearena.benchmark.show.plots.panels import Box, add_boxes, add_title, box
from genearena.benchmark.show.plots.style import FAINT, PAGE_INCHES, dataset_colours

GAPS = 0.4
"""What all gaps between blocks take of the height: labels of thin blocks need them."""
BLOCK, LEFT, RIGHT = 0.03, 0.2, 0.62
"""Width of a block, and where ribbons begin and end, as shares of the width."""
STEPS = 24
"""Corners of each side of a ribbon."""


def alluvial_figure(
    found: MethodClusters, run: RunClusters, most: int, by: Division | None = None
) -> Figure:
    """Draw which rows (data set, gene) of what kind are in which cluster.

    Parameters
    ----------
    found, run
        A method's clusters and the run to draw.
    most
        Clusters of their own; the smaller ones are drawn as one.
    by
        What rows differ by; species if there are several, else modality, else data set.
    """
    what = division_of(run) if by is None else by
    shown, rest = run.clusters[:most], run.clusters[most:]
    flows = [divided(cluster, what) for cluster in shown]
    labels = [f"{cluster.number}  {name_of(cluster)}".rstrip() for cluster in shown]
    if rest:
        flows.append(_summed(rest, what))
        labels.append(f"{len(rest)} smaller clusters")
    kinds = sorted({kind for flow in flows for kind in flow})
    figure = Figure(figsize=(PAGE_INCHES, 0.7 + 0.17 * max(len(flows), 2 * len(kinds), 14)))
    axes = figure.add_axes((0.0, 0.0, 1.0, 0.94))
    axes.axis("off")
    axes.set_xlim(0, 1)
    axes.set_ylim(1, 0)
    counts = np.array([[flow.get(kind, 0) for flow in flows] for kind in kinds], dtype=float)
    _draw(axes, counts, kinds, labels)
    where = f"{found.tissue} ({found.source})"
    words = {"dataset": "data set"}.get(what, what)
    add_title(figure, f"Clusters of {found.label} by {words}, {where}, seed {run.seed}")
    return figure


def _summed(clusters: Sequence[Cluster], by: Division) -> Mapping[str, int]:
    total: dict[str, int] = {}
    for cluster in clusters:
        for kind, count in divided(cluster, by).items():
            total[kind] = total.get(kind, 0) + count
    return total


def _draw(
    axes: Axes, counts: np.ndarray[tuple[int, ...], np.dtype[np.float64]], kinds: Sequence[str],
    labels: Sequence[str],
) -> None:  # fmt: skip
    """Draw (kinds, clusters) counts from top to bottom, all of the same scale."""
    colours = list(dataset_colours(kinds).values())
    scale = (1 - GAPS) / counts.sum()
    left, right = (_tops(counts.sum(axis=axis) * scale) for axis in (1, 0))
    ribbons, looks = [], []
    for k, colour in enumerate(colours):
        y, height = left[k], counts[k].sum() * scale
        add_boxes(axes, [box(LEFT - BLOCK, y, BLOCK, height)], facecolors=colour)
        axes.text(
            LEFT - BLOCK - 0.01, y + height / 2, kinds[k], ha="right", va="center", fontsize=7
        )
        for c in np.flatnonzero(counts[k]).tolist():
            width = counts[k, c] * scale
            begin = y + counts[k, :c].sum() * scale
            end = right[c] + counts[:k, c].sum() * scale
            ribbons.append(_ribbon(begin, end, width))
            looks.append(colour)
    add_boxes(axes, ribbons, facecolors=looks, alpha=0.45, linewidths=0)
    for c, label in enumerate(labels):
        height = counts[:, c].sum() * scale
        add_boxes(axes, [box(RIGHT, right[c], BLOCK, height)], facecolors=FAINT)
        axes.text(RIGHT + BLOCK + 0.01, right[c] + height / 2, label, va="center", fontsize=6)


def _tops(
    heights: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return where blocks begin that fill the height with equal gaps between them."""
    gap = (1 - heights.sum()) / (len(heights) + 1)
    before = np.concatenate([[0.0], np.cumsum(heights)[:-1]])
    return np.asarray(before + gap * np.arange(1, len(heights) + 1))


def _ribbon(begin: float, end: float, width: float) -> Box:
    at = np.linspace(0, 1, STEPS)
    eased = at**2 * (3 - 2 * at)
    x, y = LEFT + at * (RIGHT - LEFT), begin + eased * (end - begin)
    above = list(zip(x.tolist(), y.tolist(), strict=True))
    below = list(zip(x.tolist(), (y + width).tolist(), strict=True))
    return above + below[::-1]
