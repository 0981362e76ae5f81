"""Fixtures of tests that run the whole suite."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

if "PYTEST_XDIST_WORKER" in os.environ:
    # as many processes as cores: more threads would only wait for each other; before numpy loads
    for _library in ("OMP", "OPENBLAS", "MKL", "NUMBA"):
        os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

from browser import chromium
from tiny_task import simulate_tiny_task


def pytest_configure(config):
    """Give the tests a data folder of their own: what a user has stored is none of their business.

    Workers and commands inherit it.
    """
    if not hasattr(config, "workerinput"):
        folder = TemporaryDirectory(prefix="genearena-tests-", ignore_cleanup_errors=True)
        config.add_cleanup(folder.cleanup)
        os.environ["GENEARENA_DATA"] = folder.name


def pytest_collection_modifyitems(items):
    """Begin with the files that hold slow tests: at the end they would keep one worker busy."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory):
    """Data folder holding the tiny simulated lung task."""
    folder = tmp_path_factory.mktemp("data")
    simulate_tiny_task(folder)
    return folder


@pytest.fixture(scope="session")
def helpers():
    """Folder of the test helpers, for fresh processes to import from."""
    return Path(__file__).parent / "helpers"


@pytest.fixture(scope="module")
def browser():
    """One Chromium for the tests of a file; it has an event loop, which others must not find."""
    with chromium() as launched:
        yield launched
