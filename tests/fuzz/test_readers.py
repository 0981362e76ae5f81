"""Damaged files of every kind are read or refused in one line: no other error, crash or hang.

``GENEARENA_FUZZ=10000 pytest tests/fuzz -s`` reads so many files in all and prints how they ended.
"""

import os
from collections.abc import Iterator

import pytest
from harness import Harness

CASES = int(os.environ.get("GENEARENA_FUZZ", "2000"))
TARGETS = (
    "10x barcodes.tsv.gz", "10x features.tsv.gz", "10x h5", "10x matrix.mtx.gz",
    "cell metadata", "cells.csv", "csv", "exons.gtf", "fragments.tsv.gz", "gene names",
    "gene sets marks.csv", "gene sets outcomes.csv", "gene sets pairs.csv",
    "gene sets sets.gmt", "genes.gtf", "graph card", "graph npz", "h5ad", "h5ad layer",
    "hub/embeddings.npz", "hub/genes.tsv", "hub/metadata.json", "kallisto mtx", "loom",
    "merged record", "merged vectors", "own vectors", "record", "scbert checkpoint",
    "scbert genes", "scbert positions", "stored gene sets", "submission csv", "submission h5ad",
    "submission npz", "synonyms", "vectors h5ad", "vectors npz", "vectors parquet",
    "vectors tsv", "vectors txt", "visium", "visium hd",
)  # fmt: skip


@pytest.fixture(scope="module")
def harness() -> Iterator[Harness]:
    """Return a process that reads damaged files."""
    harness = Harness()
    yield harness
    harness.close()


def test_every_target_is_listed(harness: Harness):
    """No reader of the targets is left out here."""
    assert tuple(harness.targets) == TARGETS


@pytest.mark.parametrize("target", TARGETS)
def test_damaged_files_are_read_or_refused(harness: Harness, target: str):
    """The sound file is read; of damaged ones each is read or refused by an error of our own."""
    sound = harness.sound(target)
    assert sound["ended"] == "accepted", sound
    tally = harness.run(target, -(-CASES // len(TARGETS)))
    print(f"\n{target}: " + ", ".join(f"{n} {end}" for end, n in sorted(tally.endings.items())))
    assert not tally.broken, "\n".join([*tally.broken[:5], f"{len(tally.broken)} in all"])
    assert tally.endings["refused"]
