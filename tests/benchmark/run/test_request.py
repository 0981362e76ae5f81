"""Words on the command line become a request."""

import pytest
from click.testing import CliRunner

from genearena.benchmark.commands import listing
from genearena.benchmark.run.request import (
    chosen_methods,
    chosen_metrics,
    parse_seeds,
    parse_settings,
    split_names,
)
from genearena.data.common.errors import UsageError
from genearena.methods.registry import METHODS, OF_A_FILE
from genearena.metrics.registry import METRICS, is_scib


@pytest.mark.parametrize(
    ("text", "seeds"),
    [("3", (0, 1, 2)), ("3-5", (3, 4, 5)), ("0,4", (0, 4)), ("7,1-2,2", (1, 2, 7))],
)
def test_seeds_are_a_number_a_range_or_a_list(text, seeds):
    """The three notations, sorted and without repeats."""
    assert parse_seeds(text) == seeds


@pytest.mark.parametrize("text", ["0", "", "ten", "1-", "-3", "5-4"])
def test_no_seed_is_refused_with_the_notation(text):
    """Nothing that names no seed is taken for a request."""
    with pytest.raises(UsageError, match=r"cannot read seeds .*--seeds"):
        parse_seeds(text)


def test_settings_are_json_or_a_plain_text():
    """A method's name may hold a colon, as may a text an equals sign."""
    texts = ["gae.epochs=5", "gae.learning_rate=1e-3", "a:released.path=b=c", "a:b.heads=[1, 2]"]
    assert parse_settings(texts, ["gae", "a:released", "a:b"]) == {
        "gae": {"epochs": 5, "learning_rate": 1e-3},
        "a:released": {"path": "b=c"},
        "a:b": {"heads": [1, 2]},
    }


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        (["gae=5"], r"cannot read 'gae=5' \(--set\); give METHOD.NAME=VALUE"),
        (["gae.epochs"], "cannot read 'gae.epochs'"),
        ([".epochs=3"], "cannot read"),
        (["gea.epochs=3"], "method 'gea' does not run; did you mean 'gae'"),
        (["gae.seed=3"], "set seed for all methods, with --seeds"),
        (["gae.epochs=3", "gae.epochs=3"], "--set gives gae.epochs twice"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(texts, reason):
    """One line says which and why."""
    with pytest.raises(UsageError, match=reason):
        parse_settings(texts, ["gae", "pca"])


def test_names_may_be_repeated_or_separated_by_commas():
    """Both habits work and may be mixed; repeats are dropped."""
    assert split_names(["pca,gae", " mae ", "pca"], "--methods") == ("pca", "gae", "mae")


def test_a_word_for_a_group_may_stand_beside_names():
    """Together they are the union, in the order asked."""
    groups = {"all": ("heart", "lung")}
    assert split_names(["all,lung"], "--tissue", groups) == ("heart", "lung")
    assert split_names(["mine", "lung,all"], "--tissue", groups) == ("mine", "lung", "heart")


@pytest.mark.parametrize("values", [[""], [" , "], ["", ","]])
def test_an_option_that_is_given_and_names_nothing_is_refused(values):
    """It does not stand for everything, as leaving it out does."""
    assert split_names([], "--methods") == ()
    with pytest.raises(UsageError, match=r"--methods .* names nothing"):
        split_names(values, "--methods")


def test_nothing_means_all_but_the_released_variants_and_the_extra_methods():
    """A plain run has the other faithful methods and controls, in the order of the registry."""
    chosen = chosen_methods([])
    assert chosen == chosen_methods(["default"])
    assert {"gae", "musegnn", "random", "truth"} <= set(chosen)
    assert not any(":" in name for name in chosen)


def test_released_extra_and_all():
    """`released` are the variants, `extra` is asked for, `all` needs no file."""
    released = chosen_methods(["released"])
    assert "gene2vec:released" in released
    assert all(name.endswith(":released") for name in released)
    assert chosen_methods(["all"]) == tuple(name for name in METHODS.names if name != OF_A_FILE)
    extra = chosen_methods(["extra"])
    assert {"grace", "sugrl", "graphmae", "scbert"} <= set(extra)
    assert not set(extra) & {*chosen_methods([]), *released}
    assert set(METHODS.names) == {*chosen_methods([]), *extra, *released, OF_A_FILE}


def test_names_and_groups_mix_without_repeats():
    """What is named twice runs once, where it was named first."""
    chosen = chosen_methods(["gene2vec:released, pca", "released"])
    assert chosen[:2] == ("gene2vec:released", "pca")
    assert set(chosen_methods(["all,pca"])) == set(METHODS.names) - {OF_A_FILE}
    assert len(chosen) == len(set(chosen)) == len(chosen_methods(["released"])) + 1


def test_a_target_stays_as_it_is():
    """A module:Class target is no group."""
    assert chosen_methods(["my.module:Mine"]) == ("my.module:Mine",)


def test_metrics_of_scib_are_asked_for_by_their_group():
    """`default` and nothing leave them out; `all` is everything."""
    default, scib = chosen_metrics(()), chosen_metrics(["scib"])
    assert default == chosen_metrics(["default"])
    assert "ilisi" in default
    assert "scib_bras" in scib
    assert all(map(is_scib, scib))
    assert not any(map(is_scib, default))
    assert chosen_metrics(["default,scib"]) == chosen_metrics(["all"]) == METRICS.names
    assert chosen_metrics(["scib_kbet", "asw"]) == ("scib_kbet", "asw")


def test_the_list_of_metrics_says_which_are_off():
    """And how they are switched on."""
    lines = CliRunner().invoke(listing.command, ["metrics"]).output.splitlines()
    off = [line.split()[0] for line in lines if "[off; --metrics default,scib]" in line]
    assert tuple(off) == chosen_metrics(["scib"])
