"""What ``bench`` says when nobody has told it what to do."""

import pytest
from click.testing import CliRunner

from genearena.benchmark.cli import COMMANDS, SECTIONS, bench


def test_without_a_command_it_shows_the_most_used():
    """Five of them, where the rest is, and no failure; what is no command is one."""
    done = CliRunner().invoke(bench, [])
    assert done.exit_code == 0
    shown = [line.split()[0] for line in done.output.splitlines() if line.startswith("  ")]
    assert shown == list(SECTIONS["Most used"]) == ["run", "leaderboard", "plot", "report", "data"]
    assert "bench --help lists all commands" in done.output
    assert CliRunner().invoke(bench, ["nonsense"]).exit_code == 2


@pytest.mark.parametrize("name", [*COMMANDS, "neighbors"])
def test_every_command_has_help(name):
    """Each is in one section of the list, and tells its options."""
    listed = CliRunner().invoke(bench, ["--help"]).output
    assert sum(line.startswith(f"  {name} ") for line in listed.splitlines()) == (name in COMMANDS)
    done = CliRunner().invoke(bench, [name, "--help"])
    assert done.exit_code == 0
    assert "Options:" in done.output
