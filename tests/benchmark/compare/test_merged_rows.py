"""A merged record may add a row marked §, and nothing else, whatever it says."""

import csv
import io
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.records.record import MetricResult, Origin, RunRecord
from genearena.benchmark.show.tables.task_sheet import task_sheet
from genearena.benchmark.show.tables.tidy import to_csv

Maker = Callable[..., RunRecord]
THEIRS = Origin(kind="merged", by="a lab")
OWN: Mapping[str, tuple[float, float]] = {
    "pca": (0.2, 0.7),
    "gae": (0.8, 0.3),
    "mine": (0.5, 0.6),
    "random": (0.4, 0.4),
}
COMPETING = tuple(name for name in OWN if name != "random")
PERFECT = {"asw": 1.0, "cgr": 1.0}


def own_runs(make_record: Maker) -> list[RunRecord]:
    """Return two seeds of methods of the suite, of a plugin that is gone, and of a control."""
    return [
        make_record(name, {"asw": a + 0.01 * s, "cgr": b - 0.02 * s, "gone": metric("Gone", b)},
                    seed=s)
        for name, (a, b) in OWN.items()
        for s in (0, 1)
    ]  # fmt: skip


def metric(label: str, value: float, **more: Any) -> MetricResult:
    """Return the answer of a metric that is not installed."""
    return MetricResult(label=label, value=value, scored=True, **more)


def control(record: RunRecord, *, is_one: bool = True) -> RunRecord:
    """Return a record whose method calls itself a control, or none."""
    return record.model_copy(
        update={"method": record.method.model_copy(update={"control": is_one})}
    )


FORGERIES: Mapping[str, Callable[[Maker], list[RunRecord]]] = {
    "failures of a later date": lambda make: [
        make("gae", {}, seed=s, status="failed", created="2999-01-01T00:00:00+00:00")
        for s in (0, 1, 2, 3, 4)
    ],
    "better runs of the same seeds": lambda make: [
        make("pca", PERFECT, seed=s, created="2999-01-01T00:00:00+00:00") for s in (0, 1)
    ],
    "more seeds": lambda make: [make("gae", {"asw": 0.0, "cgr": 0.0}, seed=s) for s in range(9)],
    "another preset and settings": lambda make: [
        make("pca", PERFECT, preset="paper"),
        make("pca", PERFECT, params={"dim": 64}),
    ],
    "what is scored, its direction and label": lambda make: [
        make("new", {"asw": MetricResult(label="XXX", value=0.5, higher_is_better=False),
                     "gone": metric("YYY", 0.1, higher_is_better=False)},
             created="2999-01-01T00:00:00+00:00")
    ],
    "an invented metric": lambda make: [make("new", PERFECT | {"mine_wins": metric("A", 1.0)})],
    "a metric nobody else has": lambda make: [make("new", PERFECT | {"edge_auc": 1.0})],
    "another version of a metric": lambda make: [
        make("new", {"gone": metric("Gone", 0.1, version="7")})
    ],
    "a method made here as a control": lambda make: [
        control(make("mine", PERFECT, created="1970-01-01T00:00:00+00:00"))
    ],
    "a control as a method": lambda make: [control(make("random", PERFECT), is_one=False)],
    "an unbeatable control": lambda make: [make("random", PERFECT), make("oracle", PERFECT,
                                                                         control=True)],
    "extreme values": lambda make: [make("new", {"asw": 1e30, "cgr": -1e30})],
    "the best of all": lambda make: [make("new", PERFECT)],
    "newer data": lambda make: [
        make("new", PERFECT, fingerprint="f" * 12, created="2999-01-01T00:00:00+00:00")
    ],
    "the label of another row": lambda make: [make("pca §", PERFECT), make("gae (dim=32)", {})],
    "an early date": lambda make: [make("aaa", PERFECT, created="1970-01-01T00:00:00+00:00")],
}  # fmt: skip


def own_lines(board: Leaderboard) -> list[dict[str, str]]:
    """Return the lines of the csv table that are of runs made here."""
    return [line for line in csv.DictReader(io.StringIO(to_csv([board]))) if not line["origin"]]


def marks(board: Leaderboard) -> list[object]:
    """Return what tables mark: columns, the best of them, unbeaten controls, colours' order."""
    unbeaten = [board.unbeaten_control(m) for m in board.metrics]
    return [
        board.metrics,
        [board.best(m) for m in board.metrics],
        [row and row.label for row in unbeaten],
        [row.company[: len(COMPETING)] for row in board.rows if not row.runs.origins],
        [row.runs.missing for row in board.rows if not row.runs.origins],
        board.task.fingerprint,
    ]


@pytest.mark.parametrize("name", FORGERIES)
def test_a_merged_record_changes_no_row_of_runs_made_here(name: str, make_record: Maker):
    """Every cell, rank, score, label, flag and mark of other rows stays as it was."""
    own = own_runs(make_record)
    forged = [r.model_copy(update={"origin": THEIRS}) for r in FORGERIES[name](make_record)]
    (before,), (after,) = build_leaderboards(own), build_leaderboards(own + forged)
    assert own_lines(after) == own_lines(before)
    assert marks(after) == marks(before)
    added = [row for row in after.rows if row.runs.origins]
    assert len(added) == len(after.rows) - len(before.rows)
    assert all("§" in row.title for row in added)
    assert not any(row.competes for row in added)
    assert len({row.label for row in after.rows}) == len(after.rows)


def test_a_merged_row_is_scaled_and_not_ranked(make_record: Maker):
    """It can be compared with what ran here, and says why it has no rank."""
    more = make_record("new", {"asw": 0.5, "cgr": 0.5, "gone": metric("Gone", 0.5)})
    records = [*own_runs(make_record), more.model_copy(update={"origin": THEIRS})]
    (board,) = build_leaderboards(records)
    (row,) = (row for row in board.rows if row.runs.origins)
    assert (row.section, row.avg_rank) == ("merged", None)
    assert 0 < row.avg_score < 1
    assert any("merged from elsewhere" in note for note in task_sheet(board).notes)


def test_merged_rows_compete_where_nothing_else_does(make_record: Maker):
    """A table that is merged altogether has ranks; two places are two rows."""
    runs = [make_record("new", {"asw": 0.5}), make_record("pca", {"asw": 0.7})]
    records = [r.model_copy(update={"origin": THEIRS}) for r in runs]
    other = Origin(kind="merged", by="another lab")
    records.append(runs[0].model_copy(update={"origin": other}))
    (board,) = build_leaderboards(records)
    assert [row.avg_rank for row in board.rows] == [1.0, 2.5, 2.5]
    assert {row.label for row in board.rows} == {"pca", "new", "new (merged from another lab)"}


def test_values_of_another_version_of_a_metric_are_told(make_record: Maker):
    """Mixed in one row, or all older than what is installed: cells are flagged, with counts."""
    old = MetricResult(label="ASW", value=0.5, scored=True, version="0")
    records = [make_record("pca", {"asw": old}), make_record("pca", {"asw": 0.5}, seed=1),
               make_record("gae", {"asw": old})]  # fmt: skip
    (board,) = build_leaderboards(records)
    flags = {row.label: row.cells["asw"].flags for row in board.rows}
    assert [count for _, count in flags["pca"]] == [1]
    assert "version 0 of the metric, which is at 1" in flags["gae"][0][0]
    notes = "\n".join(task_sheet(board).notes)
    assert "† ASW: computed by version 0" in notes
    assert "pca (1 of 2 runs)" in notes
