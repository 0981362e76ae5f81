"""What a shell is offered after the words that stand there: asked as bash asks."""

import pytest
from click.shell_completion import ShellComplete
from tiny_task import SOURCE, bench

from genearena.benchmark.cli import bench as command_line


@pytest.fixture
def offered(monkeypatch, data_dir):
    """Return what is offered in place of the last word."""
    monkeypatch.setenv("GENEARENA_DATA", str(data_dir))

    def ask(*words):
        with monkeypatch.context() as asking:
            asking.setenv("_BENCH_COMPLETE", "bash_complete")
            shell = ShellComplete(command_line, {}, "bench", "_BENCH_COMPLETE")
            return [item.value for item in shell.get_completions(list(words[:-1]), words[-1])]

    return ask


def test_names_are_offered(offered):
    """Of methods, also after a comma, metrics, tissues, presets, data of the tissue."""
    assert offered("run", "--methods", "muse") == ["musegnn", "musegnn:released"]
    assert offered("run", "--methods", "pca,wsmae") == ["pca,wsmae", "pca,wsmae:released"]
    assert offered("run", "--metrics", "edge_") == ["edge_auc"]
    assert offered("leaderboard", "--tissue", "lun") == ["lung"]
    assert offered("stats", "--preset", "") == ["fast", "paper"]
    assert SOURCE in offered("run", "--tissue", "lung", "--source", "")
    assert SOURCE not in offered("run", "--tissue", "liver", "--source", "")
    assert SOURCE in offered("data", "check", "--tissue", "lung", "--source", "")


def test_runs_and_gene_sets_are_offered(offered, data_dir, tmp_path):
    """Those of the folders that stand before."""
    task = ("--tissue", "lung", "--source", SOURCE, "--data-dir", data_dir)
    bench("run", *task, "--methods", "pca", "--seeds", 1, cwd=tmp_path)
    out = str(tmp_path / "results")
    (run_id,) = offered("results", "show", "--out", out, "lung.p")
    assert run_id.startswith("lung.pca.s0.")
    (tmp_path / "a.gmt").write_text("one\t\tTP53\tMYC\n")
    bench("genesets", "add", "mine", "a.gmt", "--species", "human", "--data-dir", data_dir,
          cwd=tmp_path)  # fmt: skip
    assert "mine" in offered("clusters", "--genesets", "")
    assert offered("neighbors", "TP53", "--genesets", "mi") == ["mine"]


def test_options_stay_as_they_are(offered):
    """Choices of their own are completed as before, and so are commands and options."""
    assert offered("leaderboard", "--format", "l") == ["latex"]
    assert "leaderboard" in offered("lead")
    assert "--methods" in offered("run", "--meth")
