"""A metric that asks of another donor at each seed compares methods on the donors they share."""

from collections.abc import Callable

import numpy as np
import pytest

from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.headline import headline
from genearena.benchmark.compare.same_seeds import NONE_SHARED
from genearena.benchmark.compare.scores import read_scores
from genearena.benchmark.records.record import MetricResult
from genearena.benchmark.show.tables.headline_sheet import headline_sheet

DONORS = (0.1, 0.2, 0.6, 0.9, 0.4)  # how easily each donor's edges are told, whatever the method


@pytest.fixture
def make(make_record: Callable):
    """Return what makes the runs of a method, whose answers are only those of the donors."""

    def runs(method: str, seeds, edges: float = 0.5, extra: float = 0.0):
        for seed in seeds:
            donor = seed % len(DONORS)
            parts = tuple(DONORS[d] + extra if d == donor else None for d in range(len(DONORS)))
            metrics = {
                "replicated_edges": MetricResult(
                    label="Edges", value=edges, parts=(edges,) * len(DONORS)
                ),
                "new_donor": MetricResult(label="New donor", value=parts[donor], parts=parts),
            }
            yield make_record(method, metrics, seed=seed)

    return runs


def table(*runs):
    (board,) = build_leaderboards([run for some in runs for run in some])
    return board, {row.label: row for row in board.rows}


def test_equal_methods_of_unlike_seeds_have_equal_means(make):
    """Before, whoever was asked of the easier donors led."""
    board, rows = table(make("pca", range(4)), make("gae", (0, 1)), make("random", range(4)))
    for row in rows.values():
        assert row.cells["new_donor"].mean == pytest.approx(0.15)
        assert headline(board, row).mean == pytest.approx((0.5 + 0.15) / 2)
        # what all seeds ask alike is a mean over all of them
        assert row.cells["replicated_edges"].n == len(row.runs.finished)
    assert rows["pca"].cells["new_donor"].n == 2
    parts = read_scores([board], "headline", everyone=True).blocks[0].parts
    assert parts is not None
    assert (~np.isnan(parts)).any(axis=(0, 1, 2)).all()  # Edges still has every donor
    (said,) = [n for n in headline_sheet(board).notes if n.startswith("New donor: value from 2")]
    assert said.endswith("pca, random")


def test_the_order_is_the_methods_own(make):
    """A better method asked of harder donors leads."""
    _, rows = table(make("pca", range(4)), make("gae", (0, 1), extra=0.05))
    assert rows["gae"].cells["new_donor"].mean > rows["pca"].cells["new_donor"].mean


def test_equal_seeds_stay_as_they_are(make):
    """Nothing is left out of a table whose methods have the same seeds."""
    _, rows = table(make("pca", range(6)), make("gae", range(6)))
    assert {row.cells["new_donor"].n for row in rows.values()} == {6}
    assert not any(row.cells["new_donor"].problems for row in rows.values())


def test_no_seed_in_common_is_said(make):
    """All numbers stay, and all bear a mark."""
    _, rows = table(make("pca", (0, 1)), make("gae", (2, 3)))
    for row in rows.values():
        assert row.cells["new_donor"].n == 2
        assert row.cells["new_donor"].flags == ((NONE_SHARED, 2),)


def test_who_does_not_compete_narrows_nothing(make):
    """Neither a control with one seed nor a method with no answer."""
    lacking = [run.model_copy(update={"metrics": {}}) for run in make("gae", (0,))]
    _, rows = table(make("pca", range(4)), make("random", (0,)), lacking)
    assert rows["pca"].cells["new_donor"].n == 4


def test_the_donor_of_a_metric_of_one_donor_is_no_question_of_seeds(make, make_record: Callable):
    """Where one donor alone can be scored every seed asks the same."""
    parts = (None, 0.5, None, None, None)
    result = {"replicated_edges": MetricResult(label="Edges", value=0.5, parts=parts)}
    seeds = {"pca": range(4), "gae": range(2)}
    runs = [make_record(method, result, seed=s) for method, some in seeds.items() for s in some]
    _, rows = table(runs)
    assert rows["pca"].cells["replicated_edges"].n == 4
