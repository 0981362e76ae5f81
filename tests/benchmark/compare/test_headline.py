"""The headline, what counts, and who beats whom, on boards whose numbers are plain."""

from collections.abc import Callable

import numpy as np
import pytest
from click.testing import CliRunner

from genearena.benchmark.commands.leaderboard import command as leaderboard
from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.headline import (
    by_headline,
    counting_standings,
    headline,
    headline_metrics,
    why_not,
    win_rates,
)
from genearena.benchmark.records.record import MetricResult

QUESTIONS = ("replicated_edges", "new_donor", "shared_function", "specific_function")


def answers(*values: float) -> dict[str, MetricResult]:
    """Return the values of the four questions, as records have them."""
    pairs = zip(QUESTIONS, values, strict=False)
    return {name: MetricResult(label=name, value=value) for name, value in pairs}


@pytest.fixture
def board(make_record: Callable):
    """One task: two seeds of three methods and a control."""
    records = []
    for seed, shift in enumerate((-0.1, 0.1)):
        for method, values in {
            "gae": (0.5 + shift, 0.3, 0.1, 0.1),
            "pca": (0.6, 0.4 + shift, 0.2, 0.0),
            "mae": (0.9, 0.9),
            "random": (0.0, 0.0, 0.0, 0.0),
        }.items():
            records.append(make_record(method, answers(*values), seed=seed))
    return build_leaderboards(records)[0]


def test_it_is_the_mean_of_the_questions_and_its_spread_that_of_the_runs(board):
    """On the metrics' own scale; who lacks a question has none."""
    rows = {row.label: row for row in board.rows}
    gae = headline(board, rows["gae"])
    assert gae.mean == pytest.approx(0.25)
    assert gae.sd == pytest.approx(np.std([0.225, 0.275], ddof=1))
    assert headline(board, rows["random"]).mean == 0
    assert headline(board, rows["mae"]).mean is None
    assert [row.label for row in by_headline(board)] == ["pca", "gae", "mae", "random"]


def test_who_else_is_there_changes_nothing(board, make_record: Callable):
    """Unlike Avg Score: another method moves no headline."""
    more = [make_record("vgae", answers(1.0, 1.0, 1.0, 1.0), seed=s) for s in (0, 1)]
    records = [run for row in board.rows for run in row.runs.runs]
    (other,) = build_leaderboards([*records, *more])
    for row in board.rows:
        same = next(r for r in other.rows if r.label == row.label)
        assert headline(other, same).mean == headline(board, row).mean


def test_questions_that_cannot_be_asked_are_left_out(make_record: Callable):
    """Where no method has an answer the mean is over the others."""
    lacking = MetricResult(label="x", status="not_defined", flag="simulated data only")
    values = answers(0.4, 0.2) | {"shared_function": lacking, "specific_function": lacking}
    (board,) = build_leaderboards([make_record("gae", values)])
    assert [metric.name for metric in headline_metrics(board)] == list(QUESTIONS[:2])
    assert headline(board, board.rows[0]).mean == pytest.approx(0.3)


def test_a_plugin_s_metric_is_none_of_the_questions(make_record: Callable):
    """However it calls itself."""
    values = answers(0.4, 0.2, 0.1, 0.1) | {"mine": MetricResult(label="Mine", value=1.0)}
    (board,) = build_leaderboards([make_record("gae", values)])
    assert {metric.name for metric in headline_metrics(board)} == set(QUESTIONS)


def test_a_metric_counts_where_it_tells_methods_apart(make_record: Callable):
    """Not where a control is as good, nor where methods differ by less than a fifth."""
    values = {
        "gae": {"asw": 0.5, "ilisi": 0.50, "cgr": 0.3},
        "pca": {"asw": 0.9, "ilisi": 0.55, "cgr": 0.6},
        "random": {"asw": 0.95, "ilisi": 0.1, "cgr": 0.1},
        # what knows the truth need not be beaten
        "truth": {"asw": 1.0, "ilisi": 1.0, "cgr": 1.0},
    }
    (board,) = build_leaderboards([make_record(m, v) for m, v in values.items()])
    said = {metric.name: why_not(board, metric) for metric in board.metrics}
    assert said == {"asw": "random", "ilisi": "alike", "cgr": ""}
    counting = counting_standings(board)
    ranks = {row.label: rank for row, rank in zip(board.rows, counting.avg_rank, strict=True)}
    assert (ranks["pca"], ranks["gae"]) == (1, 2)
    scores = {row.label: s for row, s in zip(board.rows, counting.avg_score, strict=True)}
    assert (scores["pca"], scores["gae"]) == (1, 0)


def test_win_rates_are_counted_cell_by_cell(board, make_record: Callable):
    """Over tasks and questions that both answer, ties half; the two shares of a pair make one."""
    liver = [
        make_record(m, answers(*v), tissue="liver")
        for m, v in {"gae": (0.6, 0.1, 0.2, 0.0), "pca": (0.5, 0.1, 0.1, 0.0)}.items()
    ]
    (other,) = build_leaderboards(liver)
    rates = win_rates([board, other], ["gae", "pca", "mae"])
    # of eight cells gae is better in one of lung and two of liver, and equal in two of liver
    assert rates[0, 1] == pytest.approx((1 + 2 + 2 * 0.5) / 8)
    assert rates[0, 1] + rates[1, 0] == pytest.approx(1)
    assert rates[2, 0] == 1
    assert np.isnan(np.diag(rates)).all()


@pytest.mark.parametrize("style", ["terminal", "md", "latex"])
@pytest.mark.parametrize("view", ["headline", "counts", "paper"])
def test_views_are_printed_in_every_format(
    make_record: Callable, write_store: Callable, tmp_path, view, style
):
    """One task and several; the paper's table comes where no question was asked."""
    rng = np.random.default_rng(0)
    records = [
        make_record(method, answers(*rng.random(4)) | {"asw": rng.random()}, tissue=tissue)
        for method in ("gae", "pca", "random")
        for tissue in ("lung", "liver")
    ]
    write_store(tmp_path, records)
    arguments = ["--out", tmp_path, "--view", view, "--format", style]
    done = CliRunner().invoke(leaderboard, list(map(str, arguments)), catch_exceptions=False)
    assert done.exit_code == 0
    wanted = {"headline": "Headline", "counts": "Three rankings", "paper": "Avg Score"}[view]
    assert wanted in done.stdout
    assert "lung" in done.stdout
    assert "liver" in done.stdout
    if view == "headline":
        assert "names aside?" in done.stdout
