"""Score against cost: who is on the front, what is drawn, and what is missing."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.records.record import Cost, Origin, RunRecord
from genearena.benchmark.show.plots.cost import cost_figure, pareto_front, spendings
from genearena.benchmark.show.plots.style import CONTROL, figure_style, method_colour, save_figure
from genearena.benchmark.show.tables.task_sheet import task_sheet

Maker = Callable[..., RunRecord]
BASE = 600_000_000
COSTS = {
    "pca": (0.1, 1.0, 0.3),
    "gae": (10.0, 2.0, 0.6),
    "vgae": (20.0, 2.5, 0.5),
    "musegnn": (90.0, 3.0, 0.9),
    "gae:released": (5.0, 2.0, 0.4),
    "random": (0.01, 0.5, 0.2),
}


def board_of(make_record: Maker, without: Sequence[str] = (), **options: object) -> Leaderboard:
    """Return a board of methods with seconds, megabytes and one metric."""
    records = [
        make_record(
            name,
            {"asw": value},
            cost=Cost(
                fit_seconds=seconds,
                peak_rss_bytes=int(BASE + 1e6 * megabytes),
                base_rss_bytes=BASE,
            ),
            **options,
        )
        for name, (seconds, megabytes, value) in COSTS.items()
        if name not in without
    ]
    return build_leaderboards(records)[0]


def labels(figure: object) -> list[str]:
    """Return the entries of the legend."""
    return [text.get_text() for text in figure.legends[0].get_texts()]


def marks(figure: object, panel: int) -> dict[tuple[float, float], object]:
    """Return the points of a panel by their coordinates."""
    lines = [line for line in figure.axes[panel].lines if line.get_marker() not in ("None", "")]
    return {(line.get_xdata()[0], line.get_ydata()[0]): line for line in lines}


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=12),
)
def test_front_is_what_a_naive_search_finds(points: list[tuple[int, int]]):
    """A point is on the front unless another is no worse in both and better in one."""
    found = pareto_front(*np.array(points, dtype=float).T)
    for (x, y), on_front in zip(points, found, strict=True):
        beaten = any(a <= x and b >= y and (a < x or b > y) for a, b in points)
        assert on_front == (not beaten)


def test_panels_show_measured_seconds_and_memory(make_record: Maker):
    """Every method is a point at its cost and Avg Score, in its colour; released ones hollow."""
    board = board_of(make_record)
    figure = cost_figure([board])
    best_first = ["musegnn", "gae", "vgae", "pca", "gae:released", "random"]
    assert labels(figure) == [*best_first, "not beaten at both"]
    for panel, which in enumerate((0, 1)):
        drawn = marks(figure, panel)
        for row in board.rows:
            mark = drawn[COSTS[row.label][which], row.avg_score]
            assert mark.get_color() == method_colour(row)
            assert (mark.get_markerfacecolor() == "white") == (row.section == "released")
    assert method_colour(next(r for r in board.rows if r.control)) == CONTROL


def test_front_joins_competing_methods_only(make_record: Maker):
    """Neither the cheaper control nor the released variant is on the line."""
    for axes, which in zip(cost_figure([board_of(make_record)]).axes, (0, 1), strict=True):
        (line,) = [line for line in axes.lines if line.get_marker() in ("None", "")]
        assert list(line.get_xdata()) == [COSTS[m][which] for m in ("pca", "gae", "musegnn")]


def test_means_over_tasks_leave_out_who_lacks_one(make_record: Maker):
    """A method without a task is named, not averaged over the rest."""
    lung = board_of(make_record, tissue="lung")
    liver = board_of(make_record, ["vgae"], tissue="liver")
    found, lacking = spendings([liver, lung])
    assert lacking == ["vgae"]
    scores = (
        {row.label: row.avg_score for row in lung.rows},
        {row.label: row.avg_score for row in liver.rows},
    )
    for one in found:
        label = one.row.label
        assert one.score == pytest.approx((scores[0][label] + scores[1][label]) / 2)
        assert one.seconds == pytest.approx(COSTS[label][0])
    figure = cost_figure([liver, lung])
    assert "vgae" in figure.legends[0].get_title().get_text()
    assert "vgae" not in labels(figure)


def test_scored_elsewhere_has_no_cost(make_record: Maker):
    """Vectors handed in were not trained here: seconds and memory of scoring are not theirs."""
    record = make_record("pca", {"asw": 0.5}, cost=Cost(score_seconds=3, peak_rss_bytes=2**30))
    handed_in = record.model_copy(update={"origin": Origin(kind="submitted", by="a lab")})
    (board,) = build_leaderboards([handed_in])
    (found,), _ = spendings([board])
    assert found.seconds is None
    assert found.megabytes is None
    assert cost_figure([board]) is None


def test_memory_that_no_record_states_is_not_drawn(make_record: Maker):
    """Seconds without memory fill one panel; the other says so."""
    record = make_record("pca", {"asw": 0.5}, cost=Cost(fit_seconds=3))
    left, right = cost_figure(build_leaderboards([record])).axes
    assert len(marks(cost_figure(build_leaderboards([record])), 0)) == 1
    assert [t.get_text() for t in left.texts] == []
    assert [t.get_text() for t in right.texts] == ["not measured"]


def test_memory_is_what_the_run_added(make_record: Maker):
    """Interpreter and libraries do not count; where it is unknown what they took, nothing is drawn.

    The median over seeds counts, on a GPU with the device's: a worker's first run loads libraries.
    """
    base = {"fit_seconds": 1, "base_rss_bytes": 629_000_000}
    costs = {
        "pca": Cost(**base, peak_rss_bytes=671_000_000),
        "gae": Cost(**base, peak_rss_bytes=700_000_000, peak_gpu_bytes=30_000_000),
        "mae": Cost(fit_seconds=1, peak_rss_bytes=671_000_000),
    }
    scores = {"pca": 0.5, "gae": 0.4, "mae": 0.3}
    records = [make_record(n, {"asw": scores[n]}, cost=cost) for n, cost in costs.items()]
    for seed, peak in ((1, 650_000_000), (2, 999_000_000)):
        cost = Cost(**base, peak_rss_bytes=peak)
        for n, own in (costs | {"pca": cost}).items():
            records.append(make_record(n, {"asw": scores[n]}, seed=seed, cost=own))
    boards = build_leaderboards(records)
    assert {s.row.label: s.megabytes for s in spendings(boards)[0]} == {
        "pca": 42.0,
        "gae": 101.0,
        "mae": None,
    }
    figure = cost_figure(boards)
    assert "added" in figure.axes[1].get_xlabel()
    assert "Memory not measured: mae" in figure.legends[0].get_title().get_text()
    table = task_sheet(boards[0])
    (column,) = [c for c in table.columns if c.heading == "Memory added"]
    shown = dict(zip(table.labels, (entry.text for entry in column.entries), strict=True))
    assert shown == {"pca": "42 MB", "gae": "71 MB", "mae": "not measured"}


def test_failed_runs_and_one_seed(make_record: Maker):
    """What failed is left out and named; a single seed is enough for a point."""
    ok = make_record("pca", {"asw": 0.5}, cost=Cost(fit_seconds=1, peak_rss_bytes=2**30))
    failed = make_record("gae", {}, status="failed", reason="x")
    figure = cost_figure(build_leaderboards([ok, failed]))
    assert labels(figure) == ["pca", "not beaten at both"]
    assert "gae" in figure.legends[0].get_title().get_text()
    assert cost_figure(build_leaderboards([failed])) is None


def test_times_of_several_machines_are_remarked_on(make_record: Maker):
    """A GPU's seconds do not compare with a processor's."""
    slow = make_record("pca", {"asw": 0.5}, cost=Cost(fit_seconds=1, peak_rss_bytes=2**30))
    fast = make_record("gae", {"asw": 0.6}, cost=Cost(fit_seconds=1, peak_rss_bytes=2**30))
    gpu = fast.environment.model_copy(update={"device": "cuda", "gpu": "some GPU"})
    for other, remark in ((fast, False), (fast.model_copy(update={"environment": gpu}), True)):
        figure = cost_figure(build_leaderboards([slow, other]))
        assert ("do not compare" in figure.legends[0].get_title().get_text()) == remark


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_the_same_bytes_twice(suffix: str, make_record: Maker, tmp_path: Path):
    """Drawing the same records again writes the same file, without any date."""
    digests = set()
    for attempt in range(2):
        path = tmp_path / f"cost{attempt}.{suffix}"
        with figure_style():
            save_figure(cost_figure([board_of(make_record)]), path)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
        assert b"CreationDate" not in path.read_bytes()
        assert b"dc:date" not in path.read_bytes()
    assert len(digests) == 1


def test_ticks_of_time_are_plain_numbers(make_record: Maker) -> None:
    """Formulas are off, since names come from files, so no tick may be one."""
    with figure_style():
        figure = cost_figure([board_of(make_record)])
        figure.draw_without_rendering()
    shown = [text.get_text() for text in figure.axes[0].get_xticklabels()]
    places = figure.axes[0].get_xticks()
    assert len(shown) >= 3
    assert [float(text) for text in shown] == pytest.approx(list(places))
