"""The headline figure: bars, points and ranges are the numbers of the leaderboards."""

from collections.abc import Callable

import numpy as np
import pytest

from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.headline import headline
from genearena.benchmark.records.record import MetricResult
from genearena.benchmark.show.plots.headline import headline_figure

QUESTIONS = ("replicated_edges", "new_donor", "shared_function", "specific_function")


def boards_of(make_record: Callable, tissues: tuple[str, ...]):
    """Return boards of three methods and a control with answers of their own."""
    rng = np.random.default_rng(0)
    records = []
    for tissue in tissues:
        for method in ("gae", "pca", "giant", "random"):
            found = {
                name: MetricResult(label=name, value=float(value))
                for name, value in zip(QUESTIONS, rng.uniform(-0.1, 1, 4), strict=True)
            }
            records.append(make_record(method, found, tissue=tissue))
    return build_leaderboards(records)


@pytest.mark.parametrize("tissues", [("lung",), ("lung", "liver")])
def test_bars_are_headlines_in_their_order(make_record: Callable, tissues: tuple[str, ...]):
    """A bar each, methods from the highest down, then controls; means where there are tasks."""
    boards = boards_of(make_record, tissues)
    figure = headline_figure(boards)
    (axes,) = figure.axes
    labels = [tick.get_text() for tick in axes.get_yticklabels()]
    widths = [bar.get_width() for bar in axes.patches]
    assert labels[-1] == "random"
    assert widths[:3] == sorted(widths[:3], reverse=True)
    for label, width in zip(labels, widths, strict=True):
        rows = [(board, next(r for r in board.rows if r.label == label)) for board in boards]
        assert width == pytest.approx(np.mean([headline(b, r).mean for b, r in rows]))
    spans = [line for line in axes.lines if len(line.get_xdata()) == 2 and line.get_lw() == 0.8]
    assert len(spans) == (4 if len(tissues) > 1 else 0)


def test_points_are_answers(make_record: Callable):
    """One per method and question, at its value."""
    (board,) = boards_of(make_record, ("lung",))
    (axes,) = headline_figure([board]).axes
    drawn = sorted(float(line.get_xdata()[0]) for line in axes.lines if len(line.get_xdata()) == 1)
    want = sorted(row.cells[name].mean for row in board.rows for name in QUESTIONS)
    np.testing.assert_allclose(drawn, want)


def test_a_question_and_the_one_in_its_place_look_alike(make_record: Callable):
    """Over tasks of both kinds a point is the mean of what is asked of each."""
    values = {"lung": dict.fromkeys(QUESTIONS, 0.2)}
    values["liver"] = dict.fromkeys((*QUESTIONS[:2], "shared_partners", "rewiring"), 0.6)
    records = [make_record("gae", found, tissue=tissue) for tissue, found in values.items()]
    figure = headline_figure(build_leaderboards(records))
    (axes,) = figure.axes
    points = [line.get_xdata()[0] for line in axes.lines if len(line.get_xdata()) == 1]
    np.testing.assert_allclose(points, [0.4] * 4)
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["Edges", "New donor", "Function/Partners", "Specific/Rewiring"]


def test_no_question_no_figure(make_record: Callable):
    """Records of before have none."""
    assert headline_figure(build_leaderboards([make_record("gae", {"asw": 0.5})])) is None
