"""The heat map: its numbers, colours and bars are the leaderboard's, and texts stay in circles."""

from collections.abc import Callable

import numpy as np
import pytest

from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.records.record import MetricResult, RunRecord
from genearena.benchmark.show.plots.boxplot import boxplot
from genearena.benchmark.show.plots.heatmap import BAR, CELL, heatmap
from genearena.benchmark.show.plots.panels import text_inches


def texts(figure: object) -> set[str]:
    """Return every piece of text on the figure's axes."""
    return {text.get_text() for text in figure.axes[0].texts}


def test_heatmap_shows_every_mean(board: Leaderboard):
    """Each circle carries the method's mean with two decimals, without a leading zero."""
    written = texts(heatmap(board))
    for row in board.rows:
        for cell in row.cells.values():
            assert f"{cell.mean:.2f}".lstrip("0") + "†" * bool(cell.flags) in written


def test_heatmap_colours_follow_the_scaled_value(board: Leaderboard):
    """In a column the best method is darkest and the worst palest."""
    from matplotlib.collections import PathCollection

    circles = heatmap(board).findobj(PathCollection)[0]
    n = sum(row.competes for row in board.rows)
    assert (np.diff(circles.get_offsets()[:n, 1]) < 0).all()
    lightness = circles.get_facecolors()[:n, :3].sum(axis=1)
    scaled = [row.scaled["asw"] for row in board.rows if not row.control]
    assert np.argsort(lightness).tolist() == np.argsort(-np.array(scaled)).tolist()


def test_the_headline_has_a_bar_on_its_own_scale(make_record):
    """From 0 to 1 whatever the others do, and only where there is one."""
    values = {"gae": 0.5, "pca": 0.25}
    records = [
        make_record(m, {"new_donor": MetricResult(label="x", value=v), "asw": v})
        for m, v in values.items()
    ]
    figure = heatmap(build_leaderboards(records)[0])
    widths = sorted(patch.get_width() / BAR for patch in figure.axes[0].patches)
    assert widths == pytest.approx([0.25, 0.5, 1, 1])
    assert "Headline ↑" in texts(figure)
    figure = heatmap(build_leaderboards([make_record("gae", {"asw": 0.5})])[0])
    assert "Headline ↑" not in texts(figure)


def test_heatmap_bars_are_full_for_the_best_on_every_metric(make_record):
    """Score and rank alike: full means best on every scored metric, empty worst on every one."""
    from matplotlib.patches import Rectangle

    values = {"pca": (0.9, 0.8), "gae": (0.6, 0.5), "giant": (0.3, 0.2)}
    records = [
        make_record(name, {"asw": a, "cgr": b, "retrieval": 1 - a})
        for name, (a, b) in values.items()
    ]
    (board,) = build_leaderboards(records)
    figure = heatmap(board)
    bars = [p for p in figure.axes[0].artists + figure.axes[0].patches if isinstance(p, Rectangle)]
    lengths = [bar.get_width() / BAR for bar in bars]
    # none is drawn for the worst
    assert lengths == pytest.approx([1.0, 0.5, 1.0, 0.5])


@pytest.mark.parametrize("value", [0.0, -0.125, 0.5, 1.0, 12.345, 123.456])
def test_heatmap_texts_stay_in_their_circles(value: float, make_record):
    """Also with the dagger of a degenerate value, and of a metric without bounds."""
    result = MetricResult(label="ASW", value=value, scored=True, flag="degenerate")
    boards = build_leaderboards([make_record("pca", {"asw": result})])
    (text,) = [t for t in heatmap(boards[0]).axes[0].texts if t.get_text().endswith("†")]
    assert text_inches(text.get_text(), text.get_fontsize()) < 0.94 * CELL
    assert text.get_fontsize() >= 5


def test_heatmap_without_any_metric(make_record: Callable[..., RunRecord]):
    """A board where everything failed can still be drawn; there is nothing to box."""
    (board,) = build_leaderboards([make_record("pca", {}, status="failed", reason="x")])
    assert "pca" in texts(heatmap(board))
    assert boxplot(board) is None
