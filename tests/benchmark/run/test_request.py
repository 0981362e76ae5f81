"""Words on the command line become a request."""

import pytest

from genearena.benchmark.run.request import parse_seeds, split_names
from genearena.data.common.errors import UsageError


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
