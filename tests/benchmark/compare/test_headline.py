"""The headline, what counts, and who beats whom, on boards whose numbers are plain."""

from collections.abc import Callable

import numpy as np
import pytest
from click.testing import CliRunner

from genearena.benchmark.commands.leaderboard import command as leaderboard
from genearena.benchmark.compare.bootstrap import headline_places
from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.headline import (
    by_headline,
    counting_standings,
    headline,
    headline_metrics,
    why_not,
    win_rates,
)
from genearena.benchmark.compare.scores import read_scores
from genearena.benchmark.records.record import MetricResult
from genearena.benchmark.show.tables.headline_sheet import headline_sheet
from genearena.benchmark.show.tables.numbers import NOTHING
from genearena.benchmark.show.tables.task_sheet import task_sheet

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


def test_kept_back_cells_answer_where_functions_are_unknown(make_record: Callable):
    """Partners and Rewiring are in the headline in the place of Function and Specific alone."""
    in_place = ("shared_partners", "rewiring")
    further = {name: MetricResult(label=name, value=0.8) for name in in_place}
    (known,) = build_leaderboards([make_record("gae", answers(0.4, 0.2, 0.3, 0.1) | further)])
    assert [metric.name for metric in headline_metrics(known)] == list(QUESTIONS)
    assert headline(known, known.rows[0]).mean == pytest.approx(0.25)
    (unknown,) = build_leaderboards([make_record("gae", answers(0.4, 0.2) | further)])
    assert [metric.name for metric in headline_metrics(unknown)] == [*QUESTIONS[:2], *in_place]
    assert headline(unknown, unknown.rows[0]).mean == pytest.approx((0.4 + 0.2 + 0.8 + 0.8) / 4)
    for board in (known, unknown):
        said = " ".join(headline_sheet(board).notes)
        assert "cannot be asked" not in said
        assert "can be compared" not in said
    (one,) = build_leaderboards([make_record("gae", answers(0.4, 0.2) | {"rewiring": 0.1})])
    assert "1 of 4 questions cannot be asked of these data" in headline_sheet(one).notes


def test_it_is_said_where_no_question_looks_across_donors(board, make_record: Callable):
    """Then a method whose donors have nothing to do with each other may have the headline."""
    said = "Nothing here asks whether vectors of different donors can be compared"
    within = build_leaderboards([make_record(m, answers(0.5, 0.4)) for m in ("gae", "pca")])[0]
    assert said in headline_sheet(within).notes
    assert said not in headline_sheet(board).notes


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


def parted(*values: tuple[float, ...]) -> dict[str, MetricResult]:
    """Return answers with the values of five donors, as records have them."""
    return {
        name: MetricResult(label=name, value=float(np.mean(own)), parts=own)
        for name, own in zip(QUESTIONS, values, strict=False)
    }


def test_methods_tie_where_intervals_hold_zero(make_record: Callable):
    """Rank is 1 and the number of methods that are better on (nearly) every choice of donors."""
    base = np.array([0.5, 0.2, 0.6, 0.3, 0.4])
    donors = {
        "gae": base + 0.3,
        # a little better than each of the next two on average, not on every donor
        "pca": base + np.array([0.02, -0.01, 0.02, -0.01, 0.0]),
        "vgae": base,
        "mae": base + np.array([-0.02, 0.01, -0.02, 0.01, 0.0]),
        "giant": base - 0.1,
        "random": base * 0,
    }
    records = [make_record(m, parted(tuple(v), tuple(v))) for m, v in donors.items()]
    boards = build_leaderboards(records)
    places = headline_places(boards)
    ranks = {m: place.rank for m, place in places.items()}
    assert ranks == {"gae": 1, "pca": 2, "vgae": 2, "mae": 2, "giant": 5, "random": None}
    for method, values in donors.items():
        low, high = places[method].interval
        assert min(values) <= low <= np.mean(values) <= high <= max(values)
    # nobody's interval, nor a rank between two others, depends on who else is there
    fewer = headline_places(build_leaderboards(records[1:]))
    assert fewer["pca"].interval == places["pca"].interval
    assert {m: fewer[m].rank for m in ("pca", "vgae", "giant")} == {"pca": 1, "vgae": 1, "giant": 4}
    columns = {c.heading: c for c in headline_sheet(boards[0]).columns}
    assert [entry.text for entry in columns["Rank"].entries] == ["1", "2", "2", "2", "5", NOTHING]


def test_values_of_donors_are_read_seed_by_seed(make_record: Callable):
    """As of a new donor, seeds may have those of other donors."""
    values = [(0.2, None, 0.6), (0.4, None, None), (None, None, 0.8)]
    records = [
        make_record("gae", {"new_donor": MetricResult(label="x", value=0.5, parts=own)}, seed=seed)
        for seed, own in enumerate(values)
    ]
    task = records[0].task.model_copy(update={"n_graphs": 3})
    scores = read_scores(
        build_leaderboards([r.model_copy(update={"task": task}) for r in records]), "headline"
    )
    np.testing.assert_array_equal(scores.blocks[0].parts[0, 0], np.array(values, dtype=float))
    # what does not fit the data tells nothing of their donors
    scores = read_scores(build_leaderboards(records), "headline")
    assert np.isnan(scores.blocks[0].parts).all()


def test_records_without_donors_rank_in_plain_order(make_record: Callable):
    """They have no interval, which a note says; over tasks there is one."""
    values = {"gae": 0.5, "pca": 0.4, "vgae": 0.4}
    boards = build_leaderboards(
        make_record(m, answers(v + 0.1 * (t == "lung")), tissue=t)
        for m, v in values.items()
        for t in ("lung", "liver")
    )
    places = headline_places(boards[:1])
    assert {m: p.rank for m, p in places.items()} == {"gae": 1, "pca": 2, "vgae": 2}
    assert {p.interval for p in places.values()} == {None}
    notes = headline_sheet(boards[0]).notes
    assert "No values of single donors, hence no interval and the plain order: everyone" in notes
    assert headline_places(boards)["gae"].interval == pytest.approx((0.5, 0.6))


def test_a_method_that_finished_few_seeds_takes_no_rank(make_record: Callable):
    """It keeps its values and changes nobody's: neither ranges nor ranks, of either view."""
    records = [
        make_record(method, {**answers(value), "asw": value}, seed=seed)
        for method, value in {"gae": 0.5, "pca": 0.4, "vgae": 0.1}.items()
        for seed in range(4)
    ]
    few = [
        make_record("mae", {**answers(0.9), "asw": 0.9}, seed=0),
        *(make_record("mae", {}, seed=seed, status="timeout") for seed in (1, 2, 3)),
    ]
    half = [few[0], few[0].model_copy(update={"seed": 1, "run_id": "x"}), *few[2:]]
    without, board, enough = (
        build_leaderboards(more)[0] for more in (records, records + few, records + half)
    )
    own = {row.label: row for row in board.rows}
    assert own["mae"].section == "unfinished"
    assert (own["mae"].cells["asw"].mean, own["mae"].avg_rank) == (0.9, None)
    assert headline_places([board])["mae"].rank is None
    assert headline(board, own["mae"]).mean == pytest.approx(0.9)
    for row in without.rows:
        assert own[row.label].scaled == row.scaled
        assert own[row.label].ranks == row.ranks
    for sheet in (headline_sheet(board), task_sheet(board)):
        assert any(note.startswith("mae: fewer than half of the seeds") for note in sheet.notes)
    assert headline_places([enough])["mae"].rank == 1


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


@pytest.mark.parametrize("style", ["table", "md", "latex"])
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
