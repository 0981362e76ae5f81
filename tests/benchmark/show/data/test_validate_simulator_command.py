"""``bench data validate-simulator``: tables, a figure of the same bytes, refused suffixes."""

import numpy as np
from click.testing import CliRunner

from genearena.benchmark.commands.data.group import command
from genearena.benchmark.show.plots.simulator import simulator_figure
from genearena.data.common.errors import UsageError
from genearena.data.simulation.validation import PairCalls

SMALL = ["validate-simulator", "--tissue", "liver", "--seeds", "1", "--genes", "40"]


def test_tables_and_figure_come_out_the_same_twice(tmp_path):
    """Both tables are printed, and the figure is the same bytes each time."""
    paths = [tmp_path / "a.png", tmp_path / "b.png"]
    said = [
        CliRunner().invoke(command, [*SMALL, "--cells", "80", "--output", str(path)])
        for path in paths
    ]
    assert all(result.exit_code == 0 for result in said), said[0].output
    assert "edges among genes that are independent in truth" in said[0].stdout
    assert "0.65 to 0.8" in said[0].stdout
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_figure_of_another_format_is_refused_before_the_work(tmp_path):
    """A suffix no figure can have is a usage error."""
    result = CliRunner().invoke(command, [*SMALL, "--output", str(tmp_path / "a.gif")])
    assert isinstance(result.exception, UsageError)
    assert "end its name in .png, .svg, .pdf" in str(result.exception)


def test_figure_shows_the_rates():
    """Points lie at the false-edge rates in percent, the power line at the shares found."""
    true = np.array([0.0] * 100 + [0.45] * 40)
    edge = np.array([True] * 3 + [False] * 97 + [True] * 30 + [False] * 10)
    calls = [
        PairCalls("liver", "d1", "scrna", 0, programmes, depth, true, edge)
        for programmes in (True, False)
        for depth in ("true", "total")
    ]
    left, right = simulator_figure(calls).axes
    points = np.vstack([part.get_offsets() for part in left.collections])
    np.testing.assert_allclose(points[:, 1], 3.0)
    drawn = right.lines[0].get_ydata()
    np.testing.assert_allclose(drawn[~np.isnan(drawn)], [75.0])
