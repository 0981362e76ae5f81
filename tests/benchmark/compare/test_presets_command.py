"""``bench presets``: the quick settings beside the published ones."""

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.stats import rankdata, spearmanr

from genearena.benchmark.commands.presets import command
from genearena.benchmark.compare.preset_agreement import agreements, correlation
from genearena.data.common.errors import UsageError

METHODS = ("pca", "gae", "mae", "vgae")


@pytest.fixture
def both(make_record):
    """Return records of four methods, two seeds and two metrics under both presets."""

    def make(tissue="lung", *, reverse=False):
        values = _values(tissue)
        records = []
        for preset in ("paper", "fast"):
            shown = 1 - values if reverse and preset == "fast" else values
            for name, row in zip(METHODS, shown.tolist(), strict=True):
                metrics = dict(zip(("edge_auc", "asw"), row, strict=True))
                records += [
                    make_record(name, metrics, seed=seed, tissue=tissue, preset=preset)
                    for seed in (0, 1)
                ]
        return records

    return make


def _values(tissue):
    return np.random.default_rng(len(tissue)).random((4, 2))


def test_equal_values_agree_fully_and_reversed_ones_not_at_all(both):
    """The same order correlates with 1, the opposite one with -1."""
    for what in ("ranks", "scores"):
        assert correlation(agreements(both()), what) == pytest.approx(1)
        assert correlation(agreements(both(reverse=True)), what) == pytest.approx(-1)


def test_correlation_over_tasks_is_that_of_the_mean_places(both):
    """Over two tasks, one of them reversed, it equals scipy on ranks averaged by hand."""
    records = both("lung") + both("liver", reverse=True)
    means = {"paper": [], "fast": []}
    for tissue, flip in (("lung", False), ("liver", True)):
        values = _values(tissue)
        means["paper"].append(rankdata(-values, axis=0).mean(axis=1))
        means["fast"].append(rankdata(values if flip else -values, axis=0).mean(axis=1))
    want = spearmanr(np.mean(means["paper"], axis=0), np.mean(means["fast"], axis=0)).statistic
    assert correlation(agreements(records), "ranks") == pytest.approx(want)


def test_only_methods_of_both_presets_are_ranked(both):
    """A method run under one preset alone takes no place from the others."""
    records = both()
    fewer = [r for r in records if (r.method.name, r.preset) != ("pca", "fast")]
    (agreement,) = agreements(fewer)
    assert set(agreement.methods) == {"gae", "mae", "vgae"}
    assert max(agreement.outcomes["paper"].ranks.values()) <= 3


def test_too_little_to_compare_is_said(both):
    """Without a second preset there is one line of advice."""
    fast = [record for record in both() if record.preset == "fast"]
    with pytest.raises(UsageError, match="run under both presets"):
        agreements(fast)


def test_command_prints_both_and_the_correlation(both, write_store, tmp_path):
    """The table shows paper / fast and ends with the correlation, on a terminal and as Markdown."""
    write_store(tmp_path, both())
    for style in ("table", "md"):
        done = CliRunner().invoke(command, ["--out", str(tmp_path), "--format", style])
        assert done.exit_code == 0, done.output
        assert "paper / fast; means over 2 seeds / 2 seeds" in done.output
        assert "1.00 by Avg Rank, 1.00 by Avg Score" in done.output
