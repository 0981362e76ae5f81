"""What messages have in common: the nearest names, sizes and durations in words."""

import pytest

from genearena.data.common.errors import did_you_mean
from genearena.data.common.quantities import (
    clock,
    gibibytes,
    gigabytes,
    short_size,
)


@pytest.mark.parametrize(
    ("name", "otherwise", "text"),
    [
        ("gaee", "", "did you mean 'gae' or 'vgae'?"),
        ("esm", "", "choose from gae, vgae, {x}"),
        ("esm", "there are three", "there are three"),
    ],
)
def test_the_nearest_names_are_offered(name, otherwise, text):
    """Each once, and all, or what else to do, where none is near; braces are nothing special."""
    assert did_you_mean(name, ["gae", "vgae", "{x}", "gae"], otherwise) == text


def test_sizes_have_three_digits_in_the_largest_unit():
    """Powers of ten, and of two where a limit is one."""
    assert [gigabytes(n) for n in (12, 8.124e8, 4.3123e9)] == ["12 bytes", "812 MB", "4.31 GB"]
    assert [gibibytes(n) for n in (1023, 2**20, 5 * 2**30)] == ["1023 bytes", "1 MiB", "5 GiB"]
    assert [short_size(n) for n in (8_400_000, 2.46e9)] == ["8 MB", "2.5 GB"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "…"), (0.4, "0 s"), (59.4, "59 s"), (185, "3 min 05 s"), (7800, "2 h 10 min")],
)
def test_durations_read_as_people_say_them(seconds, text):
    """Seconds, minutes and hours, and an ellipsis for the unknown."""
    assert clock(seconds) == text
