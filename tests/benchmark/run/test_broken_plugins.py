"""Plugins that declare anything at all: each is a line or a row, and the rest runs on."""

import hashlib
import json
from dataclasses import replace
from functools import partial

import broken_declarations
import pytest
from tiny_task import SOURCE, bench

from genearena.benchmark.records import declared
from genearena.benchmark.run.evaluation.evaluate import evaluate
from genearena.benchmark.run.evaluation.job import Job
from genearena.data.cards.stored_card import describe
from genearena.data.common.errors import DeclarationError
from genearena.data.tasks import TaskCard
from genearena.methods.example import example_graphs
from genearena.methods.skeleton import Skeleton
from genearena.metrics.new_donor import METRIC

HEALTHY = ("pca", "bad_plugins:Good")


def run(folder, data_dir, helpers, methods, metrics="edge_auc", check=False):
    """Run methods once; return what came of it."""
    return bench(
        "run", "--tissue", "lung", "--source", SOURCE, "--data-dir", data_dir, "--seeds", 1,
        "--methods", ",".join(methods), "--metrics", metrics, "--out", folder,
        cwd=folder.parent, path=helpers, check=check,
    )  # fmt: skip


def records(folder):
    """Return the stored records by method."""
    found = [json.loads(path.read_bytes()) for path in (folder / "records").glob("[!.]*.json")]
    return {record["method"]["name"]: record for record in found}


def healthy_numbers(folder):
    """Return vectors and scores of the healthy methods."""
    found = records(folder)
    numbers = {}
    for name in HEALTHY:
        record = found[name]
        vectors = (folder / "embeddings" / record["embedding"]).read_bytes()
        seal = hashlib.sha256(vectors).hexdigest()
        numbers[name] = seal, record["metrics"]["edge_auc"]["value"], record["run_id"]
    return numbers


def left_out(done):
    """Return the lines that say what was left out."""
    return [line for line in done.stderr.splitlines() if line.startswith("Warning: left out: ")]


@pytest.fixture(scope="module")
def alone(tmp_path_factory, data_dir, helpers):
    """Return the numbers of the healthy methods run by themselves."""
    folder = tmp_path_factory.mktemp("alone") / "results"
    run(folder, data_dir, helpers, HEALTHY, check=True)
    return healthy_numbers(folder)


@pytest.mark.slow
def test_every_broken_method_is_one_line_or_one_row(alone, tmp_path, data_dir, helpers):
    """No attribute of any type ends the run or changes a healthy method's bits."""
    folder = tmp_path / "results"
    broken = [f"broken_declarations:{name}" for name in broken_declarations.FOR_COMMANDS]
    done = run(folder, data_dir, helpers, (*broken, *HEALTHY))
    assert "Traceback" not in done.stderr
    assert healthy_numbers(folder) == alone
    lines, found = left_out(done), records(folder)
    refused = {line.split("'")[1] for line in lines}
    assert len(lines) == len(refused)
    assert refused.isdisjoint(found)
    assert refused | found.keys() == {*broken, *HEALTHY}
    assert all(len(line) < 1200 and line.isprintable() for line in lines)
    assert done.returncode == 1
    for record in found.values():
        assert record["status"] in ("ok", "failed", "skipped"), record["reason"]
        assert (record["status"] == "ok") == (record["reason"] == "")
        assert record["attempts"] == 1
        assert len(record["reason"]) < 600
    again = run(folder, data_dir, helpers, (*broken, *HEALTHY))
    assert "Nothing to do" in again.stdout


def test_odd_answers_are_failures_or_no_matter(helpers, monkeypatch):
    """Whatever a method declares, returns and takes, the run has an end with a reason."""
    monkeypatch.syspath_prepend(helpers)
    graphs = example_graphs()
    card = TaskCard("lung", "made-up", "0", tuple(map(describe, graphs)))
    for name in broken_declarations.METHODS.keys() - broken_declarations.FOR_COMMANDS:
        try:
            info = declared.declared_method(f"broken_declarations:{name}")
        except DeclarationError:
            continue
        outcome = evaluate(Job(card, info, 0, "fast", ()), graphs, lambda *_: None)
        assert outcome.status in ("ok", "failed", "skipped"), (name, outcome.reason)
        assert (outcome.status == "ok") == (outcome.reason == "")
        assert outcome.fault != "infrastructure"
        assert len(outcome.reason) < 600


@pytest.mark.slow
def test_every_broken_metric_is_one_line_or_one_result(alone, tmp_path, data_dir, helpers):
    """A metric that declares, gives or raises anything leaves the others their values."""
    folder = tmp_path / "results"
    broken = [f"broken_declarations:{name}" for name in broken_declarations.METRICS]
    done = run(folder, data_dir, helpers, HEALTHY, ",".join((*broken, "edge_auc")))
    assert "Traceback" not in done.stderr
    refused = {line.split("'")[1] for line in left_out(done)}
    for name, record in records(folder).items():
        assert record["status"] == "ok"
        assert record["metrics"].keys() == {*broken, "edge_auc"} - refused
        assert record["metrics"]["edge_auc"]["value"] == alone[name][1]
    assert {name for name in broken if ":metric_raises" in name}.isdisjoint(refused)


ENDINGS = {
    "raises": ("raise ValueError('not today')", "ValueError: not today"),
    "exits": ("import sys; sys.exit(3)", "SystemExit: 3"),
    "interrupts": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "exits_hard": ("import os; os._exit(5)", "importing it ends the process (exit code 5)"),
    "crashes": ("import ctypes; ctypes.string_at(0)", "importing it ends the process"),
    "speechless": (
        "class E(Exception):\n    def __str__(self): raise SystemExit\nraise E",
        "E: no message",
    ),
    "wordy": ("raise ValueError('x' * 60_000_000)", "characters cut"),
    "forks": ("import os; os.fork()\nraise ValueError('in two')", "ValueError: in two"),
    "asks": ("input()", "EOFError"),
}


@pytest.mark.slow
def test_a_module_may_do_anything_when_imported(alone, tmp_path, data_dir, helpers):
    """The command that plans the runs outlives every import, and says how it ended."""
    folder = tmp_path / "results"
    for name, (code, _) in ENDINGS.items():
        (tmp_path / f"module_{name}.py").write_text(code)
    (tmp_path / "module_empty.py").write_text("print('hello from an import')")
    broken = [f"module_{name}:Method" for name in (*ENDINGS, "empty", "absent")]
    path = f"{helpers}:{tmp_path}"
    done = run(folder, data_dir, path, (*broken, *HEALTHY))
    assert "Traceback" not in done.stderr
    assert "hello" not in done.stdout
    assert healthy_numbers(folder) == alone
    told = {line.split("'")[1]: line for line in left_out(done)}
    assert told.keys() == set(broken)
    for name, (_, words) in ENDINGS.items():
        assert words in told[f"module_{name}:Method"]
    assert "has no attribute 'Method'" in told["module_empty:Method"]
    assert "No module named 'module_absent'" in told["module_absent:Method"]


def test_an_import_without_an_end_is_given_up(monkeypatch, tmp_path):
    """The process that waits for it is ended, with what it has started."""
    child = "import subprocess, time; subprocess.Popen(['sleep', '1000']); time.sleep(1000)"
    (tmp_path / "module_waits.py").write_text(child)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(declared, "SECONDS", 10.0)
    with pytest.raises(DeclarationError, match="'module_waits:M': importing it has no end within"):
        declared.declared_method("module_waits:M")


def test_what_is_declared_outside_arrives_as_it_is(helpers, monkeypatch):
    """A method and a metric described by the other process are what this one would say."""
    monkeypatch.syspath_prepend(helpers)
    name = "genearena.methods.skeleton:Skeleton"
    found = declared.declared_method(name, "fast", 16)
    assert found == declared.describe(name, Skeleton, {"hops": 2, "dim": 16})
    found = declared.declared_method(name, "fast", 16, {"hops": 3})
    assert found == declared.describe(name, Skeleton, {"hops": 3, "dim": 16})
    with pytest.raises(DeclarationError, match="hope is no setting; did you mean 'hops'"):
        declared.declared_method(name, "fast", 16, {"hope": 3})
    metric = declared.declared_metric("genearena.metrics.new_donor:METRIC")
    assert replace(metric, function=METRIC.function) == METRIC


def install(folder, name, group, points):
    """Lay down what an installed distribution leaves on the path."""
    place = folder / f"{name}-1.0.dist-info"
    place.mkdir()
    (place / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = [f"[genearena.{group}]", *(f"{key} = {value}" for key, value in points.items())]
    (place / "entry_points.txt").write_text("\n".join(lines))


@pytest.mark.slow
def test_installed_plugins_take_no_command_down(tmp_path, data_dir, helpers):
    """Broken entry points, taken and over-long names are told, and nothing else changes."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "exits.py").write_text("import os; os._exit(5)")
    points = {"exits": "exits:Method", "pca": "exits:PCA", "m" * 200: "exits:M", "twice": "a:A"}
    install(site, "one", "methods", points)
    install(site, "two", "methods", {"twice": "b:B"})
    install(site, "three", "metrics", {"hard": "exits:METRIC", "asw": "exits:ASW"})
    path, folder = f"{helpers}:{site}", tmp_path / "results"
    listed = bench("list", "methods", cwd=tmp_path, path=path)
    assert "exits  " in listed.stdout
    for words in ("'pca' is claimed by both", "has 200 characters", "'twice' is claimed by both"):
        assert words in listed.stderr
    assert "'asw' is claimed" in bench("list", "metrics", cwd=tmp_path, path=path).stderr
    common = ("--tissue", "lung", "--source", SOURCE, "--data-dir", data_dir, "--seeds", 1)
    done = bench("run", *common, "--methods", "pca,random", cwd=tmp_path, path=path)
    assert [line.split("'")[1] for line in left_out(done)] == ["hard"]
    run_these = partial(bench, "run", *common, "--methods", cwd=tmp_path, path=path, check=False)
    assert run_these("pca,exits").returncode == 1
    refused = run_these("twice")
    assert "claimed by both one (a:A) and two (b:B)" in refused.stderr
    for command in (("leaderboard",), ("leaderboard", "--view", "control"), ("report",)):
        bench(*command, "--out", folder, cwd=tmp_path, path=path)
