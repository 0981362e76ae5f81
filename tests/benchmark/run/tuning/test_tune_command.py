"""``bench tune`` from the command line to an experiment that runs."""

import importlib.util
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from tiny_task import BENCH, SOURCE

from genearena.benchmark.cli import bench
from genearena.benchmark.records.declared import declared_search
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.experiment import read_experiment
from genearena.data.common.errors import DeclarationError

TUNE = ("tune", "--tissue", "lung", "--source", SOURCE)


@pytest.fixture
def run(data_dir, tmp_path, monkeypatch):
    """Return a way to run ``bench`` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GENEARENA_DATA", str(data_dir))
    return lambda *words: CliRunner().invoke(bench, words)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--methods", "gea"), "unknown method 'gea'; did you mean 'gae'"),
        (("--methods", "gae,random"), "'random' has nothing to tune: it declares no search"),
        (("--methods", "gae", "--budget", "soon"), "--budget: cannot read duration 'soon'"),
        (("--methods", "gae", "--budget", "0"), "--budget: cannot read duration '0'"),
        (("--methods", "gae", "--output", "there.toml"), "'there.toml' exists already"),
        (("--methods", "gae", "--output", "no/t.toml"), "there is no folder 'no'"),
        (("--methods", "gae", "--dim", "500"), "want more than the 500 dimensions"),
    ],
)
def test_what_cannot_be_done_is_told_before_anything_runs(run, words, message):
    """In one line."""
    Path("there.toml").touch()
    refused = run(*TUNE, *words)
    assert refused.exit_code
    assert message in str(refused.exception)
    assert not Path("results").exists()


def test_without_optuna_one_line_says_what_to_install(run, monkeypatch):
    """It is an extra."""
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "optuna" else find(name)
    )
    refused = run(*TUNE, "--methods", "gae")
    assert str(refused.exception) == "bench tune needs optuna: pip install 'genearena[tune]'"


@pytest.mark.slow
def test_a_killed_tuning_goes_on_and_its_file_runs(run, data_dir):
    """What it finds is what an undisturbed one finds, and stands beside the default in a table."""
    words = (*TUNE, "--methods", "gene2vec,pca", "--trials", "3", "--jobs", "2")
    killed = subprocess.Popen([*BENCH, *words], start_new_session=True, env=dict(os.environ))
    tuning = Path("results", "tuning")
    deadline = time.monotonic() + 300
    while not any('"seconds"' in p.read_text() for p in tuning.glob("lung.gene2vec*.journal")):
        assert time.monotonic() < deadline
        assert killed.poll() is None
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert not Path("tuned.toml").exists()
    done = run(*words)
    assert done.exception is None, done.output
    undisturbed = run(*words, "--out", "other", "--output", "other.toml")
    assert undisturbed.exception is None, undisturbed.output
    tuned, other = (read_experiment(Path(name)) for name in ("tuned.toml", "other.toml"))
    assert tuned == other
    experiment, faults = tuned
    assert faults == []
    ran = run("run", "tuned.toml", "--seeds", "1", "--metrics", "edge_auc")
    assert ran.exception is None, ran.output
    labels = {
        record.label or record.method.name for record in ResultStore(Path("results")).records()
    }
    assert labels == {"gene2vec", "pca", *(each.label for each in experiment.variants)}


PLUGIN = """
from genearena.methods.random import Random

class Searched(Random):
    name = "searched"
    search = {"dim": ("log", 4, 16), "odd": ODD}
"""


@pytest.mark.parametrize("odd", ["(1, 2)", None])
def test_a_plugin_s_search_is_read_by_another_process(tmp_path, monkeypatch, odd):
    """As all that plugins declare; a fault in it is told."""
    name = f"plugin_{'broken' if odd else 'fine'}"
    text = PLUGIN.replace("ODD", odd) if odd else PLUGIN.replace(', "odd": ODD', "")
    (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    if odd is None:
        assert declared_search(f"{name}:Searched") == {"dim": ["log", 4, 16]}
    else:
        with pytest.raises(DeclarationError, match="search: odd is no setting"):
            declared_search(f"{name}:Searched")
    assert name not in sys.modules
