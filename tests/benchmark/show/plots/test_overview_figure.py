"""The figure of methods by tissues: its numbers, order and frames are those of the tables."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from matplotlib.collections import PolyCollection

from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.records.record import MetricResult, RunRecord
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.show.plots.overview import from_results, overview_figure
from genearena.benchmark.show.plots.registry import Source
from genearena.benchmark.show.plots.style import COLUMN_INCHES, figure_style, save_figure
from genearena.benchmark.show.tables.numbers import NOTHING

Maker = Callable[..., RunRecord]
VALUES = {
    "lung": {"pca": 0.2, "gae": 0.8, "gene2vec": 0.5, "random": 0.1, "gae:released": 0.9},
    "liver": {"pca": 0.6, "gae": 0.1, "gene2vec": 0.5, "random": 0.2},
}


@pytest.fixture
def boards(make_record: Maker) -> tuple[Leaderboard, ...]:
    """Return two tissues; the released variant was run on one."""
    return build_leaderboards(
        make_record(name, {"asw": value}, tissue=tissue)
        for tissue, values in VALUES.items()
        for name, value in values.items()
    )


def written(figure: object) -> list[tuple[float, float, str]]:
    """Return every text with its place, line by line."""
    found = [(*text.get_position(), text.get_text()) for text in figure.axes[0].texts]
    return sorted(found, key=lambda text: (-round(text[1], 2), text[0]))


def test_rows_are_the_tables_numbers(boards: tuple[Leaderboard, ...]):
    """A row has the Avg Score of each tissue, then the mean and the mean Avg Rank."""
    texts = [text for _, _, text in written(overview_figure(boards))]
    rows = {name: texts[texts.index(name) + 1 : texts.index(name) + 5] for name in VALUES["lung"]}
    assert rows["gene2vec"] == [".80", ".50", "0.65", "2.00"]
    assert rows["gae"] == [".00", "1.00", "0.50", "2.00"]
    assert rows["random"] == [".20", "-.17", "0.02", NOTHING]
    assert rows["gae:released"] == [NOTHING, "1.17", NOTHING, NOTHING]
    order = [text for text in texts if text in rows]
    assert order == ["gene2vec", "gae", "pca", "gae:released", "random"]


def test_the_headline_comes_first_where_there_is_one(make_record: Maker):
    """Rows are in its order and begin with it; a tissue without one is left out, and counted."""
    values = {"lung": {"pca": 0.2, "gae": 0.6}, "liver": {"pca": 0.4, "gae": 0.1}}
    records = [make_record(name, {"asw": 0.1}, tissue="colon") for name in ("pca", "gae")]
    for tissue, own in values.items():
        for name, value in own.items():
            answer = MetricResult(label="Edges", value=value)
            found = {"replicated_edges": answer, "asw": 1 - value}
            records.append(make_record(name, found, tissue=tissue))
    figure = overview_figure(build_leaderboards(records))
    texts = [text for _, _, text in written(figure)]
    rows = {name: texts[texts.index(name) + 1 : texts.index(name) + 6] for name in ("gae", "pca")}
    assert rows["gae"] == [".10", ".60", "0.35", "0.50", "1.50"]
    assert rows["pca"] == [".40", ".20", "0.30", "0.50", "1.50"]
    assert texts.index("gae") < texts.index("pca")
    assert "colon" not in texts
    assert "Without a headline: 1 more" in texts[-1]


def test_the_best_of_every_tissue_is_framed(boards: tuple[Leaderboard, ...]):
    """There is a frame per tissue, around the best competing method's cell."""
    figure = overview_figure(boards)
    _, frames = figure.findobj(PolyCollection)
    places = {text: (x, y) for x, y, text in written(figure)}
    boxes = [path.get_extents() for path in frames.get_paths()]
    assert len(boxes) == 2
    for box, best in zip(boxes, ("pca", "gae"), strict=True):
        assert box.y0 < places[best][1] < box.y1


def test_type_is_legible_and_inside(boards: tuple[Leaderboard, ...]):
    """Two tissues fit a column; no text leaves the page or is smaller than 5 points."""
    with figure_style():
        figure = overview_figure(boards)
        figure.draw_without_rendering()
        page = figure.bbox
        for text in figure.axes[0].texts:
            box = text.get_window_extent()
            assert page.x0 <= box.x0 <= box.x1 <= page.x1
            assert page.y0 <= box.y0 <= box.y1 <= page.y1
            assert text.get_fontsize() >= 5
    assert figure.get_figwidth() == pytest.approx(COLUMN_INCHES)


def test_one_tissue_or_no_score_is_said(boards: tuple[Leaderboard, ...], make_record: Maker):
    """Instead of an empty figure there is a reason."""
    source = Source(ResultStore(Path("nowhere")))
    assert from_results(boards[:1], source) == "it compares tissues, and there is one"
    failed = [make_record("pca", {}, tissue=t, status="failed") for t in ("lung", "liver")]
    said = from_results(build_leaderboards(failed), source)
    assert said == "no method has a headline or an Avg Score"


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_the_same_bytes_twice(suffix: str, boards: tuple[Leaderboard, ...], tmp_path: Path):
    """Drawing the same results again writes the same file."""
    digests = set()
    for attempt in range(2):
        path = tmp_path / f"overview{attempt}.{suffix}"
        with figure_style():
            save_figure(overview_figure(boards), path, crop=False)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1
