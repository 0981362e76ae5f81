"""A third party's package, installed for real, is a method like any other."""

import subprocess
import sys

import pytest
from tiny_task import SOURCE, bench


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Make a plugin package with ``bench new-method`` and install it into a folder of its own."""
    folder = tmp_path_factory.mktemp("plugin")
    bench("new-method", "shuffled", cwd=folder)
    command = [
        sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation",
        "--disable-pip-version-check", "--target", "site", "./shuffled",
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


def test_an_installed_plugin_keeps_the_contract(site, tmp_path):
    """The skeleton passes every check before its author changes anything."""
    assert bench("check", "shuffled", cwd=tmp_path, path=site).returncode == 0


def test_an_installed_plugin_is_on_the_leaderboard(site, tmp_path, data_dir):
    """Its row stands beside the built-in methods', scored and ranked."""
    task = ("--tissue", "lung", "--source", SOURCE, "--data-dir", data_dir)
    bench("run", *task, "--seeds", 2, "--methods", "pca,shuffled", cwd=tmp_path, path=site)
    table = bench("leaderboard", "--format", "md", cwd=tmp_path).stdout
    row = next(line for line in table.splitlines() if "shuffled" in line)
    assert "2/2" in row
    assert "failed" not in table
