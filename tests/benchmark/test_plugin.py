"""Third parties' packages, installed for real: a method, a metric and a data set like any other."""

import os
import subprocess
import sys

import numpy as np
import pytest
from tiny_task import SOURCE, bench

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Make a plugin package of each kind and install them into a folder of their own."""
    folder = tmp_path_factory.mktemp("plugin")
    for kind, name in {"method": "shuffled", "metric": "joined", "dataset": "shipped"}.items():
        bench(f"new-{kind}", name, cwd=folder)
        command = [
            sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation",
            "--disable-pip-version-check", "--target", "site", f"./{name}",
        ]  # fmt: skip
        subprocess.run(command, cwd=folder, check=True, timeout=120)
    return folder / "site"


def test_an_installed_plugin_is_listed_with_its_origin(site, tmp_path):
    """The entry point is enough; nothing is registered by hand."""
    listed = bench("list", "methods", cwd=tmp_path, path=site).stdout
    assert [line for line in listed.splitlines() if line.startswith("shuffled ")]
    assert not [
        line
        for line in bench("list", "methods", cwd=tmp_path).stdout.splitlines()
        if line.startswith("shuffled ")
    ]


@pytest.mark.parametrize("name", ["shuffled", "joined", "shipped.made_up"])
def test_an_installed_plugin_keeps_the_contract(site, name, tmp_path):
    """The skeleton passes every check before its author changes anything."""
    assert bench("check", name, cwd=tmp_path, path=site).returncode == 0


def test_data_of_a_plugin_are_a_tissue(site, tmp_path):
    """They are listed with their origin, made when first asked for, and run."""
    listed = bench("list", "tissues", cwd=tmp_path, path=site).stdout
    assert "made_up: plugin from shipped" in listed
    asked = ("--tissue", "shipped", "--dim", 8, "--seeds", 1, "--methods", "pca,random")
    data = ("--data-dir", tmp_path / "data")
    bench("run", *asked, *data, cwd=tmp_path, path=site)
    table = bench("leaderboard", "--format", "md", cwd=tmp_path, path=site).stdout
    assert "shipped" in table
    assert "1/1" in table
    # what was made once is there, with or without the plugin
    assert "made_up" in bench("data", "list", *data, cwd=tmp_path).stdout


def test_an_installed_plugin_is_on_the_leaderboard(site, tmp_path, data_dir):
    """Its row stands beside the built-in methods', scored and ranked, by its metric too."""
    task = ("--tissue", "lung", "--source", SOURCE, "--data-dir", data_dir)
    bench("run", *task, "--seeds", 2, "--methods", "pca,shuffled", cwd=tmp_path, path=site)
    table = bench("leaderboard", "--format", "md", cwd=tmp_path, path=site).stdout
    row = next(line for line in table.splitlines() if "shuffled" in line)
    assert "2/2" in row
    assert "failed" not in table
    assert "Joined" in table
    assert "joined " in bench("list", "metrics", cwd=tmp_path, path=site).stdout


def test_its_data_set_is_a_source_like_any_other(site, tmp_path):
    """Counts that a package ships are added, run and ranked."""
    rng = np.random.default_rng(0)
    rates = rng.gamma(0.5, 4, 40) * np.exp(rng.normal(size=(160, 1)) * rng.normal(size=40) / 2)
    rows = [",".join(["cell", "donor", *(f"GENE{g}" for g in range(40))])]
    rows += [
        ",".join([f"c{cell}", f"donor{cell % 2}", *map(str, counts)])
        for cell, counts in enumerate(rng.poisson(rates))
    ]
    (tmp_path / "ours.csv").write_text("\n".join(rows))
    data = ("--tissue", "lung", "--data-dir", tmp_path / "data")
    bench(
        "data", "add", *data, "--name", "ours", "ours.csv", "--donor-key", "donor",
        "--min-genes", 5, "--min-cells", 3, cwd=tmp_path,
    )  # fmt: skip
    asked = ("--seeds", 1, "--methods", "pca,shuffled", "--metrics", "edge_auc,joined")
    bench("run", *data, "--source", "ours", *asked, cwd=tmp_path, path=site)
    table = bench("leaderboard", "--source", "ours", "--format", "md", cwd=tmp_path, path=site)
    assert "shuffled" in table.stdout
    bench("report", cwd=tmp_path, path=site)
    assert "shuffled" in (tmp_path / "results" / "report.html").read_text()


FACES = """
from genearena.methods.random import Random
from genearena.metrics.base import Metric

class Painted(Random):
    name = "painted"
    colour = "#123456"

METRIC = Metric(
    name="spread", label="Spread", function=lambda space: 0.5, higher_is_better=True, low=0.0,
    high=1.0, cites="Somebody 2026", equation="S = max z - min z", summary="how far vectors reach",
    group="Geometry", scored=True,
)
"""
LOOK = """
import sys
from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.show.plots.heatmap import heatmap
from genearena.benchmark.show.plots.style import method_colour
(board,) = build_leaderboards(ResultStore(sys.argv[1]).records())
print({row.label: method_colour(row) for row in board.rows}["painted"])
print([text.get_text() for text in heatmap(board).axes[0].texts])
"""


def test_a_plugin_shows_its_own_face(make_record, write_store, tmp_path):
    """Equation, group and colour are what its classes declare, without a line in the suite."""
    site = tmp_path / "site"
    (site / "faces-1.dist-info").mkdir(parents=True)
    (site / "faces.py").write_text(FACES)
    (site / "faces-1.dist-info" / "METADATA").write_text("Name: faces\nVersion: 1\n")
    (site / "faces-1.dist-info" / "entry_points.txt").write_text(
        "[genearena.methods]\npainted = faces:Painted\n[genearena.metrics]\nspread = faces:METRIC\n"
    )
    scores = {"painted": 0.4, "pca": 0.6}
    records = [make_record(name, {"asw": v, "spread": v}) for name, v in scores.items()]
    write_store(tmp_path / "results", records, n_genes=4)
    bench("report", "--out", tmp_path / "results", cwd=tmp_path, path=site)
    page = (tmp_path / "results" / "report.html").read_text()
    for said in ("S = max z - min z", "How far vectors reach", "Somebody 2026"):
        assert said in page
    places = filter(None, [str(site), os.environ.get("PYTHONPATH")])
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(places)}
    shown = subprocess.run(
        [sys.executable, "-c", LOOK, tmp_path / "results"],
        env=environment, capture_output=True, text=True, check=True, timeout=120,
    ).stdout.splitlines()  # fmt: skip
    assert shown[0] == "#123456"
    assert "'Geometry'" in shown[1]
