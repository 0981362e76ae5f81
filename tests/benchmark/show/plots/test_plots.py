"""The figures: they show the data, are not blank, and are the same bytes every time."""

import hashlib
import random
import re
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from genearena.benchmark.cli import bench
from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.show.plots import umap
from genearena.benchmark.show.plots.boxplot import boxplot
from genearena.benchmark.show.plots.heatmap import heatmap
from genearena.benchmark.show.plots.loss import loss_curves, read_losses
from genearena.benchmark.show.plots.registry import FIGURES
from genearena.benchmark.show.plots.style import (
    COLOURS,
    COLUMN_INCHES,
    CONTROL,
    FAINT,
    dataset_colours,
    figure_style,
    method_colour,
    method_marker,
    save_figure,
)
from genearena.benchmark.show.plots.umap import Layout, read_layout, umap_panels, umap_points
from genearena.data.common.errors import StoreError
from genearena.methods.registry import COMPETITORS

Makers = Callable[..., list[RunRecord]]


@pytest.fixture
def layouts(board: Leaderboard) -> dict[str, Layout]:
    """Return made-up coordinates for every method."""
    rng = np.random.default_rng(0)
    dataset = np.repeat(["donor1", "donor2"], 50)
    return {
        row.label: Layout(
            rng.normal(size=(100, 2)).astype(np.float32), dataset, np.array(["0", "1"] * 50), 0
        )
        for row in board.rows
    }


def curves(board: Leaderboard) -> dict[str, list[np.ndarray]]:
    """Return falling losses for all but the controls."""
    return {r.label: [np.exp(-np.arange(20.0))] for r in board.rows if not r.control}


def texts(figure: object) -> set[str]:
    """Return every piece of text in a figure."""
    from matplotlib.text import Text

    return {t.get_text() for t in figure.findobj(Text)}


def draw(kind: str, board: Leaderboard, layouts: dict[str, Layout]) -> object:
    """Draw one figure inside the suite's style."""
    with figure_style():
        if kind == "heatmap":
            return heatmap(board)
        if kind == "boxplot":
            return boxplot(board)
        if kind == "loss":
            return loss_curves(board, curves(board))
        return umap_panels(board, layouts)


KINDS = ("heatmap", "boxplot", "loss", "umap")


@pytest.mark.parametrize("kind", KINDS)
def test_figures_are_not_blank_and_name_every_method(
    kind: str, board: Leaderboard, layouts: dict[str, Layout], tmp_path: Path
):
    """A picture has many colours, all methods and says SIMULATED."""
    from matplotlib.image import imread

    figure = draw(kind, board, layouts)
    save_figure(figure, tmp_path / "figure.png")
    pixels = imread(tmp_path / "figure.png")[..., :3].reshape(-1, 3)
    assert len(np.unique(pixels, axis=0)) > 50
    written = " ".join(texts(figure))
    assert "SIMULATED data" in written
    assert all(row.label in written for row in board.rows if kind != "loss" or not row.control)


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_same_records_give_the_same_bytes(
    suffix: str, records: list[RunRecord], layouts: dict[str, Layout], tmp_path: Path
):
    """Drawing shuffled records again writes identical files."""
    digests = set()
    for attempt in range(2):
        shuffled = random.Random(attempt).sample(records, len(records))
        (board,) = build_leaderboards(shuffled)
        for kind in KINDS:
            path = tmp_path / f"{kind}{attempt}.{suffix}"
            figure = draw(kind, board, layouts)
            with figure_style():
                save_figure(figure, path)
            digests.add((kind, hashlib.sha256(path.read_bytes()).hexdigest()))
    assert len(digests) == len(KINDS)


def test_style_ignores_and_keeps_the_users_settings(board: Leaderboard, tmp_path: Path):
    """A user's own matplotlib settings neither change a figure nor are changed."""
    import matplotlib as mpl

    def digest() -> str:
        with figure_style():
            save_figure(heatmap(board), tmp_path / "figure.png")
        return hashlib.sha256((tmp_path / "figure.png").read_bytes()).hexdigest()

    plain = digest()
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red", "savefig.dpi": 17}):
        assert digest() == plain
        assert mpl.rcParams["font.size"] == 30


def test_boxplot_shows_every_seed(board: Leaderboard):
    """There is one point per finished run and metric."""
    from matplotlib.collections import PathCollection

    panels = boxplot(board).findobj(PathCollection)
    assert len(panels) == len(board.metrics)
    for points, metric in zip(panels, board.metrics, strict=True):
        shown = [path.vertices[::2, 0].tolist() for path in points.get_paths()]
        wanted = [
            [run.metrics[metric.name].value for run in row.runs.finished] for row in board.rows
        ]
        assert shown == wanted


def test_order_of_methods_is_that_of_the_leaderboard(
    board: Leaderboard, layouts: dict[str, Layout]
):
    """All figures of a task list its methods as its tables do: best first, controls last."""
    order = [row.label for row in board.rows]
    assert order not in (sorted(order), ["pca", "gene2vec", "giant", "gae", "random"])
    heights = {t.get_text(): t.get_position()[1] for t in heatmap(board).axes[0].texts}
    assert sorted(order, key=lambda label: -heights[label]) == order
    assert [t.get_text() for t in boxplot(board).axes[0].get_yticklabels()] == order
    titles = [a.get_title() for a in umap_panels(board, layouts).findobj(match=_is_axes)]
    assert [t for t in titles if t] == order
    panels = loss_curves(board, curves(board)).axes
    assert [a.get_title() for a in panels if a.get_title()] == order[:4]


def test_released_variants_come_after_methods_and_are_marked(make_record: Callable[..., RunRecord]):
    """They have their method's colour, a hollow box and a dashed curve."""
    from matplotlib.collections import PolyCollection

    names = ("gae:released", "random", "gae")
    records = [
        make_record(name, {"asw": 0.4 + 0.1 * seed}, seed=seed) for name in names for seed in (0, 1)
    ]
    (board,) = build_leaderboards(records)
    figure = boxplot(board)
    labels = [t.get_text() for t in figure.axes[0].get_yticklabels()]
    assert labels == ["gae", "gae:released", "random"]
    (boxes,) = figure.findobj(PolyCollection)
    faithful, released, control = boxes.get_edgecolors().tolist()
    assert faithful == released != control
    white = [(face == 1).all() for face in boxes.get_facecolors()]
    assert white == [False, True, False]
    drawn = loss_curves(board, {name: [np.arange(5.0)] for name in names[::2]})
    (plain,), (dashed,) = (axes.collections[0].get_linestyles() for axes in drawn.axes)
    assert plain[1] is None
    assert dashed[1] is not None


def test_a_method_more_changes_no_other_look(make_record: Callable[..., RunRecord]):
    """Colours and markers of methods do not depend on which others there are."""
    old = [make_record(name, {"asw": 0.5}) for name in ("gae", "mine")]
    names = ("anew", "pca", *(f"zebra{i}" for i in range(9)))
    new = [make_record(n, {"asw": 0.5}, created="2025-01-01T10:00:00+00:00") for n in names]
    (few,), (more,) = build_leaderboards(old), build_leaderboards(new + old)
    for look in (method_colour, method_marker):
        before = {row.label: look(row) for row in few.rows}
        after = {row.label: look(row) for row in more.rows}
        assert {name: after[name] for name in before} == before


def test_controls_change_no_look(make_record: Callable[..., RunRecord]):
    """Whatever controls there are, older or not, the colours of methods from outside stay."""
    names = [f"plugin{i}" for i in range(5)]
    own = [make_record(n, {"asw": 0.5}, created="2025-01-01T10:00:00+00:00") for n in names]
    controls = ("random", "gene_name", "truth", *(f"null{i}" for i in range(9)))
    looks = set()
    for n_controls in range(len(controls) + 1):
        others = [make_record(n, {"asw": 0.4}, control=True) for n in controls[:n_controls]]
        (board,) = build_leaderboards(others + own)
        shown = {row.label: row for row in board.rows}
        looks.add(tuple((method_colour(shown[n]), method_marker(shown[n])) for n in names))
    assert len(looks) == 1


def test_methods_from_outside_do_not_share_a_colour(make_record: Callable[..., RunRecord]):
    """As many as there are colours left all differ, whatever their names and variants."""
    free = len(COLOURS) - len(COMPETITORS)
    for start in range(20):
        names = [f"plugin{start + i}" for i in range(free)]
        records = [make_record(n, {"asw": 0.5}) for n in (*names, "gae", f"{names[0]}:released")]
        (board,) = build_leaderboards(records)
        looks = {row.label: (method_colour(row), method_marker(row)) for row in board.rows}
        assert looks.pop(f"{names[0]}:released") == looks[names[0]]
        assert len(set(looks.values())) == len({c for c, _ in looks.values()}) == free + 1


def _is_axes(artist: object) -> bool:
    from matplotlib.axes import Axes

    return isinstance(artist, Axes)


def test_colours(make_records: Makers):
    """Methods have colours of their own, controls are grey, data sets are told apart."""
    (board,) = build_leaderboards(make_records(n_seeds=1))
    methods = [method_colour(row) for row in board.rows if not row.control]
    assert len(set(methods)) == 9
    assert {method_colour(row) for row in board.rows if row.control} == {CONTROL}
    assert len(set(dataset_colours([f"d{i}" for i in range(12)]).values())) == 12


def test_no_losses_no_figure(board: Leaderboard, layouts: dict[str, Layout]):
    """Without curves or coordinates there is no figure."""
    assert loss_curves(board, {}) is None
    assert loss_curves(board, {"pca": [np.empty(0)]}) is None
    assert umap_panels(board, {}) is None


def test_a_single_loss_is_no_curve(board: Leaderboard):
    """A method that tells one loss a run is named, and has no panel of dots at epoch 1."""
    found = {"pca": [np.ones(1)] * 2, "gae": [np.arange(5.0), np.ones(1)]}
    figure = loss_curves(board, found)
    assert [axes.get_title() for axes in figure.axes] == ["gae"]
    assert "A single loss, no curve: pca" in texts(figure)
    assert loss_curves(board, {"pca": found["pca"]}) is None


def test_boxplot_shows_spread_and_scale(board: Leaderboard):
    """Each axis has three ticks or more, and a box is higher than its points are spread."""
    from matplotlib.collections import PathCollection, PolyCollection

    figure = boxplot(board)
    figure.draw_without_rendering()
    for axes in figure.axes:
        low, high = axes.get_xlim()
        ticks = [t for t in axes.get_xticks() if low <= t <= high]
        assert len(ticks) >= 3
        assert all(len(t.get_text()) <= 4 for t in axes.get_xticklabels())
        (boxes,) = [c for c in axes.collections if isinstance(c, PolyCollection)]
        (points,) = [c for c in axes.collections if isinstance(c, PathCollection)]
        height = np.ptp(boxes.get_paths()[0].vertices[:, 1])
        assert height > 1.5 * np.ptp(points.get_paths()[0].vertices[:, 1])


def test_stored_losses_and_layout(
    tmp_path: Path, make_record: Callable[..., RunRecord], write_store: Callable[..., None]
):
    """Losses and coordinates come back from a stored run, the same each time."""
    record = make_record("gae", {"asw": 0.5})
    write_store(tmp_path, [record], n_genes=30)
    store = ResultStore(tmp_path)
    assert read_losses(store, record).shape == (100,)
    first, second = read_layout(store, record), read_layout(store, record)
    assert first.points.shape == (150, 2)
    np.testing.assert_array_equal(first.points, second.points)
    assert set(first.dataset) == {f"lung-donor{i}" for i in range(1, 6)}


def test_stored_files_gone_or_damaged(tmp_path: Path, make_record: Callable[..., RunRecord]):
    """A missing file is no data; a damaged one is named."""
    record, store = make_record("gae", {"asw": 0.5}), ResultStore(tmp_path)
    assert read_losses(store, record).size == 0
    assert read_layout(store, record) is None
    store.embedding_path(record).parent.mkdir(parents=True)
    store.embedding_path(record).write_bytes(b"no h5ad")
    for read in (read_losses, read_layout):
        with pytest.raises(StoreError, match="it is no embedding file"):
            read(store, record)


def test_umap_shows_how_far_it_is(
    tmp_path: Path,
    make_record: Callable[..., RunRecord],
    write_store: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
):
    """Layouts take seconds: a terminal sees a bar on stderr, a file a line per method."""
    write_store(tmp_path, [make_record(name, {"asw": 0.5}) for name in ("pca", "gae")], n_genes=5)
    monkeypatch.setattr(umap, "umap_points", lambda vectors: vectors[:, :2])
    words = ["plot", "--out", str(tmp_path), "--kind", "umap"]
    watched = CliRunner().invoke(bench, words, env={"FORCE_COLOR": "1"})
    piped = CliRunner().invoke(bench, words, env={"FORCE_COLOR": ""})
    assert "UMAP of lung (embedded)" in watched.stderr
    lines = piped.stderr.splitlines()
    assert lines == [f"[{n}/2] UMAP of lung (embedded): {m}" for n, m in ((1, "pca"), (2, "gae"))]
    assert watched.stdout == piped.stdout
    assert piped.stdout.splitlines() == [str(tmp_path / "figures" / "lung-embedded-umap.png")]


def test_umap_shows_programmes_where_they_are_known(board: Leaderboard, layouts: dict[str, Layout]):
    """A third line of panels has a colour per programme; genes without one are pale."""
    from matplotlib.colors import to_rgba

    programme = np.arange(100) % 5 - 1
    known = {name: replace(layout, programme=programme) for name, layout in layouts.items()}
    assert "programme" in texts(umap_panels(board, known))
    assert "programme" not in texts(umap_panels(board, layouts))
    axes = [a for a in umap_panels(board, known).findobj(match=_is_axes) if a.collections]
    colours = axes[2 * len(board.rows)].collections[0].get_facecolors()
    assert len(np.unique(colours, axis=0)) == 5
    assert np.isclose(colours, to_rgba(FAINT)).all(axis=1).sum() == 20


def test_figures_have_a_module_each():
    """Every registered figure has its own file that draws it from results."""
    for kind in FIGURES.values():
        module = import_module(f"genearena.benchmark.show.plots.{kind.module}")
        assert callable(module.from_results)
        assert kind.per_task or kind.overall
    assert len({kind.module for kind in FIGURES.values()}) == len(FIGURES)


def test_figures_fit_a_column(board: Leaderboard):
    """Nothing that goes in a column is wider than one, and its type is no smaller than 5 pt."""
    from matplotlib.text import Text

    for figure in (heatmap(board), boxplot(board), loss_curves(board, curves(board))):
        assert figure.get_figwidth() == pytest.approx(COLUMN_INCHES)
        assert min(t.get_fontsize() for t in figure.findobj(Text) if t.get_text()) >= 5


def test_umap_separates_what_is_apart():
    """Two distant groups of rows stay apart in the plane."""
    rng = np.random.default_rng(0)
    group = np.repeat([0, 1], 60)
    vectors = (rng.normal(size=(120, 8)) + 50 * group[:, None]).astype(np.float32)
    points = umap_points(vectors)
    centres = np.array([points[group == g].mean(axis=0) for g in (0, 1)])
    nearest = np.linalg.norm(points[:, None] - centres, axis=2).argmin(axis=1)
    np.testing.assert_array_equal(nearest, group)


def test_every_task_has_its_own_figures_and_labels(tmp_path, make_record):
    """`bench plot` writes a file for each task, and LaTeX has a label for each table."""
    sources = ("my.data", "my_data", "my-data", "My_data")
    tasks = [*(("lung", source) for source in sources), ("lung-my", "data"), ("lung-my_", "data")]
    store = ResultStore(tmp_path / "results")
    for tissue, source in tasks:
        store.write(make_record("pca", {"asw": 0.5}, tissue=tissue, source=source))
    out = ("--out", str(store.folder))
    done = CliRunner().invoke(bench, ["plot", *out, "--kind", "heatmap"])
    assert done.exit_code == 0, done.output
    written = [path.name.lower() for path in (store.folder / "figures").iterdir()]
    assert len(set(written)) == len(written) == len(tasks)
    latex = CliRunner().invoke(bench, ["leaderboard", *out, "--format", "latex"]).output
    labels = re.findall(r"\\label\{(.*?)\}", latex)
    assert len(set(labels)) == len(labels) > len(tasks)


@pytest.mark.slow
def test_umap_keeps_as_many_neighbours_as_umap_learn():
    """From the same start, of overlapping groups and of one cloud.

    Layouts of umap-learn from other starts or seeds differ by .03; a torn one is .2 worse.
    """
    import scanpy as sc
    from anndata import AnnData
    from sklearn.manifold import trustworthiness

    gains = []
    for seed in (0, 1):
        rng = np.random.default_rng(seed)
        groups = 0.8 * rng.normal(size=(12, 16))[np.arange(480) % 12] + rng.normal(size=(480, 16))
        for vectors in (groups.astype(np.float32), rng.normal(size=(480, 3)).astype(np.float32)):
            table = AnnData(vectors)
            sc.pp.neighbors(table, 15, use_rep="X", random_state=0)
            start = umap._start(vectors)
            sc.tl.umap(table, init_pos=start, random_state=0, maxiter=umap.EPOCHS)
            theirs, ours = (
                trustworthiness(vectors, points, n_neighbors=15)
                for points in (table.obsm["X_umap"], umap_points(vectors))
            )
            gains.append(ours - theirs)
    assert min(gains) > -0.05
    assert np.mean(gains) > -0.02
