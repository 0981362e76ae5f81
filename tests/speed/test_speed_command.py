"""``bench speed``: all parts at small size, the Markdown page, refused requests."""

import re

import pytest
from click.testing import CliRunner

from genearena.data.common.errors import StoreError, UsageError
from speed import catalogue
from speed.catalogue import PARTS
from speed.command import command
from speed.parts import memory
from speed.step_memory import increase

QUICK = ["--size", "small", "--repeats", "1", "--threads", "1"]


def refused(*options):
    """Return the error of a request."""
    return CliRunner().invoke(command, [*QUICK, *options]).exception


def test_all_parts_are_measured_and_written(tmp_path, monkeypatch):
    """One table each, on the terminal in 100 columns and in a page that names the machine."""
    pytest.importorskip("torch_geometric")
    # a process of its own is tested elsewhere
    monkeypatch.setattr(memory, "memory_of", increase)
    page = tmp_path / "new" / "speed.md"
    result = CliRunner().invoke(command, [*QUICK, "--out", str(page)])
    assert result.exit_code == 0, result.exception
    assert max(map(len, result.stdout.splitlines())) <= 100
    text = page.read_text()
    assert text.count("\n## ") == len(PARTS)
    assert "1 thread; load average" in text
    assert "size 'small'" in text
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    for method in ("musegnn", "gae", "vgae", "mae", "wsmae"):
        assert sum(row.startswith(f"| {method} |") for row in rows) >= 2


def test_musegnn_is_as_exact_as_it_is_fast(tmp_path):
    """The table tells a difference from message passing below 1e-5."""
    pytest.importorskip("torch_geometric")
    result = CliRunner().invoke(command, [*QUICK, "--only", "musegnn"])
    (difference,) = re.findall(r"\de-\d\d", result.stdout)
    assert 0 < float(difference) < 1e-5


def test_parts_are_chosen_by_name():
    """Only those, each once, in the order given."""
    result = CliRunner().invoke(command, [*QUICK, "--only", "metrics, walks,metrics"])
    said = result.stdout
    assert said.index("Metrics on 3 graphs") < said.index("node2vec:")
    assert said.count("Metrics on 3 graphs") == 1
    assert "MuSe-GNN" not in said


@pytest.mark.parametrize("only", ["musegn", "", "walks,,metrics"])
def test_unknown_parts_are_refused(only):
    """The message lists what there is."""
    error = refused("--only", only)
    assert isinstance(error, UsageError)
    assert "autoencoders" in str(error)


@pytest.mark.parametrize(
    "options", [("--repeats", "0"), ("--threads", "0"), ("--size", "huge"), ("--out", ".")]
)
def test_bad_options_are_refused(options):
    """By click, with exit code 2."""
    assert CliRunner().invoke(command, [*options, "--only", "walks"]).exit_code == 2


def test_missing_torch_geometric_is_told_in_one_line(monkeypatch):
    """Before any work, with the name to install; parts that do without still run."""
    monkeypatch.setattr(catalogue, "installed", lambda package: False)
    error = refused()
    assert isinstance(error, UsageError)
    assert "pip install torch-geometric" in str(error)
    assert "\n" not in str(error)
    assert CliRunner().invoke(command, [*QUICK, "--only", "walks"]).exit_code == 0


def test_a_page_that_cannot_be_written_is_told_before_the_work(tmp_path):
    """Where a folder of its path is a file."""
    (tmp_path / "file").touch()
    error = refused("--only", "walks", "--out", str(tmp_path / "file" / "speed.md"))
    assert isinstance(error, StoreError)
