"""The figure of headlines by epochs: which rows make a curve, and its points."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.records.record import MetricResult, RunRecord
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.show.plots.epochs import curves, epochs_figure, from_results
from genearena.benchmark.show.plots.registry import Source
from genearena.methods.registry import METHODS

Maker = Callable[..., RunRecord]
QUESTIONS = ("replicated_edges", "new_donor")


def run(make: Maker, method: str, params: dict, values: tuple[float, ...], **more) -> RunRecord:
    """Return a record of a run with some settings and answers."""
    found = {n: MetricResult(label=n, value=v) for n, v in zip(QUESTIONS, values, strict=False)}
    return make(method, found, params=params, **more)


@pytest.fixture
def records(make_record: Maker) -> list[RunRecord]:
    """One method with three numbers of epochs, and others that have one, or differ in more."""
    return [
        *(
            run(make_record, "gae", {"epochs": e, "dim": 32}, (e / 200, e / 400), seed=s)
            for e in (100, 10, 50)
            for s in (0, 1)
        ),
        run(make_record, "gae", {"epochs": 25, "dim": 64}, (0.1, 0.1)),
        run(make_record, "vgae", {"epochs": 25}, (0.1, 0.1)),
        # without a headline there is no point
        run(make_record, "vgae", {"epochs": 50}, (0.1,)),
        run(make_record, "pca", {"dim": 32}, (0.3, 0.3)),
        run(make_record, "pca", {"dim": 64}, (0.3, 0.3)),
    ]


def test_a_curve_is_of_rows_that_differ_in_epochs_alone(records: list[RunRecord]):
    """In the order of their number."""
    (found,) = curves(build_leaderboards(records)[0])
    assert (found.label, list(found.rows)) == ("gae", [10, 50, 100])


def test_lines_go_through_the_values(records: list[RunRecord]):
    """Panels are the headline and its questions; marks are the epochs of the presets."""
    figure = epochs_figure(build_leaderboards(records))
    panels = {axes.get_title(): axes for axes in figure.axes}
    assert list(panels) == ["Headline", "Edges", "New donor"]
    want = {"Headline": 3 / 800, "Edges": 1 / 200, "New donor": 1 / 400}
    method = METHODS.load("gae")
    for name, axes in panels.items():
        line = axes.lines[0]
        np.testing.assert_allclose(line.get_xdata(), [10, 50, 100])
        np.testing.assert_allclose(line.get_ydata(), np.array([10, 50, 100]) * want[name])
        assert axes.get_xscale() == "log"
    marks = [list(line.get_xdata()) for line in panels["Headline"].lines[1:3]]
    assert marks == [[method.preset(preset)["epochs"]] for preset in ("fast", "paper")]


def test_a_line_of_panels_for_every_task_that_has_a_curve(
    records: list[RunRecord], make_record: Maker
):
    """A question that is not asked there leaves its panel empty."""
    more = [
        run(make_record, "vgae", {"epochs": e}, (0.1 * e,), tissue="liver", seed=0) for e in (1, 2)
    ]
    other = [run(make_record, "gae", {"epochs": 1}, (0.1, 0.1), tissue="colon")]
    figure = epochs_figure(build_leaderboards(records + more + other))
    assert [axes.get_ylabel() for axes in figure.axes if axes.get_ylabel()] == ["liver", "lung"]
    assert len(figure.axes) == 6


def test_without_two_numbers_of_epochs_it_is_said_how_to_get_them(make_record: Maker):
    """Instead of an empty figure."""
    boards = build_leaderboards([run(make_record, "gae", {"epochs": 10}, (0.1, 0.1))])
    said = from_results(boards, Source(ResultStore(Path("nowhere"))))
    assert "no method was run with two numbers of epochs" in said
