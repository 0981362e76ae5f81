"""Words on the command line become a request."""

import pytest

from genearena.benchmark.running.request import parse_seeds, split_names
from genearena.data.errors import UsageError


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
    with pytest.raises(UsageError, match="cannot read seeds"):
        parse_seeds(text)


def test_names_may_be_repeated_or_separated_by_commas():
    """Both habits work and may be mixed; repeats are dropped."""
    assert split_names(["pca,gae", " mae ", "pca"]) == ("pca", "gae", "mae")
