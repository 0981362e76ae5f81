"""Names of files that anyone may have made steer no terminal, whichever command prints them."""

import ast
from pathlib import Path

import pytest
from click.testing import CliRunner

import genearena.benchmark
from genearena.benchmark.cli import bench
from genearena.benchmark.records.results import ResultStore

NAME = "\x1b]0;owned\x07\x1b[2J\nWarning: all is well\u202egnp\x9b2K"
PRINTERS = {
    "data/common/screen.py": "lines",
    "benchmark/commands/output.py": "documents",
}
"""Modules that may print, and what."""


@pytest.fixture
def folder(tmp_path, make_record, write_store):
    """Return a folder of a hostile name that has such files wherever files may lie."""
    folder = tmp_path / f"results{NAME}"
    records = [make_record(name, {"asw": 0.5, "cgr": 0.1}) for name in ("pca", "gae")]
    write_store(folder, records, n_genes=5)
    store = ResultStore(folder)
    for place in (store.records_folder, store.embedding_path(records[0]).parent):
        for ending in (".json", ".h5ad", ".json.damaged", ".tmp"):
            (place / f"x{NAME}{ending}").write_text("{")
    return folder


def commands(folder: Path) -> list[list[str]]:
    """Return a call of every command that reads results or data and prints about them."""
    out, data = ["--out", str(folder)], ["--data-dir", str(folder / f"data{NAME}")]
    tissue = ["--tissue", "lung"]
    return [
        ["leaderboard", *out],
        ["leaderboard", *out, "--output", str(folder / f"table{NAME}")],
        ["stats", *out],
        ["paper", *out],
        ["plot", *out, "--kind", "heatmap", "--output", str(folder / f"figures{NAME}")],
        ["report", *out],
        ["results", "list", *out],
        ["results", "list", *out, "--format", "csv"],
        ["results", "show", "lung.pca", *out],
        ["results", "show", "lung.pca", *out, "--format", "json"],
        ["results", "verify", *out],
        ["results", "gc", *out],
        ["results", "migrate", *out],
        ["results", "export", *out, "--output", str(folder / f"table{NAME}.csv")],
        ["merge", str(folder), "--out", str(folder / f"other{NAME}"), *data],
        ["run", *tissue, *out, "--dry-run", "--source", "simulated", "--methods", "pca"],
        ["data", "check", *tissue, *data],
        ["data", "list", *data],
        ["data", "add", *tissue, "--name", "mine", str(folder / f"records/x{NAME}.json"), *data],
    ]


def test_no_command_prints_a_name_that_steers_the_terminal(folder):
    """Escape codes, marks of direction and line ends in names are spelled out on every line."""
    told = 0
    for words in commands(folder):
        done = CliRunner().invoke(bench, words)
        assert done.exit_code != 2 or "Usage" not in done.output, done.output
        hidden = {c for c in done.output if c != "\n" and not c.isprintable()}
        assert not hidden, (words[:2], hidden)
        assert "\nWarning: all is well" not in done.output, words[:2]
        told += "owned" in done.output
    assert told > 10


def test_lines_are_printed_in_one_place():
    """A new command cannot forget: only these modules print, all others ask them to."""
    root = Path(genearena.__file__).parent
    found = {
        path.relative_to(root).as_posix()
        for wing in ("benchmark", "data/common")
        for path in (root / wing).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("click.echo", "print", "echo")
    }
    assert found == set(PRINTERS)
