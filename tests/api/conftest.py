"""One results folder that the command made, to hold what Python gives against."""

import pytest
from tiny_task import SOURCE, bench

from genearena.data.tasks import load_task

METHODS = "pca,stacked,gae,musegnn,random"
EPOCHS = 4
SEEDS = 2


@pytest.fixture(scope="session")
def graphs(data_dir):
    """Return the tiny task."""
    return load_task("lung", source=SOURCE, folder=data_dir)


@pytest.fixture(scope="session")
def command_results(data_dir, tmp_path_factory):
    """Return the folder of what ``bench run`` stored of the tiny task."""
    folder = tmp_path_factory.mktemp("command")
    bench(
        "run", "--tissue", "lung", "--source", SOURCE, "--data-dir", data_dir, "--seeds", SEEDS,
        "--methods", METHODS, "--set", f"gae.epochs={EPOCHS}", "--set", f"musegnn.epochs={EPOCHS}",
        cwd=folder,
    )  # fmt: skip
    return folder / "results"
