"""Released variants are rows of their own that change nothing for the others."""

import csv
import json
from collections.abc import Callable
from io import StringIO

import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex

from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.records.declared import describe
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.run.evaluation.evaluate import evaluate
from genearena.benchmark.run.evaluation.job import Job
from genearena.benchmark.run.evaluation.training import Training
from genearena.benchmark.show.plots.boxplot import boxplot
from genearena.benchmark.show.plots.heatmap import heatmap
from genearena.benchmark.show.plots.style import method_colour
from genearena.benchmark.show.tables.latex import to_latex
from genearena.benchmark.show.tables.markdown import to_markdown
from genearena.benchmark.show.tables.overview import overview_sheet
from genearena.benchmark.show.tables.task_sheet import task_sheet
from genearena.benchmark.show.tables.terminal import to_terminal
from genearena.benchmark.show.tables.tidy import to_csv
from genearena.data.tasks import TaskCard
from genearena.methods.example import example_graphs
from genearena.methods.registry import METHODS

Maker = Callable[..., RunRecord]

VALUES = {
    "pca": 0.4,
    "gene2vec": 0.6,
    "gae": 0.8,
    "random": 0.1,
    "gene2vec:released": 0.9,
    "gae:released": 0.5,
}


@pytest.fixture
def board(make_record: Maker) -> Leaderboard:
    """Return a board where a released variant is better than every faithful method."""
    return board_of(make_record, VALUES)


def board_of(make_record: Maker, values: dict[str, float]) -> Leaderboard:
    """Return the board of one run per method."""
    return build_leaderboards([make_record(name, {"asw": v}) for name, v in values.items()])[0]


def test_variants_come_between_methods_and_controls(board: Leaderboard):
    """Best score first, on the scale of the methods, without a rank."""
    labels = [row.label for row in board.rows]
    assert labels[:3] == ["gae", "gene2vec", "pca"]
    assert labels[3:] == ["gene2vec:released", "gae:released", "random"]
    best, other = board.rows[3:5]
    assert best.avg_score == pytest.approx((0.9 - 0.4) / 0.4)
    assert other.avg_score == pytest.approx((0.5 - 0.4) / 0.4)
    assert best.avg_rank is other.avg_rank is None


def test_variants_change_no_other_row(board: Leaderboard, make_record: Maker):
    """Scores, ranks and the best value are those of a board without them."""
    values = {name: v for name, v in VALUES.items() if ":" not in name}
    alone = board_of(make_record, values)
    rows = {row.label: row for row in board.rows}
    for row in alone.rows:
        same = rows[row.label]
        assert (row.avg_score, row.avg_rank) == (same.avg_score, same.avg_rank)
        assert (row.scaled, row.ranks) == (same.scaled, same.ranks)
    (metric,) = board.metrics
    assert board.best(metric) == alone.best(metric) == 0.8


def test_a_variant_does_not_save_the_methods_from_a_control(make_record: Maker):
    """A metric is marked when only a released variant beats the control."""
    board = board_of(make_record, {"pca": 0.2, "gae:released": 0.9, "random": 0.5})
    assert board.unbeaten_control(board.metrics[0]).label == "random"


def test_variants_alone_have_neither_scale_nor_rank(make_record: Maker):
    """Without a competing method the raw values remain."""
    board = board_of(make_record, {"gae:released": 0.9, "gene2vec:released": 0.5})
    assert [row.avg_score for row in board.rows] == [None, None]
    assert {e.text for e in task_sheet(board).columns[0].entries} == {"0.900", "0.500"}


def test_tables_set_variants_apart_and_explain_them(board: Leaderboard):
    """There is a rule above and below, none is bold, and a note says what they are."""
    sheet = task_sheet(board)
    assert [sheet.begins_section(i) for i in range(6)] == [False] * 3 + [True, False, True]
    assert not any(c.entries[i].best for c in sheet.columns for i in (3, 4))
    assert any("as its published script runs it, bugs included" in note for note in sheet.notes)
    assert to_latex([sheet]).count(r"\midrule") == 3
    assert "| gae:released |" in to_markdown([sheet])
    assert "gae:released" in to_terminal([sheet])


def test_without_variants_the_note_is_absent(make_record: Maker):
    """A table of faithful methods does not speak of scripts."""
    notes = task_sheet(board_of(make_record, {"pca": 0.2, "gae": 0.3})).notes
    assert not any("released" in note for note in notes)


def test_overviews_give_variants_a_score_but_no_rank(board: Leaderboard):
    """Over tasks, too, they stand below the methods and take no rank."""
    scores, ranks = (overview_sheet([board, board], what) for what in ("score", "rank"))
    assert scores.labels[3:] == ("gene2vec:released", "gae:released", "random")
    assert not any(entry.best for column in scores.columns for entry in column.entries[3:])
    assert ranks.labels == ("gae", "gene2vec", "pca")


def test_csv_tells_the_variant(board: Leaderboard):
    """A column separates the two without reading names."""
    rows = list(csv.DictReader(StringIO(to_csv([board]))))
    assert {r["method"]: r["variant"] for r in rows} == {
        name: "released" if ":" in name else "faithful" for name in VALUES
    }


def test_figures_give_a_variant_its_method_s_colour(board: Leaderboard):
    """Rows are told apart by place, methods by colour; the heat map names the section."""
    colours = {row.label: method_colour(row) for row in board.rows}
    assert colours["gae:released"] == colours["gae"] != colours["gene2vec:released"]
    (points,) = boxplot(board).findobj(PathCollection)
    drawn = [to_hex(edge).upper() for edge in points.get_edgecolor()]
    assert drawn == [colours[row.label] for row in board.rows]
    written = {text.get_text() for text in heatmap(board).axes[0].texts}
    assert {"gae:released", "as the scripts run", "controls"} <= written


def test_a_record_of_before_the_variants_is_faithful(make_record: Maker):
    """Older records, which name no variant, are read as they were meant."""
    stored = json.loads(make_record("gae", {"asw": 0.5}).model_dump_json())
    del stored["method"]["variant"]
    assert RunRecord.model_validate(stored).method.variant == "faithful"


def job(name: str) -> Job:
    """Return a job of a registered method."""
    cls = METHODS.load(name)
    card = TaskCard("lung", "tiny", "5f3a9c1be07d", ())
    method = describe(name, cls, cls.preset("fast") | {"dim": 8})
    return Job(card, method, 0, "fast", ())


def test_file_names_hold_no_colon():
    """The id of a run, which names its files, is valid on every system."""
    assert job("gene2vec:released").run_id.startswith("lung.gene2vec-released.s0.")


def test_a_variant_starts_from_the_seed_of_its_method():
    """One seed of both is a pair: the same first weights, so that only the script differs."""
    released, faithful = (
        Training(job(name), example_graphs(), lambda *_: None)._build()
        for name in ("gene2vec:released", "gene2vec")
    )
    assert released.seed == faithful.seed
    assert job("gene2vec:released").run_id != job("gene2vec").run_id


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("wsmae:released", "it reads a field that is never set"),
        ("musegnn:released", "different size (26-40 genes)"),
    ],
)
def test_a_script_that_stops_is_a_skipped_run(name: str, reason: str):
    """The row says why it is empty; nothing has failed."""
    outcome = evaluate(job(name), example_graphs(), lambda *_: None)
    assert outcome.status == "skipped"
    assert reason in outcome.reason
