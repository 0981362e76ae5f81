"""Names of tasks become names of files, and no two tasks the same."""

import re

from hypothesis import given
from hypothesis import strategies as st

from genearena.data.common.file_names import file_name

NAMES = st.lists(st.text(st.sampled_from("aB._-+ /\\é\n"), max_size=5), min_size=2, max_size=2)


def test_plain_names_are_kept():
    """What is safe as it is stays readable."""
    assert file_name("lung", "simulated") == "lung-simulated"
    assert file_name("lung", "my_data+other2") == "lung-my_data+other2"


@given(NAMES, NAMES)
def test_other_names_give_another_file(first: list[str], second: list[str]):
    """Also where capitals do not count, and where the hyphen between names is in another place."""
    one, other = file_name(*first), file_name(*second)
    assert (one.lower() == other.lower()) == (first == second)
    assert re.fullmatch(r"[A-Za-z0-9_+.-]+", one)
    assert not one.startswith(("-", "."))


def test_long_names_fit_a_file_system():
    """Two names that differ in their ends only are told apart, too."""
    long = [file_name("lung", "x" * 250 + end) for end in "ab"]
    assert len(set(long)) == 2
    assert max(map(len, long)) < 100
