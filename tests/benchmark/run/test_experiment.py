"""Experiment files: what they may say, what becomes of it, and what is wrong with them."""

import pytest

from genearena.benchmark.run.experiment import Experiment, Variants, read_experiment
from genearena.benchmark.run.request import Configuration
from genearena.data.common.errors import UsageError

WHOLE = """
about = "Does more training help?"
tissues = ["lung", "liver"]
sources = ["simulated-scrna"]
methods = ["pca"]
metrics = ["default", "scib_nmi"]
seeds = [3, 5]
preset = "paper"
dim = 16

[variants.long]
method = "gae"
epochs = 500

[variants.wide]
method = "gae"
dim = 64

[variants.rates]
method = "musegnn"
heads = [1, 1]
lr_encoder = [1e-4, 1e-3]
epochs = [10, 20]
"""


@pytest.fixture
def read(tmp_path):
    """Return a way to read the text of a file."""

    def call(text):
        path = tmp_path / "experiment.toml"
        path.write_text(text)
        return read_experiment(path)

    return call


def test_a_whole_file(read):
    """Options are as a command line has them; a list is a grid where one value is wanted."""
    experiment, faults = read(WHOLE)
    assert faults == []
    assert experiment.about == "Does more training help?"
    assert experiment.options == {
        "tissues": ("lung", "liver"),
        "sources": ("simulated-scrna",),
        "methods": ("pca",),
        "metrics": ("default", "scib_nmi"),
        "seeds": "3-3,5-5",
        "preset": "paper",
        "dim": 16,
    }
    long, wide, rates = experiment.variants
    assert list(long) == [Configuration("gae", {"epochs": 500}, "long")]
    assert list(wide) == [Configuration("gae", {"dim": 64}, "wide")]
    assert rates.n_rows == 4
    assert [each.label for each in rates] == [
        f"rates, lr_encoder={rate}, epochs={epochs}" for rate in (1e-4, 1e-3) for epochs in (10, 20)
    ]
    assert list(rates)[1].settings == {"heads": [1, 1], "lr_encoder": 1e-4, "epochs": 20}


def test_a_file_may_say_next_to_nothing(read):
    """What it leaves out is as without a file."""
    assert read("") == (Experiment(), [])
    assert read("seeds = 3") == (Experiment(options={"seeds": "3"}), [])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("tissue = ['lung']", "'tissue' is no key; did you mean 'tissues'"),
        ("tissues = [1]", r"tissues is \[1\], want a list of names"),
        ("seeds = 0", "seeds is 0, want how many seeds"),
        ("seeds = []", "seeds is"),
        ("seeds = [-1]", "seeds is"),
        ("seeds = true", "seeds is True"),
        ("preset = 'quick'", "preset is 'quick', want 'fast' or 'paper'"),
        ("dim = 1.5", "dim is 1.5"),
        ("methods = ['gea']", "unknown method 'gea'; did you mean 'gae'"),
        ("metrics = ['asv']", "unknown metric 'asv'"),
        ("variants = 3", "variants is 3"),
        ("[variants.a]\nepochs = 3", "variant 'a': it names no method"),
        ("[variants.a]\nmethod = 'gea'", "variant 'a': unknown method 'gea'; did you mean 'gae'"),
        ("[variants.a]\nmethod = 'none:Such'", "variant 'a': method 'none:Such'"),
        ("[variants.a]\nmethod = 'gae'\nepoch = 3", "is no setting; did you mean 'epochs'"),
        ("[variants.a]\nmethod = 'gae'\nepochs = 'x'", "epochs is 'x', want a whole number"),
        ("[variants.a]\nmethod = 'gae'\nepochs = [3, 0]", "epochs is 0, want at least 1"),
        ("[variants.a]\nmethod = 'gae'\nepochs = []", "epochs is"),
        ("[variants.a]\nmethod = 'gae'\nseed = 3", "seed is set for all methods"),
        ("[variants.gae]\nmethod = 'gae'", "its label is the name of a method"),
        ('[variants."a, b"]\nmethod = "gae"', "no comma"),
        (f'[variants.{"x" * 40}]\nmethod = "gae"', "1 to 32"),
    ],
)
def test_what_cannot_be_meant_is_a_fault(read, text, fault):
    """One line says what, and what is wanted."""
    import re

    _, faults = read(text)
    assert len(faults) == 1
    assert re.search(fault, faults[0])


def test_all_faults_are_told_at_once(read):
    """Of the file and of every variant."""
    _, faults = read("seed = 3\ndim = 1\n[variants.a]\nmethod = 'gae'\nepoch = 1\npatience = -1\n")
    assert [fault.split()[0] for fault in faults] == ["'seed'", "dim", "variant", "variant"]


@pytest.mark.parametrize("content", [b"tissues = [", b"\xff\xfe", None])
def test_a_file_that_is_no_toml_is_refused(tmp_path, content):
    """As is one that is not there."""
    path = tmp_path / "e.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match="cannot read the experiment"):
        read_experiment(path)


def test_what_runs():
    """All variants and what else is named; beside names on the command line, those alone."""
    a, b = Variants("a", "gae"), Variants("b", "mae")
    experiment = Experiment(variants=(a, b))
    assert experiment.chosen((), alone=False) == (a, b)
    assert experiment.chosen(("pca",), alone=False) == (a, b, Variants("", "pca"))
    assert experiment.chosen(("b", "pca"), alone=True) == (b, Variants("", "pca"))
    assert len(Experiment().chosen((), alone=False)) > 9


def test_a_grid_is_counted_before_it_is_made():
    """However many there are."""
    grid = Variants("a", "gae", {}, {name: range(1000) for name in "abcdefgh"})
    assert grid.n_rows == 1000**8
    assert next(iter(grid)).label == f"a, {', '.join(f'{n}=0' for n in 'abcdefgh')}"
