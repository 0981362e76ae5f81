"""``ga.run`` and ``ga.Results`` give what the commands give."""

import io
import json
import signal
import subprocess
import sys
import time
import warnings

import pandas as pd
import pytest
from tiny_task import SOURCE, bench

import genearena as ga
from genearena.data.common.errors import DataError, UsageError
from genearena.data.tasks import find_task


@pytest.fixture(scope="module")
def results(command_results, data_dir):
    """Return the command's results."""
    return ga.Results(command_results, data_dir=data_dir)


def printed(folder, *words):
    """Return what a command prints as csv."""
    text = bench(*words, "--out", folder, "--format", "csv", cwd=folder).stdout
    return pd.read_csv(io.StringIO(text), float_precision="round_trip")


def test_a_run_from_python_is_that_of_the_command(results, data_dir, tmp_path):
    """The same runs with the same metrics and vectors, under the same ids."""
    own = {"gae": {"epochs": 4}, "musegnn": {"epochs": 4}}
    mine = ga.run(
        "lung", ["pca", "stacked", "gae", "musegnn", "random"], 2, source=SOURCE, settings=own,
        out=tmp_path / "r", data_dir=data_dir, progress=False,
    )  # fmt: skip
    theirs = {record.run_id: record for record in results.records}
    assert {record.run_id for record in mine.records} == {*theirs}
    for record in mine.records:
        assert record.metrics == theirs[record.run_id].metrics
    assert mine.leaderboard(cost=False).equals(results.leaderboard(cost=False))
    before = [path.stat().st_mtime_ns for path in (tmp_path / "r").rglob("*.json")]
    ga.run(
        "lung", "pca,random", "0-1", source=[SOURCE], out=tmp_path / "r", data_dir=data_dir,
        progress=False,
    )  # fmt: skip
    assert before == [path.stat().st_mtime_ns for path in (tmp_path / "r").rglob("*.json")]


def test_tables_have_the_numbers_of_the_commands(results, command_results):
    """In full, under the headings of the tables."""
    tidy = printed(command_results, "leaderboard").set_index(["label", "metric_label"])
    first = tidy.groupby("label", sort=False).first()
    headline = results.leaderboard()
    for column, own in (
        ("headline", "Headline"),
        ("headline_low", "Low"),
        ("headline_high", "High"),
    ):
        pd.testing.assert_series_equal(
            headline[own].sort_index(), first[column].sort_index(), check_names=False
        )
    assert headline["Edges"]["gae"] == tidy.loc[("gae", "Edges"), "mean"]
    for view, column in (("paper", "mean"), ("minmax", "scaled"), ("control", "control_scaled")):
        table = results.leaderboard(view)
        for label in ("AUC", "iLISI", "MRR"):
            assert table[label]["stacked"] == pytest.approx(tidy.loc[("stacked", label), column])
        assert (table["Avg Score"].dropna() == first["avg_score"][table.index].dropna()).all()
    assert list(results.leaderboard("counts").index) == ["lung"]
    assert set(headline["section"]) == {"methods", "controls"}
    assert "Memory added" not in results.leaderboard(cost=False)


def test_statistics_and_runs_are_those_of_the_commands(results, command_results, tmp_path):
    """Every number."""
    want = printed(command_results, "stats")
    pd.testing.assert_frame_equal(results.stats(), want, check_dtype=False)
    by = printed(command_results, "stats", "--by", "edge_auc", "--alpha", 0.1)
    pd.testing.assert_frame_equal(results.stats("edge_auc", alpha=0.1), by, check_dtype=False)
    file = tmp_path / "runs.parquet"
    bench("results", "export", "--out", command_results, "--output", file, cwd=tmp_path)
    pd.testing.assert_frame_equal(results.to_pandas(), pd.read_parquet(file), check_dtype=False)


def test_results_show_themselves(results):
    """As text and in a notebook; labels cannot write HTML."""
    assert f"lung ({SOURCE}), SIMULATED data: 5 methods, 10 runs" in repr(results)
    assert "<td>methods</td>" in results._repr_html_()


def test_what_is_not_there_is_said(results, tmp_path):
    """Folders, views, methods and tissues."""
    with pytest.raises(UsageError, match="no results in"):
        _ = ga.Results(tmp_path).records
    with pytest.raises(UsageError, match="unknown view 'headlin'; did you mean 'headline'"):
        results.leaderboard("headlin")
    with pytest.raises(UsageError, match="there are runs of gae, musegnn, pca, random, stacked"):
        results.embedding("gea")
    with pytest.raises(UsageError, match="no results for tissue 'hart'"):
        ga.Results(results.store.folder, "hart").leaderboard()
    with pytest.raises(UsageError, match="--set"):
        ga.run("lung", "pca", 1, settings={"gae": {"epochs": 1}}, out=tmp_path)
    with pytest.raises(UsageError, match="did you mean 'pca'"):
        ga.run("lung", "pcaa", 1, source=SOURCE, data_dir=results.data_dir, out=tmp_path)


def test_graphs_of_a_task_are_those_of_its_runs(results, graphs):
    """Wherever the data are."""
    assert results.graphs().fingerprint == graphs.fingerprint


def test_missing_vectors_are_said(results, tmp_path):
    """Whose they are, and what to do."""
    import shutil

    shutil.copytree(results.store.folder, tmp_path / "r")
    next((tmp_path / "r" / "embeddings").glob("*pca.s0*")).unlink()
    with pytest.raises(DataError, match=r"lung\.pca\.s0.* has no intact vectors"):
        ga.Results(tmp_path / "r").embedding("pca")


def test_graphs_are_stored_before_they_run(graphs, tmp_path):
    """Under their name, which other data may not have; workers read them there."""
    from dataclasses import replace

    mine = replace(graphs, source="own")
    folder = tmp_path / "data"
    options = {"out": tmp_path / "r", "data_dir": folder, "progress": False, "metrics": "edge_auc"}
    found = ga.run(mine, "pca", 1, **options)
    assert find_task("lung", source="own", folder=folder).fingerprint == mine.fingerprint
    assert found.embedding("pca").uns["genearena"]["fingerprint"] == mine.fingerprint
    ga.run(mine, "pca", 2, **options)
    other = mine.with_graphs([mine[0], replace(mine[1], name="else")])
    with pytest.raises(UsageError, match="lung has other data called 'own'"):
        ga.run(other, "pca", 1, **options)


def test_what_fails_is_warned_of(graphs, helpers, data_dir, tmp_path, monkeypatch):
    """And is a result; the others are there."""
    monkeypatch.syspath_prepend(helpers)
    options = {"source": SOURCE, "data_dir": data_dir, "out": tmp_path, "progress": False}
    with pytest.warns(UserWarning, match="bad_plugins:Raises: 1 failed: "):
        found = ga.run("lung", ["bad_plugins:Raises", "pca"], 1, metrics="edge_auc", **options)
    assert {r.status for r in found.records} == {"ok", "failed"}


INTERRUPTED = """
import signal, sys
import genearena as ga
# what a shell starts in the background ignores Ctrl-C, and so would we
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    ga.run("lung", ["pca", "bad_plugins:HangsInC"], 1, source=sys.argv[1], data_dir=sys.argv[2],
           metrics="edge_auc", jobs=1, progress=True)
except KeyboardInterrupt:
    print(ga.Results().to_pandas()["method_name"].tolist())
"""


def test_an_interrupt_leaves_what_has_finished(data_dir, helpers, tmp_path):
    """It is a KeyboardInterrupt, as in any cell; no process is left."""
    import os

    environment = os.environ | {"PYTHONPATH": f"{helpers}:{os.environ.get('PYTHONPATH', '')}"}
    words = [sys.executable, "-c", INTERRUPTED, SOURCE, str(data_dir)]
    process = subprocess.Popen(
        words, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    )
    records = tmp_path / "results" / "records"
    try:
        for _ in range(1200):
            if list(records.glob("*pca*.json")):
                break
            time.sleep(0.1)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert out.splitlines()[-1] == "['pca']"
    assert json.loads(next(records.glob("*.json")).read_text())["status"] == "ok"


def test_nothing_is_warned_of_where_all_is_well(graphs, data_dir, tmp_path):
    """A plain run is silent but for its progress."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        ga.run("lung", "pca", 1, source=SOURCE, data_dir=data_dir, out=tmp_path, progress=False)
