"""Values scaled from the best control to the optimum, and what the overview leaves out."""

from collections.abc import Callable

import pytest

from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.control_scale import ControlScale, average_gain, control_scale
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.show.tables.overview import overview_sheet
from genearena.benchmark.show.tables.task_sheet import task_sheet

Maker = Callable[..., RunRecord]


def only(records: list[RunRecord]) -> Leaderboard:
    """Return the one leaderboard of records of one task."""
    (board,) = build_leaderboards(records)
    return board


def test_control_is_zero_and_optimum_one(make_record: Maker):
    """The best control gets 0, half the way to the optimum 0.5; the truth is no reference."""
    values = {"pca": 0.7, "gae": 1.0, "random": 0.4, "gene_name": 0.2, "truth": 0.9}
    board = only([make_record(name, {"asw": v}) for name, v in values.items()])
    scale = control_scale(board, board.metrics[0])
    assert (scale.control, scale.zero, scale.one) == ("random", 0.4, 1.0)
    gains = {row.label: average_gain(board, row) for row in board.rows}
    want = {"pca": 0.5, "gae": 1.0, "random": 0.0, "gene_name": -1 / 3, "truth": 5 / 6}
    assert gains == pytest.approx(want)


def test_lower_is_better():
    """Where low is good the optimum is the low end of the range."""
    scale = ControlScale("random", zero=0.8, one=0.0)
    assert (scale.of(0.8), scale.of(0.2), scale.of(1.0)) == pytest.approx((0.0, 0.75, -0.25))


def test_control_at_the_optimum_has_no_scale(make_record: Maker):
    """A metric whose control is at the optimum is left out of the average and named."""
    board = only(
        [
            make_record("pca", {"asw": 0.7, "cgr": 0.2}),
            make_record("gae", {"asw": 0.5, "cgr": 0.9}),
            make_record("random", {"asw": 0.4, "cgr": 0.995}),
        ]
    )
    assert control_scale(board, board.metrics[1]) == "random is at the optimum"
    assert average_gain(board, board.rows[0]) == pytest.approx((0.7 - 0.4) / 0.6)
    sheet = task_sheet(board, view="control")
    assert "CGR: not control-scaled, random is at the optimum" in sheet.notes


def test_far_below_the_control_is_cut(make_record: Maker):
    """A value far worse than a good control counts as -1 and is shown as such, not as -80."""
    board = only(
        [
            make_record("pca", {"asw": 0.1, "cgr": 0.75}),
            make_record("gae", {"asw": 0.985, "cgr": 0.5}),
            make_record("random", {"asw": 0.98, "cgr": 0.5}),
        ]
    )
    rows = {row.label: row for row in board.rows}
    assert average_gain(board, rows["pca"]) == pytest.approx((-1 + 0.5) / 2)
    sheet = task_sheet(board, view="control")
    shown = dict(zip(sheet.labels, sheet.columns[0].entries, strict=True))
    assert shown["pca"].text == "<-1"


def test_no_control_no_scale(make_record: Maker):
    """Without controls nothing is control-scaled, and the notes say why."""
    board = only([make_record("pca", {"asw": 0.1}), make_record("gae", {"asw": 0.2})])
    assert control_scale(board, board.metrics[0]) == "no control has a value"
    assert average_gain(board, board.rows[0]) is None
    notes = task_sheet(board, view="control").notes
    assert "ASW: not control-scaled, no control has a value" in notes


def test_overview_says_what_is_missing(make_record: Maker):
    """A method without a tissue has no overall mean, and the note says which and why."""
    records = [
        make_record(m, {"asw": v}, tissue=t)
        for t in ("heart", "lung", "liver")
        for m, v in (("pca", 0.4), ("gae", 0.3), ("random", 0.35))
    ]
    records += [make_record("vgae", {"asw": 0.9}, tissue="heart")]
    records += [make_record("vgae", {}, tissue="lung", status="timeout", reason="slow")]
    sheet = overview_sheet(build_leaderboards(records), "rank")
    mean = dict(zip(sheet.labels, sheet.columns[0].entries, strict=True))
    assert mean["pca"].text == "1.33"
    assert mean["vgae"].text == "\N{EN DASH}"
    assert "\N{EN DASH} vgae: no mean, nothing on liver (not run); lung (runs: 1 timeout)" in (
        sheet.notes
    )


def test_what_is_missing_everywhere_is_said_once(make_record: Maker):
    """A reason that several tasks share counts the runs of each."""
    records = [make_record("pca", {"asw": 0.4}, tissue=t) for t in ("heart", "lung")]
    records += [
        make_record("vgae", {}, seed=s, tissue=t, status="skipped", reason="cannot")
        for t in ("heart", "lung")
        for s in (0, 1)
    ]
    notes = overview_sheet(build_leaderboards(records), "rank").notes
    assert "\N{EN DASH} vgae: no mean, nothing on any of 2 tasks (runs of each: 2 skipped)" in notes


def test_overview_flags_and_simulated_tissues(make_record: Maker):
    """The overview names every metric and tissue a control wins, and which data are simulated."""
    records = [
        make_record(m, {"asw": v}, tissue=t, simulated=t == "lung")
        for t, best in (("heart", 0.5), ("lung", 0.2))
        for m, v in (("pca", best), ("random", 0.3))
    ]
    notes = overview_sheet(build_leaderboards(records), "score").notes
    assert "‡ No method beats the best control: ASW on lung" in notes
    assert "SIMULATED data: lung" in notes
