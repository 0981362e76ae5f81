"""What commands that only look do not import: it takes longer than all that they do."""

import subprocess
import sys

import pytest
from tiny_task import SOURCE, bench

HEAVY = (
    "torch gensim scanpy anndata numba sklearn matplotlib pandas jax igraph statsmodels "
    "scipy.sparse scipy.stats"
)
CODE = """
import sys
from genearena.benchmark.cli import bench
try:
    bench(sys.argv[2:], standalone_mode=False)
finally:
    print("imported:", *sorted({*sys.argv[1].split()} & {*sys.modules}))
"""


@pytest.fixture(scope="module")
def look(data_dir, tmp_path_factory):
    """Return a function that calls a command where one run is stored; it returns all output."""
    folder = tmp_path_factory.mktemp("light")
    task = ("--tissue", "lung", "--source", SOURCE, "--data-dir", data_dir, "--seeds", 1)
    bench("run", *task, "--methods", "random", "--metrics", "edge_auc,rewiring", cwd=folder)

    def call(command, *words):
        words = [command, *(task if command == "run" else ()), *words]
        line = [sys.executable, "-c", CODE, HEAVY, *map(str, words)]
        done = subprocess.run(line, cwd=folder, capture_output=True, text=True)
        return done.stdout + done.stderr

    return call


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("run --methods random --metrics edge_auc", "all 1 runs are stored"),
        ("run --methods all --device cpu --dry-run --set musegnn.encoder=gat", "  musegnn  1 runs"),
        # refused by what the annotation says
        (
            "run --methods musegnn --set musegnn.heads=[0,2]",
            "heads is [0, 2], entry 1: want at least 1",
        ),
        ("list methods", "musegnn"),
        ("list methods --parameters musegnn node2vec", "contrastive_weight     0.01"),
        ("list metrics", "edge_auc"),
        ("leaderboard", "AUC"),
        ("results list", "lung.random.s0"),
    ],
)
def test_looking_imports_no_library_of_methods_and_figures(look, command, told):
    """What methods declare, what is stored and what tables say is known without them."""
    out = look(*command.split())
    assert told in out
    assert "imported:\n" in out


def test_nearest_genes_need_neither_tests_nor_compilers():
    """What `bench neighbors` computes with is there in a second."""
    code = "import sys, genearena.benchmark.biology.neighbours; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numba", "scipy.stats", "torch", "sklearn"} & {*done.stdout.split()}
