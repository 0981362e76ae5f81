"""The committed tables are what today's code makes of the committed records."""

import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from genearena.benchmark.cli import bench

RESULTS = Path(__file__).parents[2] / "results"
FOLDERS = [path.parent for path in sorted(RESULTS.glob("*/records.tar.xz"))]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_tables_are_those_of_the_records(folder, tmp_path):
    """To the byte; and no record tells where it was made."""
    with tarfile.open(folder / "records.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    records = [path.read_text() for path in (tmp_path / "records").glob("*.json")]
    assert records
    assert not [text for text in records if 'File \\"/' in text]
    table = tmp_path / "leaderboard.csv"
    asked = ("leaderboard", "--no-cost", "--format", "csv", "--out", tmp_path, "--output", table)
    done = CliRunner().invoke(bench, list(map(str, asked)))
    assert done.exit_code == 0, done.output
    assert table.read_bytes() == (folder / "leaderboard.csv").read_bytes()
