"""Figures from Python: those of ``bench plot`` on axes, and vectors in the plane."""

from inspect import signature
from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import genearena as ga
from genearena.benchmark.show.plots.biology import gene_map
from genearena.benchmark.show.plots.registry import Source, draw_figure
from genearena.benchmark.show.plots.style import figure_style
from genearena.data.common.errors import UsageError

TISSUES = ("brain", "heart", "kidney", "liver", "lung", "spleen")


@pytest.fixture(scope="module")
def folder(tmp_path_factory, make_records, write_store):
    """Return a folder of made-up results on six tissues."""
    folder = tmp_path_factory.mktemp("results")
    records = [record for tissue in TISSUES for record in make_records(tissue, n_seeds=2)]
    write_store(folder, records, n_genes=20)
    return folder


@pytest.fixture(scope="module")
def results(folder):
    """Return results on all of them."""
    return ga.Results(folder)


@pytest.fixture(autouse=True)
def headless():
    """Draw without a screen, and forget the figures."""
    from matplotlib import pyplot as plt

    plt.switch_backend("agg")
    yield
    plt.close("all")


OF_TASK = ("heatmap", "boxplot", "loss")
OVERALL = ("overview", "critical_difference", "rank_stability", "cost")
PANELS = tuple(n for n in (*OF_TASK, *OVERALL) if "ax" in signature(getattr(ga.pl, n)).parameters)


def drawn(results, name, **options):
    """Call a function of `ga.pl` on what it is for."""
    task = {"tissue": "lung"} if name in OF_TASK else {}
    return getattr(ga.pl, name)(results, **task, **options)


def picture(figure):
    """Return what a figure looks like."""
    figure.set_dpi(50)
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())


@pytest.mark.parametrize("name", [*OF_TASK, *OVERALL])
def test_figures_are_those_of_the_command(results, name):
    """The same picture, on axes that pyplot knows, so that a notebook shows them."""
    from matplotlib import pyplot as plt

    axes = drawn(results, name)
    panels = [axes] if isinstance(axes, Axes) else axes
    assert all(isinstance(panel, Axes) for panel in panels)
    assert plt.get_fignums() == [1]
    assert plt.figure(1) is panels[0].figure
    boards = [b for b in results._boards if name not in OF_TASK or b.task.tissue == "lung"]
    with figure_style():
        figure = draw_figure(name.replace("_", "-"), boards, Source(results.store))
    assert isinstance(figure, Figure)
    mpl.backends.backend_agg.FigureCanvasAgg(figure)
    np.testing.assert_array_equal(picture(panels[0].figure), picture(figure))


@pytest.mark.parametrize("name", PANELS)
def test_single_panels_can_be_drawn_among_others(results, name):
    """On the axes given, and nothing on those beside them; no new figure, settings as they were."""
    from matplotlib import pyplot as plt

    assert len(PANELS) == 4
    figure, (first, second) = plt.subplots(1, 2)
    size, before = mpl.rcParams["font.size"], len(second.get_children())
    assert drawn(results, name, ax=first) is first
    assert plt.get_fignums() == [figure.number]
    assert len(second.get_children()) == before
    assert figure.get_suptitle() == ""
    assert not figure.legends
    texts = [text.get_text() for text in first.findobj(mpl.text.Text)]
    assert any("SIMULATED" in text for text in texts)
    assert mpl.rcParams["font.size"] == size


def test_why_there_is_no_figure_is_said(results, folder):
    """One task or none, too few tasks, too little to draw."""
    with pytest.raises(UsageError, match="choose by tissue and source from brain"):
        ga.pl.heatmap(results)
    with pytest.raises(UsageError, match="choose by tissue and source from brain"):
        ga.pl.boxplot(results, tissue="lunk")
    one = ga.Results(folder, "lung")
    assert isinstance(ga.pl.heatmap(one), Axes)
    with pytest.raises(UsageError, match="no overview of these results: it compares tissues"):
        ga.pl.overview(one)
    with pytest.raises(UsageError, match="there is no headline of these results"):
        ga.pl.headline(results)


def test_a_map_names_genes_where_they_lie(results, monkeypatch):
    """Once where the data sets of a gene agree, else once for each place."""
    monkeypatch.setattr(gene_map, "umap_points", lambda vectors: vectors[:, :2])
    adata = results.embedding("gae", 0, tissue="lung")
    points = np.random.default_rng(0).uniform(size=(adata.n_obs, 2))
    together, apart = (np.flatnonzero(adata.obs["gene"] == g) for g in ("G0003", "G0007"))
    points[together] = [0.5, 0.5]
    points[apart] = [[0.0, 0.1 + 0.2 * i] for i in range(5)]
    adata.obsm["X_gae"][:, :2] = points
    axes = ga.pl.umap(adata, genes=["G0003", "G0007"])
    names = [text.get_text() for text in axes.texts]
    assert (names.count("G0003"), names.count("G0007")) == (1, 5)
    assert {text.get_text() for text in axes.get_legend().texts} == {*adata.obs["dataset"]}
    heights = sorted(text.xy[1] for text in axes.texts if text.get_text() == "G0007")
    np.testing.assert_allclose(heights, [0.1, 0.3, 0.5, 0.7, 0.9])
    with pytest.raises(UsageError, match="adata has no gene 'G0099'; did you mean"):
        ga.pl.umap(adata, genes="G0099")
    with pytest.raises(UsageError, match=r"adata\.obs has no column 'tissue'; it has dataset"):
        ga.pl.umap(adata, color="tissue")
    with pytest.raises(UsageError, match="use_rep"):
        ga.pl.umap(results.embedding(tissue="lung"))


def test_names_at_one_place_do_not_cover_each_other(results, monkeypatch):
    """All are written within the panel; all rows of the genes are among those that are drawn."""
    monkeypatch.setattr(gene_map, "umap_points", lambda vectors: vectors[:, :2])
    monkeypatch.setattr(gene_map, "MOST_ROWS", 40)
    adata = results.embedding("gae", 0, tissue="lung")
    genes = [f"G{number:04d}" for number in range(8)]
    adata.obsm["X_gae"][:, :2] = np.random.default_rng(0).uniform(size=(adata.n_obs, 2))
    rows = np.flatnonzero(adata.obs["gene"].isin(genes))
    adata.obsm["X_gae"][rows, :2] = 0.5
    axes = ga.pl.umap(adata, genes=genes)
    axes.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in axes.texts]
    assert len(boxes) == 8
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))
    assert all(axes.bbox.x0 <= box.x0 and box.x1 <= axes.bbox.x1 for box in boxes)
    assert sum(len(points.get_offsets()) for points in axes.collections[1:]) == len(rows)
