"""``python -m speed --only walks`` where the package is installed."""

import pytest
from click.testing import CliRunner
from speed.__main__ import main

pytest.importorskip("node2vec", reason="the node2vec package is an extra")


def test_walks_are_timed_beside_the_package() -> None:
    """Trainings of both, without torch."""
    options = ["--only", "walks", "--size", "small", "--repeats", "1"]
    result = CliRunner().invoke(main, options)
    assert result.exit_code == 0, result.exception
    (row,) = (line for line in result.stdout.splitlines() if line.startswith("  walks"))
    assert row.count("±") == 2
    assert "not measured" not in result.stdout
