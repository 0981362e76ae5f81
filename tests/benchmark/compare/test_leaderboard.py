"""From records to leaderboards: grouping, coverage, order, controls, missing results."""

import random
import statistics
from collections.abc import Callable

import pytest

from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.headline import why_not
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.records.record import MetricResult, RunRecord
from genearena.benchmark.show.plots.style import method_colour
from genearena.benchmark.show.tables.numbers import NOTHING
from genearena.benchmark.show.tables.task_sheet import task_sheet
from genearena.data.common.errors import UsageError

Maker = Callable[..., RunRecord]


def only(records: list[RunRecord], **options: object) -> Leaderboard:
    """Return the one leaderboard of records of one task."""
    (board,) = build_leaderboards(records, **options)
    return board


def by_label(board: Leaderboard) -> dict:
    """Return the rows by label."""
    return {row.label: row for row in board.rows}


def test_methods_of_one_name_from_two_packages_are_two_rows(make_record):
    """Their parameters may be the same; their numbers are not one method's."""
    records = []
    for origin, value in (("plugin from a", 0.2), ("plugin from b", 0.8)):
        for seed in range(2):
            made = make_record("mine", {"asw": value}, seed=seed)
            method = made.method.model_copy(update={"origin": origin})
            run_id = f"{made.run_id}{origin[-1]}"
            records.append(made.model_copy(update={"method": method, "run_id": run_id}))
    rows = by_label(only(records))
    assert rows.keys() == {"mine (from=plugin from a)", "mine (from=plugin from b)"}
    assert [row.cells["asw"].mean for row in rows.values()] in ([0.2, 0.8], [0.8, 0.2])


def test_two_metrics_of_one_label_are_told_apart(make_record):
    """The suite's keeps its label; notes and figures go by labels."""
    values = {"asw": 0.5, "mine": MetricResult(label="ASW", value=0.3)}
    board = only([make_record("pca", values)])
    assert [column.label for column in board.metrics] == ["ASW", "ASW (mine)"]


def test_long_names_are_cut_and_told_apart(make_record):
    """Both ends are shown; what then looks the same gets a number."""
    names = ("m" * 200, "m" * 100 + "x" + "m" * 99, "m" * 199 + "n", "short")
    labels = [row.label for row in only([make_record(n, {"asw": 0.5}) for n in names]).rows]
    assert len(set(labels)) == len(names)
    assert max(map(len, labels)) < 40
    assert "short" in labels
    assert f"{'m' * 16}…{'m' * 14}n" in labels


def test_mean_and_sd_over_seeds(make_record: Maker):
    """Cells hold the mean and the n-1 standard deviation, as the statistics module has them."""
    values = [0.2, 0.5, 0.9]
    board = only([make_record("pca", {"asw": v}, seed=i) for i, v in enumerate(values)])
    cell = board.rows[0].cells["asw"]
    assert cell.mean == pytest.approx(statistics.mean(values))
    assert cell.sd == pytest.approx(statistics.stdev(values))
    assert cell.n == 3


def test_equal_values_have_no_spread_at_all(make_record: Maker):
    """Not even the last bit that the mean of three tenths is off by."""
    records = [make_record("pca", {"asw": 0.1}, seed=i) for i in range(3)]
    assert only(records).rows[0].cells["asw"].sd == 0


def test_one_seed_has_no_spread(make_record: Maker):
    """A single run has a mean but no standard deviation."""
    cell = only([make_record("pca", {"asw": 0.4})]).rows[0].cells["asw"]
    assert (cell.mean, cell.sd) == (0.4, None)


def test_rows_by_rank_then_registry_then_controls(make_record: Maker):
    """Better methods come first, equal ones in registry order, controls last."""
    values = {"random": 0.99, "gae": 0.5, "pca": 0.5, "vgae": 0.9, "a_plugin": 0.5}
    board = only([make_record(name, {"asw": v}) for name, v in values.items()])
    assert [row.label for row in board.rows] == ["vgae", "pca", "gae", "a_plugin", "random"]
    assert board.rows[-1].avg_rank is None
    assert board.rows[-1].avg_score == pytest.approx((0.99 - 0.5) / 0.4)


def test_failed_runs_are_counted(make_record: Maker):
    """Failures lower the coverage, keep their reason, and are not averaged away."""
    records = [make_record("pca", {"asw": 0.5}, seed=s) for s in range(4)]
    records += [make_record("gae", {"asw": 0.7}, seed=0)]
    records += [make_record("gae", {}, seed=1, status="failed", reason="ValueError: no")]
    records += [make_record("gae", {}, seed=2, status="oom", reason="out of memory")]
    board = only(records)
    runs = by_label(board)["gae"].runs
    assert (len(runs.finished), runs.expected, runs.missing) == (1, 4, 1)
    assert runs.failures == (("failed: ValueError: no", 1), ("oom: out of memory", 1))
    notes = "\n".join(task_sheet(board).notes)
    assert "gae: 1 run failed: ValueError: no; 1 run oom: out of memory; 1 run not done" in notes


def test_method_that_never_finished_is_still_a_row(make_record: Maker):
    """A method without any finished run is shown, without numbers, below the others."""
    records = [
        make_record("pca", {}, status="timeout", reason="too slow"),
        make_record("gae", {"asw": 0.7}),
    ]
    board = only(records)
    assert [row.label for row in board.rows] == ["gae", "pca"]
    entries = [c.entries[1].text for c in task_sheet(board).columns]
    assert entries[:3] == [NOTHING] * 3
    assert "0/1" in entries


def test_board_without_any_finished_run(make_record: Maker):
    """When everything failed the board still says so."""
    board = only([make_record("pca", {}, status="failed", reason="boom")])
    assert board.metrics == ()
    assert "pca: 1 run failed: boom" in task_sheet(board).notes


def test_missing_metric_takes_average_and_says_why(make_record: Maker):
    """A method whose metric failed has no average, and the foot line gives the reason."""
    broken = MetricResult(label="GC", status="failed", flag="ValueError: x", scored=True)
    board = only(
        [
            make_record("pca", {"asw": 0.9, "graph_connectivity": broken}),
            make_record("gae", {"asw": 0.5, "graph_connectivity": 0.3}),
            make_record("vgae", {"asw": 0.1, "graph_connectivity": 0.8}),
        ]
    )
    row = by_label(board)["pca"]
    assert row.avg_score is None
    assert row.avg_rank is None
    assert [r.label for r in board.rows][-1] == "pca"
    assert "pca: no average, it lacks GC (failed: ValueError: x)" in task_sheet(board).notes


def test_metric_defined_for_nobody_is_left_out(make_record: Maker):
    """A metric without meaning on a task is no column, and the foot line says so."""
    undefined = MetricResult(label="ASW", status="not_defined", flag="one data set", scored=True)
    records = [make_record(m, {"asw": undefined, "cgr": v}) for m, v in [("pca", 1.0), ("gae", 0)]]
    board = only(records)
    assert [m.name for m in board.metrics] == ["cgr"]
    assert by_label(board)["pca"].avg_score == 1.0
    notes = task_sheet(board).notes
    assert "ASW: left out, no method has a value (not defined: one data set)" in notes


def test_value_that_is_not_finite_is_no_value(make_record: Maker):
    """NaN in a record counts as missing."""
    board = only([make_record("pca", {"asw": float("nan")}, seed=s) for s in (0, 1)])
    assert board.metrics == ()
    assert board.left_out == {"ASW": "no finite value"}


def test_variants_are_rows_under_their_labels(make_record: Maker):
    """The newest run says what a row is called; rows without a label are as if alone."""
    wide = {"params": {"dim": 64}, "label": "wide"}
    board = only(
        [
            make_record("gae", {"asw": 0.5}),
            make_record("gae", {"asw": 0.6}, **wide | {"label": "broad"}),
            make_record("gae", {"asw": 0.7}, seed=1, created="2024-06-01T10:00:00+00:00", **wide),
            make_record("gae", {"asw": 0.8}, params={"dim": 8}, label="narrow"),
            make_record("pca", {"asw": 0.4}, params={"dim": 8}, label="narrow"),
        ]
    )
    named = {"gae", "wide", "narrow (method=gae)", "narrow (method=pca)"}
    assert set(by_label(board)) == named
    assert [r.metrics["asw"].value for r in by_label(board)["wide"].runs.runs] == [0.6, 0.7]
    assert len({method_colour(row) for row in board.rows if "narrow" not in row.label}) == 2


def test_metric_no_method_beats_the_control_on(make_record: Maker):
    """A metric won by a control is marked; the truth is an upper bound and does not count."""
    board = only(
        [
            make_record("pca", {"asw": 0.5, "cgr": 0.5, "loss": 0.5}, lower=["loss"]),
            make_record("random", {"asw": 0.5, "cgr": 0.4, "loss": 0.4}, lower=["loss"]),
            make_record("truth", {"asw": 0.9, "cgr": 0.9, "loss": 0.1}, lower=["loss"]),
        ]
    )
    unbeaten = {m.name: board.unbeaten_control(m) for m in board.metrics}
    assert {name: row and row.label for name, row in unbeaten.items()} == {
        "asw": "random",
        "cgr": None,
        "loss": "random",
    }
    marked = {c.heading: c.flagged for c in task_sheet(board).columns if c.group == "scored"}
    assert marked == {"ASW": True, "CGR": False, "loss": True}


def test_graphs_themselves_need_not_be_beaten_within_a_donor(make_record: Maker):
    """The unreduced control is one where donors are compared, not of a graph's own edges."""
    values = {"replicated_edges": 0.5, "shared_function": 0.5}
    board = only(
        [
            make_record("pca", values),
            make_record("gae", dict.fromkeys(values, 0.1)),
            make_record("neighbourhood", dict.fromkeys(values, 0.6), control=True),
            make_record("degree", dict.fromkeys(values, 0.2), control=True),
        ]
    )
    best = {m.name: board.best_control(m) for m in board.metrics}
    assert {name: row and row.label for name, row in best.items()} == {
        "replicated_edges": "degree",
        "shared_function": "neighbourhood",
    }
    assert [m.name for m in board.metrics if not why_not(board, m)] == ["replicated_edges"]


def test_metric_all_methods_agree_on_says_nothing(make_record: Maker):
    """It is neither scaled, ranked nor marked, counts in no average, and is named below."""
    board = only(
        [
            make_record("pca", {"asw": 0.0, "cgr": 0.5}),
            make_record("gae", {"asw": 0.0, "cgr": 0.4}),
            make_record("random", {"asw": 0.9, "cgr": 0.45}),
        ]
    )
    assert board.constant == ("ASW",)
    rows = by_label(board)
    assert [rows[m].avg_score for m in ("pca", "gae")] == [1, 0]
    assert rows["random"].avg_score == pytest.approx(0.5)
    assert all(row.scaled["asw"] is None and row.ranks["asw"] is None for row in board.rows)
    assert all(board.unbeaten_control(m) is None for m in board.metrics)
    found = task_sheet(board).notes
    assert "All methods agree on ASW: neither scaled, ranked nor marked" in found
    assert any(line.startswith("Avg Score and Avg Rank: CGR scaled") for line in found)


def test_nothing_but_agreement(make_record: Maker):
    """Where methods agree on every metric there are no averages, and the foot line says why."""
    board = only([make_record(m, {"asw": 0.0}) for m in ("pca", "gae")])
    assert [row.avg_score for row in board.rows] == [None, None]
    text = "No scored metric tells the methods apart: there are neither scores nor ranks"
    assert text in task_sheet(board).notes


def test_control_far_from_the_methods_has_no_average(make_record: Maker):
    """Its values stay; the reason for the missing average stands below."""
    values = {"pca": 0.0, "gae": 0.01, "random": 0.9}
    board = only([make_record(name, {"asw": v}) for name, v in values.items()])
    assert by_label(board)["random"].avg_score is None
    text = "random: no average, it lies over 10 ranges of the methods away on ASW"
    assert text in task_sheet(board).notes


def test_controls_do_not_move_the_methods(make_records: Callable[..., list[RunRecord]]):
    """The methods' scores and ranks are the same with and without controls."""
    records = make_records(n_seeds=2)
    without = [r for r in records if not r.method.control]
    full, bare = by_label(only(records)), by_label(only(without))
    for label, row in bare.items():
        assert (row.avg_score, row.avg_rank) == (full[label].avg_score, full[label].avg_rank)


def test_order_of_records_does_not_matter(make_records: Callable[..., list[RunRecord]]):
    """Shuffled records give the same sheet."""
    records = make_records(n_seeds=3)
    sheet = task_sheet(only(records))
    for seed in range(3):
        random.Random(seed).shuffle(records)
        assert task_sheet(only(records)) == sheet


def test_settings_of_one_method_are_rows_of_their_own(make_record: Maker):
    """Presets and parameters split a method into rows, labelled by what differs."""
    records = [
        make_record("gae", {"asw": 0.1}, params={"dim": 32, "epochs": 50}),
        make_record("gae", {"asw": 0.2}, params={"dim": 64, "epochs": 50}),
        make_record("gae", {"asw": 0.3}, params={"dim": 32, "epochs": 500}, preset="paper"),
        make_record("pca", {"asw": 0.4}, params={"dim": 32}),
    ]
    labels = {row.label for row in only(records).rows}
    assert labels == {"gae (fast, dim=32)", "gae (fast, dim=64)", "gae (paper)", "pca"}
    assert {r.label for r in only(records, preset="paper").rows} == {"gae"}


def test_many_differing_parameters_are_numbered(make_record: Maker):
    """Settings that differ in too much for a label get numbers."""
    settings = [{"learning_rate": r, "weight_decay": r} for r in (0.1, 0.2)]
    records = [make_record("gae", {"asw": 0.1}, params=p) for p in settings]
    assert {row.label for row in only(records).rows} == {"gae (settings 1)", "gae (settings 2)"}


def test_same_parameters_under_two_presets_are_one_row(make_record: Maker):
    """A method without preset-dependent parameters takes one rank, not two."""
    records = [make_record("pca", {"asw": 0.5}, seed=s, preset="fast") for s in range(3)]
    records += [make_record("pca", {"asw": 0.5}, seed=s, preset="paper") for s in range(5)]
    board = only(records)
    (row,) = board.rows
    assert (row.label, len(row.runs.runs), row.runs.expected) == ("pca", 5, 5)
    assert board.presets == ("fast", "paper")


def test_newer_run_of_a_seed_replaces_the_older(make_record: Maker):
    """Runs of two versions of the suite are one run, the newer."""
    old = make_record("pca", {"asw": 0.1}, suite_version="0.1", created="2024-01-01T00:00:00+00:00")
    new = make_record("pca", {"asw": 0.2}, suite_version="0.2", created="2024-02-01T00:00:00+00:00")
    for records in ([old, new], [new, old]):
        assert only(records).rows[0].cells["asw"].mean == 0.2


def test_older_data_are_not_mixed_in(make_record: Maker):
    """Only the newest fingerprint is shown; the runs on older data are counted."""
    stale = [make_record("pca", {"asw": 0.1}, seed=s, fingerprint="old") for s in range(3)]
    fresh = [make_record("pca", {"asw": 0.9}, fingerprint="new", created="2025-01-01T00:00:00")]
    board = only(stale + fresh)
    assert (board.task.fingerprint, board.rows[0].cells["asw"].mean) == ("new", 0.9)
    assert "3 runs on other data of this task not shown" in task_sheet(board).notes


def test_one_board_per_tissue_and_source(make_record: Maker):
    """Tissues and sources are separate tasks, in alphabetical order, and can be chosen."""
    records = [
        make_record("pca", {"asw": 0.5}, tissue=t, source=s)
        for t, s in [("lung", "embedded"), ("heart", "mine"), ("lung", "atlas")]
    ]
    labels = [b.task.label for b in build_leaderboards(records)]
    assert labels == ["heart (mine)", "lung (atlas)", "lung (embedded)"]
    assert len(build_leaderboards(records, tissues=["lung"])) == 2
    assert len(build_leaderboards(records, tissues=["lung"], sources=["atlas"])) == 1


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"tissues": ["lungs"]}, "no results for tissue 'lungs'; did you mean 'lung'?"),
        ({"sources": ["x"]}, "no results for source 'x'; there are embedded"),
        ({"preset": "paper"}, "no results for preset 'paper'; there are fast"),
    ],
)
def test_unknown_choice(make_record: Maker, choice: dict, message: str):
    """What no record has is refused with what there is."""
    with pytest.raises(UsageError) as error:
        build_leaderboards([make_record("pca", {"asw": 0.5})], **choice)
    assert str(error.value) == message


def test_flags_are_marked_and_explained(make_record: Maker):
    """A degenerate value carries a mark, and the foot line says what and how often."""
    flagged = MetricResult(label="ASW", value=0.0, flag="no mixing", scored=True)
    records = [make_record("pca", {"asw": 0.5}, seed=s) for s in (0, 1)]
    records += [
        make_record("gae", {"asw": flagged}, seed=0),
        make_record("gae", {"asw": 0.1}, seed=1),
    ]
    sheet = task_sheet(only(records))
    assert [e.flagged for e in sheet.columns[0].entries] == [False, True]
    assert "† ASW: no mixing: gae (1 of 2 runs)" in sheet.notes
