"""``ga.pl``: the figures of ``bench plot``, and vectors in the plane.

Each returns the matplotlib axes it has drawn on: one, or a list of those of several panels. A
figure of a single panel is drawn on `ax` if that is given.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from genearena.api._vectors import about_run, chosen_keys, told
from genearena.api.results import Results
from genearena.benchmark.show.plots.biology.gene_map import GeneRows, check_genes
from genearena.benchmark.show.plots.biology.gene_map import gene_map as draw_map
from genearena.benchmark.show.plots.registry import Source, draw_figure
from genearena.benchmark.show.plots.style import figure_style
from genearena.data.common.errors import UsageError

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from genearena.benchmark.compare.leaderboard import Leaderboard

__all__ = [
    "boxplot",
    "cost",
    "critical_difference",
    "headline",
    "heatmap",
    "loss",
    "overview",
    "rank_stability",
    "umap",
]

DOTS_PER_INCH = 170
"""Figures are as wide as a journal's column: on a screen they would be small."""
MAP_INCHES = (4.6, 4.2)


def headline(results: Results, *, ax: "Axes | None" = None) -> "Axes":
    """Draw the headline of every method and its four questions, over all tasks of the results."""
    return _drawn("headline", results._boards, results, ax)[0]


def overview(results: Results, *, ax: "Axes | None" = None) -> "Axes":
    """Draw the headline of every method on every task; there are two or more."""
    return _drawn("overview", results._boards, results, ax)[0]


def critical_difference(results: Results, *, ax: "Axes | None" = None) -> "Axes":
    """Draw mean places of methods, and bars over those not told apart; from five tasks on."""
    return _drawn("critical-difference", results._boards, results, ax)[0]


def rank_stability(results: Results, *, ax: "Axes | None" = None) -> "Axes":
    """Draw the order of methods with one question, task or method left out at a time."""
    return _drawn("rank-stability", results._boards, results, ax)[0]


def heatmap(
    results: Results,
    *,
    tissue: str | None = None,
    source: str | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the leaderboard of a task: circles for metrics, bars for averages."""
    return _drawn("heatmap", [results._board(tissue, source)], results, ax)[0]


def boxplot(
    results: Results, *, tissue: str | None = None, source: str | None = None
) -> "list[Axes]":
    """Draw every metric of a task over seeds, a panel each."""
    return _drawn("boxplot", [results._board(tissue, source)], results)


def cost(results: Results) -> "list[Axes]":
    """Draw score against time and memory, over all tasks of the results."""
    return _drawn("cost", results._boards, results)


def loss(results: Results, *, tissue: str | None = None, source: str | None = None) -> "list[Axes]":
    """Draw the training curves of a task's runs, a panel for each method."""
    return _drawn("loss", [results._board(tissue, source)], results)


def umap(
    adata: "AnnData",
    color: str = "dataset",
    genes: str | Sequence[str] = (),
    *,
    use_rep: str | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the UMAP of vectors, with the names of some genes: ``bench embeddings umap``.

    Parameters
    ----------
    adata
        Vectors of `tl.embed` or `Results.embedding`; of more than 2000 rows a sample is drawn.
    color
        Column of `obs` that colours tell.
    genes
        Genes to name, in every data set that has them.
    use_rep
        Array of `obsm`; by default the only one.
    ax
        Where to draw; by default in a new figure.

    Raises
    ------
    UsageError
        If there is no such column or gene, or it is not clear which vectors are meant.
    """
    keys = chosen_keys(adata, use_rep)
    if len(keys) > 1:
        raise UsageError(f"one run is drawn at a time; give use_rep, one of {', '.join(keys)}")
    if color not in adata.obs:
        raise UsageError(f"adata.obs has no column '{color}'; it has {', '.join(adata.obs)}")
    named = [genes] if isinstance(genes, str) else list(genes)
    gene, kind = (np.asarray(adata.obs[name]).astype(str) for name in ("gene", color))
    check_genes(sorted({*gene.tolist()}), named, "adata")
    about = about_run(adata, keys[0])
    where = [str(told(adata)[name]) for name in ("tissue", "source") if name in told(adata)]
    heading = f"{about.get('label', keys[0])} on {' '.join(where)}, by {color}"
    with _look():
        axes = ax or _new_axes()
        draw_map(axes, GeneRows(np.asarray(adata.obsm[keys[0]]), gene, kind), named, heading)
    return axes


def _drawn(
    kind: str, boards: "Sequence[Leaderboard]", results: Results, ax: "Axes | None" = None
) -> "list[Axes]":
    """Draw a figure of results and return its panels, or say why there is none."""
    given = () if ax is None else (ax,)
    with _look():
        figure = draw_figure(kind, boards, Source(results.store), *given)
    if isinstance(figure, str):
        raise UsageError(f"there is no {kind} of these results: {figure}")
    if ax is not None:
        return [ax]
    _show(figure)
    return list(figure.axes)


@contextmanager
def _look() -> Iterator[None]:
    import matplotlib as mpl

    with figure_style():
        mpl.rcParams["figure.dpi"] = DOTS_PER_INCH
        yield


def _show(figure: "Figure") -> None:
    """Hand a figure to pyplot, so that a notebook shows it at the end of the cell."""
    from matplotlib import pyplot as plt

    plt.figure(FigureClass=lambda *_, **__: figure)  # type: ignore[arg-type]


def _new_axes() -> "Axes":
    from matplotlib.figure import Figure

    figure = Figure(figsize=MAP_INCHES, layout="constrained")
    _show(figure)
    return figure.subplots()
