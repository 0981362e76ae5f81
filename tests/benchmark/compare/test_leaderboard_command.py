"""``bench leaderboard`` and ``bench plot`` from the outside."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from genearena.benchmark.commands.leaderboard import command as leaderboard
from genearena.benchmark.commands.plot import command as plot
from genearena.benchmark.commands.results.list import list_runs
from genearena.benchmark.commands.stats import command as stats
from genearena.benchmark.show.plots.registry import FIGURES
from genearena.data.common.errors import StoreError, UsageError


@pytest.fixture(scope="module")
def results(
    tmp_path_factory: pytest.TempPathFactory, make_records: Callable, write_store: Callable
) -> Path:
    """Return a results folder with one tissue and two seeds."""
    folder = tmp_path_factory.mktemp("results")
    write_store(folder, make_records(n_seeds=2), n_genes=20)
    return folder


def invoke(command: object, *arguments: object) -> str:
    """Run a command and return its standard output; raise what it raises."""
    result = CliRunner().invoke(command, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_help_names_every_format():
    """The help explains the csv layout and lists the formats."""
    text = invoke(leaderboard, "--help")
    assert "one row per task, method and metric" in text
    assert all(name in text for name in ("table", "md", "csv", "latex"))


@pytest.mark.parametrize("style", ["table", "md", "csv", "latex"])
def test_output_file_holds_what_is_printed(results: Path, tmp_path: Path, style: str):
    """--output writes the bytes that would have been printed."""
    printed = invoke(leaderboard, "--out", results, "--format", style)
    target = tmp_path / "deep" / "table.txt"
    assert invoke(leaderboard, "--out", results, "--format", style, "--output", target) == ""
    assert target.read_text(encoding="utf-8") == printed
    assert "musegnn" in printed


def test_no_cost_hides_costs(results: Path):
    """--no-cost drops time and memory and nothing else."""
    full = invoke(leaderboard, "--out", results, "--format", "md")
    short = invoke(leaderboard, "--out", results, "--format", "md", "--no-cost")
    assert "Memory added" in full
    assert "Memory added" not in short
    assert "Runs" in short


@pytest.mark.parametrize("command", [leaderboard, plot])
def test_empty_folder_says_what_to_do(tmp_path: Path, command: object):
    """Without results the user is told to run something first."""
    with pytest.raises(UsageError, match=r"no results in .*; run 'bench run' first"):
        invoke(command, "--out", tmp_path)


def test_output_that_cannot_be_written(results: Path, tmp_path: Path):
    """A path below a file gives a one-line error."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot write"):
        invoke(leaderboard, "--out", results, "--output", tmp_path / "file" / "table.md")


def test_unknown_figure_format(results: Path):
    """A format nobody draws is refused with the ones there are."""
    with pytest.raises(UsageError, match="unknown figure format 'gif'; use png, svg, pdf"):
        invoke(plot, "--out", results, "--format", "png,gif")


def test_tables_need_no_heavy_import(results: Path):
    """Printing tables loads none of the heavy packages."""
    code = (
        "import sys; from genearena.benchmark.commands.leaderboard import command;"
        f"command(['--out', {str(results)!r}], standalone_mode=False);"
        "heavy = {'torch', 'scanpy', 'anndata', 'pandas', 'matplotlib', 'sklearn'};"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_plot_writes_the_chosen_figures(results: Path, tmp_path: Path):
    """Figures land in the folder asked for, in every format asked for, and are named."""
    out = invoke(
        plot, "--out", results, "--output", tmp_path, "--format", "png,svg",
        "--kind", "heatmap", "--kind", "boxplot",
    )  # fmt: skip
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {
        f"lung-embedded-{kind}.{suffix}"
        for kind in ("heatmap", "boxplot")
        for suffix in ("png", "svg")
    }
    assert {Path(line).name for line in out.split()} == names


def test_plot_without_embeddings(tmp_path: Path, make_record: Callable, write_store: Callable):
    """Where vectors are gone the figures that need them are left out with a word about it."""
    from genearena.benchmark.records.results import ResultStore

    ResultStore(tmp_path).write(make_record("pca", {"asw": 0.5}))
    kinds = [word for kind in FIGURES for word in ("--kind", kind)]
    result = CliRunner().invoke(plot, ["--out", str(tmp_path), *kinds], catch_exceptions=False)
    assert result.exit_code == 0
    for reason in ("no umap: no stored vectors", "no loss: no stored run has losses", "no cost: "):
        assert f"lung (embedded): {reason}" in result.stderr
    names = {path.name for path in (tmp_path / "figures").iterdir()}
    assert names == {"lung-embedded-heatmap.png", "lung-embedded-boxplot.png"}


@pytest.mark.parametrize("command", [leaderboard, plot, stats, list_runs])
@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--tissue", "", "--tissue '' names nothing"),
        ("--tissue", "all,lumg", "did you mean 'lung'"),
        ("--source", "mine", "no results for source 'mine'; there are embedded"),
        ("--preset", "", "no results for preset ''; there are fast"),
    ],
)
def test_what_selects_nothing_is_refused(results: Path, command, option, value, message):
    """No command takes an empty or unknown name for all, or for none."""
    with pytest.raises(UsageError, match=re.escape(message)):
        invoke(command, "--out", results, option, value)


def test_all_is_the_same_as_no_choice(results: Path):
    """Alone and beside names."""
    everything = invoke(leaderboard, "--out", results)
    for word in ("all", "all,lung"):
        assert invoke(leaderboard, "--out", results, "--tissue", word) == everything


def test_a_seed_without_results_is_refused(results: Path, tmp_path: Path):
    """The message names the seeds there are, and no figure is drawn."""
    with pytest.raises(UsageError, match=r"no results of seed 99 \(--seed\); there are 0-1"):
        invoke(plot, "--out", results, "--seed", 99, "--output", tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_method_without_results_is_refused(results: Path):
    """A misspelt name is no empty list of runs."""
    with pytest.raises(UsageError, match="did you mean 'pca'"):
        invoke(list_runs, "--out", results, "--methods", "pcaa")
