"""The paper's averages from its own tables of metrics, and local results beside them."""

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy import stats

from genearena.benchmark.commands.paper import command
from genearena.benchmark.compare.aggregate import standings
from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.show.paper.local import compare
from genearena.benchmark.show.paper.published import LOCAL_METHODS, LOCAL_METRICS, published
from genearena.benchmark.show.paper.recompute import (
    findings,
    paper_standings,
    rank_bounds,
    recompute,
    score_bounds,
)
from genearena.data.common.errors import UsageError
from genearena.methods.registry import METHODS
from genearena.metrics.registry import METRICS

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "paper"
TISSUES = ["Heart", "Lung", "Liver", "Kidney", "Spleen", "Cerebrum", "Cerebellum", "PBMC"]


def printed(quantity: str) -> pd.DataFrame:
    """Return Table 1 or 14, (methods, tissues)."""
    return pd.DataFrame(
        {t.tissue: pd.Series(getattr(t, quantity), index=list(t.methods)) for t in published()}
    )


def metrics() -> pd.DataFrame:
    """Return Tables 15-24 as the committed file has them."""
    return pd.read_csv(ROOT / "results" / "paper" / "metrics.csv")


def recomputed(quantity: str, *lower: str) -> pd.DataFrame:
    """Return our average of those metrics, (methods, tissues), `lower` of them being costs."""
    parts = {}
    for tissue, part in metrics().groupby("tissue"):
        wide = part.pivot_table(index="method", columns="metric", values="mean")
        result = standings(
            wide.to_numpy(),
            higher=~wide.columns.isin(lower),
            constant_counts=True,
        )
        parts[tissue] = pd.Series(getattr(result, quantity), wide.index)
    return pd.DataFrame(parts)


def difference(quantity: str) -> pd.DataFrame:
    """Return our aggregate of Tables 15-24 minus the printed one, (methods, tissues)."""
    wide = recomputed(quantity)
    shown = printed(quantity)
    return wide.loc[shown.index, shown.columns] - shown


def invoke(*arguments: object) -> str:
    """Run ``bench paper`` and return its standard output; raise what it raises."""
    result = CliRunner().invoke(command, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_tables_are_whole():
    """Ten tables of nine methods and six metrics, numbered 15 to 24, within 0 and 1."""
    assert [t.table for t in published()] == list(range(15, 25))
    assert {(t.mean.shape, t.sd.shape) for t in published()} == {((9, 6), (9, 6))}
    assert all(((t.mean >= 0) & (t.mean <= 1)).all() for t in published())


def test_package_reads_the_committed_files():
    """What the package ships is results/paper itself, so that the two cannot differ."""
    import genearena.benchmark.show.paper as package

    folder = Path(package.__path__[0]) / "tables"
    if ROOT in folder.resolve().parents:  # not so where the tests run against a wheel
        assert folder.resolve() == (ROOT / "results" / "paper").resolve()


def test_names_of_methods_and_metrics_exist():
    """The paper's methods and metrics are mapped to registered ones."""
    assert set(LOCAL_METHODS.values()) <= set(METHODS.names)
    assert set(LOCAL_METRICS.values()) <= set(METRICS.names)
    assert set(LOCAL_METRICS) == set(published()[0].metrics)
    assert set(published()[0].methods) - set(LOCAL_METHODS) == {"scBERT"}


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="needs the text of the published tables")
def test_committed_numbers_are_the_published_ones():
    """Every number equals that read from the paper's text."""
    keys = ["tissue", "method", "metric"]
    theirs = pd.read_csv(SHARED / "benchmark_tables.csv").set_index(keys)
    ours = metrics().set_index(keys)[["mean", "sd"]]
    pd.testing.assert_frame_equal(ours.sort_index(), theirs.sort_index())
    for quantity, name in (("avg_score", "table1_avg_score"), ("avg_rank", "table14_avg_rank")):
        table = pd.read_csv(SHARED / f"{name}.csv", index_col=0)
        table = table.rename(index={"MuSeGNN": "MuSe-GNN"})
        shown = printed(quantity)
        np.testing.assert_array_equal(shown.loc[table.index, table.columns], table)


def test_average_scores_of_table_1():
    """Eight tissues come out within 0.02, but for the one entry the paper contradicts."""
    gap = difference("avg_score")
    assert gap.loc["GIANT", "Heart"] == pytest.approx(-0.14, abs=0.01)
    gap.loc["GIANT", "Heart"] = 0.0
    assert gap[TISSUES].abs().to_numpy().max() < 0.02


def test_average_ranks_of_table_14():
    """Ranks of rounded values stay near the printed ones, which came from unrounded values."""
    gap = difference("avg_rank")
    assert (gap.abs() <= 0.34).to_numpy().sum() == 76
    assert gap[TISSUES].abs().to_numpy().max() < 0.6
    # MuSe-GNN comes first on every tissue, as printed
    assert set((gap + printed("avg_rank")).idxmin()) == {"MuSe-GNN"}


def test_all_metrics_of_the_paper_are_better_when_higher():
    """Turning any one metric around moves the scores away from the printed ones."""
    shown = printed("avg_score")[TISSUES]

    def error(*lower: str) -> float:
        wide = recomputed("avg_score", *lower)
        return float((wide.loc[shown.index, shown.columns] - shown).abs().to_numpy().mean())

    best = error()
    assert all(error(metric) > best + 0.02 for metric in metrics()["metric"].unique())


@pytest.mark.parametrize("position", range(10))
def test_no_unrounded_values_leave_the_bounds(position: int):
    """Averages of values drawn within the rounding error stay within the bounds, and near them."""
    table = published()[position]
    rng = np.random.default_rng(position)
    scores, ranks = [], []
    for _ in range(400):
        # the extremes of the error reach furthest
        error = rng.choice([-0.00499, 0.0, 0.00499], table.mean.shape)
        values = table.mean + error + 1e-7 * rng.normal(size=error.shape)
        scores.append(naive_scores(values))
        ranks.append(stats.rankdata(-values, axis=0).mean(axis=1))
    for drawn, (low, high) in (
        (scores, score_bounds(table.mean)),
        (ranks, rank_bounds(table.mean)),
    ):
        assert (np.min(drawn, axis=0) >= low - 1e-9).all()
        assert (np.max(drawn, axis=0) <= high + 1e-9).all()
        assert np.ptp(drawn, axis=0).max() > 0.5 * (high - low).max()


def naive_scores(values: np.ndarray) -> np.ndarray:
    """Return the mean over metrics of min-max scaled values."""
    low, high = values.min(axis=0), values.max(axis=0)
    return ((values - low) / (high - low)).mean(axis=1)


def test_score_bounds_are_reached():
    """Three methods on one metric: the bounds are those of the worst rounding, by hand."""
    low, high = score_bounds(np.array([[0.10], [0.15], [0.20]]))
    np.testing.assert_allclose(low, [0, 4 / 10, 1])
    np.testing.assert_allclose(high, [0, 6 / 10, 1])


def test_bounds_of_equal_and_adjacent_values():
    """Equal values may have any order; those one step apart have only theirs."""
    low, high = score_bounds(np.array([[0.5], [0.5]]))
    np.testing.assert_array_equal([low, high], [[0, 0], [1, 1]])
    low, high = score_bounds(np.array([[0.51], [0.50]]))
    np.testing.assert_array_equal([low, high], [[1, 0], [1, 0]])
    best, worst = rank_bounds(np.array([[0.51], [0.50], [0.50]]))
    np.testing.assert_array_equal([best, worst], [[1, 2, 2], [1, 3, 3]])


def test_two_entries_contradict_the_metrics():
    """Heart/GIANT in Table 1 and Cerebrum/scBERT in Table 14 are beyond any rounding."""
    said = [
        line
        for quantity in ("avg_score", "avg_rank")
        for line in findings(recompute(t, quantity) for t in published())
    ]
    assert [line.split(":")[0] for line in said if line.startswith("†")] == [
        "† Heart, GIANT",
        "† Cerebrum, scBERT",
    ]
    assert any("15 of 90" in line and "Thymus" in line and "Pancreas" in line for line in said)
    assert any("13 of 90" in line for line in said)


def test_a_wrong_entry_is_found():
    """Changing one printed score by more than rounding can hide makes it a finding."""
    table = published()[1]
    part = recompute(table, "avg_score")
    assert part.explained.all()
    moved = type(part)(**{**vars(part), "printed": part.high + 0.006})
    assert not moved.explained.any()


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ([], ["Table 1:", "Table 14:"]),
        (["--table", "15"], ["Table 15: Heart"]),
        (["--table", "1,16-17"], ["Table 1:", "Table 16: Lung", "Table 17: Liver"]),
        (["--table", "all"], ["Table 1:", "Table 14:", "Table 15:", "Table 24: PBMC"]),
    ],
)
def test_chosen_tables_are_shown(tmp_path: Path, asked: list[str], titles: list[str]):
    """--table takes numbers, ranges and 'all'; by default the two averages are shown."""
    text = invoke(*asked, "--out", tmp_path)
    assert all(title in text for title in titles)
    assert ("Table 15:" in text) == any("15" in title for title in titles)


@pytest.mark.parametrize("name", ["25", "2", "x", "24-15", "1-99", "٢", "-"])
def test_unknown_table(tmp_path: Path, name: str):
    """A table that is not there is refused with those that are."""
    with pytest.raises(UsageError, match="choose from 1, 3 to 24"):
        invoke("--table", name, "--out", tmp_path)


def test_unknown_tissue(tmp_path: Path):
    """A tissue the paper lacks is refused."""
    with pytest.raises(UsageError, match="no tissue 'brain'; choose from heart"):
        invoke("--tissue", "brain", "--out", tmp_path)


def test_csv_holds_every_printed_number(tmp_path: Path):
    """The csv of all tables has 540 metrics and 180 averages, readable to the same numbers."""
    rows = list(
        csv.DictReader(StringIO(invoke("--table", "1,14-24", "--format", "csv", "--out", tmp_path)))
    )
    assert len(rows) == 720
    heart = next(
        r for r in rows if (r["tissue"], r["method"], r["table"]) == ("Heart", "GIANT", "1")
    )
    assert heart["printed"] == "0.5"
    assert heart["rounding_explains"] == "False"
    assert float(heart["lowest"]) < float(heart["recomputed"]) < float(heart["highest"])


@pytest.fixture
def copied(make_record: Callable) -> list:
    """Return records with the paper's own means of lung for the methods of the suite."""
    lung = published()[1]
    return [
        make_record(
            LOCAL_METHODS[name],
            {LOCAL_METRICS[m]: float(v) for m, v in zip(lung.metrics, lung.mean[i], strict=True)},
        )
        for i, name in enumerate(lung.methods)
        if name in LOCAL_METHODS
    ]


def test_the_papers_own_numbers_differ_in_nothing(copied: list):
    """Local results equal to the paper's give no difference and full agreement."""
    (board,) = build_leaderboards(copied)
    found = compare(board, published())
    assert found is not None
    assert found.left_out == {"scBERT": "not in the suite"}
    np.testing.assert_array_equal(found.here.means, found.paper.means)
    np.testing.assert_array_equal(found.here.avg_rank, found.paper.avg_rank)
    assert found.agreement == pytest.approx(1.0)


def test_both_sides_are_over_the_common_methods(copied: list):
    """The paper's side is scaled and ranked over the methods compared, not over all nine."""
    (board,) = build_leaderboards([r for r in copied if r.method.name in ("pca", "gae", "musegnn")])
    found = compare(board, published())
    assert found is not None
    lung = published()[1]
    rows = [lung.methods.index(name) for name in found.names]
    assert found.names == ("PCA", "GAE", "MuSe-GNN")
    np.testing.assert_array_equal(found.paper.avg_score, paper_standings(lung.mean[rows]).avg_score)
    ranks = stats.rankdata(-lung.mean[rows], axis=0).mean(axis=1)
    np.testing.assert_allclose(found.paper.avg_rank, ranks)


def test_reversed_results_disagree(copied: list, make_record: Callable):
    """Where the order of methods is reversed the correlation is -1."""
    turned = [
        make_record(r.method.name, {name: 1 - m.value for name, m in r.metrics.items()})
        for r in copied
    ]
    (board,) = build_leaderboards(turned)
    found = compare(board, published())
    assert found is not None
    expected = stats.spearmanr(found.paper.avg_rank, found.here.avg_rank).statistic
    assert found.agreement == pytest.approx(expected)
    assert found.agreement == pytest.approx(-1)


def test_released_variant_is_compared_on_request(copied: list, make_record: Callable):
    """--released takes NAME:released where it was run, the faithful method elsewhere."""
    values = dict.fromkeys(LOCAL_METRICS.values(), 0.5)
    (board,) = build_leaderboards([*copied, make_record("gae:released", values)])
    plain, released = (compare(board, published(), released=r) for r in (False, True))
    assert plain is not None
    assert released is not None
    names = [[row.runs.key.name for row in side.rows] for side in (plain, released)]
    assert names[0] == [n.removesuffix(":released") for n in names[1]]
    assert [n for n in names[1] if n.endswith(":released")] == ["gae:released"]


def test_a_method_lacking_a_metric_is_left_out(copied: list, make_record: Callable):
    """A method without one of the six metrics is named, not compared."""
    rest = [r for r in copied if r.method.name != "pca"]
    (board,) = build_leaderboards([*rest, make_record("pca", {"asw": 0.5})])
    found = compare(board, published())
    assert found is not None
    assert found.left_out["PCA"] == "lacks AUC, iLISI, GC, CGR, NO here"


def test_local_results_are_shown_beside(tmp_path: Path, copied: list, make_record: Callable):
    """Simulated local data are called so; tissues the paper lacks are not shown."""
    store = ResultStore(tmp_path)
    for record in [*copied, make_record("pca", {"asw": 0.5}, tissue="skin")]:
        store.write(record)
    text = invoke("--out", tmp_path)
    assert "lung (embedded): SIMULATED data, beside Table 16 (Lung)" in text
    assert "The local data are SIMULATED, the paper's are real" in text
    assert "skin" not in text
    assert "Spearman correlation of the two Avg Ranks: 1.00" in text
    assert "beside Table" not in invoke("--out", tmp_path, "--table", "15")
    rows = list(csv.DictReader(StringIO(invoke("--out", tmp_path, "--format", "csv"))))
    local = [row for row in rows if row["local_source"]]
    assert len(local) == 8 * (2 + 6)
    assert all(float(row["difference"]) == 0 for row in local)
