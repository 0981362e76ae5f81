"""Words for groups of methods."""

from genearena.benchmark.run.method_choice import chosen_methods
from genearena.methods.registry import METHODS


def test_nothing_means_all_but_the_released_variants():
    """A plain run has every faithful method and control, in the order of the registry."""
    chosen = chosen_methods([])
    assert chosen == chosen_methods(["default"])
    assert {"gae", "musegnn", "random", "truth"} <= set(chosen)
    assert not any(":" in name for name in chosen)


def test_released_and_all():
    """`released` are the variants, `all` is both."""
    released = chosen_methods(["released"])
    assert "gene2vec:released" in released
    assert all(name.endswith(":released") for name in released)
    assert chosen_methods(["all"]) == METHODS.names
    assert set(METHODS.names) == {*chosen_methods([]), *released}


def test_names_and_groups_mix_without_repeats():
    """What is named twice runs once, where it was named first."""
    chosen = chosen_methods(["gene2vec:released, pca", "released"])
    assert chosen[:2] == ("gene2vec:released", "pca")
    assert set(chosen_methods(["all,pca"])) == set(METHODS.names)
    assert len(chosen) == len(set(chosen)) == len(chosen_methods(["released"])) + 1


def test_a_target_stays_as_it_is():
    """A module:Class target is no group."""
    assert chosen_methods(["my.module:Mine"]) == ("my.module:Mine",)
